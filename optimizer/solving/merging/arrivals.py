"""Ways to left sides: each left side once, with every way to it that is worth the most; and where they came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optimizer.foundation.exact import BoolArray, Places, Words

Small = npt.NDArray[np.int32]
SAFE = 2**60  # what is added up here stays below this


@dataclass(frozen=True)
class Arrivals:
    """Ways to left sides of all rows, what each loses, and what it is worth."""

    left: Words  # shape (r, w)
    lost: Words  # shape (w,)
    worth: Words  # shape (w,)
    first: Places  # shape (w,): from which state of the first parent, or by which option of a component
    second: Places  # shape (w,): from which state of the second parent

    @staticmethod
    def joined(parts: list[Arrivals]) -> Arrivals:
        """Put ways one after another."""
        if len(parts) == 1:
            return parts[0]
        return Arrivals(
            np.concatenate([part.left for part in parts], axis=1),
            np.concatenate([part.lost for part in parts]),
            np.concatenate([part.worth for part in parts]),
            first=np.concatenate([part.first for part in parts]),
            second=np.concatenate([part.second for part in parts]),
        )

    def best(self) -> tuple[Places, Places, Places]:
        """Return the first way to each left side, (s,); all that are worth the most, and to which, (v,) twice."""
        low = np.minimum.reduce(self.left, axis=1)
        order, new = _sorted(self.left - low[:, None], self.worth)
        number: Places = np.cumsum(new) - 1
        kept = order[new]
        most = self.worth[order] == self.worth[kept][number]
        return kept, order[most], number[most]

    def worthiest(self) -> Arrivals:
        """Leave out what is worth less than another way to the same left sides."""
        _, way, _ = self.best()
        way = np.sort(way)
        return Arrivals(
            self.left[:, way],
            self.lost[way],
            self.worth[way],
            first=self.first[way],
            second=self.second[way],
        )


@dataclass(frozen=True, eq=False)
class Trail:
    """Where states came from. It is kept of every merge until the end: in 32 bits."""

    state: Small  # shape (w,): to which state a way leads, ascending
    first: (
        Small  # shape (w,): from which state of the first parent, or by which option of a component
    )
    second: Small  # shape (w,): from which state of the second parent
    count: int  # of states
    parents: tuple[Trail, Trail] | None = None

    @staticmethod
    def of(
        state: Places,
        first: Places,
        second: Places,
        count: int,
        parents: tuple[Trail, Trail] | None = None,
    ) -> Trail:
        """Keep it."""
        one, two, three = (each.astype(np.int32) for each in (state, first, second))
        return Trail(one, two, three, count=count, parents=parents)


def _sorted(above: Words, worth: Words) -> tuple[Places, BoolArray]:
    """Return an order by left sides, the worthiest first, and where another left side begins. (w,) twice."""
    span = np.maximum.reduce(above, axis=1)
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
