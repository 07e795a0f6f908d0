"""Reviewers' marks laid out as one cube of exact integers (plan §柒)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, Places, exact, plus, sums, times, total
from optimizer.tables.records import Records


@dataclass(frozen=True)
class Marks:
    """The marks of N applications, each with up to R reviews of C criteria.

    Reviews of a reviewer who is recused from the application are left out. Marks of a
    low-is-better scale have been turned round: ``full + lowest - mark``.

    Parameters
    ----------
    marks, denominator
        Shape (N, R, C): numerators over one denominator, 0 where not given.
    given
        Shape (N, R, C): whether there is a mark.
    present
        Shape (N, R): whether there is such a review; an application's reviews come first, in
        order of the reviewers' names.
    reviewer, reviewers
        Shape (N, R): ordinal in `reviewers`, -1 where there is no review.
    full
        Shape (C,): full marks, over the same denominator.
    """

    marks: IntArray
    denominator: int
    given: BoolArray
    present: BoolArray
    reviewer: Places
    reviewers: tuple[str, ...]
    full: IntArray


def lay_out_marks(records: Records) -> Marks:
    """Lay the marks out and turn them the right way round."""
    review = records.settings.review
    full = [Fraction(value) for value in review.criteria.values()]
    denominator = lcm(
        records.points_denominator, review.lowest.denominator, *(f.denominator for f in full)
    )
    reviewer, reviewers, at, use = _slots(records)
    shape = (*reviewer.shape, len(full))
    factor = denominator // records.points_denominator
    points = times(exact(records.reviews["points"].to_numpy()[use]), factor)
    marks = np.zeros(shape, dtype=points.dtype)
    given = np.zeros(shape, dtype=bool)
    marks[at] = points
    given[at] = (records.reviews["state"].to_numpy() == "given")[use]
    ceiling = exact([int(value * denominator) for value in full])
    if review.direction == "lower_is_better":
        marks = plus(plus(-marks, ceiling), int(review.lowest * denominator))
    marks = exact(np.where(given, marks, 0))
    return Marks(
        marks,
        denominator,
        given,
        present=reviewer >= 0,
        reviewer=reviewer,
        reviewers=reviewers,
        full=ceiling,
    )


def _slots(
    records: Records,
) -> tuple[Places, tuple[str, ...], tuple[Places, Places, Places], BoolArray]:
    """Give each review of an application a place of its own.

    Returns (N, R) reviewers, their names, where each mark goes in the cube, and which marks do.
    """
    reviews = records.reviews
    application: Places = np.asarray(reviews["application"], dtype=np.int64)
    names = reviews["reviewer"].astype("category").cat
    code: Places = np.asarray(names.codes, dtype=np.int64)
    width = max(len(names.categories), 1)
    pair, first = np.unique(application * width + code, return_inverse=True)
    recused = np.zeros(len(pair), dtype=bool)
    recused[first[(reviews["state"] == "recused").to_numpy(dtype=bool)]] = True
    kept = np.flatnonzero(~recused)
    owner = pair[kept] // width
    slot = np.full(len(pair), -1, dtype=np.int64)
    slot[kept] = np.arange(len(kept)) - np.searchsorted(owner, owner)
    count = len(records.applications)
    reviewer = np.full((count, int(slot.max(initial=-1)) + 1), -1, dtype=np.int64)
    reviewer[owner, slot[kept]] = pair[kept] % width
    use = slot[first] >= 0
    criterion = reviews["criterion"].to_numpy(dtype=np.int64)
    at = (application[use], slot[first][use], criterion[use])
    return reviewer, tuple(str(name) for name in names.categories), at, use


def totals_of(cube: Marks, missing: str) -> tuple[IntArray, BoolArray, int]:
    """Return each review's total, which reviews count, and the totals' denominator.

    Blank marks mean what the policy says. A review without a single usable mark does not count.
    """
    blank = cube.present[:, :, None] & ~cube.given
    if missing == "zero" or not blank.any():
        return sums(cube.marks, axis=2), cube.present, cube.denominator
    marks, given, factor = cube.marks, cube.given, 1
    if missing == "criterion_mean":
        marks, given, factor = _with_means(cube, blank)
    totals, usable, scale = _rescaled(marks, given, cube.full)
    return totals, usable & cube.present, cube.denominator * factor * scale


def _with_means(cube: Marks, blank: BoolArray) -> tuple[IntArray, BoolArray, int]:
    """Fill a blank with the mean of the other reviewers' marks on that criterion.

    It stays blank where nobody has marked it. Numerators are multiplied by the factor returned.
    """
    count = cube.given.sum(axis=1)
    mean, factor = _means(cube.marks, count)
    filled = blank & (count > 0)[:, None, :]
    marks = exact(np.where(filled, mean[:, None, :], times(cube.marks, factor)))
    return marks, cube.given | filled, factor


def _means(marks: IntArray, count: Places) -> tuple[IntArray, int]:
    """Return (N, C) means over `count` reviews, as numerators over the factor returned."""
    factor = lcm(*(int(c) for c in np.unique(count) if c))
    each = exact([factor // max(int(c), 1) for c in count.ravel()]).reshape(count.shape)
    return times(sums(marks, axis=1), each), factor


def _rescaled(marks: IntArray, given: BoolArray, full: IntArray) -> tuple[IntArray, BoolArray, int]:
    """``total * (full marks of all criteria / full marks of those marked)``, over ``scale``."""
    marked = sums(np.where(given, full, 0), axis=2)
    scale = lcm(*(int(m) for m in np.unique(marked) if m))
    whole = total(full)
    each = {int(m): whole * (scale // int(m)) if m else 0 for m in np.unique(marked)}
    factor = exact([each[int(m)] for m in marked.ravel()]).reshape(marked.shape)
    return times(sums(np.where(given, marks, 0), axis=2), factor), marked > 0, scale


def criterion_means(cube: Marks, missing: str) -> tuple[IntArray, int]:
    """Return each application's mean points on each criterion: (N, C) numerators, denominator.

    Over the reviewers who marked it; with ``missing = "zero"`` over all. 0 where nobody did.
    """
    counted = cube.present[:, :, None] if missing == "zero" else cube.given
    count = np.broadcast_to(counted, cube.given.shape).sum(axis=1)
    means, factor = _means(cube.marks, count)
    return means, cube.denominator * factor
