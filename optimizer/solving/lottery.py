"""The draw as a lottery: with what chance each tied application would have been funded.

The draw goes through the applications in one order and keeps, each time, the optima that are best
for the one whose turn it is. Over all orders, each equally likely, the chance is exact: at any
moment the first to matter is equally likely to be any application on which the optima that are
left still differ (random serial dictatorship over a set of outcomes; Bogomolnaia, Moulin 2001, "A
new solution to the random assignment problem", doi 10.1006/jeth.2000.2710).
"""

from __future__ import annotations

import heapq
from collections import Counter
from fractions import Fraction

import numpy as np

from optimizer.foundation.exact import IntArray

MOST_STATES = 20_000


def chances(award: IntArray) -> list[Fraction] | None:
    """Return each application's chance of being funded over all orders of the draw.

    Parameters
    ----------
    award
        Shape (m, v), NT$: what each of v applications gets in each of the m optima before the draw;
        no two optima are the same.

    Returns
    -------
    list of Fraction or None
        Shape (v,); None if there are too many cases to go through.
    """
    weights = _weights(award)
    if weights is None:
        return None
    found = [Fraction(0)] * award.shape[1]
    for place, weight in weights.items():
        for a in np.flatnonzero(award[place]).tolist():
            found[a] += weight
    return found


def _weights(award: IntArray) -> dict[int, Fraction] | None:
    """Return the chance of each optimum: go through the sets that can be left, largest first.

    A set of optima is an integer, bit i of it for optimum i.
    """
    levels = [_levels(column) for column in award.T.tolist()]
    pending, queue = {(1 << len(award)) - 1: Fraction(1)}, [(-len(award), (1 << len(award)) - 1)]
    final: dict[int, Fraction] = {}
    for _ in range(MOST_STATES):
        if not queue:
            return final
        _, left = heapq.heappop(queue)
        weight = pending.pop(left)
        best = [next(left & level for level in column if left & level) for column in levels]
        following = Counter(kept for kept in best if kept != left)
        if not following:
            place = left.bit_length() - 1
            final[place] = final.get(place, Fraction(0)) + weight
        for kept, times in following.items():
            if kept not in pending:
                heapq.heappush(queue, (-kept.bit_count(), kept))
            share = weight * times / following.total()
            pending[kept] = pending.get(kept, Fraction(0)) + share
    return None


def _levels(column: list[int]) -> list[int]:
    """Return the set of optima that give one application each amount, the largest amount first."""
    found: dict[int, int] = {}
    for place, amount in enumerate(column):
        found[amount] = found.get(amount, 0) | 1 << place
    return [found[amount] for amount in sorted(found, reverse=True)]
