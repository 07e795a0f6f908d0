"""Two sets of components merged: pairs of their states, as far as lists within the gap need them.

With the least and greatest that all *other* components add to a row, low and high,

    left_i + high_i >= rhs_i                           or it is in no list,
    lost + sum_i price_i * max(0, left_i + low_i - rhs_i) <= gap      or its lists are not looked at,
    left_i := min(left_i, rhs_i - low_i)               as more than enough is enough.

Pairs are looked at in blocks, and of each block only the worthiest ways are kept: memory is that of a block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from optimizer.foundation.exact import Places, Words
from optimizer.solving.merging.arrivals import Arrivals
from optimizer.solving.merging.states import Limits, NoListError, Reach, States, once

BLOCK = 100_000  # pairs looked at together
FEW = 4_000  # pairs for which no window is looked for


def merged(limits: Limits, one: States, other: States, rest: Reach) -> States:
    """Return what two sets of components come to together, as far as lists within the gap need it.

    Raises
    ------
    NoListError
        If no list within the gap is left.
    NotTakeable
        If there is not the room.
    """
    if len(one.lost) < len(other.lost):
        one, other = other, one
    window = _fewest(limits, one, other, rest)
    limits.count(window.pairs)
    active = _active(limits, one, other, rest)
    parts = []
    for some in window.blocks():
        ways = _kept(limits, one, other, rest, pairs=some, active=active)
        if len(ways.lost):
            parts.append(ways.worthiest() if window.pairs > BLOCK else ways)
    if not parts:
        raise NoListError
    return once(Arrivals.joined(parts), parents=(one.trail, other.trail))


def _kept(
    limits: Limits,
    one: States,
    other: States,
    rest: Reach,
    pairs: tuple[Places, Places],
    active: list[int],
) -> Arrivals:
    """Return the pairs of states that lists within the gap can have."""
    first, second = pairs
    lost = one.lost[first] + other.lost[second]
    fits = lost <= limits.gap
    spare: dict[int, Words] = {}  # of rows: what is more than enough
    for i in active:
        left = one.left[i][first] + other.left[i][second]
        over = left + (rest.low[i] - limits.rhs[i])
        fits &= left >= limits.rhs[i] - rest.high[i]
        if limits.equal[i]:
            fits &= over <= 0
            continue
        spare[i] = np.maximum(over, 0)
        lost = lost + limits.price[i] * spare[i]
    fits &= lost <= limits.gap
    first, second = first[fits], second[fits]
    sides = one.left[:, first] + other.left[:, second]
    for i, more in spare.items():
        sides[i] -= more[fits]
    return Arrivals(
        sides, lost[fits], one.worth[first] + other.worth[second], first=first, second=second
    )


def _active(limits: Limits, one: States, other: States, rest: Reach) -> list[int]:
    """Return the rows that some pair may break, or have more than enough of."""
    low, high = one.low + other.low, one.high + other.high
    enough = (low + rest.high >= limits.rhs) & (high + rest.low <= limits.rhs)
    return np.flatnonzero(~enough).tolist()


@dataclass(frozen=True)
class _Window:
    """Pairs to look at: of each state of the first set, the other's in an order, from where to where."""

    order: Places  # shape (s,)
    begin: Places  # shape (f,)
    end: Places

    @cached_property
    def pairs(self) -> int:
        """How many they are."""
        return int((self.end - self.begin).sum())

    def blocks(self) -> Iterator[tuple[Places, Places]]:
        """Yield the states of both sets pair by pair, so many at once as there is room for."""
        often = self.end - self.begin
        before = np.cumsum(often) - often
        cuts = np.flatnonzero(np.diff(before // BLOCK, prepend=-1, append=-1))
        for a, b in pairwise(cuts.tolist()):
            some = often[a:b]
            first = np.repeat(np.arange(a, b), some)
            skipped = np.repeat(before[a:b] - before[a] - self.begin[a:b], some)
            yield first, self.order[np.arange(len(first)) - skipped]


def _fewest(limits: Limits, one: States, other: States, rest: Reach) -> _Window:
    """Return the pairs of states to look at: by what they lose, or by the row that leaves the fewest."""
    order = np.argsort(other.lost, kind="stable")
    end = np.searchsorted(other.lost[order], limits.gap - one.lost, side="right")
    best = _Window(order, np.zeros_like(end), end)
    if best.pairs > FEW:
        windows = (_window(limits, one, other, rest, i=i) for i in range(len(limits.rhs)))
        best = min([best, *windows], key=lambda found: found.pairs)
    return best


def _window(limits: Limits, one: States, other: States, rest: Reach, i: int) -> _Window:
    """Return the pairs that can keep to row i."""
    order = np.argsort(other.left[i], kind="stable")
    sides = other.left[i][order]
    missing = limits.rhs[i] - one.left[i]
    begin = np.searchsorted(sides, missing - rest.high[i], side="left")
    if limits.equal[i]:
        end = np.searchsorted(sides, missing - rest.low[i], side="right")
    elif limits.price[i] > 0:
        most = (limits.gap - one.lost) // limits.price[i]
        end = np.searchsorted(sides, missing - rest.low[i] + most, side="right")
    else:
        end = np.full(len(begin), len(sides))
    return _Window(order, begin, np.maximum(end, begin))
