"""A second proof: the optimum again, by the method that did not produce it.

Two ways. `prove_again` lets the other engine solve the whole program and compares every priority,
every class of certainty and every award. `prove_by_table` is quick: the plain dynamic programme
without prices, core or gap, and without the clauses that tie districts together, bounds the
additive priorities from above; where that bound is what was reached, nothing better exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimizer.dynamic import NotTakeable, relaxed_optimum
from optimizer.errors import InfeasibleError, LimitError, Problem, Severity
from optimizer.program import Decision, Program
from optimizer.solution import Certainty, Solution, Step
from optimizer.solve import solve
from optimizer.text import Text, money

QUICK = 25_000_000  # states times bundles that take about a tenth of a second


@dataclass(frozen=True)
class Claim:
    """What a finished result says, to be proved again.

    Parameters
    ----------
    decision
        The awards.
    bounds
        The optimum claimed for each goal, by name.
    certainty
        The class claimed for each eligible application, or None.
    engine
        The engine that produced it.
    """

    decision: Decision
    bounds: Mapping[str, int | None]
    certainty: Sequence[str] | None
    engine: str


def prove_again(
    program: Program, claim: Claim, time_limit: float | None = None
) -> tuple[list[Problem], str]:
    """Solve again by the other engine and compare; return what differs and the method used.

    Raises
    ------
    LimitError
        If the limit came before the proof, so that nothing can be said.
    """
    other = "highs" if claim.engine.startswith("dynamic") else "auto"
    try:
        again = solve(program, other, time_limit)
    except InfeasibleError:
        message = Text("依輸入資料，沒有任何可行的分配", "by the inputs, no allocation is feasible")
        return [_problem("infeasible", message)], other
    if not again.optimal:
        raise LimitError(
            Text(
                "時限內未能以另一種方法完成證明；結果既未證實也未否定",
                "the limit came before the second proof was complete; nothing is said either way",
            )
        )
    return _differences(program, claim, again), again.engine


def _differences(program: Program, claim: Claim, again: Solution) -> list[Problem]:
    found = []
    for goal, step in zip(program.goals, again.steps, strict=True):
        value = goal.objective.value(claim.decision)
        if step.floor is not None and value < step.floor:
            message = Text(
                f"優先順序「{goal.name}」可達 {step.bound}，此結果僅 {value}：存在更好的名單",
                f"priority {goal.name} can reach {step.bound}, this result has {value}: "
                "a better list exists",
            )
            found.append(_problem(goal.name, message, "summary.json", str(value), str(step.bound)))
            return found
        if claim.bounds.get(goal.name) != step.bound:
            message = Text(
                f"優先順序「{goal.name}」的最佳值應為 {step.bound}",
                f"the optimum of priority {goal.name} is {step.bound}",
            )
            said = str(claim.bounds.get(goal.name))
            found.append(_problem(goal.name, message, "summary.json", said, str(step.bound)))
    found += _awards(program, claim.decision, again.decision)
    if claim.certainty is not None and again.certainty is not None:
        found += _classes(program, claim.certainty, again.certainty)
    return found


def _awards(program: Program, said: Decision, right: Decision) -> list[Problem]:
    return [
        _problem(
            "award",
            Text(
                f"{application_id} 應核定 {money(int(b))} 元（抽籤後之唯一答案）",
                f"{application_id} should get NT${money(int(b))} (the one answer after the draw)",
            ),
            "awards.csv",
            str(int(a)),
            str(int(b)),
            application_id,
        )
        for application_id, a, b in zip(program.ids, said.award, right.award, strict=True)
        if a != b
    ]


def _classes(program: Program, said: Sequence[str], right: Sequence[Certainty]) -> list[Problem]:
    return [
        _problem(
            "certainty",
            Text(f"{application_id} 的確定程度應為 {b}", f"certainty of {application_id} is {b}"),
            "awards.csv",
            a,
            b,
            application_id,
        )
        for application_id, a, b in zip(program.ids, said, right, strict=True)
        if a != b
    ]


def _problem(
    code: str,
    message: Text,
    file: str = "",
    value: str = "",
    expected: str = "",
    application_id: str = "",
) -> Problem:
    return Problem(
        Severity.ERROR,
        code,
        message,
        Text(f"應為 {expected}", f"expected {expected}") if expected else Text("", ""),
        file=file,
        value=value,
        application_id=application_id,
    )


def prove_by_table(program: Program, steps: Sequence[Step], work: int = QUICK) -> tuple[str, ...]:
    """Return the goals whose optimum the plain table confirms, if it is quick enough to ask."""
    pools = [int(rows.rhs[0]) // program.unit for rows in program.rows if rows.clause == "pool"]
    if program.size * min(pools, default=0) > 4 * work:
        return ()
    try:
        bounds = relaxed_optimum(program, work)
    except (NotTakeable, InfeasibleError):
        return ()
    confirmed = []
    for step, bound in zip(steps, bounds, strict=False):
        if step.bound != bound:
            break
        confirmed.append(step.goal)
    return tuple(confirmed)
