"""Several sums, one after another, settled at once: by merging components, without a solver.

The prices of the first sum's LP tell what lists lose: who is worth at least a floor loses no more than
``bound - floor``. All such lists are gone through (`optimizer.solving.merging`), the sums packed into one integer,

    worth = sum_k F_k * sum_k,        F_k = product over the later l of (1 + span of sum l),

so that what is found is the best of the first sum, among those of the second, and so on; what is in no such
list is settled. If there is none above a floor, a lower one is next. All of it is integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.exact import Words, largest
from optimizer.solving.bundled.choices import Choices, tightened
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.priced import Priced, narrowed, price
from optimizer.solving.bundled.stated import Weights
from optimizer.solving.dynamic.packing import NotTakeable
from optimizer.solving.merging import NoListError, Traced, best_of_all, traced
from optimizer.solving.options import Options

FIRST = 50  # bundles, besides the best, that the first gap lets in
FLOORS = 20  # gaps, each half as large again as the one before
PAIRS = 5  # of states, which cost as much as an entry at a node
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
    room: int = ROOM

    def above(self, priced: Priced, floor: int) -> AtOnce | None:
        """Return the best lists if they are worth at least a floor for the first sum; None if none is."""
        small = self.frame.copy()
        priced = narrowed(small, priced, floor, self.options)
        if priced.outer(priced.top) < floor:
            return None
        tightened(small, priced, floor)
        priced = price(small, self.sums[0], None, self.options)
        if priced.outer(priced.top) < floor:
            return None
        choices = Choices.of(priced.rest)
        if not len(choices.column):
            return None if priced.rest.rows.rows else self._found(choices, None, len(self.sums))
        worth, taken = choices.packed(self.sums, len(small.high))
        limits = choices.limits(priced, floor, self.room, worth)
        try:
            whole = best_of_all(choices.options(priced, worth), limits, self.options.deadline)
        except NoListError:
            return None
        finally:
            self.room = limits.room
        return self._found(choices, traced(whole, len(worth)), taken)

    def _found(self, choices: Choices, chosen: Traced | None, taken: int) -> AtOnce:
        """Return the values of the frame's columns in the lists that were found."""
        rest = choices.rest
        low, high, point = rest.base.copy(), rest.base.copy(), rest.base.copy()
        if chosen is not None:
            column = rest.columns[choices.column]
            low[rest.columns] = largest(rest.high)
            np.minimum.at(low, column[chosen.seen], choices.value[chosen.seen])
            np.maximum.at(high, column[chosen.seen], choices.value[chosen.seen])
            point[column[chosen.one]] = choices.value[chosen.one]
        count = len(self.frame.high)
        low = np.where(self.frame.component >= 0, 0, low[:count])
        return AtOnce(taken, low, high[:count], point[:count])


def at_once(
    frame: Frame, sums: Sequence[Weights], known: int | None, options: Options
) -> AtOnce | None:
    """Settle sums one after another; None where that is not done quickly.

    Parameters
    ----------
    known
        What a decision that is known is worth for the first; None if none is known.

    Raises
    ------
    OutOfTime
        If the deadline passes.
    """
    search = _Seeking(frame, sums, options)
    try:
        priced = price(frame, sums[0], None, options)
        for floor in _floors(priced, known):
            clock.keep(options.deadline)
            if (found := search.above(priced, floor)) is not None:
                return found
    except NotTakeable:
        pass
    finally:
        options.spend(1, (ROOM - search.room) // PAIRS)
    return None


def _floors(priced: Priced, known: int | None) -> Iterator[int]:
    """Return lower and lower values, down to what is known."""
    gap = priced.letting_in(FIRST)
    if gap is None:
        gap = largest(priced.losses.loss)
    below = max(0, priced.top - (priced.beyond(gap) + 1))
    for _ in range(FLOORS):
        floor = priced.outer(priced.top - below)
        if known is not None and floor <= known:
            break
        yield floor
        below += max(1, below // 2)
    if known is not None:
        yield known
