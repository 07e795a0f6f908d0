"""Merit, worked out for one application after another (plan §柒).

A review's total is the sum of its marks. A blank mark means what the policy says; a review that is
recused, or that has no usable mark, does not count. Merit is the mean, the median, or the mean
without the highest and the lowest, of the totals that count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from optimizer.plain.application import Application, Papers
from optimizer.plain.cells import SCALE, Number
from optimizer.plain.severity import effects_of
from optimizer.tables.settings import Review

Marks = Sequence[Number | None]


@dataclass(frozen=True, slots=True)
class Score:
    """What the reviewers made of one application.

    Parameters
    ----------
    merit
        In points; 0 where no review counts.
    counts
        Whether any review counts, or merit was settled elsewhere.
    marks
        By reviewer who is not recused: the marks by criterion, the right way round, as numerators
        over `scale`.
    scale
        What they are over.
    review
        How the policy has marks made into merit.
    """

    merit: Fraction
    counts: bool
    marks: Mapping[str, Marks]
    scale: int
    review: Review


def scores_of(papers: Papers, review: Review) -> list[Score]:
    """Return the score of every application, in their order."""
    if not review.criteria:
        return [
            Score(Fraction(a.merit or 0), True, {}, scale=1, review=review)
            for a in papers.applications
        ]
    scale = lcm(
        SCALE, review.lowest.denominator, *(f.denominator for f in review.criteria.values())
    )
    full = [int(value * scale) for value in review.criteria.values()]
    marks = [
        _marks(a, review, full, factor=scale // SCALE, scale=scale) for a in papers.applications
    ]
    totals = [_totals(by, full, review.missing) for by in marks]
    if review.severity == "additive":
        taken = effects_of(totals, scale)
        totals = [_without(by, taken, scale) for by in totals]
    return [
        Score(
            _aggregate(list(by.values()), review, scale), bool(by), mine, scale=scale, review=review
        )
        for by, mine in zip(totals, marks, strict=True)
    ]


def _marks(
    application: Application, review: Review, full: Sequence[int], factor: int, scale: int
) -> dict[str, Marks]:
    """Return the marks of each reviewer who is not recused; a high mark is a good one."""
    marks: dict[str, Marks] = {
        r.reviewer: r.marks
        if factor == 1
        else [None if mark is None else mark * factor for mark in r.marks]
        for r in application.reviews
        if not r.recused
    }
    if review.direction == "higher_is_better":
        return marks
    lowest = int(review.lowest * scale)
    return {
        reviewer: [
            None if mark is None else best + lowest - mark
            for mark, best in zip(mine, full, strict=True)
        ]
        for reviewer, mine in marks.items()
    }


def _totals(marks: Mapping[str, Marks], full: Sequence[int], missing: str) -> dict[str, Number]:
    """Return the total of each review that counts."""
    found: dict[str, Number] = {}
    means: Marks | None = None
    for reviewer, mine in marks.items():
        if None not in mine:
            found[reviewer] = sum(mine)  # type: ignore[arg-type]
            continue
        if missing == "zero":
            found[reviewer] = sum(mark or 0 for mark in mine)
            continue
        if missing == "criterion_mean":
            means = means or _criterion_means(marks, len(full))
            mine = [mean if mark is None else mark for mark, mean in zip(mine, means, strict=True)]
        of = sum(best for best, mark in zip(full, mine, strict=True) if mark is not None)
        if of:
            got = sum(mark for mark in mine if mark is not None)
            found[reviewer] = Fraction(got) * sum(full) / of
    return found


def _criterion_means(marks: Mapping[str, Marks], criteria: int) -> Marks:
    """Return the mean of the given marks on each criterion; None where there is none."""
    means: list[Number | None] = []
    for at in range(criteria):
        given = [mark for mine in marks.values() if (mark := mine[at]) is not None]
        means.append(Fraction(sum(given)) / len(given) if given else None)
    return means


def _without(
    totals: Mapping[str, Number], hundredths: Mapping[str, int], scale: int
) -> dict[str, Number]:
    """Take each reviewer's severity out of the totals."""
    return {r: total - Fraction(hundredths[r] * scale, 100) for r, total in totals.items()}


def _aggregate(totals: list[Number], review: Review, scale: int) -> Fraction:
    count = len(totals)
    if not count:
        return Fraction(0)
    if review.aggregate == "median":
        ordered = sorted(totals)
        return Fraction(ordered[(count - 1) // 2] + ordered[count // 2], 2 * scale)
    if review.aggregate == "trimmed_mean":
        cut = min(review.trim, (count - 1) // 2)
        totals = sorted(totals)[cut : count - cut]
    return Fraction(sum(totals), len(totals) * scale)
