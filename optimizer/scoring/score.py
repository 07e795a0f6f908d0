"""Scoring: reviewers' marks become one exact merit for each application (plan §柒).

Every mark is an integer over one common denominator, so merit is too: nothing is rounded, and two
applications tie if and only if their exact merits are equal. (Where the policy takes reviewers'
severity out, what is taken out is a published number of hundredths of a point.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from optimizer.clauses import Clause, Finding
from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    Places,
    below,
    exact,
    largest,
    plus,
    share_of,
    sums,
    times,
)
from optimizer.foundation.frozen import Content
from optimizer.foundation.remembered import Remembered
from optimizer.language.text import EMPTY, Text, money
from optimizer.language.words import exact_points, figure, points
from optimizer.policy.policy import Policy
from optimizer.problems.errors import Severity
from optimizer.scoring.marks import criterion_means, reviews_that_count, side_by_side, totals_of
from optimizer.scoring.screening import Remark, Screened, refused_by, screened_without
from optimizer.scoring.severity import Effects, adjusted, fit
from optimizer.tables.records import Records
from optimizer.tables.round import Round
from optimizer.tables.settings import Award, Review


@dataclass(frozen=True, eq=False)
class Scores(Content):
    """The merit of all N applications, and what it was made of.

    Parameters
    ----------
    merit, denominator
        Shape (N,): exact numerators over one denominator; of points.
    totals, present
        Shape (N, R): each review's total (numerators over `totals_denominator`) as it enters
        merit, and whether there is such a review; columns are the application's own reviewers in
        order of name.
    totals_denominator
        Denominator of `totals`.
    reviewer, reviewers
        Shape (N, R): ordinal in `reviewers` of who wrote each review, -1 for none.
    effects
        What was taken out of each reviewer's totals, if the policy asks for it.
    criterion_means, criterion_denominator
        Shape (N, C): mean points on each criterion, over one denominator.
    """

    merit: IntArray
    denominator: int
    totals: IntArray
    present: BoolArray
    totals_denominator: int
    reviewer: Places
    reviewers: tuple[str, ...] = ()
    effects: Effects | None = None
    criterion_means: IntArray | None = None
    criterion_denominator: int = 1


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


def score(screened: Screened, kept: Remembered | None = None) -> Scored:
    """Work out every merit, let the clauses look at it, and settle who is eligible for how much."""
    kept = kept or Remembered()
    return settled(screened, kept.of(score_reviews, screened.records), kept)


def settled(screened: Screened, scores: Scores, kept: Remembered | None = None) -> Scored:
    """Let the clauses look at merits, and settle who is eligible for how much."""
    records, policy, kept = screened.records, screened.policy, kept or Remembered()
    everyone = _round(screened, scores, screened.eligible)
    by_merit = [r for rule in policy.rules for r in kept.of(_said_of_merit, rule, everyone)]
    by_merit += kept.of(_graded, screened.allowed, everyone)
    by_merit += [*kept.of(_unscored, records, scores), *kept.of(_unlinked, scores)]
    eligible = screened.eligible.copy()
    eligible[refused_by(by_merit)] = False
    final = _round(screened, scores, eligible)
    vars(final)["table"] = kept.of(Round.joined, records, final.position)
    return Scored(screened, scores, (*screened.remarks, *by_merit), final)


def scored_without(scored: Scored, rule: Clause, kept: Remembered) -> Scored:
    """Return what was scored as if a rule were not there: marks, and what others find, stay the same."""
    return settled(screened_without(scored.screened, rule, kept), scored.scores, kept)


def _said_of_merit(rule: Clause, round_: Round) -> Iterator[Remark]:
    for finding in rule.screen_merit(round_):
        yield Remark(rule.label, rule.reference, finding)


def score_reviews(records: Records) -> Scores:
    """Aggregate the marks of every application exactly."""
    review = records.settings.review
    if not review.criteria:
        return _given_merit(records)
    reviews, size = reviews_that_count(records), len(records.applications)
    each, usable, denominator = totals_of(reviews, review)
    at = side_by_side(reviews, size)
    totals, present = np.where(at >= 0, each[at], 0), (at >= 0) & usable[at]
    reviewer = np.where(at >= 0, reviews.reviewer[at], -1)
    effects = None
    if review.severity == "additive":
        effects = fit(
            totals, present, reviewer, reviewers=len(reviews.reviewers), denominator=denominator
        )
        totals, denominator = adjusted(
            totals, present, reviewer, effects=effects, denominator=denominator
        )
    merit, common = aggregated(totals, present, review)
    means, per_mean = criterion_means(reviews, review.missing, size)
    return Scores(
        merit,
        common * denominator,
        totals,
        present=present,
        totals_denominator=denominator,
        reviewer=reviewer,
        reviewers=reviews.reviewers,
        effects=effects,
        criterion_means=means,
        criterion_denominator=per_mean,
    )


def _given_merit(records: Records) -> Scores:
    """Take merit that was settled elsewhere."""
    given: list[Fraction] = list(records.applications["merit"])
    denominator = lcm(*(value.denominator for value in given))
    merit = exact([value.numerator * (denominator // value.denominator) for value in given])
    nothing = np.zeros((len(given), 0), dtype=np.int64)
    return Scores(
        merit,
        denominator,
        nothing,
        present=nothing.astype(bool),
        totals_denominator=1,
        reviewer=nothing,
    )


def aggregated(totals: IntArray, present: BoolArray, review: Review) -> tuple[IntArray, int]:
    """Return each application's merit as the policy aggregates totals, and by what it is divided."""
    numerator, parts = _AGGREGATES[review.aggregate](totals, present, review)
    common = lcm(*(int(part) for part in np.unique(parts)))
    return times(numerator, exact([common // int(part) for part in parts])), common


def _mean(totals: IntArray, present: BoolArray, review: Review) -> tuple[IntArray, IntArray]:
    """``sum_r total_r / n``: numerator and divisor."""
    return sums(np.where(present, totals, 0), axis=1), np.maximum(present.sum(axis=1), 1)


def _sorted(totals: IntArray, present: BoolArray) -> tuple[IntArray, Places]:
    """Sort each application's totals, absent ones last; return them and how many there are."""
    if not totals.shape[1]:
        totals, present = (np.zeros((len(totals), 1), dtype=kind) for kind in (np.int64, bool))
    top = exact([largest(totals) + 1])
    return np.sort(np.where(present, totals, top), axis=1), present.sum(axis=1)


def _median(totals: IntArray, present: BoolArray, review: Review) -> tuple[IntArray, IntArray]:
    """Middle total, or half the sum of the two in the middle."""
    ordered, count = _sorted(totals, present)
    some = np.arange(len(ordered))
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    middle = plus(ordered[some, low], ordered[some, high])
    return np.where(count > 0, middle, 0), np.full(len(ordered), 2, dtype=np.int64)


def _trimmed(totals: IntArray, present: BoolArray, review: Review) -> tuple[IntArray, IntArray]:
    """Mean without the `trim` highest and lowest totals, as many as leave one at least."""
    ordered, count = _sorted(totals, present)
    cut = np.minimum(review.trim, np.maximum(count - 1, 0) // 2)
    place = np.arange(ordered.shape[1])[None, :]
    kept = (place >= cut[:, None]) & (place < (count - cut)[:, None])
    return sums(np.where(kept, ordered, 0), axis=1), np.maximum(kept.sum(axis=1), 1)


_AGGREGATES = {"mean": _mean, "median": _median, "trimmed_mean": _trimmed}


def _round(screened: Screened, scores: Scores, eligible: BoolArray) -> Round:
    position = np.flatnonzero(eligible)
    merit, means = scores.merit[position], scores.criterion_means
    least, most = sizes(screened.policy, screened.allowed[position], merit, scores.denominator)
    return Round(
        screened.records,
        position,
        least,
        most=most,
        merit=merit,
        merit_denominator=scores.denominator,
        points=None if means is None else means[position],
        points_denominator=scores.criterion_denominator,
    )


def sizes(
    policy: Policy, allowed: IntArray, merit: IntArray, denominator: int
) -> tuple[IntArray, IntArray]:
    """Return the least and the most NT$ for each application if it is funded, rules included."""
    unit = policy.settings.pool.unit
    least, most = bounds(policy.settings.award, allowed, merit, denominator=denominator, unit=unit)
    smallest = max(rule.smallest_award for rule in policy.rules)
    return np.minimum(np.maximum(least, -(-smallest // unit) * unit), most), most


def _units(amount: IntArray, share: Fraction, unit: int) -> IntArray:
    """Return ``floor(amount * share / unit) * unit``."""
    return times(share_of(amount, share / unit), unit)


def bounds(
    award: Award, allowed: IntArray, merit: IntArray, denominator: int, unit: int
) -> tuple[IntArray, IntArray]:
    """Return the least and the most NT$ for each application if it is funded, by award mode.

    ``full``: what is allowed, down to whole units. ``partial``: from ``least_share`` of what is
    allowed, up to whole units, at least one unit. ``graded``: the share of the merit's grade of what
    is allowed, down to whole units. Shares are taken first, so that nothing is rounded twice.
    """
    whole = _units(allowed, Fraction(1), unit)
    if award.mode == "partial":
        needed = -_units(-allowed, award.least_share, unit)
        return np.minimum(np.maximum(needed, unit), whole), whole
    if award.mode == "graded":
        granted: IntArray = np.zeros(len(allowed), dtype=np.int64)
        for threshold, share in sorted(award.grades):
            short = below(merit, denominator, threshold)
            granted = np.where(short, granted, _units(allowed, share, unit))
        return granted, granted
    return whole, whole


def _graded(allowances: IntArray, round_: Round) -> Iterator[Remark]:
    """Refuse applications whose grade gives nothing; flag those whose share is cut to whole units."""
    award, unit = round_.settings.award, round_.settings.pool.unit
    if award.mode != "graded":
        return
    for a, row in enumerate(round_.position.tolist()):
        merit, allowed, most = round_.merit_of(a), int(allowances[row]), int(round_.most[a])
        at, share = max(
            (grade for grade in award.grades if merit >= grade[0]), default=(merit, None)
        )
        if share is not None and most == allowed * share > 0:
            continue
        said = (
            _NO_GRADE if share is None else _graded_amount(at, share, allowed, most=most, unit=unit)
        )
        severity = Severity.FLAG if most else Severity.REFUSAL
        shown = points(
            merit, min((at for at, _ in award.grades), default=None) if share is None else None
        )
        message = Text(f"審查分數 {shown} 分，{said.zh}", f"merit {shown} reaches {said.en}")
        asked = _least_grade(award.grades, merit) if share is None else EMPTY
        finding = Finding(row, severity, message, expected=asked, column="merit", value=shown)
        yield Remark("award", award.reference, finding)


def _least_grade(grades: Sequence[tuple[Fraction, Fraction]], merit: Fraction) -> Text:
    """Say where the lowest grade begins, and how far it is."""
    least = min((at for at, _ in grades), default=merit)
    asked, gap = exact_points(least), figure(least - merit)
    return Text(f"至少 {asked} 分，尚差 {gap} 分", f"at least {asked} points, {gap} more")


_NO_GRADE = Text("未達任何補助級距", "no grade that gets an award")


def _graded_amount(at: Fraction, share: Fraction, allowed: int, most: int, unit: int) -> Text:
    """Say what a grade gives of an amount, where that is no multiple of the unit."""
    grade, percent = exact_points(at), exact_points(100 * share)
    of = Text(
        f"屬 {grade} 分以上級距，可核金額 {money(allowed)} 元之 {percent}% ",
        f"the grade from {grade} points on: {percent}% of the admissible NT${money(allowed)} is ",
    )
    zh, en = f"以 {money(unit)} 元為單位，計為 {money(most)} 元", f"cut to NT${money(most)}"
    if not most:
        return Text(
            f"{of.zh}不足一個單位（{money(unit)} 元）",
            f"{of.en}less than one unit of NT${money(unit)}",
        )
    return Text(of.zh + zh, f"{of.en}{en}, a multiple of NT${money(unit)}")


def _unscored(records: Records, scores: Scores) -> list[Remark]:
    """Refuse applications without a single usable mark: their merit is unknown."""
    review = records.settings.review
    if not review.criteria:
        return []
    said = Text("沒有可採計的評分", "there is no mark that counts")
    return [
        Remark(
            "review", review.reference, Finding(int(row), Severity.REFUSAL, said, column="merit")
        )
        for row in np.flatnonzero(~scores.present.any(axis=1))
    ]


def _unlinked(scores: Scores) -> list[Remark]:
    """Flag applications whose reviewers no common application links to the main group."""
    if scores.effects is None:
        return []
    group = scores.effects.group[np.maximum(scores.reviewer, 0)]
    apart = (scores.present & (group > 0)).any(axis=1)
    said = Text(
        "審查委員與其他委員無共同審查案件，給分寬嚴僅於該組內比較",
        "its reviewers share no application with the others; severity is compared among them only",
    )
    return [
        Remark("review", "", Finding(int(row), Severity.FLAG, said, column="reviewer"))
        for row in np.flatnonzero(apart)
    ]
