"""Typed columns: every different text of a column is read once, however often it stands there."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.exact import BoolArray, IntArray
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import defect, shorten
from optimizer.reading import cells
from optimizer.reading.cells import Parser
from optimizer.reading.findings import BadCell, Findings, RefusedCell
from optimizer.reading.header_notes import is_money
from optimizer.reading.raw_sheet import (
    DOUBT,
    ERROR,
    FORMULA,
    MERGED,
    MERGED_DOWN,
    NO_CELL,
    STRUCK,
    UNIT,
)
from optimizer.reading.raw_table import RawColumn, RawTable
from optimizer.reading.table_limits import MOST_CHARACTERS
from optimizer.tables.schema import Column, Kind

_POINTS_DECIMALS = 6
_SUSPICIOUS = ("#", "E", DOUBT[0])  # first characters of texts that are no value of any column
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_ERRORS = re.compile(
    r"#(REF|N/A|VALUE|DIV/0|NAME|NULL|NUM|SPILL|CALC|FIELD|GETTING_DATA)[!?]?|#{3,}|Err:\d{3}"
)


@dataclass(frozen=True)
class Typed(RawColumn):
    """A column that was read.

    Parameters
    ----------
    column
        What it is.
    values
        The different values, one a text; None for a blank and for a cell that could not be read.
    bad
        Which of them could not be read.
    """

    column: Column
    values: tuple[Any, ...]
    bad: BoolArray

    @property
    def ordinals(self) -> IntArray:
        """Shape (n,): equal where the values are equal, however they were written."""
        first: dict[Any, int] = {}
        ordinal = [first.setdefault(value, len(first)) for value in self.values]
        return np.array(ordinal, dtype=np.int64)[self.codes]

    def value_at(self, position: int) -> Any:
        """Return the value of one row, None for a blank."""
        return self.values[int(self.codes[position])]

    def all(self, blank: Any = None) -> list[Any]:
        """Return the value of every row, with a stand-in for blanks."""
        filled = [blank if value is None else value for value in self.values]
        return [filled[code] for code in self.codes.tolist()]

    def where(self, holds: Callable[[Any], object]) -> list[int]:
        """Return the rows whose value, None for a blank, is of a kind."""
        of_value = np.array([bool(holds(value)) for value in self.values], dtype=bool)
        return np.flatnonzero(of_value[self.codes]).tolist()

    def series(self) -> pd.Series[Any]:
        """Return the column as the kind it is of; blanks as empty text, no items, or missing."""
        if self.column.kind in (Kind.MONEY, Kind.COUNT):
            return self.integers()
        if self.column.kind in (Kind.LIST, Kind.ID_LIST):
            return objects(self.all(()))
        if self.column.kind in (Kind.DATE, Kind.DECIMAL):
            return objects(self.all())
        return self.text()

    def text(self) -> pd.Series[str]:
        """Return the column as a series of text, blanks as empty text."""
        return take([value or "" for value in self.values], self.codes)

    def integers(self) -> pd.Series[Any]:
        """Return the column as whole numbers, blanks as missing."""
        numbers = np.array([value or 0 for value in self.values], dtype=np.int64)
        blank = np.array([value is None for value in self.values], dtype=bool)
        return pd.Series(pd.arrays.IntegerArray(numbers[self.codes], blank[self.codes]))


def take(texts: list[str], codes: IntArray) -> pd.Series[str]:
    """Return a series of text from its different texts."""
    return pd.Series(pd.array(texts, dtype="str").take(codes))


def objects(values: list[Any]) -> pd.Series[Any]:
    """Return a series of Python objects, tuples among them."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return pd.Series(array, dtype=object)


def blank_column(column: Column, size: int) -> Typed:
    """Return an optional column that a table does not have."""
    codes, bad = np.zeros(size, dtype=np.int64), np.zeros(1, dtype=bool)
    return Typed("", codes, texts=("",), column=column, values=(None,), bad=bad)


