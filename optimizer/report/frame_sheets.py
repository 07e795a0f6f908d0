"""Any table as a sheet of a workbook: what its cells hold is told by their types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from pandas.api.types import is_float_dtype, is_integer_dtype

from optimizer.language.text import Language, Text
from optimizer.report.result_columns import COLUMNS, ResultColumn, say_code
from optimizer.report.result_sheets import number
from optimizer.result.dtypes import missing
from optimizer.workbooks.cell_text import readable
from optimizer.workbooks.sheet import CellKind, Sheet, SheetColumn, Value

Columns = Sequence[tuple[CellKind, str, Text, int]]
_LONG = 40  # characters from which a text is a sentence
_WIDTHS = {CellKind.TEXT: 18, CellKind.LONG: 60}


def frame_sheet(
    title: str,
    table: pd.DataFrame,
    heads: Mapping[str, Text],
    codes: Mapping[str, Text],
    language: Language,
) -> Sheet:
    """Return a table as a sheet.

    Parameters
    ----------
    title
        What its tab says.
    table
        Its cells; whole numbers are counts unless `COLUMNS` knows better.
    heads
        What stands above columns that `COLUMNS` does not know, or knows otherwise.
    codes
        The words of codes that are not of results or data.
    language
        Of headers and codes. English sheets have the names themselves, as files do.
    """
    columns = [_column(name, table[name], heads) for name in map(str, table.columns)]
    cells = [
        [_cell(cell, column.kind, codes, language) for cell in table[name]]
        for name, column in zip(table.columns, columns, strict=True)
    ]
    looks = [
        SheetColumn(c.kind, readable(str(name) if language == "en" else c.words.zh), c.width)
        for name, c in zip(table.columns, columns, strict=True)
    ]
    return Sheet(readable(title), tuple(looks), tuple(zip(*cells, strict=True)))


def listed_sheet(
    name: Text,
    columns: Columns,
    table: pd.DataFrame,
    language: Language,
    *,
    codes: Mapping[str, Text] | None = None,
) -> Sheet:
    """Return some columns of a table as a sheet, in the words of its readers.

    Parameters
    ----------
    name
        What its tab says.
    columns
        Kind, name in the table, head and width of each.
    table
        Its cells.
    language
        Of headers and codes.
    codes
        The words of the codes in columns of codes.
    """
    heads = tuple(SheetColumn(kind, head.say(language), width) for kind, _, head, width in columns)
    words = {code: text.say(language) for code, text in (codes or {}).items()}
    rows = [
        tuple(_listed(row[key], kind, words) for kind, key, _, _ in columns)
        for row in table.to_dict("records")
    ]
    return Sheet(name.say(language), heads, tuple(rows))


def _listed(cell: Any, kind: CellKind, words: Mapping[str, str]) -> Value:
    if missing(cell):
        return ""
    if kind is CellKind.CODE:
        return words[str(cell)]
    return number(cell) if kind.numeric else readable(str(cell))


def _column(name: str, cells: pd.Series, heads: Mapping[str, Text]) -> ResultColumn:
    known = COLUMNS.get(name)
    words = heads.get(name) or (known.words if known else Text(name, name))
    kind = _kind(cells)
    if known is not None and known.kind.numeric == kind.numeric:
        kind = known.kind
    return ResultColumn(kind, words, _WIDTHS.get(kind, 14))


def _kind(cells: pd.Series) -> CellKind:
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return CellKind.CODE
    if is_integer_dtype(cells.dtype):
        return CellKind.COUNT
    if is_float_dtype(cells.dtype):
        return CellKind.POINTS
    longest = max((len(str(cell)) for cell in cells), default=0)
    return CellKind.LONG if longest > _LONG else CellKind.TEXT


def _cell(cell: Any, kind: CellKind, codes: Mapping[str, Text], language: Language) -> Value:
    if missing(cell):
        return ""
    if kind.numeric:
        return number(cell)
    if kind is CellKind.CODE and language != "en":
        return readable(say_code(str(cell), language, codes))
    return readable(str(cell))
