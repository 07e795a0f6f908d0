"""Reading .ods workbooks: the stored value of every cell, exactly as it stands in the XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from optimizer.reading.archive import damaged, unpack
from optimizer.reading.findings import broken, refuse
from optimizer.reading.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from optimizer.reading.sheets import ERROR, FORMULA, MERGED, MERGED_DOWN, Sheet, Workbook
from optimizer.reading.xlsx import text_of
from optimizer.text import Text

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT = f"{_NS}office:1.0 ", f"{_NS}table:1.0 ", f"{_NS}text:1.0 "
_ERROR_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_PLAIN = re.compile(r"-?\d{1,40}(\.\d{1,40})?", re.ASCII)
_FAILED = re.compile(r"#[A-Z/0]+[!?]?|Err:\d{3}")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ASIDE = (f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}ruby-text")  # not part of the value


def open_ods(name: str, data: bytes) -> Workbook:
    """Open an .ods workbook from its content."""
    parts = unpack(name, data)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise refuse(damaged(name, Text("檔案有密碼。", "It has a password.")))
    reader = _Reader(name)
    reader.parse(parts.get("content.xml", b""))
    if not reader.sheets:
        raise refuse(damaged(name))
    return Workbook(tuple(reader.sheets), reader.sheets.__getitem__)


class _Grid:
    """One sheet while it is being read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.rows: list[list[str]] = []
        self.row: list[str] = []
        self.suspects: dict[tuple[int, int], str] = {}
        self._blank_lines = 0
        self._blank_cells = 0
        self._room = MOST_CELLS
        self._spans: dict[int, tuple[int, str]] = {}  # column: last line, value of merged cells

    @property
    def line(self) -> int:
        """The line of the row that is being read."""
        return len(self.rows) + self._blank_lines + 1

    @property
    def column(self) -> int:
        """The position of the cell that comes next."""
        return len(self.row) + self._blank_cells

    def add_cell(self, text: str, repeated: int) -> None:
        """Append a cell; blank ones count only if another follows."""
        if not text:
            self._blank_cells += repeated
            return
        self._take(self._blank_cells + repeated)
        if self.column + repeated > MOST_COLUMNS:
            raise refuse(_too_many(self.file))
        self.row.extend([""] * self._blank_cells)
        self._blank_cells = 0
        self.row.extend([text] * repeated)

    def end_row(self, repeated: int) -> None:
        """Close the row; blank ones count only if another follows."""
        row, self.row, self._blank_cells = self.row, [], 0
        if not row:
            self._blank_lines += repeated
            return
        self._take(self._blank_lines + repeated * len(row))
        if self.line + repeated > MOST_ROWS:
            raise refuse(_too_many(self.file))
        self.rows.extend([] for _ in range(self._blank_lines))
        self._blank_lines = 0
        self.rows.extend(list(row) for _ in range(repeated))

    def finish(self) -> Sheet:
        """Return the sheet, all rows equally wide."""
        width = max(map(len, self.rows), default=0)
        self._take(width * len(self.rows))
        for row in self.rows:
            row.extend([""] * (width - len(row)))
        return Sheet(self.file, self.rows, self.suspects)

    def _take(self, cells: int) -> None:
        self._room -= cells
        if self._room < 0:
            raise refuse(_too_many(self.file))

    def merge(self, text: str, down: int, across: int) -> None:
        """Note that the cell that comes next covers others."""
        if across > 1:
            self._take(min(across, MOST_COLUMNS) * min(down, MOST_ROWS))
        for column in range(self.column, min(self.column + across, MOST_COLUMNS)):
            first = column == self.column
            self._spans[column] = (self.line + down - 1, text if first else "")
            if not first:
                self.suspects[self.line, column] = MERGED

    def add_covered(self, repeated: int) -> None:
        """Append cells that merged cells cover, each with the value of the one above."""
        near = min(repeated, max(0, MOST_COLUMNS - self.column))
        self._take(near)
        for _ in range(near):
            self.add_cell(self._covered(), 1)
        self.add_cell("", repeated - near)

    def _covered(self) -> str:
        last, text = self._spans.get(self.column, (0, ""))
        if self.line > last:
            return ""
        self.suspects[self.line, self.column] = MERGED_DOWN if text else MERGED
        return text


def _too_many(file: str) -> Any:
    return broken(
        "too_many_cells",
        Text("工作表範圍太大", "spans too many cells"),
        file=file,
        expected=Text(f"至多 {MOST_CELLS:,} 格。", f"At most {MOST_CELLS:,}."),
    )