def read_column(table: RawTable, raw: RawColumn, column: Column, findings: Findings) -> Typed:
    """Read one column of a table; what is wrong with it is added to the findings."""
    read = reader_of(column)
    values: list[Any] = [None] * len(raw.texts)
    failures: dict[int, BadCell] = {}
    for code, text in enumerate(raw.texts):
        try:
            values[code] = read(text)
        except BadCell as failure:
            failures[code] = failure
    suspects = _suspects(table, raw, column)
    for position, reason in suspects.items():
        report_cell(table, raw, position, failure=reason, findings=findings)
    _report(table, raw, failures, findings=findings, read=read, reported=suspects)
    bad = np.zeros(max(len(values), 1), dtype=bool)
    bad[list(failures)] = True
    return Typed(
        raw.header,
        raw.codes,
        raw.texts or ("",),
        column=column,
        values=tuple(values) or (None,),
        bad=bad,
    )


def _suspects(table: RawTable, raw: RawColumn, column: Column) -> dict[int, BadCell]:
    """Return what is wrong with the cells that a workbook gives no value of their own."""
    numeric, found = column.kind in _NUMBERS, table.suspects_of(raw)
    in_units = [position for position, reason in found.items() if reason == UNIT]
    return {
        position: _SUSPECTS[reason]
        for position, reason in found.items()
        if reason in _SUSPECTS
        and (numeric or reason != MERGED_DOWN)
        and (reason != UNIT or (is_money(column) and position == in_units[0]))  # once a column
    }


def read_text(table: RawTable, raw: RawColumn, findings: Findings) -> Typed:
    """Read a column that the program does not know, as text."""
    column = Column(raw.header, raw.header, Kind.TEXT, EMPTY, required=False)
    return read_column(table, raw, column, findings)


def reader_of(column: Column) -> Parser:
    """Return how one text of a column is read, whatever it may hold."""
    parser, numeric = _PARSERS[column.kind](column), column.kind in _NUMBERS

    def read(text: str) -> Any:
        if not text:
            return _blank(column)
        if not text.isprintable() or len(text) > MOST_CHARACTERS or text[0] in _SUSPICIOUS:
            _check_text(text)
        if numeric and cells.is_dash(text):
            return 0 if column.dash_is_zero else _blank(column)
        return parser(text)

    return read


def _blank(column: Column) -> None:
    if column.filled:
        raise copy(BLANK)  # a raised one keeps hold of its frames


