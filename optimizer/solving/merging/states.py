"""What merged components can come to: left sides of all rows, what is lost, what is gained.

A state is kept with the greatest worth of all that have its left sides; what is left to choose can be the
same for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from optimizer.foundation.exact import BoolArray, Places, Words, largest
from optimizer.solving.dynamic.packing import too_many_states
from optimizer.solving.merging.arrivals import SAFE, Arrivals, Trail, begins, packed

MOST = 4_000_000  # pairs of states in one merge


class NoListError(Exception):
    """There is no list within the gap."""


@dataclass
class Limits:
    """``left_i >= rhs_i``, or ``left_i = rhs_i``; what slack costs, and what lists may lose.

    Parameters
    ----------
    rhs, equal, price
        Shape (r,). An equality has no slack and no price.
    gap
        Only lists that lose no more are looked at.
    room
        How many pairs of states may still be looked at.
    """

    rhs: Words
    equal: BoolArray
    price: Words
    gap: int
    room: int

    def fits(self, reach: int, lost: int, worth: int) -> bool:
        """Return whether sums stay in 64 bits: of left sides, and of what options lose and are worth."""
        slack = 2 * (reach + largest(self.rhs))
        charges = slack * len(self.rhs) * largest(self.price)
        return max(slack, charges + lost + self.gap, worth) < SAFE

    def count(self, pairs: int) -> None:
        """Count what is looked at before it is made.

        Raises
        ------
        NotTakeable
            If there is not the room.
        """
        self.room -= pairs
        if pairs > MOST or self.room < 0:
            raise too_many_states()


@dataclass(frozen=True, eq=False)
class States:
    """What some components can come to, each state once, with every way to it that is worth as much."""

    left: Words  # shape (r, s)
    lost: Words  # shape (s,): at the least
    worth: Words  # shape (s,): at the most
    trail: Trail

    @cached_property
    def low(self) -> Words:
        """Shape (r,): the least left sides."""
        low: Words = np.minimum.reduce(self.left, axis=1)
        return low

    @cached_property
    def high(self) -> Words:
        """Shape (r,): the greatest left sides."""
        high: Words = np.maximum.reduce(self.left, axis=1)
        return high

    @cached_property
    def second_least(self) -> int:
        """What the second best state loses: 0 where there is none."""
        return int(np.partition(self.lost, 1)[1]) if len(self.lost) > 1 else 0


@dataclass(frozen=True)
class Reach:
    """The least and greatest left sides of all components that are not looked at. (r,) twice."""

    low: Words
    high: Words


def component(option: Places, left: Words, lost: Words, worth: Words) -> States:
    """Return the states of one component: its options, by their numbers."""
    return once(Arrivals(left, lost, worth, first=option, second=option))


def once(ways: Arrivals, parents: tuple[Trail, Trail] | None = None) -> States:
    """Keep each left side once, with every way to it that is worth the most."""
    kept, way, state = ways.best()
    return States(
        ways.left[:, kept],
        ways.lost[kept],
        ways.worth[kept],
        Trail.of(state, ways.first[way], ways.second[way], count=len(kept), parents=parents),
    )


def alone(begin: Places, left: Words, lost: Words, worth: Words) -> list[States]:
    """Return the states of each component by itself: of options by component, as `component` has them."""
    number, owner = np.arange(len(lost)), np.repeat(np.arange(len(begin) - 1), np.diff(begin))
    low, high = (end.reduceat(left, begin[:-1], axis=1) for end in (np.minimum, np.maximum))
    key = packed(left - low[:, owner], np.maximum.reduce(high - low, axis=1))
    if key is None:
        parts = (slice(*ends) for ends in pairwise(begin.tolist()))
        return [component(number[p], left[:, p], lost[p], worth[p]) for p in parts]
    order = np.lexsort((-worth, key, owner))
    new = begins(key[order]) | begins(owner[order])
    kept, state = order[new], np.cumsum(new) - 1
    best = worth[order] == worth[kept][state]
    way, state = order[best], state[best]
    ends = (
        pairwise(np.searchsorted(owner[of], np.arange(len(begin))).tolist()) for of in (kept, way)
    )
    found = []
    for c, ((i, j), (v, w)) in enumerate(zip(*ends, strict=True)):
        mine, some = kept[i:j], way[v:w]
        found.append(
            States(
                left[:, mine], lost[mine], worth[mine], Trail.of(state[v:w] - i, some, some, j - i)
            )
        )
        vars(found[-1]).update(low=low[:, c], high=high[:, c])
    return found
