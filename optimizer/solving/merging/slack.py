"""How far rows can be more than met at all: their left sides move in steps, and few of these cost little.

Left sides of any two lists differ by a sum of what options of a component differ: by a point of a lattice.
So do slacks, which are not negative and cost no more than a gap,

    slack in offset + lattice,   slack >= 0 (an equality's: 0),   sum_i price_i * slack_i <= gap,

and where there is no such slack, there is no list: the gap is a matter of rounding alone (the group relaxation,
of what rows leave; Gomory 1969, doi 10.1016/0024-3795(69)90017-2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from optimizer.foundation.exact import BoolArray, Places, Words
from optimizer.solving.merging.order import Alternatives
from optimizer.solving.merging.states import Limits

WAYS = 12  # of leaving slack, each of which is looked at by itself
LOOKED = 10_000  # slacks of single rows
Vector = list[int]  # of Python's own integers


@dataclass(frozen=True)
class Slacks:
    """The slacks that rows can have within a gap."""

    rows: Places  # those that are equalities or have a price; the others are not looked at
    ways: list[Vector]  # the slack of each of these rows, one list for each way, the cheapest first


def slacks(options: Alternatives, limits: Limits) -> Slacks | None:
    """Return every slack within the gap; None if there are too many."""
    rows = np.flatnonzero(limits.equal | (limits.price > 0))
    rows = rows[_least_free_first(limits.equal[rows], limits.price[rows])]
    begin, left = options.begin[:-1], options.left[rows]
    first = left[:, begin]
    apart = left - np.repeat(first, np.diff(options.begin), axis=1)
    search = _Descent.of(apart, limits.equal[rows], limits.price[rows], limits.gap)
    try:
        search.seek((first.sum(axis=1) - limits.rhs[rows]).tolist())
    except _TooManyError:
        return None
    return Slacks(rows, sorted(search.found, key=search.cost))


def least_cost(apart: Words, slack: Words, equal: BoolArray, price: Words, gap: int) -> int | None:
    """Return what slack costs at the least; None if that is more than a gap, 0 if it is not told.

    Parameters
    ----------
    apart
        Shape (r, n): by what left sides of rows can differ.
    slack
        Shape (r,): the slack of any point, which need not obey the rows.
    equal, price
        Shape (r,): each row is an equality, or slack costs something.
    """
    order = _least_free_first(equal, price)
    search = _Descent.of(apart[order], equal[order], price[order], gap, cheapest=True)
    try:
        search.seek(slack[order].tolist())
    except _TooManyError:
        return 0
    return search.cost(search.found[-1]) if search.found else None


def _least_free_first(equal: BoolArray, price: Words) -> Places:
    """Return an order of rows in which few values of each are tried."""
    return np.argsort(np.where(equal, -price.max(initial=0), -price), kind="stable")


def basis(vectors: list[Vector], size: int) -> dict[int, Vector]:
    """Return a basis of the lattice that vectors span, by their first places that are not 0: positive there."""
    found: dict[int, Vector] = {}
    for place in range(size):
        leading = [v for v in vectors if v[place]]
        vectors = [v for v in vectors if not v[place]]
        while len(leading) > 1:
            least = min(leading, key=lambda v: abs(v[place]))
            rest = [_less(v, least, v[place] // least[place]) for v in leading if v is not least]
            leading = [least, *(v for v in rest if v[place])]
            vectors += [v for v in rest if not v[place]]
        if leading:
            found[place] = leading[0] if leading[0][place] > 0 else [-x for x in leading[0]]
        vectors = [list(v) for v in {tuple(v) for v in vectors} if any(v)]
    return found


def _less(one: Vector, other: Vector, times: int) -> Vector:
    return [x - times * y for x, y in zip(one, other, strict=True)]


class _TooManyError(Exception):
    """There are more slacks than are listed."""


@dataclass
class _Descent:
    basis: dict[int, Vector]
    prices: list[int | None]  # None for an equality
    gap: int  # what slack may cost
    cheapest: bool = False  # whether only what is cheaper than all that is found is of interest
    found: list[Vector] = field(default_factory=list, init=False)
    looked: int = field(default=0, init=False)

    @staticmethod
    def of(
        apart: Words, equal: BoolArray, price: Words, gap: int, cheapest: bool = False
    ) -> _Descent:
        """Seek slacks that differ by what left sides differ by, (r, n), at such prices, (r,)."""
        vectors = np.unique(apart.T, axis=0).tolist()
        prices = [None if same else int(each) for same, each in zip(equal, price, strict=True)]
        return _Descent(basis(vectors, len(prices)), prices, gap, cheapest)

    def cost(self, slack: Vector) -> int:
        """Return what slack costs."""
        return sum(value * (price or 0) for value, price in zip(slack, self.prices, strict=True))

    def seek(self, slack: Vector, spent: int = 0, place: int = 0) -> None:
        """Find every slack that differs from one by the lattice's vectors of later places."""
        if place == len(slack):
            self.found.append(slack)
            self.gap = spent - 1 if self.cheapest else self.gap
            if len(self.found) > WAYS and not self.cheapest:
                raise _TooManyError
            return
        price, step = self.prices[place], self.basis.get(place)
        size = step[place] if step else 0
        value = slack[place] % size if size else slack[place]
        while value >= 0 and (value == 0 if price is None else spent + value * price <= self.gap):
            self.looked += 1
            if self.looked > LOOKED:
                raise _TooManyError
            moved = _less(slack, step, (slack[place] - value) // size) if step else slack
            self.seek(moved, spent + value * (price or 0), place + 1)
            if not size:
                return
            value += size
