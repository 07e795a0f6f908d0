"""What all other schools can add to one school's choice, under every pool: two tables, made once.

Dropping the inequalities that span zones, each charged at its price, leaves the pool alone. The
best worth of the components before one, by steps spent, and of those after it, by steps left, then
bound every list that contains a given bundle, be it a bundle of the round or of a changed one:

    most(e, pool) = worth(e) + max_s before[s] + after[pool - cost(e) - s].

A list that obeys what spans zones is worth no more than with ``price * (rhs - left) >= 0`` added.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import Words
from optimizer.language.text import Text
from optimizer.solving.dynamic.best_lists import MOST_CELLS, NEVER, KeptTable
from optimizer.solving.dynamic.packing import NotTakeable, most_in_all
from optimizer.solving.dynamic.prices import Prices
from optimizer.solving.dynamic.structure import Structure


@dataclass(frozen=True)
class Beside:
    """The two tables of a structure.

    Parameters
    ----------
    base
        Its prices; that of the pool has no part in it.
    """

    base: Prices

    @property
    def structure(self) -> Structure:
        """Components, bundles, zones."""
        return self.base.structure

    @cached_property
    def size(self) -> int:
        """How many numbers of steps there are: from none to what everybody asks for."""
        return most_in_all(self.structure.cost, self.structure.start) + 1

    def charged(self, structure: Structure) -> Words:
        """Shape (B,): worth of each bundle less what the prices of wide inequalities charge."""
        worth = structure.worths[0].bundle
        for wide, price in zip(structure.wide, self.base.wide, strict=True):
            worth = worth - price * wide.left
        return worth

    @cached_property
    def _returned(self) -> int:
        """What the prices give back: each times its right-hand side."""
        pairs = zip(self.structure.wide, self.base.wide, strict=True)
        return sum(price * wide.rhs for wide, price in pairs)

    @cached_property
    def _tables(self) -> tuple[list[Words], Words]:
        """Before each component the better of bare and covered; after it with its zone covered.

        Raises
        ------
        NotTakeable
            If they would be too large to keep.
        """
        count = len(self.structure.zone)
        if 4 * (count + 1) * self.size > MOST_CELLS:
            raise NotTakeable(Text("規模過大", "too large to keep every pool's worth"))
        worth = self.charged(self.structure)
        before = KeptTable(self.structure, self.size, worth)
        either = [np.maximum(*before.before(component)) for component in range(count)]
        return either, self._after(worth)

    def _after(self, worth: Words) -> Words:
        """Shape (C, size): the best worth to come after a component that funds somebody."""
        structure, count = self.structure, len(self.structure.zone)
        kept = np.zeros((count, self.size), dtype=np.int64)
        bare = covered = np.zeros(self.size, dtype=np.int64)
        for component in range(count - 1, -1, -1):
            zone = structure.zone[component]
            if component == count - 1 or structure.zone[component + 1] != zone:
                covered = bare + (structure.worths[0].bonus if structure.covers[zone] else 0)
            kept[component] = covered
            funded = np.full(self.size, NEVER, dtype=np.int64)
            idle = False
            for e in range(int(structure.start[component]), int(structure.start[component + 1])):
                cost = int(structure.cost[e])
                if not structure.funds[e]:
                    idle = True
                elif cost < self.size:
                    into = funded[cost:]
                    np.maximum(into, covered[: self.size - cost] + worth[e], out=into)
            bare = np.maximum(bare, funded) if idle else funded
            covered = np.maximum(covered, funded) if idle else funded
        return kept

    def most(self, component: int, cost: int, worth: int, pool: int) -> int:
        """Return what a list is worth at most that funds one bundle of a component.

        Parameters
        ----------
        component
            Whose bundle it is.
        cost, worth
            Of the bundle, in steps, and as `charged`; it need not be one of the structure.
        pool
            In steps.
        """
        either, after = self._tables
        left = min(pool, self.size - 1) - cost
        if left < 0:
            return NEVER
        come = after[component][left::-1]
        return int((either[component][: left + 1] + come).max()) + worth + self._returned

    def reach(self, a: int, pool: int) -> int:
        """Return what a list is worth at most that funds an application under a pool in steps."""
        return max((self.most(*bundle, pool) for bundle in self._bundles(a)), default=NEVER)

    def _bundles(self, a: int) -> list[tuple[int, int, int]]:
        structure = self.structure
        component, place = place_of(structure, a)
        worth = self._charged_here
        some = range(int(structure.start[component]), int(structure.start[component + 1]))
        funding = (e for e in some if structure.award[e, place])
        return [(component, int(structure.cost[e]), int(worth[e])) for e in funding]

    @cached_property
    def _charged_here(self) -> Words:
        return self.charged(self.structure)

    def fits(self, other: Structure, component: int) -> bool:
        """Say whether a structure differs from this one by the bundles of one component alone."""
        mine = self.structure
        alike = (
            mine.step == other.step
            and np.array_equal(mine.apps, other.apps)
            and np.array_equal(mine.zone, other.zone)
            and np.array_equal(mine.covers, other.covers)
            and len(mine.wide) == len(other.wide)
            and mine.worths[0].bonus == other.worths[0].bonus
            and [d.span for d in mine.worths[0].digits] == [d.span for d in other.worths[0].digits]
        )
        if not alike:
            return False
        here, there = mine.component != component, other.component != component
        pairs = [
            (mine.award, other.award),
            (mine.worths[0].bundle, other.worths[0].bundle),
            *((one.left, two.left) for one, two in zip(mine.wide, other.wide, strict=True)),
        ]
        same = all(np.array_equal(one[here], two[there]) for one, two in pairs)
        sides = zip(mine.wide, other.wide, strict=True)
        return same and all((o.low, o.high) == (t.low, t.high) for o, t in sides)


def place_of(structure: Structure, a: int) -> tuple[int, int]:
    """Return the component of an application, and its place there."""
    component, place = np.argwhere(structure.apps == a)[0].tolist()
    return component, place
