"""Reading any file as a table of texts."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from itertools import islice
from pathlib import Path

from optimizer.foundation.escaping import unescape_rows
from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect
from optimizer.reading.delimited import find_delimiter, split_rows
from optimizer.reading.encoding import check_encoding, decode
from optimizer.reading.files import load
from optimizer.reading.findings import refuse
from optimizer.reading.layout import lay_out, lay_out_plain, scorer
from optimizer.reading.raw_sheet import RawSheet
from optimizer.reading.raw_table import TITLE_ROWS, RawTable, Row
from optimizer.reading.workbook import is_packed, is_workbook, open_workbook
from optimizer.tables.originals import Original
from optimizer.tables.schema import Table


def read_table(path: Path, encoding: str | None = None, sheet: str | None = None) -> RawTable:
    """Read any table: CSV, TSV, or a sheet of a workbook.

    Parameters
    ----------
    encoding
        Its encoding, if the strict order of trials is wrong.
    sheet
        Which sheet of a workbook; the first unless given.

    Raises
    ------
    CaseError
        If it cannot be read.
    """
    return parse_table(path.name, load(path), None, encoding=encoding, sheet=sheet)


def parse_table(
    name: str,
    data: bytes,
    table: Table | None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> RawTable:
    """Read a table from the content of a file; `table` says which headers to look for."""
    if is_workbook(name):
        book = open_workbook(name, data)
        return table_of_sheet(book.read(sheet or book.sheets[0]), table)
    return _parse_text(name, data, table, encoding)


def _parse_text(name: str, data: bytes, table: Table | None, encoding: str | None) -> RawTable:
    if is_packed(data):
        hint = Text(
            "這是試算表檔？請改副檔名為 .xlsx 或 .ods。",
            "Is it a workbook? Then name it .xlsx or .ods.",
        )
        message = Text("不是文字檔", "is not a text file")
        raise refuse(defect("not_text", message, hint=hint, file=name))
    if encoding is not None:
        check_encoding(encoding)
    text, encoding = decode(data, name, encoding)
    if not text.strip():
        raise refuse(defect("empty_file", Text("是空白檔案", "is empty"), file=name))
    delimiter = find_delimiter(text, scorer(table))
    plain = lay_out_plain(name, text, delimiter, table=table, encoding=encoding)
    raw = plain or lay_out(name, split_rows(text, name, delimiter), table, encoding)
    return replace(raw, originals=(Original(name, text, delimiter),))


def rows_of(name: str, data: bytes, table: Table | None, encoding: str | None) -> list[Row]:
    """Return every row of a text from its first line on; `table` says which headers to look for.

    Raises
    ------
    CaseError
        If it is no text, or hostile.
    """
    text, _ = decode(data, name, encoding)
    return split_rows(text, name, find_delimiter(text, scorer(table)))


def first_rows(name: str, data: bytes) -> list[Row]:
    """Return the rows of a text among which its header is, whatever table it may be.

    Raises
    ------
    CaseError
        If it is no text.
    """
    text, _ = decode(data, name)
    delimiter = find_delimiter(text, scorer(None))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return list(islice(unescape_rows(rows), TITLE_ROWS))


def table_of_sheet(sheet: RawSheet, table: Table | None) -> RawTable:
    """Make a table of a sheet of a workbook."""
    if not any(map(any, sheet.rows)):
        raise refuse(defect("empty_file", Text("是空白工作表", "is empty"), file=sheet.file))
    cells = tuple(map(tuple, sheet.rows))
    raw = lay_out(sheet.file, sheet.rows, table, suspects=sheet.suspects)
    hidden = [line for line in sheet.hidden if line > raw.header_row]
    if hidden:
        raise refuse(_hidden_rows(sheet.file, hidden))
    return replace(raw, originals=(Original(sheet.file, cells=cells),))


def _hidden_rows(file: str, lines: list[int]) -> Problem:
    shown = [str(line) for line in lines[:10]]
    more = len(lines) - len(shown)
    return defect(
        "hidden_rows",
        Text(
            f"有 {len(lines)} 列被隱藏或篩選掉（第 {'、'.join(shown)}{'…' if more else ''} 列）",
            f"has {len(lines)} row{'s' if len(lines) > 1 else ''} hidden or filtered out "
            f"(row {', '.join(shown)}{' …' if more else ''})",
        ),
        hint=Text(
            "無法判斷這些列是否應計入：要計入請取消隱藏或篩選，不計入請刪除。",
            "Whether they count cannot be told: show them if they do, delete them if not.",
        ),
        file=file,
    )
