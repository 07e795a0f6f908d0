"""A best list for every pool at once, apart from the inequalities that span zones.

The table of `curve`, kept whole, and gone through backwards from every pool together. Where the
list of a pool obeys what spans zones too, nothing is worth more under that pool.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, Places, Words, sums, total
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
    worth, spent, level
        Shape (L,): what is left to be found, in how many steps, and at which level of the open zone.
    alone
        Whether there was no other way so far.
    """

    worth: Words
    spent: Places
    level: Places
    alone: BoolArray


class KeptTable:
    """The best worth by component and steps spent, by the level that the open zone has reached.

    A row is as long as the components before can spend: beyond that nothing can be. The last level of a
    zone is that or more.

    Raises
    ------
    NotTakeable
        If it would be too large to keep.
    """

    def __init__(self, structure: Structure, size: int) -> None:
        self.structure, self.size = structure, size
        count = len(structure.zone)
        if max(2, structure.top + 1) * size * count > MOST_CELLS:
            raise NotTakeable(Text("規模過大", "too large to keep every pool's list"))
        self.rows: list[list[Words]] = [[np.zeros(1, dtype=np.int64)]]  # by component before which
        for component in range(count):
            self._step(component)

    def _step(self, component: int) -> None:
        rows, top = self.before(component), self.levels(component)
        before, best = len(rows[0]), self._best(component)
        reach = min(self.size, before + max((cost for cost, _ in best), default=0))
        after = [_nothing(reach) for _ in rows]
        self.rows.append(after)
        beyond = at_least(rows)
        for (cost, add), worth in best.items():
            for level in range(add, top + 1 if cost < reach else 0):
                row = rows[level - add] if level < top else beyond[top - add]
                into = after[level][cost : cost + before]
                np.maximum(into, row[: len(into)] + worth, out=into)

    def _best(self, component: int) -> dict[tuple[int, int], int]:
        """Return the best worth of a component's bundles by their cost and what they add."""
        best: dict[tuple[int, int], int] = {}
        for _, add, cost, worth in self.bundles(component):
            best[cost, add] = max(worth, best.get((cost, add), NEVER))
        return best

    def bundles(self, component: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield the bundles of a component: each with the levels it adds, its cost and worth."""
        structure = self.structure
        start, stop = structure.start[component : component + 2].tolist()
        some = slice(start, stop)
        parts = structure.adds[some], structure.cost[some], structure.worths[0].bundle[some]
        yield from zip(range(start, stop), *(part.tolist() for part in parts), strict=True)

    def levels(self, component: int) -> int:
        """Return up to how much a component's zone counts."""
        return self._levels[component]

    @cached_property
    def _levels(self) -> list[int]:
        levels: list[int] = self.structure.levels[self.structure.zone].tolist()
        return levels

    def opens(self, component: int) -> bool:
        """Say whether a component is the first of its zone."""
        return self._opens[component]

    @cached_property
    def _opens(self) -> list[bool]:
        return [bool(differs) for differs in np.diff(self.structure.zone, prepend=-1)]

    def before(self, component: int) -> list[Words]:
        """Return the table before a component, by level; where a zone begins, the one before is closed."""
        rows = self.rows[component]
        if self.opens(component):
            closed = self._closed(component) if component else rows[0]
            return [closed, *(_nothing(len(closed)) for _ in range(self.levels(component)))]
        return rows

    def _closed(self, component: int) -> Words:
        """Return the table before a component with the zone before it closed."""
        rows, bonus = self.rows[component], self.bonus
        closed = rows[0]
        for level in range(1, len(rows)):
            closed = np.maximum(closed, rows[level] + level * bonus)
        return closed

    def worth_before(self, component: int, spent: int, level: int) -> int:
        """Return one entry of the table before a component."""
        rows = self.rows[component]
        if spent >= len(rows[0]):
            return NEVER
        if not (component and self.opens(component)):
            return int(rows[level][spent])
        if level:
            return NEVER
        return max(int(row[spent]) + n * self.bonus for n, row in enumerate(rows))

    @cached_property
    def bonus(self) -> int:
        """What a level is worth."""
        return self.structure.worths[0].bonus

    def lists(self, first: int) -> BestLists:
        """Go back from every pool to the first component."""
        count = len(self.structure.zone)
        closed = _padded(self._closed(count) if count else self.rows[0][0], self.size)
        best = np.maximum.accumulate(closed)
        same = closed == best
        at = np.maximum.accumulate(np.where(same, np.arange(self.size), 0))[first:]
        begun = np.maximum.accumulate(
            np.where(np.diff(best, prepend=NEVER) > 0, np.cumsum(same), 0)
        )
        lanes = Lanes(
            best[first:].copy(),
            at.copy(),
            np.zeros(len(at), dtype=np.int64),
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
        rows, top = (
            [_padded(row, self.size) for row in self.before(component)],
            self.levels(component),
        )
        ways = np.zeros(len(lanes.worth), dtype=np.int64)
        now, spent, level = lanes.worth.copy(), lanes.spent.copy(), lanes.level.copy()
        for e, add, cost, worth in self.bundles(component):
            place, ahead = np.maximum(spent - cost, 0), now - worth
            for was in range(top + 1):
                fits = (
                    (level == min(top, was + add)) & (spent >= cost) & (rows[was][place] == ahead)
                )
                chosen[fits] = e
                lanes.worth[fits], lanes.spent[fits], lanes.level[fits] = (
                    ahead[fits],
                    place[fits],
                    was,
                )
                ways += fits
        lanes.alone &= ways == 1

    def _reopen(self, component: int, lanes: Lanes) -> None:
        """Go back into a zone that was closed after a component."""
        worth, ways = lanes.worth.copy(), np.zeros(len(lanes.worth), dtype=np.int64)
        for level, row in enumerate(self.rows[component + 1]):
            inside = _padded(row, self.size)[lanes.spent]
            fits = worth == inside + level * self.bonus
            lanes.level[fits], lanes.worth[fits] = level, inside[fits]
            ways += fits
        lanes.alone &= ways <= 1


def at_least(rows: list[Words]) -> list[Words]:
    """Return the best of each level and all beyond it."""
    found = rows[-1:]
    for row in rows[-2::-1]:
        found.append(np.maximum(row, found[-1]))
    return found[::-1]


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
    reached = np.zeros(len(structure.levels), dtype=np.int64)
    np.add.at(reached, structure.zone[structure.component[same]], structure.adds[same])
    bonus = total(np.minimum(reached, structure.levels)) * structure.worths[0].bonus
    return int(structure.worths[0].bundle[same].sum()) + bonus
