"""Reading the table of applications."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.exact import BoolArray, IntArray
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import defect
from optimizer.problems.likeness import seen, skeleton
from optimizer.reading.columns import BLANK, objects
from optimizer.reading.cross_check import check_copies, check_partners
from optimizer.reading.findings import BadCell, Findings
from optimizer.reading.look_alikes import Known, check_codes
from optimizer.reading.raw_table import RawTable
from optimizer.reading.reader import (
    ReadTable,
    check_unique,
    combine,
    extra_frame,
    read_columns,
)
from optimizer.reading.schools import Schools, unknown_school
from optimizer.tables.case_words import term
from optimizer.tables.schema import APPLICATIONS, SCHOOLS, fold

_RESERVED = ("row",)
_KEPT = (
    *("application_id", "school_id", "level", "title", "convener", "type", "methods", "members"),
    *("meetings", "requested", "partners", "fields", "submitted_on", "own_funds", "prior_outcome"),
)
_COLUMN_OF = {"level_needed": "level", "no_such_level": "level"}
_SAID = 3  # rows with a number that stands there already, that a hint names
_OF_SCHOOLS = ("disadvantage", "evaluation_programme", "students", "classes")


@dataclass(frozen=True)
class Applications:
    """The applications of a case, and how other tables find them.

    Parameters
    ----------
    frame
        The table of `Records`.
    rows
        By application id, its row.
    table
        The table as it was read, to report more about it.
    order
        Shape (n,): which line of the table each row of the frame is.
    sure
        Shape (n,): whether its id is in order, and no other row's looks the same.
    """

    frame: pd.DataFrame
    rows: dict[str, int]
    table: ReadTable
    order: IntArray
    sure: BoolArray

    @cached_property
    def known(self) -> Known:
        """The ids with their lines."""
        lines = self.frame["row"].tolist()
        known = {id_: int(lines[row]) for id_, row in self.rows.items()}
        return Known(known, Text("申請資料", "table of applications"))

    @cached_property
    def twice(self) -> Text:
        """Say which lines repeat the id of another, one of which may be what nobody finds; nothing if none."""
        ids, lines = self.frame["application_id"], self.frame["row"]
        repeated = sorted(lines[(ids != "") & ids.duplicated()].tolist())[:_SAID]
        if not repeated:
            return EMPTY
        zh, en = "、".join(map(str, repeated)), ", ".join(map(str, repeated))
        return Text(
            f"申請資料第 {zh} 列的編號與他列重複，可能應為這個編號；請先改正申請資料。",
            f"Row {en} of the table of applications repeats another's number, and may have been meant to "
            "have this one: mend that table first.",
        )


def read_applications(
    raw: RawTable, schools: Schools | None, scored: bool, findings: Findings
) -> Applications:
    """Read and check the applications, sorted by id.

    Parameters
    ----------
    schools
        The schools they may come from; None if these could not be read.
    scored
        Whether merit comes from reviews, and not from a column here.
    """
    table = read_columns(raw, APPLICATIONS, findings)
    _check_headers(table)
    _check_merit(table, scored)
    check_unique(table, ("application_id",), "application_id")
    check_codes(table, "application_id")
    school = np.full(len(table), -1, dtype=np.int64)
    if schools is not None:
        school = _lead_schools(table, schools)
        check_partners(table, schools)
        check_copies(table, schools, school)
    frame = _frame(table, schools, school, scored)
    ids = table["application_id"].all("")
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
    rows = {seen(ids[at]): row for row, at in enumerate(order.tolist()) if ids[at]}
    looks = list(map(skeleton, ids))
    times = Counter(looks)
    sure = np.array([bool(ids[at]) and times[looks[at]] == 1 for at in order.tolist()], dtype=bool)
    return Applications(
        frame.iloc[order].reset_index(drop=True), rows, table, order=order, sure=sure
    )


def _frame(
    table: ReadTable, schools: Schools | None, school: IntArray, scored: bool
) -> pd.DataFrame:
    columns: dict[str, Any] = {key: table[key].series() for key in _KEPT}
    columns["level"] = _levels(table, schools, school)
    columns["school"] = school
    columns["row"] = table.raw.rows
    if not scored:
        columns["merit"] = objects(table["merit"].all(Fraction(0)))
    if table.has("school_name"):
        columns["school_name"] = table["school_name"].text()
    return pd.concat([pd.DataFrame(columns), extra_frame(table)], axis=1)


def _levels(table: ReadTable, schools: Schools | None, school: IntArray) -> pd.Series[str]:
    if schools is None or not len(schools.frame):
        return table["level"].text()
    return schools.frame["level"].iloc[np.maximum(school, 0)].reset_index(drop=True)


def _check_headers(table: ReadTable) -> None:
    """Report further columns whose name means something else to the program."""
    for typed in table.extra:
        school_column = SCHOOLS.find(typed.header)
        if fold(typed.header) in _RESERVED:
            message = Text("欄名已被本程式使用", "is a name that the program uses itself")
            _refuse_header(table, typed.header, "reserved_column", message)
        elif school_column is not None and school_column.key in _OF_SCHOOLS:
            message = Text("這一欄屬於學校資料", "belongs in the table of schools")
            _refuse_header(table, typed.header, "column_of_schools", message)


def _refuse_header(table: ReadTable, header: str, code: str, message: Text) -> None:
    hint = Text("請改名或刪除這一欄。", "Rename the column or take it out.")
    table.findings.add(defect(code, message, hint=hint, **table.raw.heading(header)))


def _check_merit(table: ReadTable, scored: bool) -> None:
    header = table["merit"].header
    if scored and header:
        message = Text(
            "計畫訂有審查項目，成績應由評分表算出",
            "stands beside review criteria: merit comes from the reviews",
        )
        _refuse_header(table, header, "merit_and_criteria", message)
    if not scored and not header:
        lacks = Text("缺少欄位", "is a column that the table lacks")
        expected = Text(
            "計畫未訂審查項目時，應有「成績」一欄。",
            "A policy without review criteria needs the column merit (成績).",
        )
        heading = table.raw.heading("merit")
        table.findings.add(defect("missing_column", lacks, expected=expected, **heading))
    if not scored and header:
        blank = ~table.good("merit") & ~table["merit"].bad[table["merit"].codes]
        table.report_all("merit", np.flatnonzero(blank).tolist(), BLANK)


def _lead_schools(table: ReadTable, schools: Schools) -> IntArray:
    """Return the row of each application's lead school, -1 and a problem where there is none."""
    code, level = table["school_id"], table["level"]
    pairs = combine([code.codes, level.codes])
    _, first, group = np.unique(pairs, return_index=True, return_inverse=True)
    found = np.full(len(first), -1, dtype=np.int64)
    failures: dict[int, tuple[str, BadCell]] = {}
    for pair, at in enumerate(first.tolist()):
        try:
            found[pair] = _find_school(code.value_at(at), level.value_at(at), schools)
        except BadCell as failure:
            failures[pair] = (_COLUMN_OF.get(failure.code, "school_id"), failure)
    for at in np.flatnonzero(np.isin(group, list(failures))).tolist():
        column, wrong = failures[int(group[at])]
        _report_code(table, column, at, failure=wrong, schools=schools)
    return found[group]


