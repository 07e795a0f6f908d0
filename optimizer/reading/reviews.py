"""Reading the table of reviews, one column a criterion or one mark a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.exact import BoolArray, IntArray, Places
from optimizer.language.text import EMPTY, Text
from optimizer.problems.likeness import bare_code, closest, is_it, one_edit
from optimizer.reading.alikes import check_persons
from optimizer.reading.applications import Applications
from optimizer.reading.columns import Typed, take
from optimizer.reading.findings import BadCell, Findings
from optimizer.reading.panel import check_means, check_panel, shares
from optimizer.reading.points import (
    GIVEN,
    MISSING,
    RECUSED,
    check_marks,
    marks_of,
    missing_mark,
    over_one_denominator,
    recused_and_marked,
)
from optimizer.reading.reader import ReadTable, check_unique, read_columns
from optimizer.reading.recused import count_asides
from optimizer.reading.sums import check_sums
from optimizer.reading.tables import RawTable
from optimizer.reading.totals import only_totals
from optimizer.tables.schema import CRITERIA, REVIEWS_LONG, canonical, column_words, reviews_table
from optimizer.tables.settings import Review

_STATES = ["given", "missing", "recused"]


@dataclass(frozen=True)
class Marks:
    """All marks of a case as matrices: a review a row, a criterion a column.

    Parameters
    ----------
    application
        Shape (n,): row in the table of applications, -1 where unknown.
    reviewer
        Shape (n,): ordinal in `reviewers`.
    reviewers
        The reviewers, sorted.
    numerator, decimals
        Shape (n, C): the mark is ``numerator / 10**decimals``.
    state
        Shape (n, C): `GIVEN`, `MISSING` or `RECUSED`.
    """

    application: Places
    reviewer: Places
    reviewers: list[str]
    numerator: IntArray
    decimals: Places
    state: IntArray


def read_reviews(
    raw: RawTable, applications: Applications | None, review: Review, findings: Findings
) -> tuple[pd.DataFrame, int]:
    """Read and check the reviews.

    Returns
    -------
    The table of `Records`, a mark a row, and the common denominator of all points.
    """
    long = all(
        any(REVIEWS_LONG.find(h) is REVIEWS_LONG.column(key) for h in raw.header)
        for key in ("criterion", "points")
    )
    criteria = tuple(review.criteria)
    if only_totals(raw, reviews_table(criteria), findings):
        return empty_reviews(), 1
    read = _read_long if long else _read_wide
    marks, table = read(raw, applications, review, findings)
    if table.has("reviewer"):
        check_persons(table, "reviewer")
    if applications is not None and table.has("application_id"):
        _check_reviewed(applications, marks, table, review)
    return _frame(marks, len(criteria))


def empty_reviews() -> pd.DataFrame:
    """Return the reviews of a case that has none, as its merit is settled elsewhere."""
    none = np.zeros(0, dtype=np.int64)
    nothing = np.zeros((0, 0), dtype=np.int64)
    return _frame(Marks(none, none, [], nothing, nothing, nothing), 0)[0]


def _read_wide(
    raw: RawTable, applications: Applications | None, review: Review, findings: Findings
) -> tuple[Marks, ReadTable]:
    criteria = tuple(review.criteria)
    table = read_columns(raw, reviews_table(criteria), findings)
    check_unique(table, ("application_id", "reviewer"), "reviewer", _ONE_REVIEW)
    findings.extend(shares(table, ((key, key, table[key].values) for key in criteria), review))
    columns = [_points(table, key, review) for key in criteria]
    numerator, decimals, state = (
        np.column_stack(part) if len(table) else np.zeros((0, len(criteria)), dtype=np.int64)
        for part in zip(*columns, strict=True)
    )
    _report_mixed(table, criteria, state)
    check_sums(table, (numerator, decimals, state), np.arange(len(table)), review)
    _recuse_whole(state)
    count_asides(table, state, np.arange(len(table)))
    _report_missing(table, review, state)
    reviewer, reviewers = _reviewers(table["reviewer"])
    application = application_rows(table, applications)
    return Marks(application, reviewer, reviewers, numerator, decimals, state), table


def _read_long(
    raw: RawTable, applications: Applications | None, review: Review, findings: Findings
) -> tuple[Marks, ReadTable]:
    criteria = tuple(review.criteria)
    table = read_columns(raw, REVIEWS_LONG, findings)
    criterion = _criteria(table, criteria)
    check_unique(table, ("application_id", "reviewer", "criterion"), "criterion", _ONE_MARK)
    numerator, decimals, state = marks_of(table["points"])
    for ordinal, key in enumerate(criteria):
        check_marks(table, "points", key, review, criterion == ordinal)
    findings.extend(shares(table, _values_of_criteria(table, criteria, criterion), review))
    application = application_rows(table, applications)
    reviewer, reviewers = _reviewers(table["reviewer"])
    pair = application * max(len(reviewers), 1) + reviewer
    _, first, review_of = np.unique(pair, return_index=True, return_inverse=True)
    known = criterion >= 0
    place = (review_of[known], criterion[known])
    parts = (numerator, decimals, state)
    wide = [np.zeros((len(first), len(criteria)), dtype=part.dtype) for part in parts]
    wide[2][:] = MISSING
    for matrix, values in zip(wide, parts, strict=True):
        matrix[place] = values[known]
    check_sums(table, wide, review_of, review)
    mixed = _mixed(wide[2])[review_of] & (state == RECUSED) & known
    for at in np.flatnonzero(mixed).tolist():
        table.report("points", at, recused_and_marked())
    _recuse_whole(wide[2])
    count_asides(table, wide[2], review_of)
    if review.missing == "error":
        unsure = np.bincount(review_of[~known], minlength=len(first)) > 0  # said already
        _report_absent(table, criteria, np.where(unsure[:, None], GIVEN, wide[2]), first)
    return Marks(application[first], reviewer[first], reviewers, *wide), table


def _values_of_criteria(
    table: ReadTable, criteria: Sequence[str], criterion: IntArray
) -> Iterator[tuple[str, str, list[Any]]]:
    """Yield each criterion of a long table with the different values of its marks."""
    typed = table["points"]
    for ordinal, key in enumerate(criteria):
        codes = np.unique(typed.codes[criterion == ordinal])
        yield key, "points", [typed.values[code] for code in codes.tolist()]


def _criteria(table: ReadTable, criteria: Sequence[str]) -> IntArray:
    """Return the ordinal of each row's criterion, -1 and a problem where the policy has none."""
    typed = table["criterion"]
    ordinals = {key: ordinal for ordinal, key in enumerate(criteria)}
    of_value = np.array([ordinals.get(value or "", -1) for value in typed.values], dtype=np.int64)
    unknown = (of_value < 0) & np.array([value is not None for value in typed.values], dtype=bool)
    for at in np.flatnonzero(unknown[typed.codes]).tolist():
        value = typed.value_at(at)
        table.report(
            "criterion",
            at,
            BadCell(
                "unknown_value",
                Text("不是計畫的審查項目", "is not a criterion of the policy"),
                Text(
                    f"應為 {'、'.join(column_words(key).zh for key in criteria)} 之一。",
                    f"One of {', '.join(criteria)} was expected.",
                ),
                is_it(closest(canonical(value, CRITERIA), criteria)),
            ),
        )
    return of_value[typed.codes]


