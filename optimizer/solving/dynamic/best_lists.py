"""A best list for every pool at once, apart from the inequalities that span zones.

The table of `curve`, kept whole, and gone through backwards from every pool together. Where the
list of a pool obeys what spans zones too, nothing is worth more under that pool.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, Places, Words, sums
from optimizer.language.text import Text
from optimizer.solving.dynamic.packing import NotTakeable, most_in_all
from optimizer.solving.dynamic.structure import Structure

NEVER = -(2**61)
MOST_CELLS = 40_000_000  # pools times components, twice, that are kept in memory


@dataclass(frozen=True)
class BestLists:
    """A best list for every pool from `first` steps up.

    Parameters
    ----------
    structure
        Components, bundles, zones.
    first
        The least pool, in steps.
    worth
        Shape (S,): the packed worth; below ``NEVER / 2`` where the pool allows no list.
    bundle
        Shape (C, S): the bundle of each component.
    """

    structure: Structure
    first: int
    worth: Words
    bundle: Places

    @cached_property
    def obeys(self) -> BoolArray:
        """Shape (S,): whether the list also obeys what spans zones."""
        found = self.worth > NEVER // 2
        for wide in self.structure.wide:
            found = found & wide.holds(sums(wide.left[self.bundle], axis=0))
        return np.asarray(found, dtype=bool)

    @cached_property
    def floor(self) -> Words:
        """Shape (S,): what the best list of each pool is worth at least."""
        known = np.where(self.obeys, self.worth, NEVER)
        return np.maximum.accumulate(known)


def best_lists(structure: Structure, first: int) -> BestLists:
    """Return a best list for every pool from so many steps up to what everybody asks for.

    Raises
    ------
    NotTakeable
        If the table would be too large to keep.
    """
    every = max(first, most_in_all(structure.cost, structure.start))
    if 2 * (every + 1) * len(structure.zone) > MOST_CELLS:
        raise NotTakeable(Text("規模過大", "too large to keep every pool's list"))
    table = _KeptTable(structure, every + 1)
    return table.lists(first)


class _KeptTable:
    """The best worth by component and steps spent, the open zone bare or covered."""

    def __init__(self, structure: Structure, size: int) -> None:
        self.structure, self.size = structure, size
        count = len(structure.zone)
        self.bare = np.full((count + 1, size), NEVER, dtype=np.int64)
        self.covered = np.full((count + 1, size), NEVER, dtype=np.int64)
        self.bare[0, 0] = 0
        for component in range(count):
            self._step(component)

    def _step(self, component: int) -> None:
        bare, covered = self._before(component)
        after_bare, after_covered = self.bare[component + 1], self.covered[component + 1]
        either = np.maximum(bare, covered)
        for _, funds, cost, worth in self._bundles(component):
            if not funds:
                np.maximum(after_bare, bare, out=after_bare)
                np.maximum(after_covered, covered, out=after_covered)
            elif cost < self.size:
                into = after_covered[cost:]
                np.maximum(into, either[: self.size - cost] + worth, out=into)

    def _bundles(self, component: int) -> Iterator[tuple[int, bool, int, int]]:
        structure = self.structure
        for e in range(int(structure.start[component]), int(structure.start[component + 1])):
            worth = int(structure.worths[0].bundle[e])
            yield e, bool(structure.funds[e]), int(structure.cost[e]), worth

    def _opens(self, component: int) -> bool:
        zone = self.structure.zone
        return component == 0 or bool(zone[component] != zone[component - 1])

    def _before(self, component: int) -> tuple[Words, Words]:
        """Return the table before a component; where a zone begins, the one before is closed."""
        bare, covered = self.bare[component], self.covered[component]
        if component and self._opens(component):
            closed = np.maximum(bare, covered + self._bonus(component - 1))
            return closed, np.full(self.size, NEVER, dtype=np.int64)
        return bare, covered

    def _bonus(self, component: int) -> int:
        covers = self.structure.covers[self.structure.zone[component]]
        return self.structure.worths[0].bonus if covers else 0

    def lists(self, first: int) -> BestLists:
        """Go back from every pool to the first component."""
        count = len(self.structure.zone)
        closed = self.bare[0]
        if count:
            closed = np.maximum(self.bare[count], self.covered[count] + self._bonus(count - 1))
        best = np.maximum.accumulate(closed)
        at = np.maximum.accumulate(np.where(closed == best, np.arange(self.size), 0))
        value, at = best[first:], at[first:]
        bundle = np.zeros((count, len(at)), dtype=np.int64)
        now, spent = value.copy(), at.copy()
        covered = np.zeros(len(at), dtype=bool)
        for component in range(count - 1, -1, -1):
            if component == count - 1 or self._opens(component + 1):
                bonus = self._bonus(component)
                covered = now == self.covered[component + 1][spent] + bonus
                now = np.where(covered, now - bonus, now)
            now, spent, covered = self._back(
                component, now, spent, covered=covered, chosen=bundle[component]
            )
        return BestLists(self.structure, first, value, bundle)

    def _back(
        self, component: int, now: Words, spent: Places, covered: BoolArray, chosen: Places
    ) -> tuple[Words, Places, BoolArray]:
        """Find the bundle that led here, from every pool at once."""
        bare, were = self._before(component)
        open_ = np.ones(len(now), dtype=bool)
        before, left, state = now.copy(), spent.copy(), covered.copy()
        for e, funds, cost, worth in self._bundles(component):
            if not funds:
                fits = open_ & (np.where(covered, were[spent], bare[spent]) == now)
                chosen[fits] = e
            else:
                place = np.maximum(spent - cost, 0)
                ahead = now - worth
                enough = open_ & covered & (spent >= cost)
                from_covered = enough & (were[place] == ahead)
                fits = from_covered | (enough & (bare[place] == ahead))
                chosen[fits], before[fits], left[fits] = e, ahead[fits], place[fits]
                state[fits] = from_covered[fits]
            open_ &= ~fits
        return before, left, state


def worth_of(structure: Structure, award: IntArray) -> int | None:
    """Return the packed worth of a list; None if it is not made of the structure's bundles."""
    mine = structure.apps[structure.component]
    wanted = np.where(mine >= 0, award[np.maximum(mine, 0)], 0)
    same = np.flatnonzero((structure.award == wanted).all(axis=1))
    if len(np.unique(structure.component[same])) < len(structure.zone):
        return None
    zones = np.unique(structure.zone[structure.component[same[structure.funds[same]]]])
    bonus = int(structure.covers[zones].sum()) * structure.worths[0].bonus
    return int(sum(structure.worths[0].bundle[same].tolist())) + bonus
