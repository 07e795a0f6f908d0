"""Splitting the text of a CSV or TSV file into rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import islice

from optimizer.foundation.escaping import unescape_rows
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem, defect
from optimizer.reading.findings import refuse
from optimizer.reading.raw_table import Row
from optimizer.reading.table_limits import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS

_DELIMITERS = (",", "\t", ";")
_SAMPLE = 2**16  # characters that are looked at to find the delimiter
_SAMPLE_ROWS = 30
_LONG_LINE = 10_000


def split_rows(text: str, file: str, delimiter: str) -> list[Row]:
    """Return all rows of a text, blank ones among them, as they were before they were escaped.

    Raises
    ------
    CaseError
        If a quote is not closed, or a limit is exceeded.
    """
    rows: list[Row] = []
    try:
        reader = csv.reader(_lines(text, delimiter, file), delimiter=delimiter, strict=True)
        rows.extend(islice(reader, MOST_ROWS + 1))
    except csv.Error as error:
        raise refuse(_malformed(str(error), len(rows) + 1, file)) from None
    _check_size(rows, file)
    return unescape_rows(rows)


def _lines(text: str, delimiter: str, file: str) -> Iterator[str]:
    """Yield the lines of a text, and stop at one that would become a hostile number of cells."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > _LONG_LINE and line.count(delimiter) > 4 * MOST_COLUMNS:
            raise refuse(too_many_columns(number, file))
        yield line


def find_delimiter(text: str, score: Callable[[Row], int]) -> str:
    """Return the delimiter that gives the best header by a score of rows."""
    sample = text[:_SAMPLE]
    return max(_DELIMITERS, key=lambda delimiter: _best_row(sample, delimiter, score))


def _best_row(sample: str, delimiter: str, score: Callable[[Row], int]) -> tuple[int, int]:
    best = (0, 0)
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for row in islice(reader, _SAMPLE_ROWS):
            best = max(best, (score(row), len(row)))
    except csv.Error:
        pass  # the whole file is read strictly later on
    return best


def _check_size(rows: list[Row], file: str) -> None:
    if len(rows) > MOST_ROWS:
        raise refuse(too_many_rows(file))
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        row = next(n for n, row in enumerate(rows, start=1) if len(row) > MOST_COLUMNS)
        raise refuse(too_many_columns(row, file))


def too_many_rows(file: str) -> Problem:
    """Return the problem of a table with more rows than any real one."""
    message = Text("列數太多", "has too many rows")
    most = Text(f"至多 {MOST_ROWS:,} 列。", f"At most {MOST_ROWS:,}.")
    return defect("too_many_rows", message, expected=most, file=file)


def too_many_columns(row: int, file: str) -> Problem:
    """Return the problem of a table with more columns than any real one."""
    return defect(
        "too_many_columns",
        Text("欄數太多", "has too many columns"),
        expected=Text(f"至多 {MOST_COLUMNS:,} 欄。", f"At most {MOST_COLUMNS:,}."),
        file=file,
        row=row,
    )


def _malformed(error: str, row: int, file: str) -> Problem:
    _, code, message, expected = next(entry for entry in _QUOTES if entry[0] in error)
    return defect(code, message, expected=expected, file=file, row=row)


_QUOTES = (  # what the parser says, what people are told
    (
        "field limit",
        "cell_too_long",
        Text(
            "儲存格太長，或引號未結束", "has a cell that is too long, or a quote that is not closed"
        ),
        Text(f"至多 {MOST_CHARACTERS:,} 字。", f"At most {MOST_CHARACTERS:,} characters."),
    ),
    (
        "end of data",
        "unclosed_quote",
        Text("引號沒有結束", "has a quote that is not closed"),
        EMPTY,
    ),
    (
        "",
        "bad_quote",
        Text("引號的用法有誤", "has quotes in the wrong place"),
        Text("儲存格內的引號要寫成兩個。", "A quote inside a cell is doubled."),
    ),
)
