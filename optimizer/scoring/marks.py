"""Reviewers' marks, from what each review says to its total (plan §柒)."""

from __future__ import annotations

from dataclasses import replace
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
    total,
)
from optimizer.tables.records import Records
from optimizer.tables.reviews import Reviews
from optimizer.tables.settings import Review


def reviews_that_count(records: Records) -> Reviews:
    """Return the reviews without those of reviewers who are recused, a high mark being a good one.

    Marks of a low-is-better scale are turned round: ``full + lowest - mark``. Full marks are whole
    numbers over the denominator, too.
    """
    review = records.settings.review
    reviews = records.reviews.taken(~records.reviews.recused)
    full = [Fraction(value) for value in review.criteria.values()]
    scales = (review.lowest.denominator, *(value.denominator for value in full))
    denominator = lcm(reviews.denominator, *scales)
    points = times(reviews.points, denominator // reviews.denominator)
    if review.direction == "lower_is_better":
        points = plus(
            -points, exact([int((value + review.lowest) * denominator) for value in full])
        )
    points = exact(np.where(reviews.given, points, 0))
    return replace(reviews, points=points, denominator=denominator)


def totals_of(reviews: Reviews, review: Review) -> tuple[IntArray, BoolArray, int]:
    """Return each review's total, which reviews count, and the totals' denominator.

    Blank marks mean what the policy says. A review without a single usable mark does not count.
    """
    points, given, denominator = reviews.points, reviews.given, reviews.denominator
    if review.missing == "zero" or given.all():
        return sums(points, axis=1), np.ones(len(reviews), dtype=bool), denominator
    factor = 1
    if review.missing == "criterion_mean":
        points, given, factor = _with_means(reviews)
    full = exact([int(value * denominator) for value in review.criteria.values()])
    totals, usable, scale = _rescaled(points, given, full)
    return totals, usable, denominator * factor * scale


def _with_means(reviews: Reviews) -> tuple[IntArray, BoolArray, int]:
    """Fill a blank with the mean of the other reviewers' marks on that criterion.

    It stays blank where nobody has marked it. Numerators are multiplied by the factor returned.
    """
    application = reviews.application
    size = int(application.max(initial=-1)) + 1
    marked = _by_application(reviews.given, application, size)
    mean, factor = _means(reviews, marked)
    given = reviews.given | (marked > 0)[application]
    points = times(reviews.points, factor)
    return exact(np.where(reviews.given, points, mean[application])), given, factor


def _means(reviews: Reviews, count: IntArray) -> tuple[IntArray, int]:
    """Return (N, C) means over `count` reviews, as numerators over the factor returned."""
    factor = lcm(*(int(c) for c in np.unique(count) if c))
    each = exact([factor // max(int(c), 1) for c in count.ravel()]).reshape(count.shape)
    return times(_by_application(reviews.points, reviews.application, len(count)), each), factor


def _by_application(values: IntArray | BoolArray, application: Places, size: int) -> IntArray:
    """Add up the values of each application's reviews: shape (N, C)."""
    return exact(np.column_stack([grouped(column, application, size) for column in values.T]))


def _rescaled(
    points: IntArray, given: BoolArray, full: IntArray
) -> tuple[IntArray, BoolArray, int]:
    """``total * (full marks of all criteria / full marks of those marked)``, over ``scale``."""
    marked = sums(np.where(given, full, 0), axis=1)
    scale = lcm(*(int(m) for m in np.unique(marked) if m))
    whole = total(full)
    factor = exact([whole * (scale // int(m)) if m else 0 for m in marked])
    return times(sums(np.where(given, points, 0), axis=1), factor), marked > 0, scale


def criterion_means(reviews: Reviews, missing: str, size: int) -> tuple[IntArray, int]:
    """Return each application's mean points on each criterion: (N, C) numerators, denominator.

    Over the reviewers who marked it; with ``missing = "zero"`` over all. 0 where nobody did.
    """
    counted = reviews.given | (missing == "zero")
    means, factor = _means(reviews, _by_application(counted, reviews.application, size))
    return means, reviews.denominator * factor


def side_by_side(reviews: Reviews, size: int) -> Places:
    """Return which review stands at each of an application's places: shape (N, R), -1 for none.

    Those that there are come first, in the order of the reviewers' names.
    """
    application = reviews.application
    place = np.arange(len(reviews)) - np.searchsorted(application, application)
    found = np.full((size, int(place.max(initial=-1)) + 1), -1, dtype=np.int64)
    found[application, place] = np.arange(len(reviews))
    return found