def _find_school(code: str | None, level: str | None, schools: Schools) -> int:
    """Return the row of a school by its code, and its level where that is needed."""
    if code is None:
        return -1  # reported as it was read
    levels = schools.rows.get(code)
    if levels is None:
        raise unknown_school(code, schools)
    if level is None and len(levels) > 1:
        raise BadCell(
            "level_needed",
            Text(f"學校代碼 {code} 兼有兩學制", f"is needed: school {code} stands at both levels"),
            Text("應填學制（國小或國中）。", "The level (elementary or junior_high) was expected."),
        )
    if level is not None and level not in levels:
        raise BadCell(
            "no_such_level",
            Text(f"學校 {code} 沒有這個學制", f"is not a level of school {code}"),
            hint=Text(
                f"此代碼的學制為 {'、'.join(term(each).zh for each in levels)}。",
                f"It stands at {', '.join(levels)}.",
            ),
        )
    return levels[level] if level is not None else next(iter(levels.values()))


def _report_code(
    table: ReadTable, column: str, at: int, failure: BadCell, schools: Schools
) -> None:
    def known(text: str) -> bool:
        return text in schools.rows

    if failure.code == "unknown_school":
        hint = table.elsewhere("school_id", known) or _by_name(table, at, schools)
        failure = failure.with_hint(hint) if hint else failure
    table.report(column, at, failure, known if column == "school_id" else None)


def _by_name(table: ReadTable, at: int, schools: Schools) -> Text:
    """Ask whether another code is meant: one slip away, and of a school of the same name."""
    name, code = table["school_name"].value_at(at), table["school_id"].value_at(at)
    known = schools.named(name, code) if name else None
    if known is None:
        return EMPTY
    return Text(
        f"「{name}」的代碼為 {known}，是否誤植？", f"The code of {name} is {known}: is it mistyped?"
    )
