"""Lagrangian prices in integers: what most schools get is settled by them, and proved.

With a price p >= 0 on every step of the pool, each zone may choose for itself, and

    bound(p) = sum_zones max (worth - p * cost) + p * pool  >=  worth of every allocation.

A bundle whose zone loses more than ``bound - optimum`` by choosing it is in no optimum (Kellerer,
Pferschy, Pisinger 2004, §11.4). All in 64-bit integers: nothing is rounded, and nothing wraps. Over all
components together, worths come to 2**58 at most and so do costs and left sides (`structure.WORD`); what all
prices charge for them is 2**60 at most, and 2 * 2**58 more where the next price is tried. So net worths
stay below 2**61 and losses, which are differences of two of them, below 2**62.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.exact import BoolArray, Words, largest, total
from optimizer.solving.dynamic.packing import most_in_all
from optimizer.solving.dynamic.reached import least_by_zone
from optimizer.solving.dynamic.structure import Structure

MOST = 2**60  # all prices, each times all there is to pay it on, stay below this
NONE = -(2**61)  # the worth of what is not possible
CLOSE = 10  # bits of a price: how near to the least the bound shall come, unless it matters


class UpperLine(NamedTuple):
    """What a list with some bundle of a component is worth at most, by what the bundle costs and is worth."""

    most: int
    price: int

    def at(self, worth: int, cost: int) -> int:
        """Return it for one bundle, be it one of the structure or not; packed, as its worth is."""
        return self.most + worth - self.price * cost


@dataclass(frozen=True)
class Prices:
    """One structure under one price of the pool and one price for each wide inequality."""

    structure: Structure  # components, bundles, zones
    pool: int  # price of one step of the pool, in units of the first packed worth
    wide: tuple[int, ...]  # prices of the wide inequalities: negative for ``>=``

    @cached_property
    def net(self) -> Words:
        """Shape (B,): worth less price of each bundle."""
        net: Words = self.structure.worths[0].bundle - self.pool * self.structure.cost
        for wide, price in zip(self.structure.wide, self.wide, strict=True):
            if price:
                net = net - price * wide.left
        return net

    @cached_property
    def best(self) -> Words:
        """Shape (C,): the best net worth of each component."""
        return np.maximum.reduceat(self.net, self.structure.start[:-1])

    @cached_property
    def loss(self) -> Words:
        """Shape (B,): what its component loses by choosing each bundle, what zones count left out."""
        return self.best[self.structure.component] - self.net

    @cached_property
    def to_cover(self) -> Words:
        """Shape (Z,): the least that a zone loses, the bonus of each level that it does not reach counted in."""
        structure = self.structure
        bonus = structure.worths[0].bonus
        if not bonus or not len(structure.levels):
            return np.zeros(len(structure.levels), dtype=np.int64)
        if structure.top > 1:
            return least_by_zone(structure, self.loss, bonus)
        funded = np.where(structure.funds, self.loss, -NONE)
        by_component = np.minimum.reduceat(funded, structure.start[:-1])
        by_zone = np.minimum.reduceat(by_component, structure.zone_start[:-1])
        return np.where(structure.levels > 0, np.minimum(by_zone, bonus), 0)

    @cached_property
    def bound(self) -> int:
        """No allocation is worth more than this."""
        structure = self.structure
        zones = total(structure.levels) * structure.worths[0].bonus
        bound = total(self.best) + zones - total(self.to_cover)
        bound += self.pool * structure.pool
        for wide, price in zip(structure.wide, self.wide, strict=True):
            bound += price * wide.rhs
        return bound

    @cached_property
    def worst(self) -> int:
        """No list loses more than this against the bound."""
        structure, loss = self.structure, self.loss
        worst = total(np.maximum.reduceat(loss, structure.start[:-1])) if len(loss) else 0
        worst += structure.worths[0].bonus * max(len(structure.levels), total(structure.levels))
        worst += self.pool * structure.pool
        for wide, price in zip(structure.wide, self.wide, strict=True):
            reach = largest(wide.left) * len(structure.start)
            worst += abs(price) * (reach + abs(wide.high or 0) + abs(wide.low or 0))
        return worst

    def line(self, component: int) -> UpperLine:
        """Return what lists with bundles of a component are worth at most."""
        structure = self.structure
        mine = slice(int(structure.start[component]), int(structure.start[component + 1]))
        covers = int(self.to_cover[structure.zone[component]])
        most = self.bound - int(self.best[component]) + covers
        for wide, price in zip(structure.wide, self.wide, strict=True):
            most -= price * int(wide.left[mine].min())
        return UpperLine(most, self.pool)

    def survivors(self, gap: int) -> BoolArray:
        """Return the bundles that an allocation within `gap` of the bound may contain. (B,)."""
        structure = self.structure
        allowance = self.to_cover[structure.zone] + gap
        return self.loss <= allowance[structure.component]


def find_prices(structure: Structure, deadline: float | None = None, close: bool = True) -> Prices:
    """Minimise the bound over the pool's price, then over each wide price in turn, twice.

    Parameters
    ----------
    structure
        Components, bundles, zones.
    deadline
        When to stop, on the clock.
    close
        Whether prices will do that are only close to the best.
    """
    prices = pool_price(structure, close)
    if not len(structure.cost):
        return prices
    top = _top(structure)
    for _ in range(2):
        if not broken(prices):
            break
        for place in range(len(structure.wide)):
            clock.keep(deadline)
            most = _most(structure, structure.wide[place].left)
            prices = _least(prices, place, min(top * structure.step, most), close=close)
        prices = _least(prices, -1, top, close=close)
    return prices


def pool_price(structure: Structure, close: bool = True) -> Prices:
    """Minimise the bound over the pool's price alone."""
    prices = Prices(structure, 0, tuple(0 for _ in structure.wide))
    return _least(prices, -1, _top(structure), close=close) if len(structure.cost) else prices


