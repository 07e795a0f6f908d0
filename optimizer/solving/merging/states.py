"""What merged components can come to: left sides of all rows, what is lost, what is gained.

A state is kept with the greatest worth of all that have its left sides; what is left to choose can be the
same for all of them. With the least and greatest that all *other* components add to a row, low and high,

    left_i + high_i >= rhs_i                           or it is in no list,
    lost + sum_i price_i * max(0, left_i + low_i - rhs_i) <= gap      or its lists are not looked at,
    left_i := min(left_i, rhs_i - low_i)               as more than enough is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import BoolArray, Places, Words, largest
from optimizer.solving.dynamic.packing import too_many_states

SAFE = 2**60  # what is added up here stays below this
MOST = 1_000_000  # pairs of states in one merge
FEW = 4_000  # pairs for which no window is looked for


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
    state: Places  # shape (w,): to which state a way leads
    first: Places  # shape (w,): from which state of the first parent, or by which option of a component
    second: Places  # shape (w,): from which state of the second parent
    parents: tuple[States, States] | None = None

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
    return _once(left, lost, worth, first=option, second=option, parents=None)


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
    first, second = _pairs(limits, one, other, rest)
    lost = one.lost[first] + other.lost[second]
    fits = lost <= limits.gap
    spare: dict[int, Words] = {}  # of rows: what is more than enough
    for i in _active(limits, one, other, rest):
        left = one.left[i][first] + other.left[i][second]
        over = left + (rest.low[i] - limits.rhs[i])
        fits &= left >= limits.rhs[i] - rest.high[i]
        if limits.equal[i]:
            fits &= over <= 0
            continue
        spare[i] = np.maximum(over, 0)
        lost = lost + limits.price[i] * spare[i]
    fits &= lost <= limits.gap
    if not fits.any():
        raise NoListError
    first, second = first[fits], second[fits]
    left = one.left[:, first] + other.left[:, second]
    for i, more in spare.items():
        left[i] -= more[fits]
    worth = one.worth[first] + other.worth[second]
    return _once(left, lost[fits], worth, first=first, second=second, parents=(one, other))


def _active(limits: Limits, one: States, other: States, rest: Reach) -> list[int]:
    """Return the rows that some pair may break, or have more than enough of."""
    low, high = one.low + other.low, one.high + other.high
    enough = (low + rest.high >= limits.rhs) & (high + rest.low <= limits.rhs)
    return np.flatnonzero(~enough).tolist()


def _pairs(limits: Limits, one: States, other: States, rest: Reach) -> tuple[Places, Places]:
    """Return the pairs of states to look at: by what they lose, or by the row that leaves the fewest."""
    order = np.argsort(other.lost, kind="stable")
    end = np.searchsorted(other.lost[order], limits.gap - one.lost, side="right")
    best = (int(end.sum()), order, np.zeros_like(end), end)
    if best[0] > FEW:
        windows = (_window(limits, one, other, rest, i=i) for i in range(len(limits.rhs)))
        best = min([best, *windows], key=lambda found: found[0])
    pairs, order, begin, end = best
    limits.count(pairs)
    often = end - begin
    first = np.repeat(np.arange(len(often)), often)
    skipped = np.repeat(np.cumsum(often) - often - begin, often)
    second: Places = order[np.arange(pairs) - skipped]
    return first, second


def _window(
    limits: Limits, one: States, other: States, rest: Reach, i: int
) -> tuple[int, Places, Places, Places]:
    """Return how many pairs can keep to row i, the other's states in its order, and where they begin and end."""
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
    end = np.maximum(end, begin)
    return int((end - begin).sum()), order, begin, end


def _once(
    left: Words,
    lost: Words,
    worth: Words,
    first: Places,
    second: Places,
    parents: tuple[States, States] | None,
) -> States:
    """Keep each left side once, with every way to it that is worth the most."""
    low = np.minimum.reduce(left, axis=1)
    above = left - low[:, None]
    span = np.maximum.reduce(above, axis=1)
    order, new = _sorted(above, span, worth)
    number: Places = np.cumsum(new) - 1
    kept = order[new]
    ways = worth[order] == worth[kept][number]
    way = order[ways]
    states = States(
        left[:, kept],
        lost[kept],
        worth[kept],
        state=number[ways],
        first=first[way],
        second=second[way],
        parents=parents,
    )
    vars(states).update(low=low, high=low + span)
    return states


def _sorted(above: Words, span: Words, worth: Words) -> tuple[Places, BoolArray]:
    """Return an order by left sides, the worthiest first, and where another left side begins. (s,) twice."""
    key = packed(above, span)
    varied = [above[i] for i in np.flatnonzero(span).tolist()] if key is None else [key]
    order = np.lexsort((-worth, *varied))
    new = np.zeros(len(order), dtype=bool)
    for row in varied:
        new |= begins(row[order])
    new[:1] = True
    return order, new


def packed(above: Words, span: Words) -> Words | None:
    """Return the rows, of which each is up to its span, as the digits of one number; None if it is too large."""
    factors = [1]
    for each in reversed(span.tolist()):
        factors.append(factors[-1] * (each + 1))
    if factors.pop() >= SAFE:
        return None
    key: Words = np.array(factors[::-1], dtype=np.int64) @ above
    return key


def begins(ordered: Places) -> BoolArray:
    """Return where another number begins than the one before."""
    new = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return new
