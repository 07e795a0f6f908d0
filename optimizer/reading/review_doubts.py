"""Doubts about the reviews as a whole, each of which would change a merit: they are asked, not guessed.

A bureau that has looked and means it so answers in policy.toml (`[review] reviewers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray
from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.problems.errors import Problem, defect
from optimizer.reading.applications import Applications
from optimizer.reading.findings import BadCell
from optimizer.reading.reader import ReadTable
from optimizer.tables.case_words import term
from optimizer.tables.reviews import Reviews
from optimizer.tables.schema import CRITERIA, canonical
from optimizer.tables.settings import Review

_FEW = Fraction(1, 5)  # fewer reviews than most applications have is a doubt for so many of them
_ENOUGH = 5  # applications from which on there is a "most"
_LEAST_FULL = 5  # full marks from which on a whole column between 0 and 1 is a doubt


def check_panel(
    applications: Applications, application: IntArray, review: Review, sure: BoolArray
) -> None:
    """Report applications with fewer reviews than the policy asks for, or than nearly all have.

    Parameters
    ----------
    applications
        All of them.
    application
        Shape (n,): row of the application of each review, -1 for unknown; those with a conflict of
        interest count.
    review
        The policy's table.
    sure
        Shape (N,): applications whose number of reviews is not in doubt for another reason.
    """
    counts = np.bincount(application[application >= 0], minlength=len(applications.frame))
    usual = review.reviewers or _usual(counts)
    for row in np.flatnonzero((counts > 0) & (counts < usual) & sure).tolist():
        failure = _too_few(int(counts[row]), usual, asked=review.reviewers is not None)
        applications.table.report("application_id", int(applications.order[row]), failure)


def _usual(counts: IntArray) -> int:
    """Return how many reviews nearly all applications have, or 0 if there is no such number."""
    reviewed = counts[counts > 0]
    if len(reviewed) < _ENOUGH:
        return 0
    numbers, often = np.unique(reviewed, return_counts=True)
    usual = int(numbers[np.argmax(often)])
    fewer = int((reviewed < usual).sum())
    return usual if fewer * _FEW.denominator <= len(reviewed) * _FEW.numerator else 0


def _too_few(count: int, usual: int, asked: bool) -> BadCell:
    zh, en = ("計畫訂為", "the policy asks for") if asked else ("其他申請多有", "most have")
    how = "review" if count == 1 else "reviews"
    return BadCell(
        "too_few_reviews",
        Text(f"只有 {count} 份評分，{zh} {usual} 份", f"has {count} {how}, where {en} {usual}"),
        hint=Text(
            "請補上缺少的評分列（迴避者填「迴避」）；若確實只有這幾份，請在 policy.toml 的 [review] "
            f"寫 reviewers = {count}。",
            "Add the missing review (“recused” for a conflict of interest); if there are no more, "
            f"write reviewers = {count} under [review] in policy.toml.",
        ),
    )


def shares(
    table: ReadTable, columns: Iterable[tuple[str, str, Iterable[Any]]], review: Review
) -> Iterator[Problem]:
    """Yield the criteria whose marks look like shares of the full mark: 0.85 for 17 of 20.

    Parameters
    ----------
    table
        The reviews.
    columns
        Criterion, the column of its marks, and their different values.
    review
        The policy's table.
    """
    for key, header, values in columns:
        marks = [value for value in values if isinstance(value, Fraction)]
        full = review.criteria[key]
        if full < _LEAST_FULL or not are_shares(marks):
            continue
        part = next(mark for mark in marks if 0 < mark < 1)
        yield defect(
            "shares_of_full_marks",
            Text(
                f"整欄都在 0 與 1 之間，滿分為 {exact_points(full)} 分：登錄的似乎是比例",
                f"is between 0 and 1 throughout, of {exact_points(full)} full marks: these look "
                "like shares",
            ),
            hint=Text(
                f"請改填分數：{exact_points(part)} 應為 {exact_points(part * full)} 分。",
                f"Fill in points: {exact_points(part)} would be {exact_points(part * full)}.",
            ),
            **table.raw.heading(table[header].header),
            value=exact_points(part),
        )


def are_shares(marks: list[Fraction]) -> bool:
    """Return whether different numbers are shares: none above 1, one at least that is not whole."""
    return all(0 <= mark <= 1 for mark in marks) and any(0 < mark < 1 for mark in marks)


def check_means(applications: Applications, reviews: Reviews, review: Review) -> None:
    """Report criteria that nobody marked, where blanks stand for the mean of the other marks."""
    if review.missing != "criterion_mean":
        return
    application, known = reviews.application, reviews.application >= 0
    size, names = len(applications.frame), list(review.criteria)
    reviewed = np.bincount(application[known], minlength=size) > 0
    for ordinal, name in enumerate(names):
        given = known & reviews.given[:, ordinal]
        marked = np.bincount(application[given], minlength=size) > 0
        any_mark = np.bincount(application[known & reviews.given.any(axis=1)], minlength=size)
        for row in np.flatnonzero(reviewed & ~marked & (any_mark > 0)).tolist():
            applications.table.report(
                "application_id", int(applications.order[row]), _unmarked(name)
            )


def _unmarked(name: str) -> BadCell:
    said = term(canonical(name, CRITERIA))
    return BadCell(
        "criterion_without_marks",
        Text(
            f"沒有任何委員評「{said.zh}」，無從以平均補上",
            f"has no mark for {said.en} by any reviewer: there is no mean to stand for it",
        ),
        hint=Text(
            "請補上分數；或將 policy.toml 的 review.missing 改為 rescale（依比例）或 zero（0 分）。",
            "Fill in a mark, or make review.missing in policy.toml rescale or zero.",
        ),
    )
