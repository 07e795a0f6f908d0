r"""The tables of a result as CSV.

UTF-8 with a byte order mark, commas, ``\r\n`` at the end of every line, quotes only where they are
needed. Excel needs the mark to see that it is not Big5, and LibreOffice and `optimizer.reading`
take it as a matter of course; the line ends are those of RFC 4180. Whole numbers carry no
separators, points are rounded to two digits (``merit_exact`` says them exactly), headers are the names in
`optimizer.report.result_columns`, and text that starts with ``= + - @``, a tab or a line end has a leading
apostrophe (`optimizer.foundation.escaping`). Of the columns ``NAME_exact``, a negative number such as
``-9`` or ``-2.5`` stands as it is; a negative fraction keeps the apostrophe, for a spreadsheet would
work ``-1841/127305`` out.

The bytes depend on the allocation alone. (A spreadsheet that opens a CSV drops leading zeros of
codes; the workbooks keep them.)
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd
from pandas.api.types import is_float_dtype, is_numeric_dtype

from optimizer.foundation.escaping import escape, figure
from optimizer.result.dtypes import EXACT, missing, rounded

ENCODING = "utf-8-sig"
_ROWS = 5_000  # that are written at a time


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write one table, some rows at a time."""
    with path.open("wb") as file:
        for first in range(0, max(len(table), 1), _ROWS):
            file.write(to_csv(table[first : first + _ROWS], headed=first == 0))


def to_csv(table: pd.DataFrame, headed: bool = True) -> bytes:
    """Return the content of a CSV file, or of rows that go on with one."""
    numeric = [
        is_numeric_dtype(dtype) or str(name).endswith(EXACT)
        for name, dtype in zip(table.columns, table.dtypes, strict=True)
    ]
    header = list(map(str, table.columns)) if headed else None
    return write_cells(header, zip(*cells(table), strict=True), numeric)


def cells(table: pd.DataFrame) -> list[list[str]]:
    """Return the cells of every column as text, points rounded for reading, a missing one blank."""
    return [_texts(table[name]) for name in table.columns]


def _texts(column: pd.Series) -> list[str]:
    say = rounded if is_float_dtype(column.dtype) else str
    return ["" if missing(cell) else say(cell) for cell in column]


def write_cells(
    header: Sequence[str] | None, rows: Iterable[Sequence[str]], numeric: Sequence[bool]
) -> bytes:
    """Return the content of a CSV file of any cells: every one harmless, numbers left alone.

    Without a header they are rows that go on with a file.
    """
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")
    if header is not None:
        writer.writerow(map(escape, header))
    made: list[Callable[[str], str]] = [figure if number else escape for number in numeric]
    writer.writerows([make(cell) for make, cell in zip(made, row, strict=True)] for row in rows)
    return page.getvalue().encode("utf-8" if header is None else ENCODING)
