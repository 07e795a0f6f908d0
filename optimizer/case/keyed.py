"""Records by their keys: in order, told apart, and tied together by codes instead of positions.

Tables that were read are so already. Those that were made or changed in memory are put in order, so
that only what they say counts; what cannot be told apart, or belongs to nothing, is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.exact import Places
from optimizer.language.text import EMPTY, Text
from optimizer.language.words import how_many
from optimizer.problems.errors import CaseError, Problem, defect
from optimizer.tables.records import Records
from optimizer.tables.reviews import Reviews

SCHOOL = ("school_id", "level")
_DETAILS = ("budget_lines", "meetings")


def keyed(records: Records) -> Records:
    """Return records in the order of their keys, every application tied to its school by code.

    Raises
    ------
    CaseError
        With every code that stands twice, and every application that belongs to no school.
    """
    schools, applications = records.schools, records.applications
    ids, codes = applications["application_id"].tolist(), _codes(schools)
    reviews = records.reviews.in_order()
    _refuse(
        [
            *_double(ids, "applications", "application_id"),
            *_double(codes, "schools", SCHOOL[0]),
            *_double(_written_by(reviews, ids), "reviews", "reviewer"),
        ]
    )
    _refuse([*_without_school(applications, set(codes))])
    parts: dict[str, Any] = {} if reviews is records.reviews else {"reviews": reviews}
    if codes != sorted(codes):
        parts["schools"] = _taken(schools, _order(codes))
        codes.sort()
    if ids != sorted(ids):
        order = _order(ids)
        applications = parts["applications"] = _taken(applications, order)
        place = np.argsort(order)
        moved = replace(reviews, application=place[reviews.application])
        parts |= {"reviews": moved.in_order(), **dict(_moved(records, place))}
    at = {code: row for row, code in enumerate(codes)}
    rows = [at[code] for code in _codes(applications)]
    if "school" not in applications or applications["school"].tolist() != rows:
        parts["applications"] = applications.assign(school=np.array(rows, dtype=np.int64))
    return replace(records, **parts) if parts else records


def _codes(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(*(frame[name].tolist() for name in SCHOOL), strict=True))


def _order(keys: Sequence[Any]) -> list[int]:
    return sorted(range(len(keys)), key=keys.__getitem__)


def _taken(frame: pd.DataFrame, order: Sequence[int]) -> pd.DataFrame:
    return frame.iloc[list(order)].reset_index(drop=True)


def _written_by(reviews: Reviews, ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return the application and the reviewer of each review."""
    pairs = zip(reviews.application.tolist(), reviews.reviewer.tolist(), strict=True)
    return [(ids[application], reviews.reviewers[reviewer]) for application, reviewer in pairs]


def _moved(records: Records, place: Places) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables that name applications by position, for applications in other places."""
    for name, frame in _details(records):
        moved = frame.assign(application=place[frame["application"].to_numpy(dtype=np.int64)])
        yield name, _taken(moved, _order(moved["application"].tolist()))


def _details(records: Records) -> Iterator[tuple[str, pd.DataFrame]]:
    for name in _DETAILS:
        frame = getattr(records, name)
        if frame is not None and len(frame):
            yield name, frame


def _double(keys: Sequence[Hashable], table: str, column: str) -> Iterator[Problem]:
    for key, times in Counter(keys).items():
        if times > 1:
            message = Text(f"同一代碼出現 {times} 次", f"one code stands {times} times")
            hint = Text("每列須有各自的代碼", "give every row a code of its own")
            yield _problem(
                "double_key", message, table=table, row=None, column=column, value=key, hint=hint
            )


def _without_school(applications: pd.DataFrame, known: set[tuple[str, str]]) -> Iterator[Problem]:
    message = Text("學校資料內沒有這個學校代碼與學制", "no school has this code and level")
    for row, code in enumerate(_codes(applications)):
        if code not in known:
            yield _problem(
                "unknown_school",
                message,
                table="applications",
                row=row,
                column=SCHOOL[0],
                value=code,
            )


def _problem(
    code: str,
    message: Text,
    table: str,
    row: int | None,
    column: str,
    value: Hashable,
    hint: Text = EMPTY,
) -> Problem:
    shown = " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    line = None if row is None else row + 2  # as a spreadsheet would count it
    return defect(code, message, hint=hint, file=table, row=line, column=column, value=shown[:80])


def _refuse(found: Sequence[Problem]) -> None:
    if found:
        raise CaseError(
            Text(
                f"計畫資料有 {len(found)} 個問題", f"{how_many(len(found), 'problem')} in the data"
            ),
            found,
        )