def _mixed(state: IntArray) -> BoolArray:
    """Return which reviews are recused in one cell and marked in another."""
    mixed: BoolArray = (state == RECUSED).any(axis=1) & (state == GIVEN).any(axis=1)
    return mixed


def _recuse_whole(state: IntArray) -> None:
    """Recuse reviews as a whole; one that holds marks, too, is asked about, and counts till then."""
    state[_mixed(state)] = GIVEN
    state[(state == RECUSED).any(axis=1)] = RECUSED


def _report_mixed(table: ReadTable, criteria: Sequence[str], state: IntArray) -> None:
    for at in np.flatnonzero(_mixed(state)).tolist():
        first = int(np.argmax(state[at] == RECUSED))
        table.report(criteria[first], at, recused_and_marked())


def _points(table: ReadTable, key: str, review: Review) -> tuple[IntArray, IntArray, IntArray]:
    check_marks(table, key, key, review, np.ones(len(table), dtype=bool))
    return marks_of(table[key])


def _report_missing(table: ReadTable, review: Review, state: IntArray) -> None:
    if review.missing != "error":
        return
    for ordinal, key in enumerate(review.criteria):
        if table.has(key):
            for at in np.flatnonzero(state[:, ordinal] == MISSING).tolist():
                table.report(key, at, missing_mark())


def _report_absent(
    table: ReadTable, criteria: Sequence[str], state: IntArray, first: IntArray
) -> None:
    """Report the marks that a long table leaves out, or leaves blank."""
    for review, ordinal in np.argwhere(state == MISSING).tolist():
        failure = missing_mark()
        key = criteria[ordinal]
        table.report(
            "points",
            int(first[review]),
            BadCell(
                failure.code,
                Text(
                    f"缺少「{column_words(key).zh}」的分數",
                    f"belongs to a review without a mark for {key}",
                ),
                failure.expected,
                failure.hint,
            ),
        )


