"""Reading data while a table of the policy is not known: what can be said all the same, no more.

Nothing is said that the right policy, whatever it is, might not give.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from optimizer.foundation.exact import total
from optimizer.problems.errors import Problem
from optimizer.reading.columns import accepted, reader_of
from optimizer.reading.raw_table import RawColumn, RawTable
from optimizer.tables.schema import CRITERIA, REVIEWS_LONG, canonical, reviews_table
from optimizer.tables.settings import Review

_CODES = {
    "plan": {"same_district"},
    "review": {
        *("mark_outside_scale", "percentage", "shares_of_full_marks", "missing_mark"),
        *("recused_and_marked", "all_recused", "criterion_without_marks", "too_few_reviews"),
        *("total_differs", "totals_and_criteria", "a_column_each", "reviews_without_criteria"),
        *("merit_and_criteria", "unnamed_reviews", "recused_aside"),
    },
}
_ANY_FULL = Fraction(10**40)  # no mark is above it
_CRITERIA = tuple(value.key for value in CRITERIA)
_READ = reader_of(REVIEWS_LONG.column("points"))

ANY_REVIEWS = replace(reviews_table(_CRITERIA), required=False)


def depends_on(unknown: Collection[str]) -> Callable[[Problem], bool]:
    """Return what tells whether a problem depends on tables of the policy that are not known."""
    codes = {code for table in unknown for code in _CODES[table]}

    def depends(problem: Problem) -> bool:
        noted = problem.code == "header_note" and "review" in unknown
        return problem.code in codes or (noted and _criterion(problem.column) != "")

    return depends


def own_review(raw: RawTable | None) -> Review:
    """Return a table [review] that takes the reviews as their own headers have them.

    It has no criteria where the reviews hold no marks, but settled scores or what nobody can tell.
    """
    own = _CRITERIA if raw is None else _own_criteria(raw)
    return Review(criteria=dict.fromkeys(own, _ANY_FULL), missing="rescale")


def _own_criteria(raw: RawTable) -> Iterator[str]:
    """Yield the plan's criteria whose cells mostly are marks, or the columns that are marks alone."""
    criterion, points, reviewer = (_column(raw, key) for key in ("criterion", "points", "reviewer"))
    if criterion is not None and points is not None:
        yield from (canonical(text, CRITERIA) for text in criterion.texts if text)
        return
    known = [c for c in raw.columns if _criterion(c.header) and 2 * _marks(c) > _filled(c)]
    if known or reviewer is None:
        yield from (_criterion(column.header) for column in known)
        return
    others = (c for c in raw.columns if ANY_REVIEWS.find(c.header) is None)
    yield from (c.header for c in others if _marks(c) == _filled(c) > 0)


def _column(raw: RawTable, key: str) -> RawColumn | None:
    column = REVIEWS_LONG.column(key)
    return next((c for c in raw.columns if REVIEWS_LONG.find(c.header) is column), None)


def _criterion(header: str) -> str:
    """Return the criterion of the plan that a header means, or nothing."""
    column = ANY_REVIEWS.find(header)
    return column.key if column is not None and column.key in _CRITERIA else ""


def _filled(column: RawColumn) -> int:
    return _rows(column, bool)


def _marks(column: RawColumn) -> int:
    return _rows(column, lambda text: bool(text) and accepted(_READ, text))


def _rows(column: RawColumn, holds: Callable[[str], bool]) -> int:
    """Return how many rows of a column hold a text of a kind."""
    of_text = np.array([holds(text) for text in column.texts], dtype=bool)
    return total(of_text[column.codes])
