"""The draw as a lottery: with what chance each tied application would have been funded.

The draw goes through the applications in one order and keeps, each time, the optima that are best
for the one whose turn it is. Over all orders, each equally likely, the chance is exact: at any
moment the first to matter is equally likely to be any application on which the optima that are
left still differ (random serial dictatorship over a set of outcomes; Bogomolnaia, Moulin 2001, "A
new solution to the random assignment problem", doi 10.1006/jeth.2000.2710).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from optimizer.program import Decision, IntArray

MOST_STATES = 20_000


def chances(optima: Sequence[Decision]) -> tuple[Fraction, ...] | None:
    """Return each application's chance of being funded over all orders of the draw.

    Parameters
    ----------
    optima
        Every optimum before the draw.

    Returns
    -------
    tuple of Fraction or None
        Shape (n,); None if there are too many cases to go through.
    """
    award = np.array([decision.award for decision in optima], dtype=np.int64)
    differing = award[:, (award != award[0]).any(axis=0)]
    weights = _weights(differing)
    if weights is None:
        return None
    funded = [np.flatnonzero(decision.fund) for decision in optima]
    found = [Fraction(0)] * award.shape[1]
    for place, weight in weights.items():
        for a in funded[place]:
            found[int(a)] += weight
    return tuple(found)


def _weights(award: IntArray) -> dict[int, Fraction] | None:
    """Return the chance of each optimum: go through the sets that can be left, largest first."""
    pending = {tuple(range(len(award))): Fraction(1)}
    final: dict[int, Fraction] = {}
    for _ in range(MOST_STATES):
        if not pending:
            return final
        left = max(pending, key=lambda places: (len(places), places))
        weight = pending.pop(left)
        here = award[list(left)]
        open_ = np.flatnonzero((here != here[0]).any(axis=0))
        if not len(open_):
            final[left[0]] = final.get(left[0], Fraction(0)) + weight
            continue
        for a in open_:
            best = here[:, a] == here[:, a].max()
            following = tuple(place for place, keep in zip(left, best, strict=True) if keep)
            pending[following] = pending.get(following, Fraction(0)) + weight / len(open_)
    return None
