"""Scoring: reviewers' marks become one exact merit for each application (plan §柒).

Every mark is an integer over one common denominator, so merit is too: nothing is rounded, and two
applications tie if and only if their exact merits are equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from optimizer.clauses import Finding
from optimizer.errors import Severity
from optimizer.program import BoolArray, IntArray, exact
from optimizer.records import Records
from optimizer.round import Round
from optimizer.screening import Remark, Screened, refused_by
from optimizer.settings import Award, Review
from optimizer.text import Text
from optimizer.words import points


@dataclass(frozen=True)
class Scores:
    """The merit of all N applications, and what it was made of.

    Parameters
    ----------
    merit, denominator
        Shape (N,): exact numerators over one denominator; of points.
    totals, present
        Shape (N, R): each review's total (numerators over `totals_denominator`), and whether there
        is such a review; columns are the application's own reviewers in order of name.
    totals_denominator
        Denominator of `totals`.
    """

    merit: IntArray
    denominator: int
    totals: IntArray
    present: BoolArray
    totals_denominator: int


@dataclass(frozen=True)
class Scored:
    """A screened and scored case: the round that goes into the program.

    Parameters
    ----------
    screened
        What screening said.
    scores
        The merit of all applications.
    remarks
        All refusals and flags, those that depend on merit included.
    round
        The eligible applications.
    """

    screened: Screened
    scores: Scores
    remarks: tuple[Remark, ...]
    round: Round


def score(screened: Screened) -> Scored:
    """Work out every merit, let the clauses look at it, and settle who is eligible for how much."""
    records, policy = screened.records, screened.policy
    scores = score_reviews(records)
    everyone = _round(screened, scores, screened.eligible)
    by_merit = [
        Remark(rule.label, rule.reference, finding)
        for rule in policy.rules
        for finding in rule.screen_merit(everyone)
    ]
    by_merit += _ungraded(everyone)
    eligible = screened.eligible.copy()
    eligible[refused_by(by_merit)] = False
    final = _round(screened, scores, eligible)
    return Scored(screened, scores, (*screened.remarks, *by_merit), final)


def score_reviews(records: Records) -> Scores:
    """Aggregate the marks of every application exactly."""
    count = len(records.applications)
    if not records.settings.review.criteria:
        given: list[Fraction] = list(records.applications["merit"])
        denominator = lcm(*(value.denominator for value in given)) if given else 1
        merit = exact([value.numerator * (denominator // value.denominator) for value in given])
        nothing = np.zeros((count, 0), dtype=np.int64)
        return Scores(merit, denominator, nothing, nothing.astype(bool), 1)
    totals, present, denominator = review_totals(records)
    numerator, parts = _AGGREGATES[records.settings.review.aggregate](
        totals, present, records.settings.review
    )
    common = lcm(*(int(part) for part in np.unique(parts))) if count else 1
    return Scores(
        exact(numerator.astype(object) * (common // parts.astype(object))),
        common * denominator,
        totals,
        present,
        denominator,
    )


def review_totals(records: Records) -> tuple[IntArray, BoolArray, int]:
    """Return each review's total: (N, R) numerators, (N, R) presence, and their denominator.

    Reviews of a reviewer who is recused are left out. Marks of a low-is-better scale are turned
    round (``full + lowest - mark``), and blank marks mean what the policy says.
    """
    marks, given, present = _mark_cube(records)
    review = records.settings.review
    full = [Fraction(value) for value in review.criteria.values()]
    denominator = lcm(
        records.points_denominator, review.lowest.denominator, *(f.denominator for f in full)
    )
    marks = marks * (denominator // records.points_denominator)
    ceiling = np.array([int(value * denominator) for value in full], dtype=np.int64)
    if review.direction == "lower_is_better":
        marks = np.where(given, ceiling + int(review.lowest * denominator) - marks, 0)
    if not (given | ~present[:, :, None]).all():
        return _fill(marks, given, present, ceiling, denominator, review.missing)
    return marks.sum(axis=2), present, denominator


def _mark_cube(records: Records) -> tuple[IntArray, BoolArray, BoolArray]:
    """Lay the marks out as (N, R, C) with (N, R, C) given and (N, R) present."""
    reviews = records.reviews
    application = reviews["application"].to_numpy(dtype=np.int64)
    criterion = reviews["criterion"].to_numpy(dtype=np.int64)
    reviewer = reviews["reviewer"].astype("category").cat.codes.to_numpy(dtype=np.int64)
    width = int(reviewer.max()) + 1 if len(reviewer) else 1
    state = reviews["state"].to_numpy()
    pair, first = np.unique(application * width + reviewer, return_inverse=True)
    recused = np.zeros(len(pair), dtype=bool)
    recused[first[state == "recused"]] = True
    kept = np.flatnonzero(~recused)
    owner = pair[kept] // width
    starts = np.searchsorted(owner, owner)
    slot = np.full(len(pair), -1, dtype=np.int64)
    slot[kept] = np.arange(len(kept)) - starts
    shape = (
        len(records.applications),
        int(slot.max()) + 1 if len(kept) else 0,
        len(records.settings.review.criteria),
    )
    use = slot[first] >= 0
    at = (application[use], slot[first][use], criterion[use])
    marks = np.zeros(shape, dtype=np.int64)
    given = np.zeros(shape, dtype=bool)
    present = np.zeros(shape[:2], dtype=bool)
    marks[at] = reviews["points"].to_numpy()[use]
    given[at] = (state == "given")[use]
    present[owner, slot[kept]] = True
    return marks, given, present


def _fill(
    marks: IntArray,
    given: BoolArray,
    present: BoolArray,
    ceiling: IntArray,
    denominator: int,
    missing: str,
) -> tuple[IntArray, BoolArray, int]:
    """Give blank marks their meaning; return totals over a denominator that holds them exactly."""
    if missing == "zero":
        return np.where(given, marks, 0).sum(axis=2), present, denominator
    factor = 1
    if missing == "criterion_mean":
        # blank = sum of the others' marks on it / how many there are; left blank if there is none
        count = given.sum(axis=1)
        factor = lcm(*(int(c) for c in np.unique(count) if c)) if count.any() else 1
        mean = marks.sum(axis=1) * (factor // np.maximum(count, 1))
        filled = (~given) & present[:, :, None] & (count > 0)[:, None, :]
        marks = np.where(filled, mean[:, None, :], marks * factor)
        given = given | filled
    # rescale: total * (full marks of all criteria / full marks of those marked)
    marked = np.where(given, ceiling, 0).sum(axis=2)
    present = present & (marked > 0)
    whole = int(ceiling.sum())
    scale = lcm(*(int(m) for m in np.unique(marked) if m)) if marked.any() else 1
    each = np.array(
        [whole * (scale // int(m)) if m else 0 for m in marked.ravel()], dtype=object
    ).reshape(marked.shape)
    totals = np.where(given, marks, 0).sum(axis=2).astype(object) * each
    return exact(totals), present, denominator * factor * scale


def _mean(totals: IntArray, present: BoolArray, review: Review) -> tuple[IntArray, IntArray]:
    """``sum_r total_r / n``: numerator and divisor."""
    return np.where(present, totals, 0).sum(axis=1), np.maximum(present.sum(axis=1), 1)


def _sorted(totals: IntArray, present: BoolArray) -> tuple[IntArray, IntArray]:
    """Sort each application's totals, absent ones last; return them and how many there are."""
    top = (max((int(t) for t in totals.ravel()), default=0)) + 1
    return np.sort(np.where(present, totals, top), axis=1), present.sum(axis=1)


