"""Reading tables of a notebook (pandas): each becomes the rows of text that a sheet would hold.

From there on it is read, checked and recorded as a file is, so the same words are said of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.problems.arguments import given, is_bool
from optimizer.problems.errors import CaseError, Problem, defect
from optimizer.reading.all_tables import Further, nothing, records_of
from optimizer.reading.any_file import table_of_sheet
from optimizer.reading.delimited import too_many_columns, too_many_rows
from optimizer.reading.files import OF_A_FRAME, Source
from optimizer.reading.findings import Findings, refuse
from optimizer.reading.joined_tables import joined
from optimizer.reading.raw_sheet import NO_CELL, RawSheet
from optimizer.reading.raw_table import RawTable, Row
from optimizer.reading.table_limits import MOST_COLUMNS, MOST_ROWS
from optimizer.tables.records import Records
from optimizer.tables.schema import Table
from optimizer.tables.settings import Settings


def read_frames(
    frames: Mapping[str, pd.DataFrame],
    settings: Settings,
    unknown: Collection[str] = (),
    further: Further = nothing,
) -> tuple[Records, tuple[Source, ...]]:
    """Read and check the tables of a case that are data frames; they stay as they are.

    Parameters
    ----------
    frames
        By the key of the table: ``schools``, ``applications``, ``reviews`` …
    settings, unknown, further
        As `read_records` has them.

    Returns
    -------
    The typed tables; and for each frame its name, with the SHA-256 and the size of its rows of
    text as a JSON array without blanks (UTF-8), the header first.

    Raises
    ------
    CaseError
        With every bad cell of every table at once. Rows are counted as in the file that a frame
        would make: the header is row 1.
    """
    held: dict[str, list[Row]] = {}

    def read(tables: Sequence[Table], findings: Findings) -> dict[str, RawTable]:
        found = {table.key: _raw(frames, table, held, findings) for table in tables}
        return {key: raw for key, raw in found.items() if raw is not None}

    records = records_of(read, settings, unknown, further=further)
    return records, tuple(_source(name, rows) for name, rows in held.items())


def _name(table: str) -> str:
    return f"{table}{OF_A_FRAME}"


def _raw(
    frames: Mapping[str, pd.DataFrame],
    table: Table,
    held: dict[str, list[Row]],
    findings: Findings,
) -> RawTable | None:
    """Return a table as it stands, or None if there is none or it is unreadable."""
    name = _name(table.key)
    if table.key not in frames:
        if table.required:
            findings.add(_missing(table, name))
        return None
    try:
        sheet = _sheet(frames[table.key], name)
        held[name] = sheet.rows
        return joined([table_of_sheet(sheet, table)], [""], table, findings)
    except CaseError as error:
        findings.extend(error.problems)
        return None


def _missing(table: Table, name: str) -> Problem:
    return defect(
        "missing_table",
        Text("缺少這個表", "is a table that the case lacks"),
        expected=Text(
            f"應以 {table.key}=… 給「{table.zh}」的 DataFrame。",
            f"A DataFrame was expected as {table.key}=….",
        ),
        file=name,
    )


def _source(name: str, rows: list[Row]) -> Source:
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return Source.of(name, text.encode())


def _sheet(frame: pd.DataFrame, name: str) -> RawSheet:
    """Return a frame as a sheet; an index that has a name is a column, as in a file.

    Raises
    ------
    CaseError
        If it has no column, or more rows or columns than any real table.
    """
    levels = [at for at, level in enumerate(frame.index.names) if level is not None]
    heads = [*(frame.index.names[at] for at in levels), *frame.columns]
    if not heads:
        raise refuse(defect("empty_file", Text("是空白表格", "is empty"), file=name))
    if len(heads) > MOST_COLUMNS:
        raise refuse(too_many_columns(1, name))
    if len(frame) >= MOST_ROWS:
        raise refuse(too_many_rows(name))
    columns: list[Any] = [frame.index.get_level_values(at) for at in levels]
    columns += [frame.iloc[:, at] for at in range(frame.shape[1])]
    suspects: dict[tuple[int, int], str] = {}
    texts = [_texts(column, at, suspects) for at, column in enumerate(columns)]
    header = [cell_text(head) or given(head) for head in heads]
    return RawSheet(name, [header, *map(list, zip(*texts, strict=True))], suspects)


def _texts(column: Iterable[Any], place: int, suspects: dict[tuple[int, int], str]) -> list[str]:
    """Return the cells of a column; what no cell can hold stands there as messages show it."""
    found = []
    for line, value in enumerate(column, start=2):
        text = cell_text(value)
        if text is None:
            suspects[line, place] = NO_CELL
        found.append(given(value) if text is None else text)
    return found


def cell_text(cell: Any) -> str | None:
    """Return what a file would hold in place of a value, or None if it could hold nothing like it.

    A float is written as the shortest decimal that names it, as spreadsheets show it.
    """
    if isinstance(cell, str):
        return str(cell) if _is_whole(cell) else None
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return ""
    if is_bool(cell):
        return "yes" if cell else "no"
    if isinstance(cell, Integral):
        return _digits(int(cell))
    if isinstance(cell, float | np.floating):
        return _float(cell)
    if isinstance(cell, Decimal):
        return _float(cell) if not cell.is_finite() or abs(cell.adjusted()) > _LONG else f"{cell:f}"
    if isinstance(cell, Fraction):
        return exact_points(cell) if max(map(abs, cell.as_integer_ratio())) < 10**_LONG else None
    if isinstance(cell, datetime | date | np.datetime64):
        return _day(cell)
    if isinstance(cell, _LISTS):
        return _list(cell)
    return None


_LISTS = (list, tuple, set, frozenset, np.ndarray)
_LONG = 40  # digits of a number, more than any has


def _is_whole(text: str) -> bool:
    """Return whether a text is of whole characters, so that a file can hold it."""
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)


def _digits(number: int) -> str | None:
    return str(number) if abs(number) < 10**_LONG else None


def _float(number: Any) -> str:
    if number != number:
        return ""
    if abs(float(number)) >= 10**_LONG:
        return "inf"
    return np.format_float_positional(number, trim="-")


def _day(cell: Any) -> str:
    moment = pd.Timestamp(cell) if isinstance(cell, np.datetime64) else cell
    if moment is pd.NaT:
        return ""
    if isinstance(moment, datetime):
        return moment.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(moment.isoformat())


def _list(cells: Any) -> str | None:
    """Return a list as a cell has it, None if it is one of lists or holds what parts lists."""
    parts = list(cells) if getattr(cells, "ndim", 1) == 1 else [None]
    parts = sorted(parts, key=str) if isinstance(cells, set | frozenset) else parts
    texts = [None if isinstance(part, _LISTS) else cell_text(part) for part in parts]
    if any(text is None or {*";；、"} & {*text} for text in texts):
        return None
    return ";".join(filter(None, texts))
