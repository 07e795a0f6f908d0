"""Several sums, one after another, settled at once: by merging components, without a solver.

The prices of the first sum's LP tell what lists lose: who is worth at least a floor loses no more than
``bound - floor``. All such lists are gone through (`optimizer.solving.merging`), the sums packed into one integer,

    worth = sum_k F_k * sum_k,        F_k = product over the later l of (1 + span of sum l),

so that what is found is the best of the first sum, among those of the second, and so on; what is in no such
list is settled. If there is none above a floor, a lower one is next. All of it is integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.exact import BoolArray, Places, Words, dot, exact, largest, plus
from optimizer.solving.bundled.choices import Choices, tightened, wide_rows
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.priced import Priced, narrowed, price
from optimizer.solving.bundled.rest import Rest
from optimizer.solving.bundled.spared import Sides
from optimizer.solving.bundled.stated import Weights
from optimizer.solving.bundled.whole_options import whole_options
from optimizer.solving.dynamic.packing import NotTakeable, too_many_states
from optimizer.solving.merging import NoListError, Traced, Vector, best_of_all, slacks, traced
from optimizer.solving.merging.tied import FAR
from optimizer.solving.options import Options

FIRST = 50  # bundles, besides the best, that the first gap lets in for each wide row with a price
FLOORS = 20  # gaps, each half as large again as the one before
NEARER_FLOORS, NEARER_BY = (
    3,
    4,
)  # how often a nearer floor is taken, and what part of the way goes on
PAIRS = 5  # of states, which cost as much as an entry at a node
FARTHER = 4  # times a gap, at the most, where its slack costs more
BESIDE = 4  # what is let in beside what slack costs
NEARER = (4, 2, 1)  # parts of a gap, one after the other, where slack is settled
ROOM = 8_000_000  # pairs of states that may be looked at: about a second


@dataclass(frozen=True)
class AtOnce:
    """The best lists for some sums, one after another."""

    taken: int  # how many of the sums there was room for
    low: Words  # shape (m,): the least value of each column in them
    high: Words  # the greatest
    point: Words  # one of them


@dataclass
class _Seeking:
    frame: Frame
    sums: Sequence[Weights]
    options: Options
    owner: Places | None
    room: int = ROOM
    likely: int | None = None  # what none is worth more than, if slack is as far as it seems to be

    def down(self, priced: Priced, known: int | None) -> AtOnce | None:
        """Return the best lists: above a floor, then lower ones, down to what is known.

        Where there is not the room for so low a floor, one is next that is nearer to the last above which there
        is nothing.

        Raises
        ------
        NotTakeable
            If that does not help, either.
        """
        refused, none = 0, 0
        first = below = _first(priced, self.owner is None)
        for _ in range(FLOORS):
            clock.keep(self.options.deadline)
            floor = priced.outer(priced.top - below)
            if known is not None and floor <= known:
                break
            try:
                if (found := self.above(priced, floor)) is not None:
                    return found
            except NotTakeable:
                refused += 1
                if refused > NEARER_FLOORS or below - none < NEARER_BY:
                    raise
                below = none + (below - none) // NEARER_BY
                first = min(first, below)
            else:
                none, below = below, self._farther(priced, first, below)
        return None if known is None else self.above(priced, known)

    def _farther(self, priced: Priced, first: int, below: int) -> int:
        """Return how far below the bound the next floor is: half as far again, as far as slack seems to be."""
        likely = priced.top if self.likely is None else priced.inner(self.likely)
        spared = min(priced.top - likely, FARTHER * (below + 1))
        return max(below + max(1, (below - spared) // 2), spared + max(BESIDE, first))

    def above(self, priced: Priced, floor: int) -> AtOnce | None:
        """Return the best lists if they are worth at least a floor for the first sum; None if none is."""
        self.likely = None
        small, count = self.frame.copy(), len(self.frame.high)
        priced = narrowed(small, priced, floor, self.options)
        if priced.outer(priced.top) < floor:
            return None
        if self.owner is None:
            return self._of_bundles(small, priced, floor)
        whole = whole_options(self.owner, priced, floor)
        if isinstance(whole, int):
            self.likely = priced.outer(priced.beyond(whole - 1))
            return None
        sums = [whole.weights(each, count) for each in self.sums]
        found = self._split(whole.frame, sums, floor)
        if found is None:
            return None
        low, high = whole.ends(found.low, found.high)
        _, point = whole.ends(found.point, found.point)
        return AtOnce(found.taken, self._free(low), high, point)

    def _of_bundles(self, small: Frame, priced: Priced, floor: int) -> AtOnce | None:
        """Return the best lists where no award is a choice; what slack loses is lost to bundles."""
        gap, sides = priced.gap(priced.inner(floor)), Sides.of(priced)
        spared = sides.lost_by_any(priced.rest, gap)
        if spared is None:
            seen = sides.lost_by_any(priced.rest, FAR, anew=True) or 0
            self.likely = priced.outer(priced.beyond(seen - 1))
            return None
        small.settle(*priced.within(small, gap - spared))
        return self._merged(small, self.sums, priced, floor)

    def _free(self, low: Words) -> Words:
        """Let every bundle be chosen or not."""
        return np.where(self.frame.component >= 0, 0, low)

    def _split(self, frame: Frame, sums: Sequence[Weights], floor: int) -> AtOnce | None:
        """Return the best lists, each way to leave slack looked at by itself, its rows as equalities."""
        priced = narrowed(frame, price(frame, sums[0], None, self.options), floor, self.options)
        if priced.outer(priced.top) < floor:
            return None
        choices = Choices.of(priced.rest)
        if not len(choices.column):
            return self._merged(frame, sums, priced, floor)
        worth, taken = choices.packed(sums, len(frame.high))
        limits = choices.limits(priced, floor, self.room, worth)
        spare = slacks(choices.options(priced, worth), limits)
        if spare is not None and not spare.ways:
            return None
        if spare is None or limits.equal[spare.rows].all():
            return self._merged(frame, sums, priced, floor)
        parts = [frame.copy() for _ in spare.ways]
        for part, way in zip(parts, spare.ways, strict=True):
            part.adopt(*_left_slack(priced.rest, spare.rows, way))
        top = priced.outer(priced.top)
        for share in NEARER:
            best = self._best_of(parts, sums[:taken], top - (top - floor) // share)
            if best is not None:
                return best
        return None

    def _best_of(
        self, parts: Sequence[Frame], sums: Sequence[Weights], floor: int
    ) -> AtOnce | None:
        """Return the best lists of several frames, each looked at as far as it may be as good as those before."""
        best: AtOnce | None = None
        for part in parts:
            best = _better(best, self._split(part.copy(), sums, floor), sums)
            floor = floor if best is None else max(floor, _value(sums[0], best.point))
        return best

    def _merged(
        self, frame: Frame, sums: Sequence[Weights], priced: Priced, floor: int
    ) -> AtOnce | None:
        """Merge what is left open."""
        small = frame.copy()
        tightened(small, priced, floor)
        priced = price(small, sums[0], None, self.options)
        if priced.outer(priced.top) < floor:
            return None
        choices = Choices.of(priced.rest)
        if not len(choices.column):
            return None if priced.rest.rows.rows else _found(choices, None, len(sums), frame)
        worth, taken = choices.packed(sums, len(small.high))
        limits = choices.limits(priced, floor, self.room, worth)
        try:
            whole = best_of_all(choices.options(priced, worth), limits, self.options.deadline)
        except NoListError:
            return None
        finally:
            self.room = limits.room
        return _found(choices, traced(whole, len(worth)), taken, frame)


def _found(choices: Choices, chosen: Traced | None, taken: int, frame: Frame) -> AtOnce:
    """Return the values of a frame's columns in the lists that were found."""
    rest = choices.rest
    low, high, point = rest.base.copy(), rest.base.copy(), rest.base.copy()
    if chosen is not None:
        column = rest.columns[choices.column]
        low[rest.columns] = largest(rest.high)
        np.minimum.at(low, column[chosen.seen], choices.value[chosen.seen])
        np.maximum.at(high, column[chosen.seen], choices.value[chosen.seen])
        point[column[chosen.one]] = choices.value[chosen.one]
    count = len(frame.high)
    low = np.where(frame.component >= 0, 0, low[:count])
    return AtOnce(taken, low, high[:count], point[:count])


