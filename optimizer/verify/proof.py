"""The claim to be the best, proved again by another engine than the one that made it.

=================  ==============================================================================
made by            proved again by
=================  ==============================================================================
``dynamic``        HiGHS, over the whole integer program
``…+highs``        CBC if it is quick; else HiGHS over the whole program, of which the first proof
                   saw only what the dynamic programme had left open
``…+bundles``      as ``bundles``
``bundles``        HiGHS over applications, which shares no column with it, if it is quick; else CBC
                   if it is quick; else HiGHS until it is done
``highs``          whatever the rule of `optimizer.solving.solve` chooses; CBC if that is the same
``cbc``            whatever that rule chooses
=================  ==============================================================================

The number of optima and the chances come from the dynamic programme alone, so that is asked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import inf

from optimizer.language.text import Text
from optimizer.problems.arguments import Solver
from optimizer.problems.errors import InfeasibleError, LimitError, Problem, UsageError, defect
from optimizer.program.program import Program
from optimizer.result.allocation import Allocation
from optimizer.result.headline import say_draw
from optimizer.scoring.build import build_program
from optimizer.solving.options import Options
from optimizer.solving.prove import Claim, differences
from optimizer.solving.solution import Solution
from optimizer.solving.solve import solve
from optimizer.verify.reread import in_summary
from optimizer.verify.verification import Proof, Standing

PATIENCE = 20.0  # seconds for CBC where HiGHS could do it another way
Attempt = tuple[Solver, float]  # an engine, and its own limit
ATTEMPTS: dict[str, tuple[Attempt, ...]] = {
    "dynamic": (("highs", inf),),
    "dynamic+highs": (("cbc", PATIENCE), ("highs", inf)),
    "dynamic+bundles": (("highs", PATIENCE), ("cbc", PATIENCE), ("highs", inf)),
    "bundles": (("highs", PATIENCE), ("cbc", PATIENCE), ("highs", inf)),
    "highs": (("auto", inf), ("cbc", inf)),
    "cbc": (("auto", inf),),
}


def prove(allocation: Allocation, options: Options) -> tuple[Proof, list[Problem]]:
    """Prove again whatever a result claims to have proved."""
    program, solution = build_program(allocation.scored), allocation.solution
    whole, goals = solution.optimal, _proved(solution)
    if not whole and not goals:
        return Proof(Standing.NOT_CLAIMED, of=len(program.goals)), []
    asked = program if whole else replace(program, goals=program.goals[:goals])
    try:
        again = _second(asked, solution.engine, options)
    except InfeasibleError:
        message = Text("依輸入資料，沒有任何可行的分配", "by the inputs, no allocation is feasible")
        return Proof(Standing.NOT_TRIED), [defect("infeasible", message, file="awards.csv")]
    bounds = {step.goal: step.bound for step in solution.steps}
    claim = Claim(allocation.decision, bounds, solution.certainty if whole else None, whole)
    found = [] if again is None else differences(asked, claim, again)
    proof = _standing(program, solution, again, whole=whole, goals=goals)
    if proof.standing is Standing.PROVED:
        proof = replace(proof, drawn=say_draw(allocation))
    if whole and not found and proof.standing is Standing.PROVED:
        found += _count_problems(asked, allocation, options)
    return proof, found


def _proved(solution: Solution) -> int:
    """Return how many leading priorities are proved: a later one leans on all before it."""
    proved = [step.proved for step in solution.steps]
    return proved.index(False) if False in proved else len(proved)


def _second(program: Program, engine: str, options: Options) -> Solution | None:
    """Return the best of the second solutions: the first that is proved; None if there is none."""
    best: Solution | None = None
    for name, own in ATTEMPTS.get(engine, ATTEMPTS["cbc"]):
        try:
            mine = replace(options, solver=name)
            found = solve(program, mine.within(own) if own < mine.left else mine)
        except (UsageError, LimitError):  # not for this policy; nothing in time
            continue
        if best is None or _proved(found) > _proved(best):
            best = found
        if found.optimal and found.engine != engine:
            return found
    return best


def _standing(
    program: Program, solution: Solution, again: Solution | None, whole: bool, goals: int
) -> Proof:
    done, of = 0 if again is None else _proved(again), len(program.goals)
    engine = "" if again is None else again.engine
    shared = bool({*engine.split("+")} & {*solution.engine.split("+")})
    complete = again is not None and (again.optimal if whole else done >= goals)
    if not complete:
        return Proof(Standing.UNFINISHED, engine, shared, goals=done, of=of)
    return Proof(Standing.PROVED if whole else Standing.PART, engine, shared, goals=done, of=of)


def _count_problems(
    program: Program, allocation: Allocation, options: Options
) -> Iterator[Problem]:
    """Count the optima again, by the one method that can."""
    solution = allocation.solution
    if solution.engine != "dynamic":
        return
    try:
        again = solve(program, replace(options, solver="dynamic"))
    except (UsageError, LimitError):
        return
    if not again.optimal:
        return
    message = Text("重新計算之值不同", "was counted again, and is another")
    if again.optima != solution.optima:
        said, right = str(solution.optima), str(again.optima)
        yield in_summary("optima", message, "optima", said, expected=right)
    if _drawn(again) != _drawn(solution):
        yield in_summary("chances", message, "draw.chances")
    said, right = (each.why.say(allocation.language) for each in (solution, again))
    if said != right:
        yield in_summary("engine", message, "engine.why", said[:200], expected=right)


def _drawn(solution: Solution) -> list[Fraction] | None:
    """Return the chances of those that only some optima fund, as a summary has them."""
    if solution.chances is None or solution.certainty is None:
        return None
    both = zip(solution.chances, solution.certainty, strict=True)
    return [chance for chance, sure in both if sure == "some"]
