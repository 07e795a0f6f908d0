"""What looking at every award vector of a small case says, and an engine's claims held against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from helpers.rounds import every_decision

from optimizer.clauses.priority import Share
from optimizer.facts.audit import audit, values
from optimizer.program.draw import draw_order
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.scoring.score import Scored
from optimizer.solving.solution import Solution


@dataclass(frozen=True)
class Truth:
    """What looking at every award vector says.

    Parameters
    ----------
    optima
        The best value of each goal, given what the earlier ones must keep.
    count
        How many award vectors are optimal before the draw.
    award
        The one that the draw takes, NT$.
    certainty
        The class of each eligible application.
    """

    optima: tuple[int, ...]
    count: int
    award: tuple[int, ...]
    certainty: tuple[str, ...]


def truth_of(scored: Scored) -> Truth | None:
    """Keep, goal by goal, the decisions that leave it what it must keep; None if there are none."""
    round_, policy = scored.round, scored.screened.policy
    left = [
        (tuple(values(round_, policy, decision).values()), decision)
        for decision in every_decision(round_)
        if not audit(round_, policy, decision)
    ]
    if not left:
        return None
    optima = []
    for place, give_up in enumerate(give_ups(scored)):
        best = max(worth[place] for worth, _ in left)
        left = [(worth, d) for worth, d in left if worth[place] >= best - give_up(best)]
        optima.append(best)
    order = draw_order(policy.settings.draw.seed, round_.ids)
    winner = max((d for _, d in left), key=lambda d: [int(d.award[a]) for a in order])
    return Truth(
        tuple(optima),
        len(left),
        tuple(int(x) for x in winner.award),
        tuple(class_of([bool(d.fund[a]) for _, d in left]) for a in range(round_.size)),
    )


def give_ups(scored: Scored) -> Iterator[Any]:
    """Yield, for each goal, what its optimum may give up, as the policy's own words say it."""
    round_, policy = scored.round, scored.screened.policy
    nothing = Decision.of([0] * round_.size)
    for priority in policy.priorities:
        said, scale = priority.give_up, priority.scale(round_)
        for _ in priority.worth(round_, nothing):
            if isinstance(said, Share):
                yield lambda best, share=said.share: int(abs(best) * share)
            else:
                yield lambda _, amount=Fraction(said) * scale: int(amount)


def class_of(funded: list[bool]) -> str:
    return "every" if all(funded) else "some" if any(funded) else "none"


def check_solution(solution: Solution, truth: Truth, program: Program) -> None:
    """Hold one engine's claims against the truth."""
    assert tuple(step.bound for step in solution.steps) == truth.optima
    assert all(step.proved for step in solution.steps)
    assert solution.certainty == truth.certainty
    assert tuple(int(x) for x in solution.decision.award) == truth.award
    assert solution.optima in (None, truth.count)
    assert solution.optimal
