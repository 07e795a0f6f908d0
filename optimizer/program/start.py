"""A first decision without a solver, and bounds that need only counting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from optimizer.foundation.exact import dot, floored, total
from optimizer.program.covering import covering
from optimizer.program.objectives import Additive, Covered, Even, LeastShare, Objective, Shortfall
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.program.trial import Trial


def first_decision(program: Program) -> Decision | None:
    """Fund greedily: what ``>=`` rows need, then a member of each group to cover, then by worth.

    Where rows weigh some against others, `optimizer.program.covering` is tried before.

    Returns
    -------
    Decision or None
        A decision that obeys every row, or None if this way finds none (there may still be one).
    """
    order = _by_worth(program)
    found = covering(program, order)
    if found is not None and _covers_all(program, found):
        return found
    other = _greedy(program, order)
    some = [decision for decision in (found, other) if decision is not None]
    return max(some, key=lambda decision: _values(program, decision), default=None)


def _greedy(program: Program, order: list[int]) -> Decision | None:
    for sparing in (False, True):
        trial = Trial(program)
        trial.meet_needs(order, sparing)
        trial.fund([*_one_of_each(program, order), *order])
        if trial.repair():
            trial.fund(order)
            return Decision.of(trial.award)
    return None


def _covers_all(program: Program, decision: Decision) -> bool:
    """Say whether a decision covers every group that a goal counts."""
    covered = (g.objective for g in program.goals if isinstance(g.objective, Covered))
    return all(each.value(decision) == simple_bound(program, each) for each in covered)


def _values(program: Program, decision: Decision) -> list[int]:
    return [goal.objective.value(decision) for goal in program.goals]


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
