"""A total beside the marks of a review: it decides nothing, but it must be their sum."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, sums
from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.reading import cells
from optimizer.reading.cells import Percent
from optimizer.reading.columns import Typed, report_cell
from optimizer.reading.findings import BadCell
from optimizer.reading.points import GIVEN, MISSING
from optimizer.reading.reader import ReadTable
from optimizer.tables.schema import STATED_TOTAL
from optimizer.tables.settings import Review


def check_sums(
    table: ReadTable,
    points: IntArray,
    state: IntArray,
    denominator: int,
    review_of: IntArray,
    review: Review,
) -> None:
    """Report every row whose stated total is not the sum of the marks of its review.

    Parameters
    ----------
    table
        The reviews, in either form.
    points, state, denominator
        Shape (n, C): what was read of every mark.
    review_of
        Shape (n,): the review that each row of the table belongs to.
    review
        The policy's table: a review with blanks has a sum where these are 0 points.
    """
    stated = [typed for typed in table.extra if STATED_TOTAL.find(typed.header)]
    if not stated:
        return
    totals = sums(points, axis=1)
    known = _complete(state, review) & ~_unread(table, review_of, len(totals))
    for typed in stated:
        for at, said in _said(typed):
            one = int(review_of[at])
            total = Fraction(int(totals[one]), denominator)
            if known[one] and said != total:
                failure = _differs(said, total)
                report_cell(table.raw, typed, at, failure=failure, findings=table.findings)


def _complete(state: IntArray, review: Review) -> BoolArray:
    """Return which reviews have a sum: every mark is given, or a blank is 0 points."""
    filled = (state == GIVEN) | ((state == MISSING) & (review.missing == "zero"))
    complete: BoolArray = filled.all(axis=1)
    return complete


def _unread(table: ReadTable, review_of: IntArray, size: int) -> BoolArray:
    """Return which reviews hold a mark that could not be read, which is said already."""
    unread = np.zeros(size, dtype=bool)
    for typed in table.typed.values():
        asked = [isinstance(value, Percent) for value in typed.values]
        unread[review_of[(typed.bad | asked)[typed.codes]]] = True
    return unread


def _said(typed: Typed) -> Iterator[tuple[int, Fraction]]:
    """Yield the rows of a column of totals that state a number."""
    numbers = [_number(text) for text in typed.texts]
    for at, code in enumerate(typed.codes.tolist()):
        if (said := numbers[code]) is not None:
            yield at, said


def _number(text: str) -> Fraction | None:
    try:
        return cells.number(text, cells.POINTS)
    except BadCell:
        return None


def _differs(said: Fraction, total: Fraction) -> BadCell:
    stated, total_ = exact_points(said), exact_points(total)
    return BadCell(
        "total_differs",
        Text(
            f"總分寫 {stated}，但各項分數合計為 {total_}",
            f"states a total of {stated}, but the marks add up to {total_}",
        ),
        Text(f"應為 {total_}，或某項分數有誤。", f"{total_}, or another mark, was expected."),
        Text(
            "請查對評分表，改正分數或總分；若此欄不是各項分數的合計，請刪除此欄。",
            "Look at the reviewer's form, and mend the mark or the total; if the column is not the "
            "sum of the marks, delete the column.",
        ),
    )
