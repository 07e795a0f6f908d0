"""What stands against one application in the place of another, row by row, for all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, Places, exact, floored, plus, times
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows


@dataclass
class Leeway:
    """The awards that one application could get in each funded one's place, whole units.

    Parameters
    ----------
    least, most
        Shape (k,), NT$.
    unit
        NT$.
    fixed
        Whether there is but one.
    """

    least: IntArray
    most: IntArray
    unit: int
    fixed: bool

    @staticmethod
    def of(program: Program, u: int, count: int) -> Leeway:
        """Return the room that its own bounds leave."""
        least, most = (np.full(count, int(bound[u])) for bound in (program.least, program.most))
        fixed = bool(program.least[u] == program.most[u])
        return Leeway(least, most, program.unit, fixed)

    def narrow(self, slack: IntArray, coefficient: int) -> BoolArray:
        """Hold it to ``coefficient * award <= slack``, and say where nothing is left."""
        if self.fixed:
            return np.asarray(slack < coefficient * int(self.least[0]), dtype=bool)
        if coefficient > 0:
            most = times(floored(slack, coefficient * self.unit), self.unit)
            self.most = np.minimum(self.most, most)
        elif coefficient < 0:
            least = times(floored(slack, -coefficient * self.unit), -self.unit)
            self.least = np.maximum(self.least, least)
        return np.asarray(self.least > self.most, dtype=bool)


@dataclass(frozen=True)
class Held:
    """One block of rows at a decision, ready for exchanges.

    Parameters
    ----------
    rows
        The inequalities.
    slack
        Shape (r,): how far each is from being broken.
    row, place, portion
        A funded application's part in an inequality, by inequality: which one, whose (its place
        among the funded), and how much further from being broken it is without.
    count
        How many are funded.
    """

    rows: Rows
    slack: IntArray
    row: Places
    place: Places
    portion: IntArray
    count: int

    @staticmethod
    def of(rows: Rows, decision: Decision, funded: Places) -> Held:
        """Look at a block of rows at a decision."""
        inside = np.flatnonzero(decision.fund[rows.app])
        inside = inside[np.argsort(rows.row[inside], kind="stable")]
        app, sign = rows.app[inside], 1 if rows.sense == "<=" else -1
        x = decision.fund if rows.on == "fund" else decision.award
        portion = times(times(rows.coefficient[inside], x[app]), sign)
        place = np.empty(len(decision.fund), dtype=np.int64)
        place[funded] = np.arange(len(funded))
        slack = exact(rows.slack(decision))
        return Held(
            rows, slack, row=rows.row[inside], place=place[app], portion=portion, count=len(funded)
        )

    @cached_property
    def starts(self) -> Places:
        """Where the parts of each inequality begin, and the last ones end."""
        return np.searchsorted(self.row, np.arange(len(self.slack) + 1))

    @cached_property
    def tight(self) -> BoolArray:
        """Whether each part breaks its inequality by going away."""
        return np.asarray(plus(self.slack[self.row], self.portion) < 0, dtype=bool)

    @cached_property
    def breaks_by_leaving(self) -> Places:
        """Shape (count,): how many inequalities each funded one breaks by going away."""
        return np.bincount(self.place[self.tight], minlength=self.count)

    @cached_property
    def entries(self) -> tuple[Places, Places]:
        """The rows' entries by application: where each one's begin, and which they are."""
        order = np.argsort(self.rows.app, kind="stable")
        last = int(self.rows.app.max(initial=-1)) + 2
        return np.searchsorted(self.rows.app[order], np.arange(last)), order

    def of_application(self, u: int) -> Places:
        """Return the entries of one application."""
        begin, order = self.entries
        return order[begin[u] : begin[u + 1]] if u + 1 < len(begin) else order[:0]

    def broken(self, u: int, room: Leeway, some: slice) -> BoolArray:
        """Say in whose place of some u would break an inequality, whatever it gets there."""
        others = self.breaks_by_leaving[some]
        found: BoolArray = np.zeros(len(others), dtype=bool)
        sign = 1 if self.rows.sense == "<=" else -1
        for n in self.of_application(u).tolist():
            r, coefficient = int(self.rows.row[n]), sign * int(self.rows.coefficient[n])
            slack = self.without(r, some)
            if self.rows.on == "fund":
                found |= np.asarray(slack < coefficient, dtype=bool)
            else:
                found |= room.narrow(slack, coefficient)
            mine = slice(self.starts[r], self.starts[r + 1])
            tight = self.place[mine][self.tight[mine]]
            if len(tight):
                others = others - np.bincount(tight, minlength=self.count)[some]
        return np.asarray(found | (others > 0), dtype=bool)

    def without(self, r: int, some: slice) -> IntArray:
        """Return how far one inequality is from being broken with each of some gone."""
        mine = slice(self.starts[r], self.starts[r + 1])
        if 4 * (mine.stop - mine.start) > self.count:
            return self._wide(r, mine)[some]
        place, portion = self.place[mine], self.portion[mine]
        near = (place >= some.start) & (place < some.stop)
        slack: IntArray = np.full(some.stop - some.start, self.slack[r], dtype=self._dtype)
        slack[place[near] - some.start] = plus(portion[near], int(self.slack[r]))
        return slack

    @cached_property
    def _dtype(self) -> Any:
        """The kind of integers that hold any slack."""
        return plus(self.slack[self.row], self.portion).dtype if len(self.row) else self.slack.dtype

    def _wide(self, r: int, mine: slice) -> IntArray:
        """Return the same for all, once and for all: many are in it."""
        if r not in self._known:
            slack: IntArray = np.full(self.count, self.slack[r], dtype=self._dtype)
            slack[self.place[mine]] = plus(self.portion[mine], int(self.slack[r]))
            self._known[r] = slack
        return self._known[r]

    @cached_property
    def _known(self) -> dict[int, IntArray]:
        return {}
