"""A table as it stands in its file: headers, cells as text, and the line of every row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from optimizer.errors import Problem
from optimizer.program import IntArray
from optimizer.reading.delimited import Row, split_rows
from optimizer.reading.encoding import check_encoding, decode
from optimizer.reading.files import load
from optimizer.reading.findings import Findings, broken, refuse
from optimizer.reading.sheets import Sheet
from optimizer.reading.workbook import is_packed, is_workbook, open_workbook
from optimizer.schema import APPLICATION, APPLICATIONS, Table, fold
from optimizer.text import EMPTY, Text

Strings = npt.NDArray[np.object_]
_TITLE_ROWS = 20  # rows among which the header is looked for


@dataclass(frozen=True)
class RawColumn:
    """One column, its repeated texts told once.

    Parameters
    ----------
    header
        Its header as written.
    codes
        Shape (n,): which text each row holds.
    texts
        The different texts, without blanks around them.
    position
        Which column of the table it is.
    """

    header: str
    codes: IntArray
    texts: tuple[str, ...]
    position: int

    def at(self, position: int) -> str:
        """Return the text of one row."""
        return self.texts[int(self.codes[position])]


@dataclass(frozen=True)
class RawTable:
    """A table of texts.

    Parameters
    ----------
    file
        Its name for messages: ``schools.csv`` or ``case.xlsx[schools]``.
    header
        The headers as written.
    cells
        One array of texts a column, each of shape (n,).
    rows
        Shape (n,): the line of each row as a spreadsheet counts it.
    header_row
        The line of the header.
    encoding
        How the text was encoded; empty for a workbook.
    suspects
        Cells that a workbook does not give a value to, by (line, column position), with the reason:
        as `optimizer.reading.sheets` names them.
    """

    file: str
    header: tuple[str, ...]
    cells: tuple[Strings, ...]
    rows: IntArray
    header_row: int = 1
    encoding: str = ""
    suspects: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def columns(self) -> tuple[RawColumn, ...]:
        """Every column, factorised."""
        return tuple(
            _factorise(header, cells, position)
            for position, (header, cells) in enumerate(zip(self.header, self.cells, strict=True))
        )

    def suspects_of(self, column: RawColumn) -> dict[int, str]:
        """Return the rows of a column that have no value of their own, with the reason."""
        return self._suspects.get(column.position, {}) if self.suspects else {}

    @cached_property
    def _suspects(self) -> dict[int, dict[int, str]]:
        position = {int(line): at for at, line in enumerate(self.rows)}
        by_column: dict[int, dict[int, str]] = {}
        for (line, column), reason in self.suspects.items():
            if line in position:
                by_column.setdefault(column, {})[position[line]] = reason
        return by_column

    def application_at(self, position: int) -> str:
        """Return the application that a row is about, if the table tells."""
        return "" if self._applications is None else self._applications.at(position)

    @cached_property
    def _applications(self) -> RawColumn | None:
        named = (c for c in self.columns if APPLICATIONS.find(c.header) is APPLICATION)
        return next(named, None)

    def to_frame(self) -> pd.DataFrame:
        """Return the texts as a data frame whose index is the line in the file."""
        columns = dict(zip(self.header, self.cells, strict=True))
        return pd.DataFrame(columns, index=pd.Index(self.rows, name="row"), dtype="str")


def _factorise(header: str, cells: Strings, position: int) -> RawColumn:
    codes, texts = pd.factorize(cells)
    return RawColumn(header, codes, tuple(_trim(text) for text in texts), position)


def _trim(text: str) -> str:
    return text.strip().strip("\ufeff\u200b").strip()


def read_table(path: Path, encoding: str | None = None, sheet: str | None = None) -> RawTable:
    """Read any table: CSV, TSV, or a sheet of a workbook.

    Parameters
    ----------
    path
        A file.
    encoding
        Its encoding, if the strict order of trials is wrong.
    sheet
        Which sheet of a workbook; the first unless given.

    Raises
    ------
    CaseError
        If it cannot be read.
    """
    return parse_table(path.name, load(path), None, encoding, sheet)


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
    if not data.strip():
        raise refuse(broken("empty_file", Text("是空白檔案", "is empty"), file=name))
    if is_packed(data):
        raise refuse(
            broken(
                "not_text",
                Text("不是文字檔", "is not a text file"),
                file=name,
                hint=Text(
                    "這是試算表檔？請改副檔名為 .xlsx 或 .ods。",
                    "Is it a workbook? Then name it .xlsx or .ods.",
                ),
            )
        )
    if encoding is not None:
        check_encoding(encoding)
    text, encoding = decode(data, name, encoding)
    rows = split_rows(text, name, _scorer(table))
    return _assemble(name, rows, table, encoding)


def table_of_sheet(sheet: Sheet, table: Table | None) -> RawTable:
    """Make a table of a sheet of a workbook."""
    if not any(map(any, sheet.rows)):
        raise refuse(broken("empty_file", Text("是空白工作表", "is empty"), file=sheet.file))
    return _assemble(sheet.file, sheet.rows, table, "", sheet.suspects)


def _scorer(table: Table | None) -> Callable[[Row], int]:
    """Return a measure of how much a row looks like the header."""
    if table is None:
        return lambda row: sum(1 for cell in row if _trim(cell))
    return lambda row: len({column for cell in row if (column := table.find(cell))})


def _assemble(
    file: str,
    rows: list[Row],
    table: Table | None,
    encoding: str,
    suspects: Mapping[tuple[int, int], str] | None = None,
) -> RawTable:
    at = _find_header(rows, table)
    header = _header(rows[at])
    body, lines = _body(rows, at + 1)
    _raise([*_header_problems(file, header, at + 1), *_width_problems(file, body, lines, header)])
    cells = _transpose(body, len(header))
    raw = RawTable(
        file, header, cells, np.array(lines, dtype=np.int64), at + 1, encoding, suspects or {}
    )
    _raise([*_repeated_header(raw), *_unnamed_columns(raw, at + 1)])
    return _named_columns(raw)


def _find_header(rows: list[Row], table: Table | None) -> int:
    """Return the position of the header: the row with most known names, below any titles."""
    first = range(min(_TITLE_ROWS, len(rows)))
    if table is not None:
        score = _scorer(table)
        best = max(first, key=lambda at: score(rows[at]), default=0)
        if score(rows[best]):
            return best
    filled = [_scorer(None)(rows[at]) for at in first]
    enough = max(max(filled, default=0) / 2, 1)
    return next((at for at in first if filled[at] >= enough), 0)


def _header(row: Row) -> tuple[str, ...]:
    header = [_trim(cell) for cell in row]
    while header and not header[-1]:
        header.pop()
    return tuple(header)


def _body(rows: list[Row], start: int) -> tuple[list[Row], list[int]]:
    """Return the rows that are not blank, and the line each of them stands on."""
    filled = [at for at in range(start, len(rows)) if "".join(rows[at]).strip()]
    return [rows[at] for at in filled], [at + 1 for at in filled]


def _header_problems(file: str, header: Sequence[str], row: int) -> list[Problem]:
    first: dict[str, str] = {}
    problems = []
    for name in filter(None, header):
        if fold(name) in first:
            problems.append(duplicate_column(file, row, name, first[fold(name)]))
        first.setdefault(fold(name), name)
    return problems


def duplicate_column(file: str, row: int | None, name: str, other: str) -> Problem:
    """Return the problem of two headers that mean the same column."""
    return broken(
        "duplicate_column",
        Text("欄位重複", "stands twice"),
        file=file,
        row=row,
        column=name,
        hint=EMPTY if name == other else Text(f"與「{other}」同義。", f"It means {other!r}."),
    )


def _width_problems(
    file: str, body: list[Row], lines: list[int], header: Sequence[str]
) -> list[Problem]:
    """Return the rows with more or fewer cells than the header; cut blanks beyond it."""
    width = len(header)
    problems = []
    for at, row in enumerate(body):
        if len(row) > width and not "".join(row[width:]).strip():
            body[at] = row[:width]
        elif len(row) != width:
            problems.append(_wrong_width(file, lines[at], row, header))
    return problems


def _wrong_width(file: str, line: int, row: Row, header: Sequence[str]) -> Problem:
    more = len(row) > len(header)
    return broken(
        "too_many_cells" if more else "too_few_cells",
        Text("儲存格數與標題列不符", "has more cells than the header has columns")
        if more
        else Text("儲存格數與標題列不符", "has fewer cells than the header has columns"),
        file=file,
        row=line,
        column="" if more else header[len(row)],
        value=row[len(header)] if more else "",
        expected=Text(
            f"標題列 {len(header)} 欄，此列 {len(row)} 欄。",
            f"The header has {len(header)}, this row {len(row)}.",
        ),
        hint=Text("內容含逗號的儲存格要加引號。", "A cell that holds a comma needs quotes.")
        if more
        else EMPTY,
    )


def _transpose(body: list[Row], width: int) -> tuple[Strings, ...]:
    if not body:
        return tuple(np.empty(0, dtype=object) for _ in range(width))
    return tuple(np.array(column, dtype=object) for column in zip(*body, strict=True))


def _repeated_header(raw: RawTable) -> list[Problem]:
    if not raw.header:
        return []
    alike = np.flatnonzero(raw.cells[0] == raw.header[0])
    return [
        broken(
            "header_again",
            Text("標題列又出現一次", "is the header again"),
            file=raw.file,
            row=int(raw.rows[at]),
            column=raw.header[0],
            hint=Text("是否把兩個檔案接在一起？", "Were two files put together?"),
        )
        for at in alike
        if all(
            _trim(column[at]) == name for column, name in zip(raw.cells, raw.header, strict=True)
        )
    ]


def _unnamed_columns(raw: RawTable, row: int) -> list[Problem]:
    """Return the columns that have cells but no header."""
    problems = []
    for column, name in zip(raw.cells, raw.header, strict=True):
        first = None if name else next((at for at, c in enumerate(column) if _trim(c)), None)
        if first is not None:
            problems.append(
                broken(
                    "blank_header",
                    Text("欄位沒有名稱", "stands in a column without a header"),
                    file=raw.file,
                    row=int(raw.rows[first]),
                    value=column[first],
                )
            )
    return problems


def _named_columns(raw: RawTable) -> RawTable:
    if all(raw.header):
        return raw
    keep = [at for at, name in enumerate(raw.header) if name]
    return replace(
        raw,
        header=tuple(raw.header[at] for at in keep),
        cells=tuple(raw.cells[at] for at in keep),
        suspects={(r, keep.index(c)): why for (r, c), why in raw.suspects.items() if c in keep},
    )


def _raise(problems: list[Problem]) -> None:
    findings = Findings()
    findings.extend(problems)
    findings.raise_if_any()
