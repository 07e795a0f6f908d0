"""A first decision without a solver, and bounds that need only counting."""

from __future__ import annotations

import numpy as np

from optimizer.exact import IntArray, dot, floored, total
from optimizer.program import (
    Additive,
    Covered,
    Decision,
    Even,
    LeastShare,
    Objective,
    Program,
    Shortfall,
)


def first_decision(program: Program) -> Decision | None:
    """Fund greedily: what ``>=`` rows still need first, then by the first additive goal.

    Returns
    -------
    Decision or None
        A decision that obeys every row, or None if this way finds none (there may still be one).
    """
    award = np.zeros(program.size, dtype=np.int64)
    room = _Room(program)
    for a in [*room.wanted(), *_by_worth(program)]:
        if award[a] == 0 and room.fits(a, int(program.most[a])):
            room.take(a, int(program.most[a]))
            award[a] = program.most[a]
    decision = Decision.of(award)
    met = all(min(rows.slack(decision), default=0) >= 0 for rows in program.rows)
    return decision if met else None


def _by_worth(program: Program) -> list[int]:
    worth: IntArray = np.zeros(program.size, dtype=np.int64)
    for goal in program.goals:
        if isinstance(goal.objective, Additive) and goal.objective.per_award is None:
            worth = goal.objective.per_fund
            break
    place = np.empty(program.size, dtype=np.int64)
    place[program.draw] = np.arange(program.size)
    return sorted(range(program.size), key=lambda a: (-int(worth[a]), int(place[a])))


class _Room:
    """What is left under every ``<=`` row, by application."""

    def __init__(self, program: Program) -> None:
        self.left: list[int] = []
        self.needs: list[tuple[int, int, int, bool]] = []
        self.uses: list[list[tuple[int, int, bool]]] = [[] for _ in range(program.size)]
        for rows in program.rows:
            base = len(self.left)
            self.left += [int(rhs) if rows.sense == "<=" else 0 for rhs in rows.rhs]
            for row, app, factor in zip(rows.row, rows.app, rows.coefficient, strict=True):
                if rows.sense == "<=":
                    self.uses[int(app)].append((base + int(row), int(factor), rows.on == "award"))
                elif rows.rhs[int(row)] > 0:
                    self.needs.append((base + int(row), int(app), int(factor), rows.on == "award"))
        self._short = dict(self._shorts(program))
        self._most = program.most

    def _shorts(self, program: Program) -> list[tuple[int, int]]:
        found, base = [], 0
        for rows in program.rows:
            if rows.sense == ">=":
                found += [(base + i, int(rhs)) for i, rhs in enumerate(rows.rhs)]
            base += len(rows.rhs)
        return found

    def wanted(self) -> list[int]:
        """Return applications that still unmet ``>=`` rows ask for, one row after another."""
        found = []
        for row, app, factor, money in self.needs:
            if self._short[row] > 0 and factor > 0:
                amount = int(self._most[app])
                self._short[row] -= factor * (amount if money else 1)
                found.append(app)
        return found

    def fits(self, a: int, amount: int) -> bool:
        """Return whether every ``<=`` row has room for it."""
        return all(
            self.left[row] >= factor * (amount if money else 1)
            for row, factor, money in self.uses[a]
        )

    def take(self, a: int, amount: int) -> None:
        """Use the room up."""
        for row, factor, money in self.uses[a]:
            self.left[row] -= factor * (amount if money else 1)


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
