"""The integer program over schools' bundles: one binary a bundle, columns settled by prices.

Each objective is first relaxed; the prices of its rows give every bundle its loss and a bound, in integers
(`optimizer.solving.bundled.reduced_costs`). HiGHS then solves over a *core*, the bundles that lose least,
which grows until what is left out loses too much to matter. Once the objective is held, what loses more
than it may is settled, and stays settled for all later priorities, certainty and the draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.clock import OutOfTime
from optimizer.foundation.exact import (
    IntArray,
    Places,
    exact,
    floored,
    plus,
    times,
)
from optimizer.language.text import Text
from optimizer.program.objectives import Additive, LeastShare, Objective
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.bundled.at_once import at_once
from optimizer.solving.bundled.bundle_columns import columns_of
from optimizer.solving.bundled.extras import caps, extra_rows, rooms
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.priced import Priced, narrowed, price
from optimizer.solving.bundled.sparse import Sparse
from optimizer.solving.bundled.stated import Weights, rows_over, state
from optimizer.solving.bundled.widening import Widening
from optimizer.solving.doubt import doubted
from optimizer.solving.dynamic.packing import NotTakeable
from optimizer.solving.formulation import BUNDLES, Answer, broken, greatest_share, least_awards
from optimizer.solving.options import Options


@dataclass(frozen=True)
class _Searched:
    """What a search has left open: all points that are worth so much at the least."""

    frame: Frame
    priced: Priced
    least: int


class BundleModel:
    """A `Program` over bundles, to which rows are added as priorities are settled.

    Parameters
    ----------
    program
        What to state.
    options
        With how many threads, and when to stop.

    Raises
    ------
    NotTakeable
        If a school has too many bundles, or (whatever is asked of it) if numbers are too large.
    OutOfTime
        If the deadline passes.
    """

    name, narrows = BUNDLES, True

    def __init__(self, program: Program, options: Options) -> None:
        self.program, self.options = program, options
        self.known: Decision | None = None
        self.held: list[tuple[Objective, int]] = []
        self.solves = 0
        self._columns = columns_of(program, options.deadline)
        self._frame = Frame(self._columns.component, self._columns.high)
        self._state_rows()
        self._stated: tuple[Objective, Weights] | None = None  # the last that is no sum
        self._priced: Priced | None = None  # what was bounded last
        self._searched: _Searched | None = None
        self._merges = True  # whether components may be merged: not if it took too long once

    def _state_rows(self) -> None:
        """State what bundles do not obey by themselves, and what extras may be under them."""
        columns, frame = self._columns, self._frame
        for rows, resolved in zip(self.program.rows, columns.resolved, strict=True):
            left = np.flatnonzero(~(resolved | caps(columns, rows)))
            if len(left):
                frame.require(*rows_over(columns, rows, left))
        for each in extra_rows(columns, rooms(columns)):
            frame.require(*each)

    def _extras(self, apps: Places, factor: IntArray, sign: int) -> Sparse:
        """State ``sign * (extra_a - factor_a * fund_a)``, one row for each of some applications."""
        row = np.arange(len(apps))
        fund = self._columns.spread("fund", row, apps, value=times(factor, -sign), count=len(apps))
        return fund.beside(self._columns.extra[apps], sign, len(self._frame.high))

    def _state(self, objective: Objective) -> Weights:
        """State an objective once, whether it is maximised or held."""
        if isinstance(objective, Additive):
            return state(self._columns, self._frame, objective)
        if self._stated is None or self._stated[0] is not objective:
            self._stated = objective, state(self._columns, self._frame, objective)
        return self._stated[1]

    # ---- what is asked ------------------------------------------------------------------------

    def maximise(self, objective: Objective) -> Answer:
        """Solve for one objective under all rows so far; nothing is known if time runs out."""
        if self._columns.impossible:
            return Answer(None, None, None, infeasible=True)
        try:
            if isinstance(objective, LeastShare):
                return self._share(objective)
            return self._solve(objective, self._state(objective))
        except OutOfTime:
            return Answer(None, None, None)

    def at_once(self, sums: Sequence[Additive]) -> tuple[Decision, int] | None:
        """Settle sums one after another, and all columns that none of their optima has.

        The first by itself where prices prove that none is worth more than the known decision.
        """
        if self._columns.impossible or not self._merges:
            return None
        value = None if self.known is None else sums[0].value(self.known)
        stated, self._searched = [self._state(objective) for objective in sums], None
        try:
            self._priced = priced = price(self._frame, stated[0], value, self.options)
            if self.known is not None and value == priced.outer(priced.top):
                return self.known, 1
            found = at_once(
                self._frame, stated, priced, known=value, options=self.options, owner=self._owner
            )
        except NotTakeable:
            found = None
        except OutOfTime:
            return None
        self._priced, self._merges = None, found is not None
        if found is None:
            return None
        decision = self._columns.decision(found.point)
        if broken(self.program, self.held, decision):
            what = Text("的答案不符合計畫", "breaks the policy")
            raise doubted("merging", what)
        self._frame.settle(found.low, found.high)
        return decision, found.taken

    @property
    def _owner(self) -> Places | None:
        """Shape (m,): the component of each column, of an extra too; None if no award is a choice."""
        columns = self._columns
        free = np.flatnonzero(columns.extra >= 0)
        if not len(free):
            return None
        owner = self._frame.component.copy()
        owner[columns.extra[free]] = columns.seat[free, 0]
        return owner

    def improve(self, objective: Additive, brief: bool) -> Answer:
        """Look for a decision that is worth more than the known one; prove it if there is none."""
        try:
            return self._solve(objective, self._state(objective), hasty=True, brief=brief)
        except OutOfTime:
            return Answer(None, None, None)

    def quick_bound(self, objective: Objective) -> int | None:
        """Return what an LP's prices prove that none exceeds; None where it is too large for them.

        If the same is held next, they settle what loses too much for it.
        """
        if isinstance(objective, LeastShare):
            return None
        try:
            stated, self._searched = self._state(objective), None
            self._priced = priced = price(self._frame, stated, None, self.options)
        except NotTakeable:
            return None
        return priced.outer(priced.top)

    def feasible(self) -> Answer:
        """Look for any point at all."""
        return self.maximise(Additive(np.zeros(self.program.size, dtype=np.int64)))

    def hold(self, objective: Objective, floor: int, exactly: bool = False) -> None:
        """Keep an objective at `floor` or above from here on; settle what loses too much for it."""
        clock.keep(self.options.deadline)
        self.held.append((objective, floor))
        (priced, self._priced), (searched, self._searched) = (
            (self._priced, None),
            (self._searched, None),
        )
        if isinstance(objective, LeastShare):
            self._hold_share(objective, floor)
            return
        stated = self._state(objective)
        if priced is not None and priced.is_of(stated):
            if searched is not None and searched.least <= floor:
                self._frame, priced = searched.frame, searched.priced
            narrowed(self._frame, priced, floor, self.options)
        elif not isinstance(objective, Additive):
            counted = Priced.of(self._frame, stated)
            self._frame.settle(*counted.within(self._frame, counted.gap(counted.inner(floor))))
        self._frame.require(*stated.at_least(floor), equal=exactly)

    def fix(self, a: int, funded: bool) -> None:
        """Settle whether an application is funded."""
        self._searched = None
        self._frame.high[self._columns.holding(a, not funded)] = 0
        if not funded and (extra := self._columns.extra[a]) >= 0:
            self._frame.high[extra] = 0

    def fix_award(self, a: int, award: int) -> None:
        """Settle what an application gets, NT$."""
        self._searched = None
        if award and (extra := self._columns.extra[a]) >= 0:
            units = (award - int(self.program.least[a])) // self.program.unit
            self._frame.low[extra] = self._frame.high[extra] = units

    def is_settled(self, a: int) -> bool:
        """Return whether an application's award is the same in all that is left."""
        extra = self._columns.extra[a]
        high = self._frame.high
        sides = [bool(high[self._columns.holding(a, side)].any()) for side in (True, False)]
        return not all(sides) and (extra < 0 or self._frame.low[extra] == self._frame.high[extra])

    # ---- one objective ------------------------------------------------------------------------

    def _solve(
        self, objective: Objective, stated: Weights, hasty: bool = False, brief: bool = False
    ) -> Answer:
        """Bound it by counting, then by an LP's prices; then solve over growing cores."""
        value = None if self.known is None else objective.value(self.known)
        self._searched = None
        self._priced = priced = price(self._frame, stated, value, self.options)
        if priced.impossible:
            return Answer(None, None, None, infeasible=True)
        search = Widening(
            self.program,
            self.options,
            self.held,
            columns=self._columns,
            frame=self._frame.copy(),
            objective=objective,
            priced=priced,
            known=self.known,
            hasty=hasty,
            brief=brief,
        )
        found = search.widen(value)
        self.known, self.solves = search.known, self.solves + search.solves
        if self.known is not None:
            least = objective.value(self.known)
            self._searched = _Searched(search.frame, search.priced, least)
        if found.infeasible:
            return Answer(None, None, None, infeasible=True)
        if self.known is None:
            return Answer(None, None, found.bound)
        return Answer(self.known, objective.value(self.known), found.bound)

    # ---- the least share ----------------------------------------------------------------------

    def _share(self, objective: LeastShare) -> Answer:
        """Bisect over the shares that can occur, each asked apart."""
        first = Answer(self.known, None, None) if self.known is not None else self.feasible()
        found = greatest_share(self, objective, first, self._greatest(objective))
        self.known = found.decision
        return found

    def _greatest(self, objective: LeastShare) -> int:
        """Return the greatest share there can be: that of whoever is funded for certain."""
        frame, columns = self._frame, self._columns
        base = frame.rest().base
        sure = np.flatnonzero(columns.decision(np.where(frame.component >= 0, base, 0)).fund)
        units = np.where(columns.extra >= 0, frame.high[columns.extra], 0)
        most = plus(self.program.least, times(units, self.program.unit))
        shares = [
            int(most[a]) * (objective.denominator // int(objective.most[a])) for a in sure.tolist()
        ]
        return min([objective.top, *shares])

    def trial(self, objective: LeastShare, floor: int) -> Answer:
        """Ask apart, with the same rows held, whether a least share can be reached."""
        other = copy(self)
        other.held, other.known, other._frame = list(self.held), None, self._frame.copy()
        other.hold(objective, floor)
        found = other.feasible()
        self.solves = other.solves
        return found

    def _hold_share(self, objective: LeastShare, floor: int) -> None:
        """``extra_a >= (low_a - least_a) * fund_a`` in units, where that asks for anything."""
        low = exact(least_awards(self.program, objective, floor))
        more = floored(plus(low, -self.program.least), self.program.unit)
        apps = np.flatnonzero((more > 0) & (self._columns.extra >= 0))
        if len(apps):
            nothing = np.zeros(len(apps), dtype=np.int64)
            self._frame.require(self._extras(apps, more[apps], 1), nothing)
