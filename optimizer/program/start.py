"""A first decision without a solver, and bounds that need only counting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from optimizer.foundation.exact import dot, floored, total
from optimizer.program.objectives import Additive, Covered, Even, LeastShare, Objective, Shortfall
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.program.together import fund_together
from optimizer.program.trial import Trial


def first_decision(program: Program) -> Decision | None:
    """Fund greedily: what ``>=`` rows need, then a member of each group to cover, then by worth.

    Returns
    -------
    Decision or None
        A decision that obeys every row, or None if this way finds none (there may still be one).
    """
    for sparing in (False, True):
        trial = Trial(program)
        order = _by_worth(program)
        trial.meet_needs(order, sparing)
        trial.fund([*_one_of_each(program, order), *order])
        if trial.repair():
            trial.fund(order)
            return Decision.of(trial.award) if any(trial.award) else _together(program, order)
    return None


def _together(program: Program, order: list[int]) -> Decision:
    """Fund where nobody may be funded first; nobody if this way finds no list, either."""
    trial = Trial(program)
    if not fund_together(trial, _one_of_each(program, order), order):
        trial = Trial(program)
    trial.fund(order)
    return Decision.of(trial.award)


def _by_worth(program: Program) -> list[int]:
    """Return the applications by the first goal that is a sum, ties in the order of the draw."""
    goals = (g.objective for g in program.goals if isinstance(g.objective, Additive))
    worth = next((_worth(objective) for objective in goals), [0] * program.size)
    place = np.empty(program.size, dtype=np.int64)
    place[program.draw] = np.arange(program.size)
    return sorted(range(program.size), key=lambda a: (-worth[a], int(place[a])))


def _worth(objective: Additive) -> list[int]:
    worth = objective.per_fund if objective.per_award is None else objective.per_award
    return [int(each) for each in worth]


def _one_of_each(program: Program, order: Iterable[int]) -> Iterator[int]:
    """Yield the best of each group that a coverage goal counts."""
    for goal in program.goals:
        if isinstance(goal.objective, Covered):
            group, seen = goal.objective.group.tolist(), {-1}
            for a in order:
                if group[a] not in seen:
                    seen.add(group[a])
                    yield a


def simple_bound(program: Program, objective: Objective) -> int | None:
    """Return a bound on an objective that needs no solver, or None."""
    if isinstance(objective, Covered):
        return objective.groups + objective.constant
    if isinstance(objective, Even | Shortfall):
        return 0
    if isinstance(objective, LeastShare):
        return objective.top
    bound = objective.constant + total(np.maximum(objective.per_fund, 0))
    if objective.per_award is not None:
        bound += dot(np.maximum(objective.per_award, 0), floored(program.most, objective.unit))
        bound = min(bound, _pool_bound(program, objective) or bound)
    return bound


def _pool_bound(program: Program, objective: Additive) -> int | None:
    """Where each unit is worth 1 and funding itself nothing, no more than the pool's units."""
    if objective.per_award is None or objective.per_fund.any() or (objective.per_award != 1).any():
        return None
    pools = [int(rows.rhs[0]) for rows in program.rows if rows.clause == "pool"]
    return min((objective.constant + pool // objective.unit for pool in pools), default=None)
