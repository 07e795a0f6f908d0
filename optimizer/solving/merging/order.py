"""Which components are merged next: those of one line, those of the same rows, then row after row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import chain, islice, takewhile
from math import inf, prod

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.exact import BoolArray, Places, Words
from optimizer.solving.dynamic.packing import too_many_states
from optimizer.solving.merging.pairs import merged
from optimizer.solving.merging.several import alone, merged_each
from optimizer.solving.merging.states import Limits, Reach, States, component

TINY = 30  # pairs of two sets of a line, up to which they are merged together with others
AT_ONCE, MANY = 4, 1_000  # such two that are merged together, at the least and at the most
SMALL = 4_000  # pairs of sets that move the same rows, and are merged before others
LINES, APART = (
    60,
    2,
)  # so many lines, or one for so many components: left sides do not stay together
NO_OPTION = -1  # of the component that has nothing to choose


@dataclass(frozen=True)
class Alternatives:
    """What each component can choose; options are sorted by component.

    Parameters
    ----------
    begin
        Shape (C + 1,): where each component's options begin.
    left
        Shape (r, o): what each puts on the left of each row.
    lost
        Shape (o,): what each loses against the bound.
    worth
        Shape (o,): what each is worth.
    """

    begin: Places
    left: Words
    lost: Words
    worth: Words


def best_of_all(options: Alternatives, limits: Limits, deadline: float | None = None) -> States:
    """Merge all components; what is left are lists that keep to all rows.

    Raises
    ------
    NoListError
        If there is no list within the gap.
    NotTakeable
        If there is not the room.
    OutOfTime
        If the deadline passes.
    """
    begin = options.begin[:-1]
    low, high = (end.reduceat(options.left, begin, axis=1) for end in (np.minimum, np.maximum))
    merging = _Merging(limits, deadline, low.sum(axis=1), high.sum(axis=1))
    line, rows = _lines(options)
    grouped = _grouped(range(len(begin)), line)
    if len(grouped) > max(LINES, len(begin) // APART):
        raise too_many_states()
    single = alone(options.begin, options.left, options.lost, options.worth)
    sets = merging.lines([[single[c] for c in some] for some in grouped])
    alike = _grouped(range(len(sets)), (rows[some[0]].tobytes() for some in grouped))
    fewer = [merging.smallest_first([sets[place] for place in some], SMALL) for some in alike]
    sets = [*chain.from_iterable(fewer), _nothing(len(limits.rhs))]
    while len(sets) > 1:
        inside = _next(sets)
        both = merging.smallest_first([sets[place] for place in inside])
        sets = [*(each for place, each in enumerate(sets) if place not in inside), *both]
    return sets[0]


@dataclass
class _Merging:
    """Sets of merged components, and what all of them together reach."""

    limits: Limits
    deadline: float | None
    low: Words  # shape (r,): the least left sides
    high: Words  # shape (r,): the greatest
    number: int = field(default=0, init=False)

    def pair(self, one: States, other: States) -> States:
        """Merge two sets; what all sets reach is known better then."""
        clock.keep(self.deadline)
        low, high = self.low - one.low - other.low, self.high - one.high - other.high
        both = merged(self.limits, one, other, Reach(low, high))
        self.low, self.high = low + both.low, high + both.high
        self.number += 1
        return both

    def lines(self, lines: list[list[States]]) -> list[States]:
        """Merge the sets of each line, those first of which the second best loses most: tiny ones in twos."""
        lines = [sorted(sets, key=lambda each: -each.second_least) for sets in lines]
        while True:
            twos = [_tiny(sets) for sets in lines]
            if sum(map(len, twos)) < AT_ONCE:
                return [self.chain(sets) for sets in lines]
            pairs = [*chain.from_iterable(twos)]
            batches = (pairs[n : n + MANY] for n in range(0, len(pairs), MANY))
            both = chain.from_iterable(self.pairs(some) for some in batches)
            merged_ = (
                (sets[2 * len(some) :], some) for sets, some in zip(lines, twos, strict=True)
            )
            lines = [[*islice(both, len(some)), *others] for others, some in merged_]

    def pairs(self, pairs: list[tuple[States, States]]) -> list[States]:
        """Merge some pairs of sets at once."""
        clock.keep(self.deadline)
        low, high = (
            np.stack([getattr(one, end) + getattr(other, end) for one, other in pairs], axis=1)
            for end in ("low", "high")
        )
        rest = Reach(self.low[:, None] - low, self.high[:, None] - high)
        found = merged_each(self.limits, pairs, rest)
        if found is None:
            return [self.pair(*both) for both in pairs]
        self.low = self.low + sum(each.low for each in found) - low.sum(axis=1)
        self.high = self.high + sum(each.high for each in found) - high.sum(axis=1)
        return found

    def chain(self, sets: list[States]) -> States:
        """Merge one after another."""
        first, *others = sets
        for each in others:
            first = self.pair(first, each)
        return first

    def smallest_first(self, sets: list[States], most: float = inf) -> list[States]:
        """Merge the two smallest, until there is one, or until that would be more than so many pairs."""
        heap = [(len(each.lost), place - len(sets), each) for place, each in enumerate(sets)]
        heapify(heap)
        while len(heap) > 1 and len(heap[0][2].lost) * min(each[0] for each in heap[1:3]) <= most:
            both = self.pair(heappop(heap)[2], heappop(heap)[2])
            heappush(heap, (len(both.lost), self.number, both))
        return [each for _, _, each in heap]


def _tiny(sets: list[States]) -> list[tuple[States, States]]:
    """Return the leading sets in twos, as long as each two are tiny."""
    twos = zip(sets[::2], sets[1::2], strict=False)
    return [*takewhile(lambda two: len(two[0].lost) * len(two[1].lost) <= TINY, twos)]


def _nothing(rows: int) -> States:
    """Return a component without a choice: merged with the others, it closes even a single one."""
    zero = np.zeros(1, dtype=np.int64)
    return component(zero + NO_OPTION, np.zeros((rows, 1), dtype=np.int64), zero, zero)


def _next(sets: list[States]) -> list[int]:
    """Return which sets are merged next: all that move one row, of which there are the fewest states."""
    moves = np.array([each.low < each.high for each in sets])
    tied = [np.flatnonzero(row).tolist() for row in moves.T if row.sum() > 1]
    if not tied:
        return list(range(len(sets)))
    return min(tied, key=lambda inside: prod(len(sets[place].lost) for place in inside))


def _lines(options: Alternatives) -> tuple[list[int], BoolArray]:
    """Return along which line each component moves (C,), or one of its own; which rows it moves (C, r)."""
    begin, sizes = options.begin[:-1], np.diff(options.begin)
    apart = (options.left - np.repeat(options.left[:, begin], sizes, axis=1)).T
    step = np.gcd.reduce(apart, axis=1)
    leading = apart[np.arange(len(apart)), np.argmax(apart != 0, axis=1)] if apart.size else step
    apart = apart // np.where(step, step * np.sign(leading), 1)[:, None]
    _, line = np.unique(apart, axis=0, return_inverse=True)
    line = line.ravel() + len(begin)
    moves = step > 0
    low = np.minimum.reduceat(np.where(moves, line, line.max() + 1), begin)
    high = np.maximum.reduceat(np.where(moves, line, -1), begin)
    one = np.where(low >= high, high, np.arange(len(begin)))
    rows: BoolArray = np.logical_or.reduceat(apart != 0, begin, axis=0)
    return one.tolist(), rows


def _grouped(places: Iterable[int], keys: Iterable[Hashable]) -> list[list[int]]:
    """Return ordinals by their keys, in the order in which keys come first."""
    found: dict[Hashable, list[int]] = defaultdict(list)
    for place, key in zip(places, keys, strict=True):
        found[key].append(place)
    return list(found.values())
