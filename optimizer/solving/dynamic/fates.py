"""Who is on every best list, on some and on none, for every pool at once.

The table of `curve`; beside each worth it keeps, a bit an application, who is funded by some and
who by all of the lists that are worth so much.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from optimizer.foundation.exact import BoolArray, IntArray, Places, Words, total
from optimizer.language.text import Text
from optimizer.solving.dynamic.packing import NotTakeable, most_in_all
from optimizer.solving.dynamic.structure import Structure

NEVER = -(2**61)
MOST_WORK = 20_000_000  # pools times bundles times words of bits
Bits = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Fates:
    """Who the best lists fund, by the pool.

    Parameters
    ----------
    step
        NT$ between two pools.
    least
        The least pool, NT$: what every list spends.
    lists
        Shape (S,): two pools of the same number have the same best lists.
    some, every
        Shape (S, n): funded by some best list, by every one.
    """

    step: int
    least: int
    lists: Places
    some: BoolArray
    every: BoolArray

    def place(self, pool: int) -> int:
        """Return where a pool of so many NT$ stands; beyond what everybody asks for, the last."""
        return max(0, min((pool - self.least) // self.step, len(self.lists) - 1))


def fates(structure: Structure) -> Fates:
    """Return the fates of a structure by its first packed worth, its pool left open.

    Raises
    ------
    NotTakeable
        If more than the pool spans zones, or the table would be too large.
    """
    least = _least(structure)
    words = -(-structure.program.size // 64)
    size = most_in_all(structure.cost, structure.start) - total(least) + 1
    if structure.wide or (structure.top + 1) * size * words * len(structure.cost) > MOST_WORK:
        raise NotTakeable(Text("規模過大，或另有規則", "too large, or tied by other rules"))
    end = _run(structure, least, size=size, words=words)
    lists = _up(end)
    of = structure.program.size
    possible = (end.worth[lists] > NEVER // 2)[:, None]
    some, every = (_bools(bits[:, lists], of) & possible for bits in (end.some, end.every))
    return Fates(structure.step, structure.step * total(least), lists, some=some, every=every)


def _least(structure: Structure) -> IntArray:
    """Return what each component spends at least, in steps."""
    none = len(structure.cost) == 0
    return structure.cost if none else np.minimum.reduceat(structure.cost, structure.start[:-1])


@dataclass
class _Lists:
    """By steps spent: the best worth, and who its lists fund."""

    worth: Words  # shape (S,)
    some: Bits  # shape (K, S)
    every: Bits

    @staticmethod
    def empty(size: int, words: int) -> _Lists:
        some, every = (np.zeros((words, size), dtype=np.uint64) for _ in range(2))
        return _Lists(np.full(size, NEVER, dtype=np.int64), some, every)

    def take(self, before: _Lists, cost: int, worth: int, mask: Bits) -> None:
        """Let the lists of another table lead here, too, with a bundle added to them."""
        count = len(self.worth) - cost
        if count <= 0:
            return
        here, ahead = self.worth[cost:], before.worth[:count] + worth
        better, same = ahead > here, ahead == here
        for mine, theirs, join in (
            (self.some, before.some, np.bitwise_or),
            (self.every, before.every, np.bitwise_and),
        ):
            now, then = mine[:, cost:], theirs[:, :count] | mask
            np.copyto(now, join(now, then), where=same)
            np.copyto(now, then, where=better)
        np.maximum(here, ahead, out=here)


def _run(structure: Structure, least: IntArray, size: int, words: int) -> _Lists:
    width = structure.top + 1
    here = [_Lists.empty(size, words) for _ in range(width)]
    here[0].worth[0] = 0
    for c, zone in enumerate(structure.zone.tolist()):
        if c and zone != structure.zone[c - 1]:
            here = [
                _closed(structure, here),
                *(_Lists.empty(size, words) for _ in range(width - 1)),
            ]
        then = [_Lists.empty(size, words) for _ in range(width)]
        for e in range(int(structure.start[c]), int(structure.start[c + 1])):
            cost, worth = int(structure.cost[e]) - int(least[c]), int(structure.worths[0].bundle[e])
            mask = _mask(structure.apps[c][structure.award[e] > 0], words)
            top, add = int(structure.levels[zone]), int(structure.adds[e])
            for level in range(top + 1):
                then[min(top, level + add)].take(here[level], cost, worth, mask)
        here = then
    return _closed(structure, here)


def _closed(structure: Structure, here: list[_Lists]) -> _Lists:
    """Leave a zone, each level with its bonus."""
    bare, *others = here
    nobody = np.zeros((len(bare.some), 1), dtype=np.uint64)
    for level, lists in enumerate(others, start=1):
        bare.take(lists, 0, level * structure.worths[0].bonus, nobody)
    return bare


def _mask(apps: Places, words: int) -> Bits:
    mask = np.zeros((words, 1), dtype=np.uint64)
    for a in apps.tolist():
        mask[a // 64, 0] |= np.uint64(1 << (a % 64))
    return mask


def _up(end: _Lists) -> Places:
    """Let a pool have the lists that spend less; return where each pool's best lists are complete."""
    best = np.maximum.accumulate(end.worth)
    new = end.worth == best
    for before, s in pairwise(np.flatnonzero(new).tolist()):
        if best[before] == best[s]:
            end.some[:, s] |= end.some[:, before]
            end.every[:, s] &= end.every[:, before]
    return np.maximum.accumulate(np.where(new, np.arange(len(best)), 0))


def _bools(bits: Bits, count: int) -> BoolArray:
    """Return shape (S, n) of shape (K, S)."""
    apps = np.arange(count)
    return (bits[apps // 64].T >> (apps % 64).astype(np.uint64) & np.uint64(1)).astype(bool)