def application_rows(table: ReadTable, applications: Applications | None) -> Places:
    """Return the row of each line's application, -1 and a problem where there is none."""
    typed = table["application_id"]
    known: Mapping[str, int] = {} if applications is None else applications.rows
    rows = np.array([known.get(value or "", -1) for value in typed.values], dtype=np.int64)
    if applications is not None:
        unknown = (rows < 0) & np.array([value is not None for value in typed.values], dtype=bool)
        swapped = table.elsewhere("application_id", known.__contains__) if unknown.any() else EMPTY
        for at in np.flatnonzero(unknown[typed.codes]).tolist():
            _report_unknown(table, at, applications, swapped)
    return rows[typed.codes]


_ADD_APPLICATION = Text(
    "請先將這件申請加入申請資料；若編號有誤，請改正。",
    "Add this application to the table of applications first; if the number is wrong, mend it.",
)


def _report_unknown(table: ReadTable, at: int, applications: Applications, swapped: Text) -> None:
    value = table["application_id"].value_at(at)
    table.report(
        "application_id",
        at,
        applications.known.twin(value)
        or BadCell(
            "unknown_application",
            Text("申請資料中沒有這個編號", "is not in the table of applications"),
            Text("應為申請資料中的編號。", "A number of an application there was expected."),
            swapped or applications.known.meant(value) or _ADD_APPLICATION,
        ),
    )


def _reviewers(typed: Typed) -> tuple[Places, list[str]]:
    names = sorted({value or "" for value in typed.values})
    rank = {name: ordinal for ordinal, name in enumerate(names)}
    return np.array([rank[value or ""] for value in typed.values], dtype=np.int64)[
        typed.codes
    ], names


def _check_reviewed(
    applications: Applications, marks: Marks, table: ReadTable, review: Review
) -> None:
    """Report applications with no reviews or too few, or whose reviewers were all recused.

    Those whose own id is wrong, or whose reviews may stand under a mistyped id, are reported there.
    """
    size = len(applications.frame)
    mine = marks.application >= 0
    reviews = np.bincount(marks.application[mine], minlength=size)
    recused = (marks.state == RECUSED).all(axis=1)
    usable = np.bincount(marks.application[mine & ~recused], minlength=size)
    unknown = [v for v in table["application_id"].values if v and v not in applications.rows]
    ids = applications.frame["application_id"]
    for row in np.flatnonzero((usable == 0) & applications.sure).tolist():
        if not _stands_elsewhere(str(ids.iloc[row]), unknown):
            at = int(applications.order[row])
            failure = _ALL_RECUSED if reviews[row] else _NO_REVIEW
            applications.table.report("application_id", at, failure)
    settled = [not (unknown and _stands_elsewhere(own, unknown)) for own in ids]
    sure = applications.sure & (usable > 0) & np.array(settled, dtype=bool)
    check_panel(applications, marks.application, review, sure)
    check_means(applications, marks.application, marks.state, review)


def _stands_elsewhere(application_id: str, unknown: Sequence[str]) -> bool:
    """Return whether reviews of an application may stand under an id that nothing has."""
    if len(unknown) > _MANY:
        return True  # the two tables number applications in two ways
    own = bare_code(application_id)
    return any(bare_code(other) == own or one_edit(application_id, other) for other in unknown)


_MANY = 200
_ONE_REVIEW = Text(
    "同一委員對同一申請只能有一份評分。", "One review of an application by a reviewer was expected."
)
_ONE_MARK = Text(
    "同一委員對同一申請的同一審查項目只能有一個分數。",
    "One mark for a criterion of an application by a reviewer was expected.",
)
_NO_REVIEW = BadCell(
    "no_review",
    Text("沒有任何評分", "has no review"),
    Text("每件申請至少應有一份評分。", "At least one review was expected."),
)
_ALL_RECUSED = BadCell(
    "all_recused",
    Text("委員全部迴避", "has only reviewers with a conflict of interest"),
    Text("至少應有一位委員評分。", "At least one reviewer's marks were expected."),
)


def _frame(marks: Marks, criteria: int) -> tuple[pd.DataFrame, int]:
    """Return one row a mark, in the order of application, reviewer and criterion."""
    order = np.lexsort((marks.reviewer, marks.application))
    points, denominator = over_one_denominator(marks.numerator, marks.decimals)
    state = marks.state[order].ravel()
    frame = pd.DataFrame(
        {
            "application": np.repeat(marks.application[order], criteria),
            "reviewer": take(marks.reviewers, np.repeat(marks.reviewer[order], criteria)),
            "criterion": np.tile(np.arange(criteria), len(order)),
            "points": np.where(state == GIVEN, points[order].ravel(), 0),
            "state": take(_STATES, state),
        }
    )
    return frame, denominator
