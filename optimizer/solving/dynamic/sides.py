"""The components on either side of one, and where the best of both is found within a pool."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from optimizer.foundation.exact import Words
from optimizer.solving.dynamic.best_lists import NEVER, at_least


class MetAt(NamedTuple):
    """At which level a side of a component is: exactly, or at least."""

    level: int
    or_more: bool = False


Way = tuple[
    MetAt, MetAt, int
]  # where both sides are, and the level that their zone has reached then


@cache
def ways_of(top: int, add: int) -> tuple[Way, ...]:
    """Return how the two sides of a bundle may meet, each pair of levels once.

    Parameters
    ----------
    top
        Up to how much their zone counts.
    add
        What the bundle adds.
    """
    below = [
        (MetAt(here), MetAt(level - add - here), level)
        for level in range(add, top)
        for here in range(level - add + 1)
    ]
    left = top - add
    reached = [(MetAt(here), MetAt(left - here, or_more=True), top) for here in range(left)]
    return (*below, *reached, (MetAt(left, or_more=True), MetAt(0, or_more=True), top))


@dataclass(frozen=True)
class Side:
    """The components on one side of one: the best worth by steps spent and the level of its zone.

    Parameters
    ----------
    rows
        By level, as far as they can spend.
    size
        One more than all the steps that are looked at.
    """

    rows: list[Words]
    size: int

    @cached_property
    def reach(self) -> int:
        """One more than the most steps that can be spent."""
        return int(np.max(np.flatnonzero(self._at_least[0] > NEVER // 2), initial=0)) + 1

    @cached_property
    def _at_least(self) -> list[Words]:
        return at_least(self.rows)

    @cached_property
    def _up_to(self) -> dict[MetAt, Words]:
        return {}

    def at(self, met: MetAt) -> Words:
        """Return the best worth by steps spent."""
        return (self._at_least if met.or_more else self.rows)[met.level]

    def up_to(self, met: MetAt) -> Words:
        """Return the best with so many steps or fewer."""
        if met not in self._up_to:
            row, upto = self.at(met), np.empty(self.size, dtype=np.int64)
            np.maximum.accumulate(row, out=upto[: len(row)])
            upto[len(row) :] = upto[len(row) - 1]
            self._up_to[met] = upto
        return self._up_to[met]

    def inside(self, met: MetAt, at: int) -> tuple[int, bool]:
        """Return the level at which the best is that has spent so many steps, and whether it is the only one."""
        if not met.or_more:
            return met.level, True
        levels = range(met.level, len(self.rows))
        best = max(levels, key=lambda level: int(self.rows[level][at]))
        top = int(self.rows[best][at])
        return best, sum(int(self.rows[level][at]) == top for level in levels) == 1


@dataclass(frozen=True)
class Join:
    """Where the best list that leaves so many steps to the others is found.

    Parameters
    ----------
    worth
        Of the others, with what the zone between counts.
    spent
        Steps on either side.
    met
        At which level of the zone each side is.
    alone
        Whether there was no other place.
    """

    worth: int
    spent: tuple[int, int]
    met: tuple[MetAt, MetAt]
    alone: bool = True


def most_of(before: Side, after: Side, met: tuple[MetAt, MetAt], left: int) -> int:
    """Return the best worth of both sides within some steps, by what the one of less reach spends."""
    here, there = met
    if after.reach < before.reach:
        before, after, here, there = after, before, there, here
    few = min(before.reach, left + 1)
    sums = before.at(here)[:few] + after.up_to(there)[left + 1 - few : left + 1][::-1]
    return int(sums.max())


def meet(before: Side, after: Side, met: tuple[MetAt, MetAt], left: int, bonus: int) -> Join:
    """Find where the best of both sides within some steps is; `bonus` is for the zone between."""
    here, there = before.at(met[0]), after.at(met[1])
    few = min(len(here), left + 1)
    sums = here[:few] + after.up_to(met[1])[left + 1 - few : left + 1][::-1]
    s = int(sums.argmax())
    worth = int(sums[s])
    same = np.flatnonzero(there[: left - s + 1] == worth - int(here[s]))
    alone = len(same) == 1 and int(np.count_nonzero(sums == worth)) == 1
    return Join(worth + bonus, (s, int(same[-1])), met, alone=alone)
