"""Goal after goal, each with prices of its own: what one settles is left out of the next.

All optima of the first goals at once may be far too many to keep. But which *value* is the best is told by
a small core (`core`), and what loses more than that is in no optimum of these goals, so in none of all of
them. What is left goes on to the next goals, held by one integer: a list is worth

    M * (held) + (its worth for the next goals),        M > every difference of the latter,

where ``held = -sum loss + min(p, G + 1) * spent + …`` tells as the first goals do which lists are the best,
those that lose G in all: each step that is not spent costs p, so that one is too many already if p > G; and
so for left sides that have a price, and for zones that are not covered, or covered twice.

An even spread is a sum, too, once it is settled which kinds have more than their part (`Even`): the signs of
``K * n_k - N`` are the same in every list that is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import BoolArray, Places, Words, total, words
from optimizer.program.objectives import Additive, Even, Objective
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.dynamic.core import least_loss
from optimizer.solving.dynamic.counted import counted
from optimizer.solving.dynamic.filler import Filler
from optimizer.solving.dynamic.opened import Opened
from optimizer.solving.dynamic.packing import AMOUNTS, WORD, Worth, most_in_all, too_large
from optimizer.solving.dynamic.prices import Prices, find_prices
from optimizer.solving.dynamic.structure import Structure, Wide

FINE = 2**8  # parts of a price, where there is room for them


@dataclass(frozen=True)
class Level:
    """What is open once some goals are settled.

    Parameters
    ----------
    structure
        The open components alone, with the bundles that optima may contain.
    bundles
        Shape (B,): which of the first structure's bundles they are.
    settled
        Bundles of the first structure that every optimum contains.
    held
        Shape (B,): what orders lists as the goals settled so far do.
    bonus
        What a zone that is covered adds to that.
    """

    structure: Structure
    bundles: Places
    settled: Places
    held: Words
    bonus: int

    def under(self, prices: Prices, gap: int) -> Level:
        """Return what is open where the best list loses so much against the bound of prices."""
        structure, keep = prices.structure, prices.survivors(gap)
        counts = np.add.reduceat(keep.astype(np.int64), structure.start[:-1])
        open_ = counts > 1
        inside = open_[structure.component]
        settled, left = np.flatnonzero(keep & ~inside), np.flatnonzero(keep & inside)
        enough = gap + 1
        bonus, most = structure.worths[0].bonus, int(prices.to_cover.max(initial=0))
        held = min(prices.pool, enough) * structure.cost - prices.loss
        if bonus >= most + enough:  # whoever leaves a zone bare loses more than the gap
            needed = prices.to_cover[structure.zone][structure.component]
            held += np.where(structure.funds, np.maximum(0, needed - enough), 0)
            bonus = enough + min(enough, most)
        for wide, price in zip(structure.wide, prices.wide, strict=True):
            held = held + max(-enough, min(price, enough)) * wide.left
        return Level(
            _narrowed(structure, left, settled, starts=counts[open_]),
            self.bundles[left],
            np.concatenate([self.settled, self.bundles[settled]]),
            held=held[left],
            bonus=bonus,
        )

    def weighed(self, goals: Sequence[Objective]) -> tuple[Level, int]:
        """Return the level with as many of some goals as fit behind what is held, and how many do.

        Raises
        ------
        NotTakeable
            If none fits.
        """
        structure = self.structure
        zones = total(structure.levels)
        packed, bonus = _above_least(self.held, structure.start), self.bonus
        fits = 0
        for goal in goals:
            own, each = _worth_of(structure, goal)
            factor = 1 + most_in_all(own, structure.start) + each * zones
            top = most_in_all(packed, structure.start) + bonus * zones
            if factor * (top + 1) * 2 > WORD:
                break
            packed, bonus, fits = factor * packed + own, factor * bonus + each, fits + 1
        if not fits:
            raise too_large(AMOUNTS)
        scale = min(FINE, WORD // (2 * (1 + most_in_all(packed, structure.start) + bonus * zones)))
        none = np.zeros(0, dtype=np.int64)
        worth = Worth((), scale * packed, scale * bonus, per_fund=none, per_award=())
        return replace(self, structure=replace(structure, worths=(worth,))), fits


def _narrowed(structure: Structure, left: Places, settled: Places, starts: Places) -> Structure:
    """Return a structure with some bundles alone; settled ones become constants."""
    owner = structure.component[left]
    mine = np.unique(owner)
    covered = np.zeros(len(structure.levels), dtype=bool)
    covered[structure.zone[structure.component[settled[structure.funds[settled]]]]] = True
    zones, zone = np.unique(structure.zone[mine], return_inverse=True)
    start = np.concatenate([[0], np.cumsum(starts)])
    cost = structure.cost[left]
    return replace(
        structure,
        pool=min(structure.pool - total(structure.cost[settled]), most_in_all(cost, start)),
        apps=structure.apps[mine],
        start=start,
        zone=zone,
        levels=(structure.levels * ~covered)[zones],
        award=structure.award[left],
        cost=cost,
        worths=(),
        wide=tuple(_wide(structure, left, settled, zones=zones)),
    )


def _wide(structure: Structure, left: Places, settled: Places, zones: Places) -> list[Wide]:
    """Return the inequalities that some bundle can still matter to."""
    found = []
    for wide in structure.wide:
        if wide.left[left].any():
            less = total(wide.left[settled])
            low, high = (None if end is None else end - less for end in (wide.low, wide.high))
            zone = None if wide.zone is None else int(np.searchsorted(zones, wide.zone))
            found.append(Wide(wide.left[left], low, high, zone))
    return found


def _above_least(values: Words, start: Places) -> Words:
    """Return how much more than the least of its component each bundle has."""
    if not len(values):
        return values
    least = np.minimum.reduceat(values, start[:-1])
    above: Words = values - np.repeat(least, np.diff(start))
    return above


def _worth_of(structure: Structure, goal: Objective) -> tuple[Words, int]:
    """Return what each bundle is worth more than the least of its component, and each covered zone."""
    if counted(goal) is not None:
        return np.zeros_like(structure.cost), 1
    assert isinstance(goal, Additive)
    none = words(np.zeros_like(goal.per_fund))
    per_award = none if goal.per_award is None else words(goal.per_award)
    worth = Worth((), none, 0, per_fund=words(goal.per_fund), per_award=((goal.unit, per_award),))
    each = worth.of(structure.apps[structure.component], structure.award)
    return _above_least(each, structure.start), 0


def as_sum(goal: Objective, level: Level, first: Structure) -> Additive | None:
    """Return a goal as a sum over applications among the lists that are left; None if it is none."""
    if isinstance(goal, Additive):
        return goal
    if not isinstance(goal, Even):
        return None
    counts = goal.counts(first.decision(level.settled))
    above = [len(counts) * n - sum(counts) for n in counts]
    each = len(counts) * goal.uses - goal.uses.sum(axis=0)
    worth = np.zeros(each.shape[1], dtype=np.int64)
    for place, mine in enumerate(each):
        low, high = _range(level.structure, Additive(mine))
        if above[place] + low < 0 < above[place] + high:
            return None
        worth = worth - mine if above[place] + low >= 0 else worth + mine
    return Additive(worth)


def _range(structure: Structure, goal: Additive) -> tuple[int, int]:
    """Return the least and the most that open components can come to."""
    none = np.zeros_like(goal.per_fund)
    worth = Worth((), none, 0, per_fund=goal.per_fund, per_award=())
    each = worth.of(structure.apps[structure.component], structure.award)
    if not len(each):
        return 0, 0
    low, high = (end.reduceat(each, structure.start[:-1]) for end in (np.minimum, np.maximum))
    return total(low), total(high)


@dataclass(frozen=True)
class Settled:
    """What is settled of a program by its leading goals.

    Parameters
    ----------
    structure
        Of the whole program; it says of how many goals.
    settled
        Bundles that every optimum contains.
    left
        All bundles that others may contain.
    one
        The bundles of one optimum.
    """

    structure: Structure
    settled: Places
    left: Places
    one: Places

    @property
    def program(self) -> Program:
        """What is settled."""
        return self.structure.program

    @property
    def taken(self) -> int:
        """How many of the leading goals it is settled by."""
        return self.structure.taken

    @cached_property
    def any(self) -> Decision:
        """Some optimum."""
        return self.structure.decision(self.one)

    @cached_property
    def seen(self) -> tuple[BoolArray, BoolArray]:
        """Shape (n,) twice: perhaps funded in some optimum, perhaps not funded in some."""
        return self.structure.seen(np.concatenate([self.settled, self.left]))


def by_levels(prices: Prices, filler: Filler) -> tuple[Settled, Opened, Places]:
    """Settle goal after goal.

    Returns
    -------
    settled, opened, bundles
        What is settled; what is open of the last goals, within what the best list loses; and which bundles
        of the first structure it calls which.

    Raises
    ------
    NotTakeable
        If there is not the room.
    OutOfTime
        If the deadline passes.
    """
    first = prices.structure
    goals, taken = first.program.goals, first.taken
    nothing: Places = np.zeros(0, dtype=np.int64)
    level = Level(first, np.arange(len(first.cost)), nothing, held=nothing, bonus=0)
    digits = [digit for worth in first.worths[1:] for digit in worth.digits]
    left: list[Objective] = [digit.objective or goals[digit.goal].objective for digit in digits]
    while True:
        least = least_loss(prices, filler)
        after = level.under(prices, least.loss)
        while not left and taken < len(goals) and not goals[taken].gives:
            more = as_sum(goals[taken].objective, after, first)
            if more is None:
                break
            left, taken = [more], taken + 1
        if not left or not len(after.bundles):
            one = np.concatenate([level.settled, level.bundles[least.bundles]])
            settled = Settled(replace(first, taken=taken), after.settled, after.bundles, one)
            return settled, Opened(prices, least.loss), level.bundles
        level, fits = after.weighed(left)
        left = left[fits:]
        prices = find_prices(level.structure, filler.deadline, close=False)