class _Reader:
    """Goes through content.xml once and fills one grid a sheet."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sheets: dict[str, Sheet] = {}
        self._path: list[str] = []
        self._grid: _Grid | None = None
        self._sheet = ""
        self._cell: Mapping[str, str] | None = None
        self._text: list[str] = []
        self._aside = 0
        self._row_repeated = 1

    def parse(self, content: bytes) -> None:
        """Read the whole document."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError, RecursionError):
            raise refuse(damaged(self.name)) from None

    def _doctype(self, *_: object) -> None:
        raise refuse(damaged(self.name))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        if self._cell is not None:
            self._start_inside(tag, attributes)
        elif tag in _CELLS and self._grid is not None:
            self._cell, self._text = attributes, []
        elif tag == f"{_TABLE}table-row" and self._grid is not None:
            self._row_repeated = _count(attributes, f"{_TABLE}number-rows-repeated")
        elif tag == f"{_TABLE}table" and self._path[-2:-1] == [f"{_OFFICE}spreadsheet"]:
            self._sheet = attributes.get(f"{_TABLE}name", "")
            self._grid = _Grid(f"{self.name}[{self._sheet}]")

    def _start_inside(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _ASIDE:
            self._aside += 1
        elif self._aside:
            return
        elif tag == f"{_TEXT}p" and self._text:
            self._text.append("\n")
        elif tag == f"{_TEXT}s":
            self._text.append(" " * min(_count(attributes, f"{_TEXT}c"), MOST_COLUMNS))
        elif tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            self._text.append("\t" if tag.endswith("tab") else "\n")

    def _characters(self, data: str) -> None:
        if self._cell is not None and not self._aside:
            self._text.append(data)

    def _end(self, tag: str) -> None:
        self._path.pop()
        if tag in _ASIDE and self._aside:
            self._aside -= 1
        elif self._grid is None:
            return
        elif tag in _CELLS and self._cell is not None:
            self._end_cell(tag, self._cell, self._grid)
            self._cell = None
        elif tag == f"{_TABLE}table-row" and self._cell is None:
            self._grid.end_row(self._row_repeated)
        elif tag == f"{_TABLE}table" and self._path[-1:] == [f"{_OFFICE}spreadsheet"]:
            self.sheets.setdefault(self._sheet, self._grid.finish())
            self._grid = None

    def _end_cell(self, tag: str, cell: Mapping[str, str], grid: _Grid) -> None:
        repeated = _count(cell, f"{_TABLE}number-columns-repeated")
        if tag == _CELLS[1]:
            grid.add_covered(repeated)
            return
        text, reason = self._value(cell)
        if reason:
            grid.suspects[grid.line, grid.column] = reason
        down = _count(cell, f"{_TABLE}number-rows-spanned")
        across = _count(cell, f"{_TABLE}number-columns-spanned")
        if down > 1 or across > 1:
            grid.merge(text, down, across)
        grid.add_cell(text, repeated)

    def _value(self, cell: Mapping[str, str]) -> tuple[str, str]:
        """Return the text of a cell, and what is wrong with it."""
        kind = cell.get(f"{_OFFICE}value-type", "")
        shown = "".join(self._text)
        formula = cell.get(f"{_TABLE}formula", "")
        if cell.get(_ERROR_TYPE) == "error" or (formula and _FAILED.fullmatch(shown)):
            return shown, ERROR
        if formula and not kind:
            return f"={formula.partition('=')[2]}", FORMULA
        if kind in ("float", "percentage", "currency"):
            return _number(cell.get(f"{_OFFICE}value", shown)), ""
        if kind in ("date", "boolean", "time"):
            return cell.get(f"{_OFFICE}{kind}-value", shown).removesuffix("T00:00:00"), ""
        return cell.get(f"{_OFFICE}string-value", shown), ""


def _count(attributes: Mapping[str, str], key: str) -> int:
    count = attributes.get(key, "1")
    return max(1, int(count)) if len(count) < 10 else MOST_CELLS + 1


def _number(text: str) -> str:
    """Return the text of a number without a needless ``.0`` or exponent."""
    if not _PLAIN.fullmatch(text):
        try:
            return text_of(float(text))
        except ValueError:
            return text
    return text.rstrip("0").rstrip(".") if "." in text else text
