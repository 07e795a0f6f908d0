"""From rows to a table: where the header is, which rows count, and whether every row is as wide."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from optimizer.foundation.escaping import unescape, unescape_rows
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem, defect, shorten
from optimizer.reading.findings import Findings
from optimizer.reading.raw_table import TITLE_ROWS, RawColumn, RawTable, Row, trim
from optimizer.reading.table_limits import MOST_COLUMNS, MOST_ROWS
from optimizer.tables.schema import Table, fold

_LARGE = 64_000  # characters from which the parser pays
_WORD = "\x01text"  # no cell may hold such a character
_HEAD = 2**16  # characters that hold these rows
_Suspects = Mapping[tuple[int, int], str]


def lay_out(
    file: str,
    rows: list[Row],
    table: Table | None,
    encoding: str = "",
    suspects: _Suspects | None = None,
) -> RawTable:
    """Make a table of rows of cells.

    Parameters
    ----------
    rows
        All rows of the file from the first line on.
    table
        Which headers to look for; without it the first well-filled row is the header.

    Raises
    ------
    CaseError
        If a header stands twice or is blank, or a row is wider or narrower than the header.
    """
    at = _find_header(rows, table)
    header = _header(rows[at])
    body, lines = _body(rows, at + 1)
    findings = Findings()
    _check_header(file, header, at + 1, findings)
    _check_widths(file, body, lines, header=header, findings=findings)
    findings.raise_if_any()
    columns = tuple(RawColumn.of(name, [row[at] for row in body]) for at, name in enumerate(header))
    numbers, own = np.array(lines, dtype=np.int64), suspects or {}
    return _check(RawTable(file, columns, numbers, at + 1, encoding=encoding, suspects=own))


def lay_out_plain(
    file: str, text: str, delimiter: str, table: Table | None, encoding: str
) -> RawTable | None:
    """Make a table of a large text without quotes whose rows are all as wide as the header.

    Most large files are of this kind, and it takes a fifth of the time. Returns None for any other
    text.
    """
    if (
        len(text) < _LARGE
        or '"' in text
        or _WORD in text
        or "\r" in (text := text.replace("\r\n", "\n"))
    ):
        return None
    lines = text[:_HEAD].split("\n")[:TITLE_ROWS]
    head = unescape_rows(line.split(delimiter) for line in lines)
    at = _find_header(head, table)
    header = _header(head[at])
    body = "".join(text.split("\n", at + 1)[at + 1 :]).removesuffix("\n").encode()
    if not (all(header) and 0 < len(header) <= MOST_COLUMNS):
        return None
    if not _is_even(body, delimiter, len(header)):
        return None
    columns = _split_columns(body, delimiter, header)
    if not all(columns[0].texts):
        return None  # perhaps a blank row
    findings = Findings()
    _check_header(file, header, at + 1, findings)
    findings.raise_if_any()
    numbers = np.arange(len(columns[0].codes)) + at + 2
    return _check(RawTable(file, columns, numbers, header_row=at + 1, encoding=encoding))


def _is_even(body: bytes, delimiter: str, width: int) -> bool:
    """Return whether every line has as many cells as the header."""
    if not body or body.count(b"\n") >= MOST_ROWS:
        return False
    characters = np.frombuffer(body, dtype=np.uint8)
    line_ends = np.append(np.flatnonzero(characters == ord("\n")), len(body))
    delimiters = np.flatnonzero(characters == ord(delimiter))
    up_to_line_end = np.searchsorted(delimiters, line_ends)
    return bool((np.diff(up_to_line_end, prepend=0) == width - 1).all())


def _split_columns(body: bytes, delimiter: str, header: Sequence[str]) -> tuple[RawColumn, ...]:
    """Split an even text; the parser tells repeated texts once as it goes.

    A first row of words keeps it from taking a column of digits for numbers.
    """
    words = delimiter.join([_WORD] * len(header)).encode()
    frame = pd.read_csv(
        io.BytesIO(words + b"\n" + body),
        sep=delimiter,
        header=None,
        dtype="category",
        na_filter=False,
        quoting=csv.QUOTE_NONE,
        skip_blank_lines=False,
        engine="c",
        low_memory=False,
    )
    return tuple(_without_word(name, frame[at].array) for at, name in enumerate(header))


def _without_word(name: str, column: pd.Categorical) -> RawColumn:
    codes, texts = column.codes.astype(np.int64), column.categories.tolist()
    word = int(codes[0])
    assert texts.pop(word) == _WORD
    cells = tuple(trim(unescape(text)) for text in texts)
    return RawColumn(name, codes[1:] - (codes[1:] > word), cells)


def _check(raw: RawTable) -> RawTable:
    findings = Findings()
    findings.extend([*_repeated_header(raw), *_unnamed_columns(raw)])
    findings.raise_if_any()
    return _named_columns(raw)


def scorer(table: Table | None) -> Callable[[Row], int]:
    """Return a measure of how much a row looks like the header."""
    if table is None:
        return lambda row: sum(1 for cell in row if trim(cell))
    return lambda row: len({column for cell in row if (column := table.find(cell))})


def _find_header(rows: list[Row], table: Table | None) -> int:
    """Return the position of the header: the row with most known names, below any titles."""
    first = range(min(TITLE_ROWS, len(rows)))
    if table is not None:
        score = scorer(table)
        best = max(first, key=lambda at: score(rows[at]), default=0)
        if score(rows[best]):
            return best
    filled = [scorer(None)(rows[at]) for at in first]
    enough = max(max(filled, default=0) / 2, 1)
    return next((at for at in first if filled[at] >= enough), 0)


def _header(row: Row) -> tuple[str, ...]:
    return tuple(map(trim, row))


def _body(rows: list[Row], start: int) -> tuple[list[Row], list[int]]:
    """Return the rows that are not blank, and the line each of them stands on."""
    filled = [at for at in range(start, len(rows)) if "".join(rows[at]).strip()]
    return [rows[at] for at in filled], [at + 1 for at in filled]


def _check_header(file: str, header: Sequence[str], row: int, findings: Findings) -> None:
    first: dict[str, str] = {}
    for name in filter(None, header):
        if fold(name) in first:
            findings.add(duplicate_column(file, row, name, first[fold(name)]))
        first.setdefault(fold(name), name)


def duplicate_column(file: str, row: int | None, name: str, other: str) -> Problem:
    """Return the problem of two headers that mean the same column."""
    hint = Text(
        f"與「{other}」同義，請刪除其中一欄。", f"It means {other!r}: delete one of the two."
    )
    if name == other:
        hint = Text("請改名或刪除其中一欄。", "Rename or delete one of the two.")
    twice, column = Text("欄位重複", "stands twice"), shorten(name)
    return defect("duplicate_column", twice, hint=hint, file=file, row=row, column=column)


def _check_widths(
    file: str, body: list[Row], lines: list[int], header: Sequence[str], findings: Findings
) -> None:
    """Report the rows with more or fewer cells than the header; blanks at the end do not count."""
    width = len(header)
    named = max((at + 1 for at, name in enumerate(header) if name), default=0)
    for at, row in enumerate(body):
        if len(row) == width:
            continue
        if len(row) > width and not "".join(row[width:]).strip():
            body[at] = row[:width]
        elif named <= len(row) < width:
            body[at] = row + [""] * (width - len(row))
        elif findings.is_full:
            findings.count()
        else:
            findings.add(_wrong_width(file, lines[at], row, header))


def _wrong_width(file: str, line: int, row: Row, header: Sequence[str]) -> Problem:
    more = len(row) > len(header)
    than = f"has {'more' if more else 'fewer'} cells than the header has columns"
    quotes = Text("內容含逗號的儲存格要加引號。", "A cell that holds a comma needs quotes.")
    return defect(
        "too_many_cells" if more else "too_few_cells",
        Text("儲存格數與標題列不符", than),
        expected=Text(
            f"標題列 {len(header)} 欄，此列 {len(row)} 欄。",
            f"The header has {len(header)}, this row {len(row)}.",
        ),
        hint=quotes if more else EMPTY,
        file=file,
        row=line,
        column="" if more else shorten(header[len(row)]),
        value=shorten(row[len(header)]) if more else "",
    )


def _repeated_header(raw: RawTable) -> Iterator[Problem]:
    for at in raw.columns[0].holding(raw.header[0]).tolist() if raw.columns else ():
        if all(column.at(at) == column.header for column in raw.columns):
            yield defect(
                "header_again",
                Text("標題列又出現一次", "is the header again"),
                hint=Text("請刪除這一列。", "Delete this row."),
                file=raw.file,
                row=int(raw.rows[at]),
                column=shorten(raw.header[0]),
            )


def _unnamed_columns(raw: RawTable) -> Iterator[Problem]:
    """Yield the first cell of every column that has cells but no header."""
    for column in raw.columns:
        filled = [] if column.header else [text for text in column.texts if text]
        if filled:
            yield defect(
                "blank_header",
                Text("欄位沒有名稱", "stands in a column without a header"),
                hint=Text(
                    "請為這一欄加上標題，或清空這一欄。", "Give the column a header, or clear it."
                ),
                file=raw.file,
                row=int(raw.rows[column.holding(filled[0])[0]]),
                value=shorten(filled[0]),
            )


def _named_columns(raw: RawTable) -> RawTable:
    if all(raw.header):
        return raw
    keep = [at for at, name in enumerate(raw.header) if name]
    suspects = {(r, keep.index(c)): why for (r, c), why in raw.suspects.items() if c in keep}
    return replace(raw, columns=tuple(raw.columns[at] for at in keep), suspects=suspects)
