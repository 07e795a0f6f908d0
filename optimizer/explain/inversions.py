"""The better one not funded, a worse one funded: what forces each such pair.

For u not funded and f funded with less merit, the list in which u takes f's place either breaks a
rule, or does worse by some priority, or is as good and lost the draw. Each is checked on the
integers of the list itself, no solver asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, Places, exact, plus, times
from optimizer.program.objectives import Additive, Covered, Objective
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows

DRAW = -1  # forced by nothing but the draw
BETTER = -2  # the exchange would be better: no such pair may be in an optimum


@dataclass(frozen=True)
class Exchanges:
    """What forces each exchange of one application that is not funded for one that is.

    Parameters
    ----------
    program
        What was solved.
    decision
        The list.
    """

    program: Program
    decision: Decision

    @cached_property
    def funded(self) -> Places:
        """Shape (m,): who is funded."""
        return np.flatnonzero(self.decision.fund)

    def causes(self, u: int) -> IntArray:
        """Return, for each funded application, what stands against u in its place.

        Returns
        -------
        Shape (m,): ordinal of the first block of rows that it would break; or, where it breaks
        none, the number of blocks plus the ordinal of the first goal that would be worse; `DRAW`
        where nothing would be worse; `BETTER` where the first goal to differ would be better.
        """
        found: IntArray = np.full(len(self.funded), DRAW, dtype=np.int64)
        open_: BoolArray = np.ones(len(self.funded), dtype=bool)
        for block, rows in enumerate(self._rows):
            hit = open_ & rows.broken(u, int(self.program.least[u]))
            found[hit] = block
            open_ &= ~hit
        for place, goal in enumerate(self.program.goals):
            if not open_.any():
                break
            change = self._change(goal.objective, u, open_)
            found[open_ & (change < 0)] = len(self._rows) + place
            found[open_ & (change > 0)] = BETTER
            open_ &= change == 0
        return found

    def worse_funded(self, u: int, level: IntArray) -> BoolArray:
        """Say which of the funded have less of something than u. Shape (m,)."""
        return np.asarray(level[self.funded] < level[u], dtype=bool)

    @cached_property
    def _rows(self) -> tuple[_Held, ...]:
        return tuple(_Held.of(rows, self.decision, self.funded) for rows in self.program.rows)

    def _change(self, objective: Objective, u: int, open_: BoolArray) -> IntArray:
        """Return how much the goal changes as u takes each one's place; 0 where not asked."""
        if isinstance(objective, Additive):
            gain = self._worth(objective, u, int(self.program.least[u]))
            return exact([gain - self._worth(objective, int(f)) for f in self.funded])
        if isinstance(objective, Covered):
            return self._covered(objective, u)
        now, change = objective.value(self.decision), [0] * len(self.funded)
        for n in np.flatnonzero(open_).tolist():
            change[n] = objective.value(self.exchanged(u, int(self.funded[n]))) - now
        return exact(change)

    def _worth(self, objective: Additive, a: int, award: int | None = None) -> int:
        worth = int(objective.per_fund[a])
        if objective.per_award is not None:
            amount = int(self.decision.award[a]) if award is None else award
            worth += int(objective.per_award[a]) * (amount // objective.unit)
        return worth

    def _covered(self, objective: Covered, u: int) -> IntArray:
        mine = objective.group[self.funded]
        counts = np.bincount(mine[mine >= 0], minlength=max(1, objective.groups))
        leaves = (mine >= 0) & (counts[np.maximum(mine, 0)] == 1)
        group = int(objective.group[u])
        if group < 0:
            return exact(-leaves.astype(np.int64))
        enters = (counts[group] == 0) | (leaves & (mine == group))
        return exact(enters.astype(np.int64) - leaves.astype(np.int64))

    def exchanged(self, u: int, f: int) -> Decision:
        """Return the list with u, at its least award, in the place of f."""
        award = self.decision.award.copy()
        award[f], award[u] = 0, self.program.least[u]
        return Decision.of(award)


@dataclass(frozen=True)
class _Held:
    """One block of rows at a decision, ready for exchanges.

    Parameters
    ----------
    rows
        The inequalities.
    left
        Shape (m,): their left-hand sides now.
    row, place, share
        A funded application's part in an inequality: which one, whose (its place among the
        funded), and what of the left-hand side it is.
    count
        How many are funded.
    """

    rows: Rows
    left: IntArray
    row: Places
    place: Places
    share: IntArray
    count: int

    @staticmethod
    def of(rows: Rows, decision: Decision, funded: Places) -> _Held:
        """Look at a block of rows at a decision."""
        inside = decision.fund[rows.app]
        app = rows.app[inside]
        x = decision.fund if rows.on == "fund" else decision.award
        share = times(rows.coefficient[inside], x[app])
        place = np.searchsorted(funded, app)
        return _Held(rows, rows.left(decision), rows.row[inside], place, share, len(funded))

    @cached_property
    def leaving(self) -> BoolArray:
        """Whether each part breaks its inequality by going away."""
        return self._breaks(plus(self.left[self.row], -self.share), self.row)

    @cached_property
    def breaks_by_leaving(self) -> Places:
        """Shape (count,): how many inequalities each funded one breaks by going away."""
        return np.bincount(self.place[self.leaving], minlength=self.count)

    def broken(self, u: int, award: int) -> BoolArray:
        """Say in whose place u, with that award, would break an inequality. Shape (count,)."""
        others = self.breaks_by_leaving.copy()
        found: BoolArray = np.zeros(self.count, dtype=bool)
        for n in np.flatnonzero(self.rows.app == u):
            r = int(self.rows.row[n])
            adds = int(self.rows.coefficient[n]) * (1 if self.rows.on == "fund" else award)
            mine = self.row == r
            then = np.full(self.count, int(self.left[r]) + adds, dtype=object)
            then[self.place[mine]] -= self.share[mine].astype(object)
            found |= self._breaks(then, np.full(self.count, r))
            others -= np.bincount(self.place[mine & self.leaving], minlength=self.count)
        return np.asarray(found | (others > 0), dtype=bool)

    def _breaks(self, left: IntArray, row: Places) -> BoolArray:
        bound = self.rows.rhs[row]
        return np.asarray(left > bound if self.rows.sense == "<=" else left < bound, dtype=bool)