def broken(prices: Prices) -> list[int]:
    """Return which wide inequalities everybody's own choice would break."""
    return [place for place in range(len(prices.structure.wide)) if _violates(prices, place)]


def _top(structure: Structure) -> int:
    """Return a price of the pool that is too high for everybody."""
    worth = structure.worths[0]
    cheapest = int(structure.cost[structure.cost > 0].min(initial=1))
    top = (int(worth.bundle.max()) + worth.bonus * max(1, structure.top)) // max(1, cheapest)
    return min(max(1, top), _most(structure, structure.cost)) + 1


def _most(structure: Structure, paid: Words) -> int:
    """Return the greatest price at which everybody's payments together are within its share."""
    share = MOST // (1 + len(structure.wide))
    return share // max(1, most_in_all(paid, structure.start))


def _violates(prices: Prices, place: int) -> bool:
    """Return whether everybody's own choice would break a wide inequality."""
    structure = prices.structure
    first = np.full(len(structure.start) - 1, -1, dtype=np.int64)
    chosen = np.flatnonzero(prices.loss == 0)
    first[structure.component[chosen]] = chosen
    wide = structure.wide[place]
    return not wide.holds(np.array(total(wide.left[first])))


def _with(prices: Prices, place: int, price: int) -> Prices:
    if place < 0:
        return replace(prices, pool=price)
    return replace(prices, wide=(*prices.wide[:place], price, *prices.wide[place + 1 :]))


def _least(prices: Prices, place: int, top: int, close: bool) -> Prices:
    """Find where the bound, convex and piecewise linear in each price, is least, or nearly so.

    The tangents at both ends of an interval meet below the least point (Kelley 1960, "The
    cutting-plane method for solving convex programs", doi 10.1137/0108053); where the last cut took
    away less than half, the middle is next.
    """
    sign = -1 if place >= 0 and prices.structure.wide[place].low is not None else 1

    def at(price: int) -> tuple[int, int]:
        """Return the bound and its slope to the right."""
        bound = _with(prices, place, sign * price).bound
        return bound, _with(prices, place, sign * (price + 1)).bound - bound

    low, high = 0, top
    (low_bound, down), (high_bound, up) = at(low), at(high)
    if down >= 0 or up < 0:
        return _with(prices, place, 0 if down >= 0 else sign * top)
    slow = False
    while high - low > 1:
        meet = (low_bound - high_bound - down * low + up * high) // (up - down)
        below = min(low_bound + down * (meet - low), high_bound + up * (meet + 1 - high))
        if min(low_bound, high_bound) - below <= (high >> CLOSE if close else 0):
            break
        middle = (low + high) // 2 if slow else min(max(meet, low + 1), high - 1)
        width, (bound, slope) = high - low, at(middle)
        if slope < 0:
            low, low_bound, down = middle, bound, slope
        else:
            high, high_bound, up = middle, bound, slope
        slow = not slow and 2 * (high - low) > width
    return _with(prices, place, sign * (low if low_bound < high_bound else high))