def _median(totals: IntArray, present: BoolArray, review: Review) -> tuple[IntArray, IntArray]:
    """Middle total, or half the sum of the two in the middle."""
    ordered, count = _sorted(totals, present)
    some = np.arange(len(ordered))
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    middle = ordered[some, low] + ordered[some, np.minimum(high, ordered.shape[1] - 1)]
    return middle, np.full(len(ordered), 2, dtype=np.int64)


def _trimmed(totals: IntArray, present: BoolArray, review: Review) -> tuple[IntArray, IntArray]:
    """Mean without the `trim` highest and lowest totals, as many as leave one at least."""
    ordered, count = _sorted(totals, present)
    cut = np.minimum(review.trim, np.maximum(count - 1, 0) // 2)
    place = np.arange(ordered.shape[1])[None, :]
    kept = (place >= cut[:, None]) & (place < (count - cut)[:, None])
    return np.where(kept, ordered, 0).sum(axis=1), np.maximum(kept.sum(axis=1), 1)


_AGGREGATES = {"mean": _mean, "median": _median, "trimmed_mean": _trimmed}


def _round(screened: Screened, scores: Scores, eligible: BoolArray) -> Round:
    position = np.flatnonzero(eligible)
    merit = scores.merit[position]
    unit = screened.records.settings.pool.unit
    least, most = bounds(
        screened.records.settings.award,
        screened.admissible[position],
        merit,
        scores.denominator,
        unit,
    )
    return Round(screened.records, position, least, most, merit, scores.denominator)


def bounds(
    award: Award, admissible: IntArray, merit: IntArray, denominator: int, unit: int
) -> tuple[IntArray, IntArray]:
    """Return the least and the most NT$ for each application if it is funded, by award mode.

    ``full``: the admissible amount. ``partial``: from ``least_share`` of it, up to whole units, at
    least one unit. ``graded``: the share of the merit's grade, down to whole units.
    """
    if award.mode == "partial":
        share = award.least_share
        needed = -(-(admissible * share.numerator) // (share.denominator * unit)) * unit
        return np.minimum(np.maximum(needed, unit), admissible), admissible
    if award.mode == "graded":
        share_of = np.zeros(len(admissible), dtype=np.int64)
        for threshold, share in sorted(award.grades):
            reached = merit * threshold.denominator >= threshold.numerator * denominator
            amount = admissible * share.numerator // (share.denominator * unit) * unit
            share_of = np.where(reached.astype(bool), amount, share_of)
        return share_of, share_of
    return admissible, admissible


def _ungraded(round_: Round) -> list[Remark]:
    """Refuse applications whose grade gives nothing."""
    if round_.settings.award.mode != "graded":
        return []
    return [
        Remark(
            "award",
            "",
            Finding(
                int(round_.position[a]),
                Severity.REFUSAL,
                Text(
                    f"審查分數 {points(round_.merit_of(int(a)))} 未達任何補助級距",
                    f"merit {points(round_.merit_of(int(a)))} reaches no grade that gets an award",
                ),
                column="merit",
                value=points(round_.merit_of(int(a))),
            ),
        )
        for a in np.flatnonzero(round_.most == 0)
    ]
