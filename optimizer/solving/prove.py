"""A second proof: the optimum again, by the method that did not produce it.

Two ways. `differences` compares every priority, every class of certainty and every award with what
another engine found (`optimizer.verify.proof` lets it solve). `prove_by_table` is quick: the plain dynamic programme
without prices, core or gap, and without the clauses that tie districts together, bounds the
additive priorities from above; where that bound is what was reached, nothing better exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimizer.language.text import Text, money
from optimizer.problems.errors import InfeasibleError, Problem, defect
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.dynamic import NotTakeable, relaxed_optimum
from optimizer.solving.solution import Certainty, Solution, Step

QUICK = 25_000_000  # states times bundles that take about a tenth of a second


@dataclass(frozen=True)
class Claim:
    """What a finished result says, to be proved again."""

    decision: Decision  # the awards
    bounds: Mapping[str, int | None]  # the optimum claimed for each goal, by name
    certainty: Sequence[str] | None  # the class claimed for each eligible application, or None
    drawn: bool  # whether the draw is said to be settled, so that this is the one answer


def differences(program: Program, claim: Claim, again: Solution) -> list[Problem]:
    """Compare a claim with what another method found, as far as that is proved."""
    found: list[Problem] = []
    for goal, step in zip(program.goals, again.steps, strict=True):
        if not step.proved:
            return found
        value = goal.objective.value(claim.decision)
        if step.floor is not None and value < step.floor:
            message = Text(
                f"優先順序「{goal.name}」可達 {step.bound}，此結果僅 {value}：存在更好的名單",
                f"priority {goal.name} can reach {step.bound}, this result has {value}: "
                "a better list exists",
            )
            return [*found, _wrong(goal.name, message, step.bound, value)]
        if claim.bounds.get(goal.name) != step.bound:
            message = Text(
                f"優先順序「{goal.name}」的最佳值應為 {step.bound}",
                f"the optimum of priority {goal.name} is {step.bound}",
            )
            found.append(_wrong(goal.name, message, step.bound, claim.bounds.get(goal.name)))
    if claim.certainty is not None and again.certainty is not None:
        found += _classes(program, claim.certainty, again.certainty)
    if claim.drawn and again.optimal:
        found += _awards(program, claim.decision, again.decision)
    return found


def _awards(program: Program, said: Decision, right: Decision) -> list[Problem]:
    return [
        _wrong(
            "award",
            Text(
                f"{application_id} 應核定 {money(int(b))} 元（抽籤後之唯一答案）",
                f"{application_id} should get NT${money(int(b))} (the one answer after the draw)",
            ),
            right=int(b),
            said=int(a),
            application_id=application_id,
        )
        for application_id, a, b in zip(program.ids, said.award, right.award, strict=True)
        if a != b
    ]


def _classes(program: Program, said: Sequence[str], right: Sequence[Certainty]) -> list[Problem]:
    return [
        _wrong(
            "certainty",
            Text(f"{application_id} 的確定程度應為 {b}", f"certainty of {application_id} is {b}"),
            right=b,
            said=a,
            application_id=application_id,
        )
        for application_id, a, b in zip(program.ids, said, right, strict=True)
        if a != b
    ]


def _wrong(
    clause: str, message: Text, right: object, said: object, application_id: str = ""
) -> Problem:
    return defect(
        clause,
        message,
        expected=Text(f"應為 {right}", f"expected {right}"),
        file="awards.csv" if application_id else "summary.json",
        value=str(said),
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
