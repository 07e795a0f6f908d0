"""What prices leave open within one gap: the bundles that may still be chosen, and what ties them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    Places,
    Words,
    plus,
    running,
    times,
    total,
)
from optimizer.solving.dynamic.prices import Prices
from optimizer.solving.dynamic.structure import Wide


@dataclass(frozen=True)
class Axis:
    """A wide inequality, or the pool, with its price: states are told apart by its left side."""

    wide: Wide
    price: int
    low: Words  # shape (C,): the least that each component's open bundles put on its left
    high: Words  # the greatest

    @cached_property
    def span(self) -> tuple[int, int]:
        """The least and the greatest left side there can be."""
        return total(self.low), total(self.high)

    @property
    def possible(self) -> bool:
        """Whether it may hold."""
        return bool(self.wide.holds(np.array(self.span)).any())

    @property
    def idle(self) -> bool:
        """Whether it holds whatever is chosen, and has no price."""
        return bool(self.wide.holds(np.array(self.span)).all()) and not self.price

    def nearest(self, low: Words, high: Words) -> tuple[BoolArray, Words]:
        """Return where a left side between two ends holds, and what its slack then costs at least.

        ``price * (rhs - left)`` at the left side that is nearest to rhs.
        """
        rhs = self.wide.rhs
        left: Words = np.maximum(low, np.minimum(high, rhs))
        return self.wide.holds(left), self.price * (rhs - left)


@dataclass(frozen=True)
class OpenZone:
    """Components that are chosen for one after another, before what is theirs alone is forgotten."""

    number: int  # the zone; -1 for the components of all zones of which nothing need be known
    components: Places  # the open ones
    local: tuple[Axis, ...]  # its own inequalities that are not idle
    settled: Places  # bundles of its components that are settled
    levels: int  # how many levels it still counts, of what is open
    allowance: int  # what loses more than this inside the zone is in no optimum


class Opened:
    """One structure under prices, cut down to what an allocation within a gap may contain.

    Parameters
    ----------
    prices
        Structure and prices.
    gap
        Only allocations within this loss of the bound are looked at.
    within
        Shape (B,): only those of these bundles, if given; a component with one of them loses nothing by it.
    """

    def __init__(self, prices: Prices, gap: int, within: BoolArray | None = None) -> None:
        self.prices, self.gap = prices, gap
        self.structure = prices.structure
        left = prices.survivors(gap)
        self.bundles: Places = np.flatnonzero(left if within is None else left & within)
        counts = np.bincount(
            self.structure.component[self.bundles], minlength=len(self.structure.start) - 1
        )
        self.end = np.cumsum(counts)
        self.first = self.end - counts
        self.open = counts > 1
        self.settled = self.bundles[self.first[~self.open]]
        self.limits = [
            self._limit(wide, price)
            for wide, price in zip(self.structure.wide, prices.wide, strict=True)
        ]
        self.pool = self._limit(
            Wide(self.structure.cost, None, self.structure.pool, None), prices.pool
        )
        self.axes = self._tight(None)

    def _limit(self, wide: Wide, price: int) -> Axis:
        inside = wide.left[self.bundles]
        if not len(inside):
            return Axis(wide, price, inside, inside)
        low, high = (end.reduceat(inside, self.first) for end in (np.minimum, np.maximum))
        return Axis(wide, price, low, high)

    @property
    def impossible(self) -> bool:
        """Whether there is an inequality that does not hold whatever is chosen."""
        return not all(limit.possible for limit in self.limits)

    def _tight(self, zone: int | None) -> tuple[Axis, ...]:
        """Return the inequalities of a zone (None: over several) that are not idle."""
        return tuple(each for each in self.limits if each.wide.zone == zone and not each.idle)

    def of(self, c: int) -> Places:
        """Return the open bundles of a component."""
        return self.bundles[self.first[c] : self.end[c]]

    @cached_property
    def counts_levels(self) -> bool:
        """Whether what zones count is among the goals."""
        return any(worth.bonus for worth in self.structure.worths)

    @cached_property
    def zones(self) -> tuple[OpenZone, ...]:
        """Zones whose coverage or own rows are open; then all other open components."""
        return tuple(self._zones())

    def _zones(self) -> Iterator[OpenZone]:
        structure = self.structure
        reached = np.zeros(len(structure.levels), dtype=np.int64)
        home = structure.zone[structure.component[self.settled]]
        np.add.at(reached, home, structure.adds[self.settled])
        left = np.maximum(0, structure.levels - reached) * self.counts_levels
        needs = left > 0
        for limit in self.limits:
            if limit.wide.zone is not None and not limit.idle:
                needs[limit.wide.zone] = True
        for zone in np.flatnonzero(needs).tolist():
            begin, end = structure.zone_start[zone], structure.zone_start[zone + 1]
            inside = slice(*np.searchsorted(home, [zone, zone + 1]))
            yield OpenZone(
                zone,
                np.flatnonzero(self.open[begin:end]) + begin,
                self._tight(zone),
                settled=self.settled[inside],
                levels=int(left[zone]),
                allowance=self.gap + int(self.prices.to_cover[zone]),
            )
        rest = np.flatnonzero(self.open & ~needs[structure.zone])
        if len(rest):
            none: Places = self.settled[:0]
            yield OpenZone(-1, rest, (), settled=none, levels=0, allowance=self.gap)

    @cached_property
    def foreseen(self) -> int:
        """How many states there are room for, after every choice, all added up: no more can be met."""
        room = max(0, self.structure.pool - self.pool.span[0] + 1)
        found, sizes = 0, [1] * (len(self.axes) + 1)
        for zone in self.zones:
            if len(zone.components):
                inner = _sizes(zone.local, zone.components, [1] * len(zone.local))
                outer = _sizes((*self.axes, self.pool), zone.components, sizes)
                sizes = [int(size[-1]) for size in outer]
                outer[-1] = np.minimum(outer[-1], room)
                found += (1 + zone.levels) * total(reduce(times, [*inner, *outer]))
        return found


def _sizes(limits: tuple[Axis, ...], components: Places, before: list[int]) -> list[IntArray]:
    """Return how many left sides of each limit there may be after each of some choices."""
    reach = ((limit.high - limit.low)[components] for limit in limits)
    return [plus(running(each), size) for each, size in zip(reach, before, strict=True)]
