"""Which changed rounds cannot fund an application: ruled out by bounds, for many of them at once.

With prices, a list that contains bundle e is worth at most ``bound(p) - (loss(e) - to_cover)`` (see
`prices`). Where that is less than some list that is known, no best list contains e: most of what an
explanation must rule out is ruled out so, and nothing is solved for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, Places, Words, exact, words
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.dynamic.beside import Beside, Best, Bundle, later
from optimizer.solving.dynamic.best_lists import NEVER, BestLists, worth_of
from optimizer.solving.dynamic.packing import NotTakeable, most_in_all
from optimizer.solving.dynamic.prices import MOST, Prices, find_prices
from optimizer.solving.dynamic.structure import Structure, analyse
from optimizer.solving.solution import Certainty

GRID = 128  # prices of the pool that are tried, of each sort
BEYOND = 2**62
WINDOW = 1024  # pools that are looked at first; then twice as many each time


def out_of_pools(
    program: Program, pools: Sequence[int], award: IntArray, like: Beside | None = None
) -> Ceilings | None:
    """Return what rules applications out at larger pools, NT$; None where bounds cannot be had.

    Parameters
    ----------
    program
        The round as it is.
    pools
        NT$, from the least up.
    award
        A list that obeys every rule as it is, shape (n,), NT$: no larger pool is worth less.
    like
        The tables for every pool of a program that differs in its pool alone, if they are there.
    """
    try:
        tables = like.of(program) if like else Beside.at_any_pool(analyse(program))
        structure = tables.structure
        if structure.infeasible or not structure.taken:
            return None
        known = worth_of(structure, award)
        floor = NEVER if known is None else known
        return Ceilings(tables, find_prices(structure), pools, floor)
    except NotTakeable:
        return None


@dataclass(frozen=True)
class Ceilings:
    """Bounds on the worth of lists that fund an application, under many pools.

    Parameters
    ----------
    structure
        The program's.
    base
        The prices at which its bound is least.
    pools
        NT$, from the least up.
    known
        What a list is worth that obeys every rule under each of them.
    """

    beside: Beside
    base: Prices
    pools: Sequence[int]
    known: int

    @property
    def structure(self) -> Structure:
        """Components, bundles, zones."""
        return self.beside.structure

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
        prices = sorted({price for price in wanted if 0 <= price <= most} | {0})
        return tuple(Prices(structure, price, self.base.wide) for price in prices)

    @cached_property
    def needs(self) -> Words:
        """Shape (n, G): what a list loses at least, under each price, by funding each application."""
        each = np.array([least_loss(prices) for prices in self.grid], dtype=np.int64)
        return np.ascontiguousarray(each.T)

    @cached_property
    def _bounds(self) -> tuple[Places, Words]:
        """Shape (S,) twice: under which price each pool's bound is least, and that bound."""
        steps = self._steps
        without = [prices.bound - prices.pool * self.structure.pool for prices in self.grid]
        slopes = [prices.pool for prices in self.grid]
        least = least_of_lines(slopes, without)
        place = np.searchsorted([begun for begun, _ in least], steps, side="right") - 1
        best = np.array([line for _, line in least])[place]
        return best, words(exact(without))[best] + words(exact(slopes))[best] * steps

    @cached_property
    def _steps(self) -> Places:
        """The pools in steps, at most what everybody asks for."""
        steps = [min(pool // self.structure.step, self.beside.pool) for pool in self.pools]
        return np.array(steps, dtype=np.int64)

    @cached_property
    def _lists(self) -> tuple[BestLists, Places] | None:
        """A best list for every pool, and where each pool's stands; None if too large to keep."""
        first = int(self._steps[0])
        if not self.beside.possible:
            return None
        return self.beside.tables[0].lists(first), self._steps - first

    def left(self, a: int) -> Iterator[int]:
        """Yield the places of the pools at which a best list may fund application a, from the least up."""
        start, stop = 0, WINDOW
        while start < len(self.pools):
            yield from (start + np.flatnonzero(~self._out(a, slice(start, stop)))).tolist()
            start, stop = stop, 2 * stop

    def _out(self, a: int, some: slice) -> BoolArray:
        """Say for some of the pools whether no best list can fund application a."""
        if self._lists is None:
            return np.zeros(len(self.pools[some]), dtype=bool)
        lists, place = self._lists
        best, spare, known = (part[some] for part in self._spare)
        component, own = self.structure.place_of(a)
        funds: BoolArray = self.structure.award[:, own] > 0
        out = spare < self.needs[a][best]
        other = known & ~funds[lists.bundle[component, place[some]]]
        return np.asarray(out | other, dtype=bool)

    @cached_property
    def _spare(self) -> tuple[Places, Words, BoolArray]:
        """Shape (S,) each: whose bound is least, what it leaves, and whether the best list is known alone."""
        assert self._lists is not None
        (lists, place), (best, bound) = self._lists, self._bounds
        return (
            best,
            bound - np.maximum(lists.floor[place], self.known),
            (lists.obeys & lists.alone)[place],
        )

    def fate(self, a: int, pool: int) -> Certainty | None:
        """Return who is funded under one of the pools, NT$; None where later goals or a solve decide."""
        if self._lists is None:
            return None
        (lists, places), place = self._lists, self.pools.index(pool)
        if not lists.obeys[places[place]]:
            return None
        component, own = self.structure.place_of(a)
        listed = lists.bundle[component, places[place]]
        if lists.alone[places[place]]:
            return "every" if self.structure.award[listed, own] else "none"
        beside, top = self.beside.within(int(self._steps[place])), int(lists.worth[places[place]])
        kinds = {True: list[Bundle](), False: list[Bundle]()}
        for bundle in beside.bundles(component):
            kinds[bundle.award[own] > 0].append(bundle)
        funded = bool(self.structure.award[listed, own])
        other = kinds[not funded]
        if all(beside.most(component, bundle) < top for bundle in other):
            return "every" if funded else "none"
        best, second = (beside.best(component, kinds[funds]) for funds in (True, False))
        held = all(one is not None and self._obeys(one) for one in (best, second))
        return later(self.structure.program, best, second) if held else None

    def _obeys(self, best: Best) -> bool:
        """Say whether a list obeys every inequality but the pool's, which the tables keep to."""
        decision = Decision.of(best.award)
        return all(r.held(decision).all() for r in self.structure.program.rows if not r.is_pool)


def least_of_lines(slopes: Sequence[int], starts: Sequence[int]) -> list[tuple[int, int]]:
    """Return which of some lines is the least from where on, at whole numbers from 0 up.

    `slopes`, from the least up, and the `starts` at 0; of equal ones the flatter is named.
    """
    found: list[tuple[int, int]] = []
    for n in range(len(slopes) - 1, -1, -1):
        begun = 0
        while found:
            last, line = found[-1]
            begun = max(0, -((starts[line] - starts[n]) // (slopes[line] - slopes[n])))
            if begun > last:
                break
            found.pop()
            begun = 0
        found.append((begun, n))
    return found


def least_loss(prices: Prices) -> Words:
    """Return, for each application, the least loss of a bundle that funds it, coverage allowed for."""
    structure = prices.structure
    beyond = np.maximum(prices.loss - prices.to_cover[structure.zone][structure.component], 0)
    found = np.full(structure.program.size, BEYOND, dtype=np.int64)
    members = structure.apps[structure.component]
    for place in range(members.shape[1]):
        funded = structure.award[:, place] > 0
        np.minimum.at(found, members[funded, place], beyond[funded])
    return np.minimum(found, 2**61)


def out_of_amounts(program: Program, a: int, award: IntArray) -> dict[int, bool]:
    """Say for every amount that one application could get whether no best list gives it that.

    Parameters
    ----------
    program
        The round as it is.
    a
        Which application; what it is worth must not depend on its bounds.
    award
        Shape (n,): a list that is known, NT$.

    Returns
    -------
    dict
        By amount, NT$; nothing where bounds cannot be had.
    """
    least = program.least.copy()
    least[a] = program.unit
    try:
        structure = analyse(replace(program, least=least))
        if structure.infeasible or not structure.taken:
            return {}
        prices = find_prices(structure)
        floor = worth_of(structure, award)
    except NotTakeable:
        return {}
    if floor is None:
        return {}
    loss = np.maximum(prices.loss - prices.to_cover[structure.zone][structure.component], 0)
    found: dict[int, bool] = {}
    component, place = structure.place_of(a)
    for e in range(int(structure.start[component]), int(structure.start[component + 1])):
        amount = int(structure.award[e, place])
        out = prices.bound - int(loss[e]) < floor
        found[amount] = found.get(amount, True) and out
    return found
