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

from optimizer.foundation.exact import Places
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
    price = np.where(limits.equal, limits.price.max(initial=0), limits.price)
    rows = np.flatnonzero(limits.equal | (limits.price > 0))
    rows = rows[np.argsort(-price[rows], kind="stable")]  # what has the least freedom comes first
    begin, left = options.begin[:-1], options.left[rows]
    first = left[:, begin]
    apart = np.unique((left - np.repeat(first, np.diff(options.begin), axis=1)).T, axis=0)
    search = _Descent(
        basis(apart.tolist(), len(rows)),
        [None if limits.equal[i] else int(limits.price[i]) for i in rows],
    )
    try:
        search.seek((first.sum(axis=1) - limits.rhs[rows]).tolist(), limits.gap)
    except _TooManyError:
        return None
    return Slacks(rows, sorted(search.found, key=search.cost))


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
    found: list[Vector] = field(default_factory=list, init=False)
    looked: int = field(default=0, init=False)

    def cost(self, slack: Vector) -> int:
        """Return what slack costs."""
        return sum(value * (price or 0) for value, price in zip(slack, self.prices, strict=True))

    def seek(self, slack: Vector, gap: int, place: int = 0) -> None:
        """Find every slack that differs from one by the lattice's vectors of later places."""
        if place == len(slack):
            self.found.append(slack)
            if len(self.found) > WAYS:
                raise _TooManyError
            return
        price, step = self.prices[place], self.basis.get(place)
        size = step[place] if step else 0
        value = slack[place] % size if size else slack[place]
        while value >= 0 and (value == 0 if price is None else value * price <= gap):
            self.looked += 1
            if self.looked > LOOKED:
                raise _TooManyError
            moved = _less(slack, step, (slack[place] - value) // size) if step else slack
            self.seek(moved, gap - value * (price or 0), place + 1)
            if not size:
                return
            value += size
