"""Reviewers' severity: how much higher or lower each one marks, taken out of the totals.

The additive model of Raymond and Viswesvaran (1993), their ordinary least squares: a review's
total is what the application deserves plus what is the reviewer's own,

    ``total_ar = merit_a + effect_r + error_ar``,

fitted by least squares over all reviews. See M. R. Raymond and C. Viswesvaran, "Least Squares
Models to Correct for Rater Effects in Performance Assessment", Journal of Educational
Measurement 30(3), 1993, 253-268, https://doi.org/10.1111/j.1745-3984.1993.tb00426.x; and for how
well it does with few reviews, W. M. Houston, M. R. Raymond and J. C. Svec, Applied Psychological
Measurement 15(4), 1991, 409-421, https://doi.org/10.1177/014662169101500411.

Effects can only be compared among reviewers whom common applications link. Each linked group is
fitted by itself, and its effects, weighted by the number of reviews, add up to zero, so that the
group's mean stays what it was. The fit is exact; each effect is then rounded to a hundredth of a
point, is published so, and is what is subtracted.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    Places,
    exact,
    grouped,
    plus,
    sums,
    times,
)
from optimizer.foundation.frozen import Content

RESOLUTION = 100  # effects are rounded to whole hundredths of a point


@dataclass(frozen=True, eq=False)
class Effects(Content):
    """What is each reviewer's own.

    Parameters
    ----------
    hundredths
        Shape (reviewers,): points above (lenient) or below (severe) what others give.
    group
        Shape (reviewers,): the linked group of each, 0 being the one with most reviews.
    """

    hundredths: IntArray
    group: Places


def fit(
    totals: IntArray, present: BoolArray, reviewer: Places, reviewers: int, denominator: int
) -> Effects:
    """Fit the additive model to (N, R) totals, exactly.

    Without the merits the normal equations are, for each reviewer r,
    ``sum_{a of r} (effect_r - mean_{s of a} effect_s) = sum_{a of r} (total_ar - mean_a total)``.
    """
    matrix, right, reviews = _normal_equations(totals, present, reviewer, reviewers)
    group = linked(present, reviewer, reviewers)
    hundredths = [0] * reviewers
    for number in range(int(group.max(initial=-1)) + 1):
        inside = np.flatnonzero((group == number) & (reviews > 0).astype(bool))
        if not len(inside):
            continue  # someone who is recused everywhere
        part, rhs = (x.astype(object) for x in (matrix[np.ix_(inside, inside)], right[inside]))
        part[-1], rhs[-1] = reviews[inside], 0  # sum_r reviews_r * effect_r = 0
        for place, effect in zip(inside, _solve(part, rhs), strict=True):
            hundredths[place] = round(effect * RESOLUTION / denominator)
    return Effects(exact(hundredths), group)


def _normal_equations(
    totals: IntArray, present: BoolArray, reviewer: Places, reviewers: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Return matrix and right-hand side, in integers, and the reviews of each reviewer."""
    count = present.sum(axis=1)
    common = lcm(*(int(c) for c in np.unique(count) if c))
    weight = exact([common // max(int(c), 1) for c in count])
    all_of = sums(np.where(present, totals, 0), axis=1)
    owner, slot = np.nonzero(present)
    mine = reviewer[owner, slot]
    away = plus(times(totals[owner, slot], common), times(weight[owner], -all_of[owner]))
    right = grouped(away, mine, reviewers)
    reviews = grouped(np.ones(len(mine), dtype=np.int64), mine, reviewers)
    matrix = np.diag(times(reviews, common)).astype(object)
    for i in range(present.shape[1]):
        for j in range(present.shape[1]):
            both = np.flatnonzero(present[:, i] & present[:, j])
            cell = reviewer[both, i] * reviewers + reviewer[both, j]
            shared = grouped(-weight[both], cell, reviewers**2)
            matrix = plus(matrix, shared.reshape(matrix.shape))
    return matrix, right, reviews


def linked(present: BoolArray, reviewer: Places, reviewers: int) -> Places:
    """Give reviewers whom common applications link the same number; most reviews first."""
    together = np.eye(reviewers, dtype=bool)
    for i in range(present.shape[1]):
        for j in range(present.shape[1]):
            both = present[:, i] & present[:, j]
            together[reviewer[both, i], reviewer[both, j]] = True
    group = np.full(reviewers, -1, dtype=np.int64)
    for start in range(reviewers):
        if group[start] < 0:
            group[_reached(together, start)] = start
    reviews = np.bincount(reviewer[present], minlength=reviewers)
    size = {int(g): int(reviews[group == g].sum()) for g in np.unique(group)}
    rank = {g: n for n, g in enumerate(sorted(size, key=lambda g: (-size[g], g)))}
    return np.array([rank[int(g)] for g in group], dtype=np.int64)


def _reached(together: BoolArray, start: int) -> BoolArray:
    """Return everyone who can be reached from one reviewer."""
    reached: BoolArray = together[start]
    while True:
        further: BoolArray = np.logical_or.reduce(together[reached], axis=0)
        if (further == reached).all():
            return reached
        reached = further


def _solve(matrix: IntArray, right: IntArray) -> list[Fraction]:
    """Solve a regular system of integers exactly: Bareiss elimination, all divisions exact."""
    rows = np.column_stack([matrix, right]).astype(object)  # Python's integers: nothing wraps
    size, previous = len(rows), 1
    for k in range(size):
        pivot = k + int(np.flatnonzero(rows[k:, k] != 0)[0])
        rows[[k, pivot]] = rows[[pivot, k]]
        below, lead = rows[k + 1 :, k:], rows[k, k]
        below[:] = (below * lead - below[:, :1] * rows[k, k:]) // previous
        previous = lead
    found = [Fraction(0)] * size
    for k in reversed(range(size)):
        known = sum((int(rows[k, j]) * found[j] for j in range(k + 1, size)), Fraction(0))
        found[k] = (int(rows[k, size]) - known) / int(rows[k, k])
    return found


def adjusted(
    totals: IntArray, present: BoolArray, reviewer: Places, effects: Effects, denominator: int
) -> tuple[IntArray, int]:
    """Return ``total_ar - effect_r`` and its denominator."""
    common = lcm(denominator, RESOLUTION)
    mine = times(effects.hundredths, common // RESOLUTION)[np.maximum(reviewer, 0)]
    scaled = plus(times(totals, common // denominator), -mine)
    return exact(np.where(present, scaled, 0)), common
