"""The better one not funded, a worse one funded: what forces each such pair.

For u not funded and f funded with less merit, the list in which u takes f's place either breaks a
rule, or does worse by some priority, or is as good and lost the draw. Each is checked on the
integers of the list itself, no solver asked. Where u's award is a choice, it gets as much as the
rules leave it in f's place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, Places, exact, floored, plus, times
from optimizer.program.objectives import Additive, Covered, Even, Objective
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows
from optimizer.solving.solution import Step

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
    level
        Shape (n,): by what better and worse are told apart, e.g. merit.
    steps
        What is known of each goal: how much of it later ones may still take, where the policy lets
        it give something up. Without them, nothing.
    """

    program: Program
    decision: Decision
    level: IntArray
    steps: tuple[Step, ...] = ()

    @cached_property
    def funded(self) -> Places:
        """Shape (m,): who is funded, the lowest level first."""
        found = np.flatnonzero(self.decision.fund)
        return found[np.argsort(self.level[found], kind="stable")]

    def worse(self, u: int) -> int:
        """Return how many of the funded, the first so many, have a lower level than u."""
        return int(np.searchsorted(self.levels, self.level[u], side="left"))

    def no_better(self, u: int) -> int:
        """Return how many of the funded, the first so many, have no higher level than u."""
        return int(np.searchsorted(self.levels, self.level[u], side="right"))

    @cached_property
    def levels(self) -> IntArray:
        """Shape (m,): their levels."""
        return self.level[self.funded]

    def causes(self, u: int, start: int = 0, stop: int | None = None) -> IntArray:
        """Return what stands against u in the place of each of the funded, or of some in a row.

        Returns
        -------
        Shape (stop - start,): ordinal of the first block of rows that it would break, the pool last; or, where it breaks
        none, the number of blocks plus the ordinal of the first goal that would be worse; `DRAW`
        where nothing would be worse; `BETTER` where the first goal to differ would be better.
        """
        some = slice(start, len(self.funded) if stop is None else stop)
        count = some.stop - some.start
        if not count:
            return np.zeros(0, dtype=np.int64)
        found: IntArray = np.full(count, DRAW, dtype=np.int64)
        open_: BoolArray = np.ones(count, dtype=bool)
        room = _Room.of(self.program, u, count)
        for block in self._narrowest_first:
            hit = open_ & self.held[block].broken(u, room, some)
            found[hit] = block
            open_ &= ~hit
            if not open_.any():
                return found
        for place, goal in enumerate(self.program.goals):
            spare = self._spare[place]
            change = self._change(goal.objective, u, room.most, open_=open_, some=some)
            worse = open_ & np.asarray(change < -(spare or 0), dtype=bool)
            better = open_ & np.asarray(change > 0, dtype=bool) & (spare is None)
            found[worse], found[better] = len(self.held) + place, BETTER
            open_ &= ~(worse | better)
            if not open_.any():
                break
        return found

    @cached_property
    def _spare(self) -> list[int | None]:
        """What each goal may still give up; None for one that may give up nothing."""
        floors = {step.goal: (step.value, step.floor) for step in self.steps}
        found: list[int | None] = []
        for goal in self.program.goals:
            value, floor = floors.get(goal.name, (0, None))
            gives = bool(goal.give_up_share or goal.give_up_amount)
            found.append(value - floor if gives and floor is not None else None)
        return found

    @cached_property
    def _narrowest_first(self) -> list[int]:
        """The blocks of rows, the pool last."""
        return sorted(range(len(self.held)), key=lambda n: self.program.rows[n].is_pool)

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """Every block of rows at the list."""
        return tuple(Held.of(rows, self.decision, self.funded) for rows in self.program.rows)

    def _change(
        self, objective: Objective, u: int, award: IntArray, *, open_: BoolArray, some: slice
    ) -> IntArray:
        """Return how much the goal changes as u takes each one's place; 0 where not asked."""
        if isinstance(objective, Additive):
            return plus(worth_of(objective, u, award), -self._worths(objective)[some])
        if isinstance(objective, Covered):
            return self._covered(objective, u, some)
        if isinstance(objective, Even):
            return self._evened(objective, u, award > 0, some=some)
        now, change = objective.value(self.decision), [0] * len(award)
        for n in np.flatnonzero(open_).tolist():
            then = self.exchanged(u, int(self.funded[some][n]), int(award[n]))
            change[n] = objective.value(then) - now
        return exact(change)

    def _worths(self, objective: Additive) -> IntArray:
        """Return what each funded one is worth."""
        if id(objective) not in self._known:
            award = self.decision.award[self.funded]
            self._known[id(objective)] = worth_of(objective, self.funded, award)
        return self._known[id(objective)]

    @cached_property
    def _known(self) -> dict[int, IntArray]:
        return {}

    def _covered(self, objective: Covered, u: int, some: slice) -> IntArray:
        alone, counts = self.alone(objective)
        leaves, group = alone[some], int(objective.group[u])
        if group < 0:
            return exact(-leaves.astype(np.int64))
        enters = (counts[group] == 0) | (leaves & (objective.group[self.funded[some]] == group))
        return exact(enters.astype(np.int64) - leaves.astype(np.int64))

    def _evened(self, objective: Even, u: int, enters: BoolArray, *, some: slice) -> IntArray:
        """Count the uses of each kind in every one of these lists at once."""
        if id(objective) not in self._known:
            self._known[id(objective)] = exact(objective.counts(self.decision))
        now, uses = self._known[id(objective)][:, None], objective.uses
        change = plus(times(uses[:, [u]], enters), -uses[:, self.funded[some]])
        return plus(objective.spread(plus(now, change)), -int(objective.spread(now)[0]))

    def alone(self, objective: Covered) -> tuple[BoolArray, Places]:
        """Say who is the only funded one of a group, and count the funded of each group."""
        if id(objective) not in self._alone:
            mine = objective.group[self.funded]
            counts = np.bincount(mine[mine >= 0], minlength=max(1, objective.groups))
            self._alone[id(objective)] = (mine >= 0) & (counts[np.maximum(mine, 0)] == 1), counts
        return self._alone[id(objective)]

    @cached_property
    def _alone(self) -> dict[int, tuple[BoolArray, Places]]:
        return {}

    def exchanged(self, u: int, f: int, amount: int) -> Decision:
        """Return the list with u, at some award, in the place of f."""
        award = self.decision.award.copy()
        award[f], award[u] = 0, amount
        return Decision.of(award)