def _check_text(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise BadCell(
            "cell_too_long",
            Text("儲存格太長", "is too long"),
            Text(f"至多 {MOST_CHARACTERS:,} 字。", f"At most {MOST_CHARACTERS:,} characters."),
        )
    if _CONTROL.search(text):
        raise BadCell(
            "control_character",
            Text("含有控制字元", "holds a control character"),
            hint=Text("請刪去重打。", "Delete the cell and type it anew."),
        )
    if text.startswith(DOUBT):
        raise copy(_IN_DOUBT)
    if _ERRORS.fullmatch(text):
        raise copy(_FAILED)


BLANK = BadCell(
    "blank_cell", Text("是空白", "is blank"), Text("必須填寫。", "It must be filled in.")
)
_VALUE = Text("應為值。", "A value was expected.")
_FAILED = BadCell(
    ERROR,
    Text("是公式的錯誤值", "is the error of a formula"),
    _VALUE,
    Text("請改正公式，或直接填入值。", "Mend the formula, or type the value."),
)
_IN_DOUBT = BadCell(
    "in_doubt",
    Text("仍標為待確認", "is still marked as in doubt"),
    hint=Text(
        f"請確認這一格的內容，再刪去「{DOUBT}」。",
        f"Look at what the cell should hold, then take {DOUBT} away.",
    ),
)
_MERGED = BadCell(
    MERGED,
    Text("是合併儲存格的一部分", "is part of merged cells"),
    Text("每格應有自己的值。", "A value of its own was expected."),
    Text("請取消合併儲存格。", "Split the cells."),
)
_SUSPECTS = {
    ERROR: _FAILED,
    MERGED: _MERGED,
    MERGED_DOWN: _MERGED,
    NO_CELL: BadCell(
        NO_CELL,
        Text("儲存格不能有這種值", "is nothing that a cell can hold"),
        Text(
            "應為文字、數字、日期、是否或清單。",
            "Text, a number, a day, a truth value or a list was expected.",
        ),
    ),
    STRUCK: BadCell(
        STRUCK,
        Text("畫有刪除線", "is struck through"),
        hint=Text(
            "無法判斷這一列是否應計入：要計入請取消刪除線，不計入請刪除此列。",
            "Whether its row counts cannot be told: take the line away if it does, delete the row if "
            "not.",
        ),
    ),
    UNIT: BadCell(
        UNIT,
        Text("儲存格格式顯示千元之類的單位", "is formatted to be shown in thousands or the like"),
        Text("這一欄以元計。", "This column is in NT$ (元)."),
        Text(
            "請確認整欄金額以元計（不是則換算成元），再將儲存格格式改為通用。",
            "See that all amounts of the column are in NT$ (convert them if not), then format its "
            "cells as General.",
        ),
    ),
    FORMULA: BadCell(
        FORMULA,
        Text("是沒有存值的公式", "is a formula without a stored value"),
        _VALUE,
        Text(
            "請用試算表開啟後另存，或貼成值。",
            "Open and save it in a spreadsheet, or paste the value.",
        ),
    ),
}


def points(text: str) -> Fraction | cells.Percent | str:
    """Read a mark: points, ``recused``, or a percentage to be asked about."""
    try:
        return cells.fraction(text, _POINTS_DECIMALS, cells.POINTS)
    except BadCell as failure:
        if failure.code == "not_a_number" and cells.is_recused(text):
            return "recused"
        if failure.code == "percentage" and (percent := cells.percent(text)) is not None:
            return percent
        raise


_NUMBERS = (Kind.MONEY, Kind.COUNT, Kind.DECIMAL, Kind.POINTS)
_PARSERS: dict[Kind, Callable[[Column], Parser]] = {
    Kind.TEXT: lambda column: cells.translator(column.values),
    Kind.ID: lambda column: cells.identifier,
    Kind.MONEY: lambda column: cells.whole,
    Kind.COUNT: lambda column: cells.count,
    Kind.DECIMAL: lambda column: cells.fraction,
    Kind.POINTS: lambda column: points,
    Kind.DATE: lambda column: cells.day,
    Kind.YES_NO: lambda column: cells.chooser(column.values),
    Kind.CHOICE: lambda column: cells.chooser(column.values),
    Kind.LIST: lambda column: cells.lister(cells.translator(column.values)),
    Kind.ID_LIST: lambda column: cells.lister(cells.identifier),
}


def accepted(read: Callable[[str], Any], text: str) -> bool:
    """Return whether a column would take a text."""
    try:
        read(text)
    except BadCell:
        return False
    return True


def _report(
    table: RawTable,
    raw: RawColumn,
    failures: dict[int, BadCell],
    findings: Findings,
    read: Callable[[str], Any],
    reported: Container[int],
) -> None:
    """Take up every cell that holds a text which could not be read."""
    if not failures:
        return
    accepts = partial(accepted, read)
    for position in np.flatnonzero(np.isin(raw.codes, list(failures))).tolist():
        if position not in reported:
            failure = failures[int(raw.codes[position])]
            report_cell(table, raw, position, failure, findings=findings, accepts=accepts)


def report_cell(
    table: RawTable,
    column: RawColumn,
    position: int,
    failure: BadCell,
    findings: Findings,
    accepts: Callable[[str], bool] | None = None,
) -> None:
    """Take up one bad cell."""
    (file, row), header, value = table.place(position), column.header, column.at(position)
    if not findings.has_room(failure.code, file, header):
        findings.count()
        return
    problem = defect(
        failure.code,
        failure.message,
        expected=failure.expected,
        hint=failure.hint,
        file=file,
        row=row,
        column=shorten(header),
        value=shorten(value),
        application_id=table.application_at(position),
    )
    place = RefusedCell(file, row, header, value=value, accepts=accepts) if accepts else None
    findings.add(problem, place)
