"""What a quota adds up over the funded: how many they are, what they get, or any column of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from optimizer.clauses.base import Clause
from optimizer.clauses.named_columns import (
    INTERNAL,
    code_and_word,
    column_meant,
    has_column,
    in_both,
    of_applications,
)
from optimizer.foundation.exact import IntArray, exact
from optimizer.language.text import Text, money
from optimizer.plain import whole
from optimizer.problems.errors import Problem, one_of
from optimizer.problems.likeness import did_you_mean
from optimizer.reading.cells import is_dash, number
from optimizer.reading.findings import BadCell
from optimizer.tables.case_words import column_term
from optimizer.tables.records import Records
from optimizer.tables.round import Round
from optimizer.tables.schema import APPLICATIONS, SCHOOLS, Kind

COUNT, AMOUNT = "count", "amount"
_NUMBERS = (Kind.COUNT, Kind.MONEY)
_SHOWN = 5  # cells of a column that are named


def sizes_of(round_: Round, measure: str) -> IntArray:
    """Return what each eligible application adds if it is funded. Shape (n,).

    1 for a count; also for an amount, as it is the awards that are added up then. A blank adds nothing.
    """
    if measure in (COUNT, AMOUNT):
        return np.ones(round_.size, dtype=np.int64)
    return exact([_whole(cell) or 0 for cell in round_.table[measure].tolist()])


def sizes_again(round_: Round, measure: str, award: IntArray) -> list[int]:
    """Return what each eligible application adds in a decision, worked out apart from `sizes_of`."""
    if measure == COUNT:
        return [1] * round_.size
    if measure == AMOUNT:
        return [int(amount) for amount in award]
    cells = ("" if cell is pd.NA else str(cell) for cell in round_.table[measure].tolist())
    return [whole(cell) or 0 for cell in cells]


def _whole(cell: Any) -> int | None:
    """Read a cell as a whole number from 0; None for a blank.

    Raises
    ------
    BadCell
        If it is anything else.
    """
    if cell is pd.NA or cell is None or str(cell).strip() == "" or is_dash(str(cell).strip()):
        return None
    value = number(str(cell))
    if value.denominator > 1 or value < 0:
        raise BadCell("not_whole", _NOT_WHOLE)
    return int(value)


_NOT_WHOLE = Text("不是 0 以上的整數", "is no whole number from 0")


def measure_problems(clause: Clause, measure: str, records: Records) -> Iterator[Problem]:
    """Yield what is wrong with a measure: no such column, or one that is not all numbers."""
    if measure in (COUNT, AMOUNT):
        return
    there = has_column(measure, records) and measure not in INTERNAL
    if not there or not _may_be_numbers(measure):
        yield _unknown(clause, measure, records, there)
    elif measure in in_both(records):
        message = Text(
            "申請資料與學校資料都有這一欄，無法判斷以何者為準",
            "stands in the applications and in the schools: which of the two is meant?",
        )
        yield clause.wrong("column_in_both", message, key="measure", value=measure)
    else:
        yield from _cell_problems(clause, measure, records)


def _unknown(clause: Clause, measure: str, records: Records, there: bool) -> Problem:
    known = [COUNT, AMOUNT, *_columns_of_numbers(records)]
    return clause.wrong(
        "unknown_measure",
        Text("這一欄不是數字", "is not a column of numbers")
        if there
        else Text(
            "不是 count（件數）、amount（金額），也不是資料中的數字欄",
            "is neither count nor amount, nor a column of numbers that there is",
        ),
        expected=one_of(known, map(code_and_word, known)),
        hint=did_you_mean(column_meant(measure, known)),
        key="measure",
        value=measure,
    )


def _cell_problems(clause: Clause, measure: str, records: Records) -> Iterator[Problem]:
    """Refuse a column in which an application has a blank, or anything but a whole number."""
    table = records.applications
    cells = of_applications(measure, records)
    blank, bad = [], []
    for application_id, cell in zip(table["application_id"].tolist(), cells, strict=True):
        try:
            if _whole(cell) is None:
                blank.append(str(application_id))
        except BadCell:
            bad.append(f"{application_id} {str(cell)[:40]}")
    known = [COUNT, AMOUNT, *_columns_of_numbers(records)]
    for code, found, message in (
        (
            "blank_numbers",
            blank,
            Text("這一欄有空白，無法加總", "has blanks, so it adds up to nothing sure"),
        ),
        (
            "not_numbers",
            bad,
            Text("這一欄有不是整數的值", "holds values that are no whole numbers"),
        ),
    ):
        if found:
            yield clause.wrong(
                code,
                Text(
                    f"{message.zh}（{_few(found, '、')}，共 {len(found)} 件申請）",
                    f"{message.en} ({_few(found, ', ')}; {len(found)} in all)",
                ),
                expected=one_of(known, map(code_and_word, known)),
                key="measure",
                value=measure,
            )


def all_of(records: Records, measure: str) -> int:
    """Return what all applications together come to: the most that any quota can be about."""
    if measure == COUNT:
        return len(records.applications)
    column = "requested" if measure == AMOUNT else measure
    return sum(_whole(cell) or 0 for cell in of_applications(column, records))


def _columns_of_numbers(records: Records) -> list[str]:
    """Return the columns that can be added up, those of applications first."""
    found = dict.fromkeys([*records.applications.columns, *records.schools.columns])
    taken = {*INTERNAL, *in_both(records)}
    return [c for c in found if c not in taken and _may_be_numbers(c) and _all(records, c)]


def _may_be_numbers(column: str) -> bool:
    """Say whether a column is one of numbers by its kind, or the bureau's own."""
    kinds = {c.key: c.kind for table in (SCHOOLS, APPLICATIONS) for c in table.columns}
    return kinds.get(column, Kind.COUNT) in _NUMBERS


def _all(records: Records, column: str) -> bool:
    try:
        return all(_whole(cell) is not None for cell in of_applications(column, records))
    except BadCell:
        return False


def _few(found: list[str], comma: str) -> str:
    return comma.join(found[:_SHOWN]) + (f"{comma}…" if len(found) > _SHOWN else "")


def measured_words(value: int, measure: str) -> Text:
    """Say so much of what is added up: *3 funded applications*, *NT$500*, *12 in all of members*."""
    if measure == COUNT:
        return Text(f"{value} 件", f"{value} funded application{'' if value == 1 else 's'}")
    if measure == AMOUNT:
        return Text(f"{money(value)} 元", f"NT${money(value)}")
    word = column_term(measure)
    return Text(f"{word.zh}合計 {money(value)}", f"{money(value)} in all of {word.en}")