def _left_slack(rest: Rest, rows: Places, way: Vector) -> tuple[Rest, BoolArray]:
    """Say rows as equalities that leave so much slack."""
    rhs, equal = rest.rhs.copy(), np.zeros(rest.rows.rows, dtype=bool)
    rhs[rows], equal[rows] = plus(rhs[rows], exact(way)), True
    return replace(rest, relations=replace(rest.relations, rhs=exact(rhs))), equal


def _better(one: AtOnce | None, other: AtOnce | None, sums: Sequence[Weights]) -> AtOnce | None:
    """Return the better of what two ways come to, or what is in the lists of both if they are as good.

    Raises
    ------
    NotTakeable
        If they have not taken as many sums.
    """
    if one is None or other is None:
        return one or other
    if one.taken != other.taken:
        raise too_many_states()
    values = [[_value(each, found.point) for each in sums[: one.taken]] for found in (one, other)]
    if values[0] != values[1]:
        return one if values[0] > values[1] else other
    return replace(one, low=np.minimum(one.low, other.low), high=np.maximum(one.high, other.high))


def _value(stated: Weights, point: Words) -> int:
    return stated.constant + dot(stated.over(len(point)), point)


def at_once(
    frame: Frame,
    sums: Sequence[Weights],
    priced: Priced,
    known: int | None,
    options: Options,
    owner: Places | None = None,
) -> AtOnce | None:
    """Settle sums one after another; None where that is not done quickly.

    Parameters
    ----------
    priced
        The first of them under the prices of its LP.
    known
        What a decision that is known is worth for the first; None if none is known.
    owner
        Shape (m,): the component of each column where awards are a choice, -1 for none; None where none is.

    Raises
    ------
    OutOfTime
        If the deadline passes.
    """
    search = _Seeking(frame, sums, options, owner)
    try:
        return search.down(priced, known)
    except NotTakeable:
        return None
    finally:
        options.spend(1, (ROOM - search.room) // PAIRS)


def _first(priced: Priced, single: bool) -> int:
    """Return how far below the bound the first floor is: it lets in so many bundles besides the best.

    What is best loses the more against the prices, the more rows have one; but most bundles are in no such list.
    Where a bundle is one of several with amounts of their own (not `single`), they are too many for that.
    """
    rows = int(np.count_nonzero(wide_rows(priced) & (priced.losses.charged > 0))) if single else 1
    half = int(np.count_nonzero(priced.losses.loss[: priced.rest.bundles])) // 2
    gap = priced.letting_in(max(FIRST, min(FIRST * rows, half)))
    if gap is None:
        gap = largest(priced.losses.loss)
    return max(0, priced.top - (priced.beyond(gap) + 1))
