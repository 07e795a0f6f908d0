"""The three sections of a ``.pb`` file as rows of text: META, PROJECTS, VOTES.

The format is Pabulib's (https://pabulib.org/format): UTF-8; a line with the name of a section, a line
with its columns, then a line each; cells part at semicolons and are quoted as in CSV.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Unpack

from optimizer.language.text import Text
from optimizer.problems.errors import Details, defect, one_of
from optimizer.reading.findings import Findings
from optimizer.reading.table_limits import MOST_COLUMNS, MOST_ROWS

META, PROJECTS, VOTES = NAMES = ("META", "PROJECTS", "VOTES")
_NEEDED = {META: ("key", "value"), PROJECTS: ("project_id", "cost"), VOTES: ("vote",)}
_NAMED = 40  # columns that a message names
_SHOWN = 80  # characters of a line that a message shows


@dataclass(frozen=True)
class Complaints:
    """Takes up what is wrong with a file.

    Parameters
    ----------
    file
        Its name, without any folder.
    findings
        What was found so far.
    """

    file: str
    findings: Findings = field(default_factory=Findings)

    def add(self, code: str, line: int | None, message: Text, **details: Unpack[Details]) -> None:
        """Take up one problem, with the line on which it stands."""
        found = defect(code, message, **details)
        self.findings.add(replace(found, file=self.file, row=line))


Row = tuple[int, Mapping[str, str]]
"""The line of a row in the file, and its cells by column; a cell that is left out is blank."""


@dataclass(frozen=True)
class Section:
    """One section.

    Parameters
    ----------
    line
        That of its name.
    header
        Its columns, in order.
    rows
        What stands below.
    """

    line: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sections(text: str, complaints: Complaints) -> dict[str, Section]:
    """Return the sections that could be read; what is wrong with the others is complained of.

    Raises
    ------
    CaseError
        If the file cannot be parted into rows.
    """
    parts = _parts(text, complaints)
    if META in parts and (len(parts[META]) < 2 or "key" not in parts[META][1][1]):
        parts[META].insert(
            1, (parts[META][0][0], list(_NEEDED[META]))
        )  # which real files leave out
    for missing in (name for name in NAMES if name not in parts):
        complaints.add("missing_section", None, _MISSING, value=missing)
    return {
        name: _section(lines, complaints)
        for name, lines in parts.items()
        if _has_columns(name, lines, complaints)
    }


_Lines = list[tuple[int, list[str]]]


def _parts(text: str, complaints: Complaints) -> dict[str, _Lines]:
    """Return the lines of each section, that of its name first."""
    parts: dict[str, _Lines] = {}
    current: _Lines | None = None
    for line, row in _rows(text, complaints):
        name = row[0].upper()
        if name in NAMES and not any(row[1:]):
            if name in parts:
                complaints.add("section_twice", line, _TWICE, value=name)
            current = [(line, row)]
            parts.setdefault(name, current)
        elif current is None:
            complaints.add("no_section", line, _BEFORE, value=_shown(row), expected=one_of([META]))
            break
        else:
            current.append((line, row))
    return parts


def _rows(text: str, complaints: Complaints) -> Iterator[tuple[int, list[str]]]:
    """Yield every row that is not blank, with the line on which it begins."""
    reader = csv.reader(_lines(text, complaints), delimiter=";", strict=True)
    line = 1
    try:
        for count, row in enumerate(reader):
            if count >= MOST_ROWS:
                complaints.add("too_many_rows", line, _TOO_MANY, value=f"{MOST_ROWS:,}")
                return
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        complaints.add("malformed", line, _MALFORMED)
        complaints.findings.raise_if_any()  # what is behind it cannot be told


def _lines(text: str, complaints: Complaints) -> Iterator[str]:
    """Yield the lines of a text, and stop at one that would become a hostile number of cells."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if line.count(";") >= MOST_COLUMNS:
            complaints.add("too_many_cells", number, _TOO_WIDE, value=f"{MOST_COLUMNS:,}")
            complaints.findings.raise_if_any()
        yield line


def _has_columns(name: str, lines: _Lines, complaints: Complaints) -> bool:
    """Say whether a section has every column that it must have, and none twice."""
    line, header = lines[1] if len(lines) > 1 else (lines[0][0], [])
    lacking = [column for column in _NEEDED[name] if column not in header]
    for column in lacking:
        there = (
            one_of(header[:_NAMED]) if header else Text("沒有欄名列", "it has no line of columns")
        )
        complaints.add("missing_column", line, _LACKS, value=column, expected=there)
    twice = sorted(column for column, times in Counter(header).items() if times > 1)
    for column in twice:
        complaints.add("column_twice", line, _COLUMN_TWICE, value=column)
    return not lacking and not twice


def _section(lines: _Lines, complaints: Complaints) -> Section:
    """Name the cells of every row; a row with more cells than columns is wrong."""
    (line, _), (_, header), *body = lines
    rows = []
    for at, row in body:
        if any(row[len(header) :]):
            complaints.add("too_many_cells", at, _WIDE, value=_shown(row))
        cells = [*row, *[""] * (len(header) - len(row))]
        rows.append((at, dict(zip(header, cells, strict=False))))
    return Section(line, tuple(header), tuple(rows))


def _shown(row: Sequence[str]) -> str:
    return ";".join(row)[:_SHOWN]


_MISSING = Text("檔案缺少這一段", "lacks the section")
_TWICE = Text("這一段出現兩次", "has a second section")
_BEFORE = Text("檔案開頭不是任何一段，而是", "begins with no section, but with")
_TOO_MANY = Text("列數太多，至多", "has too many lines; the most is")
_TOO_WIDE = Text("儲存格太多，至多", "has too many cells; the most is")
_MALFORMED = Text(
    "引號不成對，或其後接有其他文字", "has a quote that is not closed, or text behind one that is"
)
_LACKS = Text("缺少這個欄位", "lacks the column")
_COLUMN_TWICE = Text("這個欄名出現兩次", "has twice the column")
_WIDE = Text("儲存格比欄位多", "has more cells than the section has columns")
