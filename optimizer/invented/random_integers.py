"""Whole numbers at random, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]


class Draws:
    """Whole numbers at random, each list from a stream that its name and the seed fix.

    Parameters
    ----------
    seed
        Seed of the whole round.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def raw(self, name: str, size: int) -> npt.NDArray[np.uint64]:
        """Draw 64 random bits each."""
        stream = np.random.PCG64(np.random.SeedSequence([self.seed, crc32(name.encode())]))
        return np.asarray(stream.random_raw(size), dtype=np.uint64)

    def below(self, name: str, size: int, limit: int | Ints) -> Ints:
        """Draw from 0 to `limit` - 1, evenly."""
        high = self.raw(name, size) >> np.uint64(32)
        return ((high * np.asarray(limit, dtype=np.uint64)) >> np.uint64(32)).astype(np.int64)

    def between(self, name: str, size: int, low: int, high: int) -> Ints:
        """Draw from `low` to `high`, both included."""
        return low + self.below(name, size, high - low + 1)

    def weighted(self, name: str, size: int, weights: Iterable[int]) -> Ints:
        """Draw ordinals, each as often as its whole weight says."""
        edges = np.cumsum(np.fromiter(weights, dtype=np.int64))
        return np.searchsorted(edges, self.below(name, size, int(edges[-1])), side="right")

    def chance(self, name: str, size: int, per_thousand: int) -> Mask:
        """Draw yes or no."""
        return self.below(name, size, 1_000) < per_thousand

    def order(self, name: str, size: int) -> Ints:
        """Draw an order of 0 .. `size` - 1."""
        return np.argsort(self.raw(name, size), kind="stable").astype(np.int64)

    def bell(self, name: str, size: int, deviation: int) -> Ints:
        """Draw from a bell curve about 0: the sum of twelve even draws, in whole numbers."""
        parts = self.raw(name, 3 * size).reshape(size, 3)
        total = np.zeros(size, dtype=np.int64)
        for shift in (0, 16, 32, 48):
            total += ((parts >> np.uint64(shift)) & np.uint64(0xFFFF)).astype(np.int64).sum(axis=1)
        return (total - 12 * 65_535 // 2) * deviation >> 16


def numbered(prefix: str, count: int, width: int) -> list[str]:
    """Return identifiers that count up, zeros in front."""
    width = max(width, len(str(count)))
    return [f"{prefix}{i:0{width}d}" for i in range(1, count + 1)]


def share(count: int, per_thousand: int) -> int:
    """Return so many in a thousand, at least one in a hundred or more."""
    return max(count * per_thousand // 1_000, int(count >= 100))
