"""The better one not funded, a worse one funded: what forces each such pair.

For u not funded and f funded with less merit, the list in which u takes f's place either breaks a
rule, or does worse by some priority, or is as good and lost the draw. Each is checked on the
integers of the list itself, no solver asked. Where u's award is a choice, it gets as much as the
rules leave it in f's place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.explain.exchange_goals import GoalChanges
from optimizer.explain.exchange_rows import Held, Leeway
from optimizer.foundation.exact import BoolArray, IntArray, Places
from optimizer.program.program import Program
from optimizer.program.rows import Decision
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
        room = Leeway.of(self.program, u, count)
        for block in self._narrowest_first:
            hit = open_ & self.held[block].broken(u, room, some)
            found[hit] = block
            open_ &= ~hit
            if not open_.any():
                return found
        for place, goal in enumerate(self.program.goals):
            spare = self._spare[place]
            change = self.changes.of(goal.objective, u, room.most, some=some)
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

    @cached_property
    def changes(self) -> GoalChanges:
        """What becomes of each goal."""
        return GoalChanges(self.decision, self.funded)
