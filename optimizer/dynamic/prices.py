"""Lagrangian prices in integers: what most schools get is settled by them, and proved.

With a price p >= 0 on every step of the pool, each zone may choose for itself, and

    bound(p) = sum_zones max (worth - p * cost) + p * pool  >=  worth of every allocation.

A bundle whose zone loses more than ``bound - optimum`` by choosing it is in no optimum (Kellerer,
Pferschy, Pisinger 2004, §11.4). All in 64-bit integers: nothing is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.dynamic.structure import Structure
from optimizer.program import BoolArray, IntArray

MOST = 2**60  # a price times all there is to pay it on stays below this
NONE = -(2**61)  # the worth of what is not possible


@dataclass(frozen=True)
class Prices:
    """One structure under one price of the pool and one price for each wide inequality.

    Parameters
    ----------
    structure
        Components, bundles, zones.
    pool
        Price of one step of the pool, in units of the first packed worth.
    wide
        Prices of the wide inequalities: negative for ``>=``.
    """

    structure: Structure
    pool: int
    wide: tuple[int, ...]

    @cached_property
    def net(self) -> IntArray:
        """Shape (B,): worth less price of each bundle."""
        net: IntArray = self.structure.worths[0].bundle - self.pool * self.structure.cost
        for wide, price in zip(self.structure.wide, self.wide, strict=True):
            if price:
                net = net - price * wide.left
        return net

    @cached_property
    def best(self) -> IntArray:
        """Shape (C,): the best net worth of each component."""
        return np.maximum.reduceat(self.net, self.structure.start[:-1])

    @cached_property
    def loss(self) -> IntArray:
        """Shape (B,): what its component loses by choosing each bundle, coverage left out."""
        return self.best[self.structure.component] - self.net

    @cached_property
    def to_cover(self) -> IntArray:
        """Shape (Z,): the least loss at which a zone is covered, at most the bonus; else 0."""
        structure = self.structure
        bonus = structure.worths[0].bonus
        if not bonus or not len(structure.covers):
            return np.zeros(len(structure.covers), dtype=np.int64)
        funded = np.where(structure.funds, self.loss, -NONE)
        by_component = np.minimum.reduceat(funded, structure.start[:-1])
        by_zone = np.minimum.reduceat(by_component, structure.zone_start[:-1])
        return np.where(structure.covers, np.minimum(by_zone, bonus), 0)

    @cached_property
    def bound(self) -> int:
        """No allocation is worth more than this."""
        structure = self.structure
        zones = int(structure.covers.sum()) * structure.worths[0].bonus
        total = int(self.best.sum()) + zones - int(self.to_cover.sum())
        total += self.pool * structure.pool
        for wide, price in zip(structure.wide, self.wide, strict=True):
            total += price * (wide.high if wide.high is not None else wide.low or 0)
        return total

    def survivors(self, gap: int) -> BoolArray:
        """Return the bundles that an allocation within `gap` of the bound may contain. (B,)."""
        structure = self.structure
        allowance = self.to_cover[structure.zone] + gap
        return self.loss <= allowance[structure.component]


def find_prices(structure: Structure, resolution: int = 24) -> Prices:
    """Minimise the bound: bisect on the pool's price, then each wide price in turn, twice."""
    prices = Prices(structure, 0, tuple(0 for _ in structure.wide))
    if not len(structure.cost):
        return prices
    worth = structure.worths[0]
    top = (int(worth.bundle.max()) + worth.bonus) // max(
        1, int(structure.cost[structure.cost > 0].min(initial=1))
    )
    top = min(max(1, top), _most(structure, structure.cost)) + 1
    prices = _bisect(prices, -1, top, resolution)
    for _ in range(2):
        if not any(_violates(prices, place) for place in range(len(structure.wide))):
            break
        for place in range(len(structure.wide)):
            most = _most(structure, structure.wide[place].left)
            prices = _bisect(prices, place, min(top * structure.step, most), resolution)
        prices = _bisect(prices, -1, top, resolution)
    return prices


def _most(structure: Structure, paid: IntArray) -> int:
    """Return the greatest price at which everybody's payments together fit 64 bits."""
    payments = np.maximum.reduceat(np.abs(paid), structure.start[:-1])
    return int(MOST // max(1, sum(payments.tolist())))


def _violates(prices: Prices, place: int) -> bool:
    """Return whether everybody's own choice would break a wide inequality."""
    structure = prices.structure
    first = np.full(len(structure.start) - 1, -1, dtype=np.int64)
    chosen = np.flatnonzero(prices.loss == 0)
    first[structure.component[chosen]] = chosen
    left = int(structure.wide[place].left[first].sum())
    low, high = structure.wide[place].low, structure.wide[place].high
    return (low is not None and left < low) or (high is not None and left > high)


def _with(prices: Prices, place: int, price: int) -> Prices:
    if place < 0:
        return Prices(prices.structure, price, prices.wide)
    wide = list(prices.wide)
    wide[place] = price
    return Prices(prices.structure, prices.pool, tuple(wide))


def _bisect(prices: Prices, place: int, top: int, resolution: int) -> Prices:
    """Find where the bound, convex in each price, is least, to a relative ``2**-resolution``."""
    is_low = place >= 0 and prices.structure.wide[place].low is not None
    sign = -1 if is_low else 1
    low, high = 0, top
    best = _with(prices, place, 0)
    while high - low > max(1, high >> resolution):
        middle = (low + high) // 2
        here = _with(prices, place, sign * middle)
        if here.bound < best.bound:
            best = here
        if _with(prices, place, sign * (middle + 1)).bound < here.bound:
            low = middle
        else:
            high = middle
    for price in (low, high):
        here = _with(prices, place, sign * price)
        if here.bound < best.bound:
            best = here
    return best