def worth_of(objective: Additive, some: int | Places, award: IntArray) -> IntArray:
    """Return what applications are worth at some awards."""
    worth = np.broadcast_to(objective.per_fund[some], award.shape)
    if objective.per_award is None:
        return worth
    per_award = objective.per_award[some]
    factor = int(per_award) if isinstance(some, int) else per_award
    return plus(worth, times(floored(award, objective.unit), factor))


@dataclass
class _Room:
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
    def of(program: Program, u: int, count: int) -> _Room:
        """Return the room that its own bounds leave."""
        least, most = (np.full(count, int(bound[u])) for bound in (program.least, program.most))
        fixed = bool(program.least[u] == program.most[u])
        return _Room(least, most, program.unit, fixed)

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

    def broken(self, u: int, room: _Room, some: slice) -> BoolArray:
        """Say in whose place of some u would break an inequality, whatever it gets there."""
        others = self.breaks_by_leaving[some]
        found: BoolArray = np.zeros(len(others), dtype=bool)
        sign = 1 if self.rows.sense == "<=" else -1
        for n in self.of_application(u).tolist():
            r, coefficient = int(self.rows.row[n]), sign * int(self.rows.coefficient[n])
            slack = self._without(r, some)
            if self.rows.on == "fund":
                found |= np.asarray(slack < coefficient, dtype=bool)
            else:
                found |= room.narrow(slack, coefficient)
            mine = slice(self.starts[r], self.starts[r + 1])
            tight = self.place[mine][self.tight[mine]]
            if len(tight):
                others = others - np.bincount(tight, minlength=self.count)[some]
        return np.asarray(found | (others > 0), dtype=bool)

    def _without(self, r: int, some: slice) -> IntArray:
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
