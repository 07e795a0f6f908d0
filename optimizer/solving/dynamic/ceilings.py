"""What a list that funds one application cannot be worth more than, for many pools and requests at once.

With prices, a list that contains bundle e is worth at most ``bound(p) - (loss(e) - to_cover)`` (see
`prices`). Where that is less than some list that is known, no best list contains e: most of what an
explanation must rule out is ruled out so, and nothing is solved for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import Places, Words, exact, words
from optimizer.solving.dynamic.packing import most_in_all
from optimizer.solving.dynamic.prices import MOST, Prices, find_prices
from optimizer.solving.dynamic.structure import Structure

GRID = 128  # prices of the pool that are tried, of each sort
BEYOND = 2**62


@dataclass(frozen=True)
class Ceilings:
    """Bounds on the worth of lists that fund an application.

    Parameters
    ----------
    structure
        The program's.
    base
        The prices at which its bound is least.
    """

    structure: Structure
    base: Prices

    @staticmethod
    def of(structure: Structure) -> Ceilings:
        """Find the prices of a structure."""
        return Ceilings(structure, find_prices(structure))

    @cached_property
    def grid(self) -> tuple[Prices, ...]:
        """Prices of the pool: what bundles are worth a step, evenly down to nothing, and about the best."""
        structure, some = self.structure, self.structure.cost > 0
        each = np.sort(structure.worths[0].bundle[some] // structure.cost[some])
        low = int(each[0]) if len(each) else 0
        wanted = [
            *each[:: max(1, len(each) // GRID)].tolist(),
            *(low * n // GRID for n in range(GRID)),
            *(self.base.pool + n * max(1, self.base.pool >> 10) for n in range(-8, 9)),
        ]
        most = MOST // (2 * max(1, most_in_all(structure.cost, structure.start)))
        return tuple(
            Prices(structure, price, self.base.wide)
            for price in sorted(set(wanted))
            if 0 <= price <= most
        )

    @cached_property
    def without_pool(self) -> list[int]:
        """Return each price's bound with an empty pool."""
        return [prices.bound - prices.pool * self.structure.pool for prices in self.grid]

    @cached_property
    def needs(self) -> Words:
        """Shape (G, n): what a list loses at least, under each price, by funding each application."""
        return np.array([_least_loss(prices) for prices in self.grid], dtype=np.int64)

    def at_pools(self, pools: Places) -> tuple[Places, Words]:
        """Return, for pools in steps, under which price the bound is least, and that bound."""
        slope = words(exact([prices.pool for prices in self.grid]))
        bounds = words(exact(self.without_pool))[:, None] + slope[:, None] * pools[None, :]
        best = bounds.argmin(axis=0)
        return best, bounds[best, np.arange(len(pools))]


def _least_loss(prices: Prices) -> Words:
    """Return, for each application, the least loss of a bundle that funds it, coverage allowed for."""
    structure = prices.structure
    beyond = np.maximum(prices.loss - prices.to_cover[structure.zone][structure.component], 0)
    found = np.full(structure.program.size, BEYOND, dtype=np.int64)
    members = structure.apps[structure.component]
    for place in range(members.shape[1]):
        funded = structure.award[:, place] > 0
        np.minimum.at(found, members[funded, place], beyond[funded])
    return found
