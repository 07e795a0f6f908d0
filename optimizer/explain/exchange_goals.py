"""How much better or worse a goal is with one application in the place of another, for all of them at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from optimizer.explain.exchange_rows import Held
from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    Places,
    exact,
    floored,
    grouped,
    plus,
    times,
)
from optimizer.program.objectives import Additive, Covered, Even, LeastShare, Objective, Shortfall
from optimizer.program.rows import Decision


@dataclass(frozen=True)
class GoalChanges:
    """What an exchange makes of goals.

    Parameters
    ----------
    decision
        The list.
    funded
        Shape (m,): who is funded, in the order in which they are asked about.
    """

    decision: Decision
    funded: Places
    _known: dict[int, IntArray] = field(default_factory=dict)
    _alone: dict[int, tuple[BoolArray, Places]] = field(default_factory=dict)
    _short: dict[int, tuple[Held, IntArray]] = field(default_factory=dict)

    def of(self, objective: Objective, u: int, award: IntArray, some: slice) -> IntArray:
        """Return how much a goal changes as u, at some awards, takes the place of each of some of the funded."""
        if isinstance(objective, Additive):
            return plus(worth_of(objective, u, award), -self._worths(objective)[some])
        if isinstance(objective, Covered):
            return self._covered(objective, u, some)
        if isinstance(objective, Even):
            return self._evened(objective, u, award > 0, some=some)
        if isinstance(objective, LeastShare):
            return self._shared(objective, u, award, some=some)
        return self._less_short(objective, u, award, some=some)

    def _worths(self, objective: Additive) -> IntArray:
        """Return what each funded one is worth."""
        if id(objective) not in self._known:
            award = self.decision.award[self.funded]
            self._known[id(objective)] = worth_of(objective, self.funded, award)
        return self._known[id(objective)]

    def _covered(self, objective: Covered, u: int, some: slice) -> IntArray:
        alone, counts = self.alone(objective)
        leaves, group = alone[some], int(objective.group[u])
        if group < 0:
            return exact(-leaves.astype(np.int64))
        enters = (counts[group] == 0) | (leaves & (objective.group[self.funded[some]] == group))
        return exact(enters.astype(np.int64) - leaves.astype(np.int64))

    def alone(self, objective: Covered) -> tuple[BoolArray, Places]:
        """Say who is the only funded one of a group, and count the funded of each group."""
        if id(objective) not in self._alone:
            mine = objective.group[self.funded]
            counts = np.bincount(mine[mine >= 0], minlength=max(1, objective.groups))
            self._alone[id(objective)] = (mine >= 0) & (counts[np.maximum(mine, 0)] == 1), counts
        return self._alone[id(objective)]

    def _evened(self, objective: Even, u: int, enters: BoolArray, *, some: slice) -> IntArray:
        """Count the uses of each kind in every one of these lists at once."""
        if id(objective) not in self._known:
            self._known[id(objective)] = exact(objective.counts(self.decision))
        now, uses = self._known[id(objective)][:, None], objective.uses
        change = plus(times(uses[:, [u]], enters), -uses[:, self.funded[some]])
        return plus(objective.spread(plus(now, change)), -int(objective.spread(now)[0]))

    def _shared(self, objective: LeastShare, u: int, award: IntArray, *, some: slice) -> IntArray:
        """Take the least share of those who stay, or u's own: ``award_u * (denominator / most_u)``."""
        now = objective.value(self.decision)
        if id(objective) not in self._known:
            self._known[id(objective)] = self._staying(objective)
        own = times(award, objective.denominator // int(objective.most[u]))
        return plus(exact(np.minimum(self._known[id(objective)][some], own)), -now)

    def _staying(self, objective: LeastShare) -> IntArray:
        """Return the least share of all but each of the funded."""
        shares = [
            int(self.decision.award[a]) * (objective.denominator // int(objective.most[a]))
            for a in self.funded.tolist()
        ]
        least, second = sorted([*shares, objective.top, objective.top])[:2]
        return exact([second if share == least else least for share in shares])

    def _less_short(
        self, objective: Shortfall, u: int, award: IntArray, *, some: slice
    ) -> IntArray:
        """``sum_i min(0, slack_i)`` then, less the same now: of each row that f leaves, then of those that u enters."""
        if id(objective) not in self._short:
            held = Held.of(objective.rows, self.decision, self.funded)
            self._short[id(objective)] = held, _left_short(held)
        held, left = self._short[id(objective)]
        change, rows = left[some], held.rows
        sign = -1 if rows.sense == "<=" else 1
        for n in held.of_application(u).tolist():
            enters = award > 0 if rows.on == "fund" else award
            before = held.without(int(rows.row[n]), some)
            after = plus(before, times(enters, sign * int(rows.coefficient[n])))
            change = plus(change, plus(np.minimum(after, 0), -np.minimum(before, 0)))
        return change


def _left_short(held: Held) -> IntArray:
    """Return how much nearer to being met all rows are together with each of the funded gone."""
    now = held.slack[held.row]
    then = np.minimum(plus(now, held.portion), 0)
    return grouped(plus(then, -np.minimum(now, 0)), held.place, held.count)


def worth_of(objective: Additive, some: int | Places, award: IntArray) -> IntArray:
    """Return what applications are worth at some awards."""
    worth = np.broadcast_to(objective.per_fund[some], award.shape)
    if objective.per_award is None:
        return worth
    per_award = objective.per_award[some]
    factor = int(per_award) if isinstance(some, int) else per_award
    return plus(worth, times(floored(award, objective.unit), factor))
