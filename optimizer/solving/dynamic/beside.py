"""What all other schools can add to one school's choice, under every pool: two tables, made once.

Dropping the inequalities that span zones, each charged at its price, leaves the pool alone. The
best worth of the components before one, by steps spent, and of those after it, by steps left, then
bound every list that contains a given bundle, be it a bundle of the round or of a changed one:

    most(e, pool) = worth(e) + max_s before[s] + after[pool - cost(e) - s].

A list that obeys what spans zones is worth no more than with ``price * (rhs - left) >= 0`` added.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import IntArray, Places, Words, floored, sums
from optimizer.language.text import Text
from optimizer.solving.dynamic.best_lists import MOST_CELLS, NEVER, KeptTable, worth_of
from optimizer.solving.dynamic.bundles import bundles_of
from optimizer.solving.dynamic.packing import NotTakeable, most_in_all, packed
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

    @cached_property
    def _component_of(self) -> Places:
        """Shape (n,): the component of each application."""
        apps = self.structure.apps
        found = np.zeros(self.structure.program.size, dtype=np.int64)
        found[apps[apps >= 0]] = np.nonzero(apps >= 0)[0]
        return found

    def worth_of(self, award: IntArray) -> int | None:
        """Return the packed worth of a list; None if it is not made of the structure's bundles."""
        return worth_of(self.structure, award)

    def by_amount(self, a: int) -> dict[int, int] | None:
        """Return what a list is worth at most that gives an application each amount up to its most.

        Its least is one unit here, and the bundles of its component are enumerated anew. Goals and
        rows stay; amounts are no more than the most that the packing allows for; and a cost that
        is no whole step is rounded down, which leaves more to the others. None where inequalities
        that span zones have prices.
        """
        if any(self.base.wide):
            return None
        structure = self.structure
        component, place = place_of(structure, a)
        least = structure.program.least.copy()
        least[a] = structure.program.unit
        program = replace(structure.program, least=least)
        award = bundles_of(program, structure.apps, self._component_of, component)
        owner = np.full(len(award), component, dtype=np.int64)
        worth = packed(structure.worths[0].digits, structure.apps, award, owner).bundle
        cost = floored(sums(award, axis=1), structure.step)
        found: dict[int, int] = {}
        for amount, c, w in zip(
            award[:, place].tolist(), cost.tolist(), worth.tolist(), strict=True
        ):
            if amount:
                most = self.most(component, c, w, structure.pool)
                found[amount] = max(found.get(amount, NEVER), most)
        return found


def place_of(structure: Structure, a: int) -> tuple[int, int]:
    """Return the component of an application, and its place there."""
    component, place = np.argwhere(structure.apps == a)[0].tolist()
    return component, place
