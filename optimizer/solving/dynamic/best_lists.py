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
    alone
        Shape (S,): whether no other list is worth as much.
    """

    structure: Structure
    first: int
    worth: Words
    bundle: Places
    alone: BoolArray

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
    return KeptTable(structure, every + 1).lists(first)


@dataclass
class Lanes:
    """Many lists at once, on their way back through a table.

    Parameters
    ----------
    worth, spent, covered
        Shape (L,): what is left to be found, in how many steps, and whether the open zone is covered.
    alone
        Whether there was no other way so far.
    """

    worth: Words
    spent: Places
    covered: BoolArray
    alone: BoolArray


class KeptTable:
    """The best worth by component and steps spent, the open zone bare or covered.

    A row is as long as the components before can spend: beyond that nothing can be.

    Raises
    ------
    NotTakeable
        If it would be too large to keep.
    """

    def __init__(self, structure: Structure, size: int) -> None:
        self.structure, self.size = structure, size
        count = len(structure.zone)
        if 2 * size * count > MOST_CELLS:
            raise NotTakeable(Text("規模過大", "too large to keep every pool's list"))
        self.bare, self.covered = [np.zeros(1, dtype=np.int64)], [_nothing(1)]
        for component in range(count):
            self._step(component)

    def _step(self, component: int) -> None:
        bare, covered = self.before(component)
        most = max((cost for _, _, cost, _ in self.bundles(component)), default=0)
        reach = min(self.size, len(bare) + most)
        after_bare, after_covered = _nothing(reach), _nothing(reach)
        self.bare.append(after_bare)
        self.covered.append(after_covered)
        either = np.maximum(bare, covered)
        for _, funds, cost, worth in self.bundles(component):
            if not funds:
                after_bare[: len(bare)] = bare
                np.maximum(after_covered[: len(bare)], covered, out=after_covered[: len(bare)])
            elif cost < reach:
                into = after_covered[cost : cost + len(bare)]
                np.maximum(into, either[: len(into)] + worth, out=into)

    def bundles(self, component: int) -> Iterator[tuple[int, bool, int, int]]:
        """Yield the bundles of a component: each with whether it funds anybody, its cost and worth."""
        structure = self.structure
        for e in range(int(structure.start[component]), int(structure.start[component + 1])):
            worth = int(structure.worths[0].bundle[e])
            yield e, bool(structure.funds[e]), int(structure.cost[e]), worth

    def opens(self, component: int) -> bool:
        """Say whether a component is the first of its zone."""
        return self._opens[component]

    @cached_property
    def _opens(self) -> list[bool]:
        return [bool(differs) for differs in np.diff(self.structure.zone, prepend=-1)]

    def before(self, component: int) -> tuple[Words, Words]:
        """Return the table before a component; where a zone begins, the one before is closed."""
        bare, covered = self.bare[component], self.covered[component]
        if component and self.opens(component):
            closed = np.maximum(bare, covered + self.bonus(component - 1))
            return closed, _nothing(len(closed))
        return bare, covered

    def worth_before(self, component: int, spent: int, covered: bool) -> int:
        """Return one entry of the table before a component."""
        if spent >= len(self.bare[component]):
            return NEVER
        closing = self._closing[component]
        if closing is None:
            return int((self.covered if covered else self.bare)[component][spent])
        bare, inside = self.bare[component][spent], self.covered[component][spent]
        return NEVER if covered else max(int(bare), int(inside) + closing)

    @cached_property
    def _closing(self) -> list[int | None]:
        """What it is worth to have covered the zone that is closed before a component; None if none is."""
        count = len(self.structure.zone)
        return [self.bonus(c - 1) if c and self.opens(c) else None for c in range(count)]

    def bonus(self, component: int) -> int:
        """Return what covering a component's zone is worth."""
        covers = self.structure.covers[self.structure.zone[component]]
        return self.structure.worths[0].bonus if covers else 0

    def lists(self, first: int) -> BestLists:
        """Go back from every pool to the first component."""
        count = len(self.structure.zone)
        closed = self.bare[0]
        if count:
            closed = np.maximum(self.bare[count], self.covered[count] + self.bonus(count - 1))
        closed = _padded(closed, self.size)
        best = np.maximum.accumulate(closed)
        same = closed == best
        at = np.maximum.accumulate(np.where(same, np.arange(self.size), 0))[first:]
        begun = np.maximum.accumulate(
            np.where(np.diff(best, prepend=NEVER) > 0, np.cumsum(same), 0)
        )
        lanes = Lanes(
            best[first:].copy(),
            at.copy(),
            np.zeros(len(at), dtype=bool),
            (np.cumsum(same) == begun)[first:],
        )
        bundle = np.zeros((count, len(at)), dtype=np.int64)
        for component in range(count - 1, -1, -1):
            self.back(component, lanes, bundle[component], closing=component == count - 1)
        return BestLists(self.structure, first, best[first:], bundle, alone=lanes.alone)

    def back(self, component: int, lanes: Lanes, chosen: Places, closing: bool) -> None:
        """Find the bundle of a component that led to where lists are, and go back before it.

        Parameters
        ----------
        component
            Which.
        lanes
            The lists; they are changed.
        chosen
            Shape (L,): receives the bundles.
        closing
            Whether the lists stand at the end of the last zone.
        """
        if closing or (component + 1 < len(self.structure.zone) and self.opens(component + 1)):
            self._reopen(component, lanes)
        bare, were = (_padded(row, self.size) for row in self.before(component))
        ways = np.zeros(len(lanes.worth), dtype=np.int64)
        now, spent, covered = lanes.worth.copy(), lanes.spent.copy(), lanes.covered.copy()
        for e, funds, cost, worth in self.bundles(component):
            if not funds:
                fits = np.where(covered, were[spent], bare[spent]) == now
                chosen[fits] = e
                lanes.worth[fits], lanes.spent[fits], lanes.covered[fits] = (
                    now[fits],
                    spent[fits],
                    covered[fits],
                )
                ways += fits
                continue
            place, ahead = np.maximum(spent - cost, 0), now - worth
            enough = covered & (spent >= cost)
            from_covered, from_bare = (
                enough & (were[place] == ahead),
                enough & (bare[place] == ahead),
            )
            fits = from_covered | from_bare
            chosen[fits] = e
            lanes.worth[fits], lanes.spent[fits], lanes.covered[fits] = (
                ahead[fits],
                place[fits],
                from_covered[fits],
            )
            ways += from_covered
            ways += from_bare
        lanes.alone &= ways == 1

    def _reopen(self, component: int, lanes: Lanes) -> None:
        """Go back into a zone that was closed after a component."""
        bonus, spent = self.bonus(component), lanes.spent
        rows = self.bare[component + 1], self.covered[component + 1]
        bare, inside = (_padded(row, self.size)[spent] for row in rows)
        covered = lanes.worth == inside + bonus
        lanes.alone &= ~(covered & (lanes.worth == bare))
        lanes.covered[:] = covered
        lanes.worth[covered] -= bonus


def _nothing(size: int) -> Words:
    return np.full(size, NEVER, dtype=np.int64)


def _padded(row: Words, size: int) -> Words:
    """Return a row of the table as long as all its steps."""
    found = _nothing(size)
    found[: len(row)] = row
    return found


def worth_of(structure: Structure, award: IntArray) -> int | None:
    """Return the packed worth of a list; None if it is not made of the structure's bundles."""
    mine = structure.apps[structure.component]
    wanted = np.where(mine >= 0, award[np.maximum(mine, 0)], 0)
    same = np.flatnonzero((structure.award == wanted).all(axis=1))
    if len(same) < len(structure.zone):
        return None
    covered = np.zeros(len(structure.covers), dtype=bool)
    covered[structure.zone[structure.component[same[structure.funds[same]]]]] = True
    bonus = int((covered & structure.covers).sum()) * structure.worths[0].bonus
    return int(structure.worths[0].bundle[same].sum()) + bonus
