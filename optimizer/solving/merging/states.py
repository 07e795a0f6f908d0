"""What merged components can come to: left sides of all rows, what is lost, what is gained.

A state is kept with the greatest worth of all that have its left sides; what is left to choose can be the
same for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import BoolArray, Places, Words, largest
from optimizer.solving.dynamic.packing import too_many_states
from optimizer.solving.merging.arrivals import SAFE, Arrivals, Trail

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
        if pairs > min(MOST, self.room):
            raise too_many_states()
        self.room -= pairs


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
