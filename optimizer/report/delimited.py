r"""The tables of a result as CSV.

UTF-8 with a byte order mark, commas, ``\r\n`` at the end of every line, quotes only where they are
needed. Excel needs the mark to see that it is not Big5, and LibreOffice and `optimizer.reading`
take it as a matter of course; the line ends are those of RFC 4180. Whole numbers carry no
separators, points are rounded to two digits behind (``merit_exact`` says them exactly), headers are the names in `optimizer.report.columns`, and text that starts with
``= + - @``, a tab or a line end has a leading apostrophe.

The bytes depend on the allocation alone. (A spreadsheet that opens a CSV drops leading zeros of
codes; the workbooks keep them.)
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.dtypes import missing, rounded
from optimizer.report.cells import safe
from optimizer.report.columns import Kind, column_of

ENCODING = "utf-8-sig"


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write one table."""
    path.write_bytes(to_csv(table))


def to_csv(table: pd.DataFrame) -> bytes:
    """Return the content of a CSV file."""
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(zip(*cells(table), strict=True))
    return page.getvalue().encode(ENCODING)


def cells(table: pd.DataFrame) -> list[list[str]]:
    """Return the cells of every column as they stand in a file."""
    return [_column(name, table[name]) for name in table.columns]


def _column(name: str, values: pd.Series) -> list[str]:
    kind = column_of(name).kind
    texts = ["" if missing(value) else _text(value, kind) for value in values]
    return texts if kind.numeric else [safe(text) for text in texts]


def _text(value: Any, kind: Kind) -> str:
    return rounded(value) if kind is Kind.POINTS else str(value)
