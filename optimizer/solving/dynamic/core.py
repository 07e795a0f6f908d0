"""The least that any list loses against the bound, from a small core of what prices leave open.

In a large round thousands of schools may choose either way at no loss, and a table of them all would be
far too large. A list that loses nothing is as good as the bound, whoever looked for it: so all but a few
schools keep to a choice that loses nothing, spread so that the pool is about spent, and the table of those
few finds the rest (the expanding core; Pisinger 1995, "A minimal algorithm for the multiple-choice
knapsack problem", doi 10.1016/0377-2217(95)00015-I). Where it finds a list that loses something, only what
loses no more than that is looked at for a better one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.foundation.exact import BoolArray, Places, Words, total
from optimizer.solving.dynamic.filler import Filler, Table
from optimizer.solving.dynamic.forward_pass import FAR, WIDEST
from optimizer.solving.dynamic.opened import Opened
from optimizer.solving.dynamic.packing import NotTakeable, too_many_states
from optimizer.solving.dynamic.prices import Prices

SIZES = (48, 192, 768)  # components of the core, besides those that cover a zone


@dataclass(frozen=True)
class Least:
    """What the best list loses against the bound, and one that is as good."""

    loss: int
    bundles: Places  # shape (C,), in no order


def least_loss(prices: Prices, filler: Filler) -> Least:
    """Return what the best list loses against the bound.

    Raises
    ------
    NotTakeable
        If there is not the room.
    OutOfTime
        If the deadline passes.
    """
    trouble = too_many_states()
    for size in SIZES:
        gap = _gap(prices, size)
        if gap >= WIDEST:
            break
        table = filler.fill(Opened(prices, gap, within=_core(prices, size)))
        if table is None:
            continue
        if not table.total:
            return _found(table)
        try:
            whole = filler.fill(Opened(prices, table.total))
        except NotTakeable as refusal:
            trouble = refusal
            continue
        assert whole is not None
        return _found(whole)
    raise trouble


def _found(table: Table) -> Least:
    chosen = np.array(table.trace().first(), dtype=np.int64)
    return Least(table.total, np.concatenate([table.opened.settled, chosen]))


def _gap(prices: Prices, size: int) -> int:
    """Return the loss that lets in so many bundles besides the best, or all there are."""
    second = np.sort(prices.loss[prices.loss > 0])
    return int(second[size]) if size < len(second) else prices.worst


def _core(prices: Prices, size: int) -> BoolArray:
    """Return the bundles of a core, and the one that each other component keeps to. Shape (B,)."""
    structure = prices.structure
    beyond = _beyond(prices)
    second = _second(prices, beyond)
    covers = _uncertain(prices, beyond)[structure.zone]
    inside = covers & (second == 0)
    others = np.flatnonzero(~inside)
    inside[others[np.argsort(second[others], kind="stable")[:size]]] = True
    kept: BoolArray = inside[structure.component]
    kept[_kept_to(prices, inside, covers, beyond=beyond)] = True
    return kept


def _beyond(prices: Prices) -> Words:
    """Shape (B,): what each bundle loses, beyond what its zone must lose to be covered."""
    structure = prices.structure
    needed = np.where(structure.funds, prices.to_cover[structure.zone][structure.component], 0)
    return np.maximum(0, prices.loss - needed)


def _uncertain(prices: Prices, beyond: Words) -> BoolArray:
    """Shape (Z,): zones that count, and that not every choice without loss covers."""
    structure = prices.structure
    bare = ((beyond == 0) & ~structure.funds).astype(np.int64)
    may_be_bare = np.maximum.reduceat(bare, structure.start[:-1])
    none_sure: BoolArray = np.minimum.reduceat(may_be_bare, structure.zone_start[:-1]) > 0
    return (structure.levels > 0) & none_sure & (structure.worths[0].bonus > 0)


def _second(prices: Prices, beyond: Words) -> Words:
    """Shape (C,): the least that each component loses by choosing another than its best bundle."""
    structure = prices.structure
    best = np.flatnonzero(prices.loss == 0)
    _, first = np.unique(structure.component[best], return_index=True)
    beyond = beyond.copy()
    beyond[best[first]] = FAR
    return np.minimum.reduceat(beyond, structure.start[:-1])


def _kept_to(prices: Prices, inside: BoolArray, covers: BoolArray, beyond: Words) -> Places:
    """Return a bundle without loss of each component outside the core, so that the pool is about spent."""
    structure = prices.structure
    cost, start = structure.cost, structure.start[:-1]
    free = prices.loss == 0
    low = np.minimum.reduceat(np.where(free, cost, FAR), start)
    high = np.maximum.reduceat(np.where(free, cost, -1), start)
    ways = (beyond == 0) & structure.funds
    to_cover = np.minimum.reduceat(np.where(ways, cost, FAR), start)
    middle = np.where(covers & (to_cover < FAR), to_cover, (low + high) // 2)
    left = structure.pool - total(middle[inside]) - total(low[~inside])
    more = np.where(inside, 0, high - low)
    dearer = np.cumsum(more) <= left
    wanted = np.where(dearer, high, low)[structure.component]
    chosen = np.flatnonzero(free & ~inside[structure.component] & (cost == wanted))
    _, first = np.unique(structure.component[chosen], return_index=True)
    kept: Places = chosen[first]
    return kept
