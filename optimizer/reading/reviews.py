"""Reading the table of reviews, one column a criterion or one mark a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, Places, exact
from optimizer.language.text import EMPTY, Text
from optimizer.problems.likeness import bare_code, closest, is_it, one_edit
from optimizer.reading.applications import Applications
from optimizer.reading.columns import Typed
from optimizer.reading.findings import BadCell, Findings
from optimizer.reading.look_alikes import check_persons
from optimizer.reading.points import (
    GIVEN,
    MISSING,
    RECUSED,
    check_marks,
    marks_of,
    missing_mark,
    recused_and_marked,
)
from optimizer.reading.raw_table import RawTable
from optimizer.reading.reader import ReadTable, check_unique, read_columns
from optimizer.reading.recused import count_asides
from optimizer.reading.review_doubts import check_means, check_panel, shares
from optimizer.reading.stated_sums import check_sums
from optimizer.reading.totals import only_totals
from optimizer.tables.case_words import column_words
from optimizer.tables.reviews import Reviews
from optimizer.tables.schema import CRITERIA, REVIEWS_LONG, canonical, reviews_table
from optimizer.tables.settings import Review


def read_reviews(
    raw: RawTable, applications: Applications | None, review: Review, findings: Findings
) -> Reviews:
    """Read and check the reviews."""
    long = all(
        any(REVIEWS_LONG.find(h) is REVIEWS_LONG.column(key) for h in raw.header)
        for key in ("criterion", "points")
    )
    criteria = tuple(review.criteria)
    if only_totals(raw, reviews_table(criteria), findings):
        return Reviews.none(criteria)
    read = _read_long if long else _read_wide
    reviews, table = read(raw, applications, review, findings)
    if table.has("reviewer"):
        check_persons(table, "reviewer")
    if applications is not None and table.has("application_id"):
        _check_reviewed(applications, reviews, table, review)
    return reviews.in_order()


def _read_wide(
    raw: RawTable, applications: Applications | None, review: Review, findings: Findings
) -> tuple[Reviews, ReadTable]:
    criteria = tuple(review.criteria)
    table = read_columns(raw, reviews_table(criteria), findings)
    check_unique(table, ("application_id", "reviewer"), "reviewer", _ONE_REVIEW)
    findings.extend(shares(table, ((key, key, table[key].values) for key in criteria), review))
    for key in criteria:
        check_marks(table, key, key, review=review, where=np.ones(len(table), dtype=bool))
    points, state, denominator = marks_of([table[key] for key in criteria])
    _report_mixed(table, criteria, state)
    check_sums(
        table,
        points,
        state,
        denominator=denominator,
        review_of=np.arange(len(table)),
        review=review,
    )
    _recuse_whole(state)
    count_asides(table, state, np.arange(len(table)))
    _report_missing(table, review, state)
    reviewer, reviewers = _reviewers(table["reviewer"])
    read = _as_read(
        points,
        state,
        denominator,
        application=application_rows(table, applications),
        reviewer=reviewer,
        reviewers=reviewers,
        criteria=criteria,
    )
    return read, table


def _read_long(
    raw: RawTable, applications: Applications | None, review: Review, findings: Findings
) -> tuple[Reviews, ReadTable]:
    criteria = tuple(review.criteria)
    table = read_columns(raw, REVIEWS_LONG, findings)
    criterion = _criteria(table, criteria)
    check_unique(table, ("application_id", "reviewer", "criterion"), "criterion", _ONE_MARK)
    for ordinal, key in enumerate(criteria):
        check_marks(table, "points", key, review=review, where=criterion == ordinal)
    findings.extend(shares(table, _values_of_criteria(table, criteria, criterion), review))
    application = application_rows(table, applications)
    reviewer, reviewers = _reviewers(table["reviewer"])
    pair = application * max(len(reviewers), 1) + reviewer
    _, first, review_of = np.unique(pair, return_index=True, return_inverse=True)
    known = criterion >= 0
    place = (review_of[known], criterion[known])
    each, said, denominator = marks_of([table["points"]])
    each, said = each[:, 0], said[:, 0]
    points = np.zeros((len(first), len(criteria)), dtype=each.dtype)
    state = np.full(points.shape, MISSING)
    points[place], state[place] = each[known], said[known]
    check_sums(table, points, state, denominator=denominator, review_of=review_of, review=review)
    mixed = _mixed(state)[review_of] & (said == RECUSED) & known
    for at in np.flatnonzero(mixed).tolist():
        table.report("points", at, recused_and_marked())
    _recuse_whole(state)
    count_asides(table, state, review_of)
    if review.missing == "error":
        unsure = np.bincount(review_of[~known], minlength=len(first)) > 0  # said already
        _report_absent(table, criteria, np.where(unsure[:, None], GIVEN, state), first)
    read = _as_read(
        points,
        state,
        denominator,
        application=application[first],
        reviewer=reviewer[first],
        reviewers=reviewers,
        criteria=criteria,
    )
    return read, table


def _as_read(points: IntArray, state: IntArray, denominator: int, **who: Any) -> Reviews:
    return Reviews(
        points=exact(points),
        given=state == GIVEN,
        recused=(state == RECUSED).all(axis=1),
        denominator=denominator,
        **who,
    )


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
        near = closest(canonical(value, CRITERIA), criteria)
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
                is_it(column_words(near) if near else None),
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
            swapped or applications.known.meant(value) or applications.twice or _ADD_APPLICATION,
        ),
    )


def _reviewers(typed: Typed) -> tuple[Places, tuple[str, ...]]:
    names = sorted({value or "" for value in typed.values})
    rank = {name: ordinal for ordinal, name in enumerate(names)}
    ordinals = np.array([rank[value or ""] for value in typed.values], dtype=np.int64)
    return ordinals[typed.codes], tuple(names)


def _check_reviewed(
    applications: Applications, given: Reviews, table: ReadTable, review: Review
) -> None:
    """Report applications with no reviews or too few, or whose reviewers were all recused.

    Those whose own id is wrong, or whose reviews may stand under a mistyped id, are reported there.
    """
    size = len(applications.frame)
    mine = given.application >= 0
    reviews = np.bincount(given.application[mine], minlength=size)
    usable = np.bincount(given.application[mine & ~given.recused], minlength=size)
    unknown = [v for v in table["application_id"].values if v and v not in applications.rows]
    ids = applications.frame["application_id"]
    for row in np.flatnonzero((usable == 0) & applications.sure).tolist():
        if not _stands_elsewhere(str(ids.iloc[row]), unknown):
            at = int(applications.order[row])
            failure = _ALL_RECUSED if reviews[row] else _NO_REVIEW
            applications.table.report("application_id", at, failure)
    settled = [not (unknown and _stands_elsewhere(own, unknown)) for own in ids]
    sure = applications.sure & (usable > 0) & np.array(settled, dtype=bool)
    check_panel(applications, given.application, review, sure)
    check_means(applications, given, review)


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
