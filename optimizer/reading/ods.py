"""Reading .ods workbooks: the stored value of every cell, exactly as it stands in the XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from optimizer.language.text import Text
from optimizer.reading.archive import damaged, unpack
from optimizer.reading.findings import refuse
from optimizer.reading.grid import Grid
from optimizer.reading.raw_sheet import ERROR, FORMULA, PERCENT, UNIT, RawSheet, Workbook
from optimizer.reading.stored_values import number_text, percent_text, shows_unit
from optimizer.reading.table_limits import MOST_CELLS, MOST_COLUMNS

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT = f"{_NS}office:1.0 ", f"{_NS}table:1.0 ", f"{_NS}text:1.0 "
_STYLE = f"{_NS}style:1.0 "
_ERROR_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_FAILED = re.compile(r"#[A-Z/0]+[!?]?|Err:\d{3}")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ROW, _SHEET, _BODY = f"{_TABLE}table-row", f"{_TABLE}table", f"{_OFFICE}spreadsheet"
_PARAGRAPH = f"{_TEXT}p"
_KIND, _VALUE, _STRING = (f"{_OFFICE}{name}" for name in ("value-type", "value", "string-value"))
_FORMULA, _REPEATED = f"{_TABLE}formula", f"{_TABLE}number-columns-repeated"
_DOWN, _ACROSS = f"{_TABLE}number-rows-spanned", f"{_TABLE}number-columns-spanned"
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
    return Workbook(tuple(reader.sheets), reader.sheets.__getitem__, frozenset(reader.hidden))


class _Reader:
    """Goes through content.xml once and fills one grid a sheet."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sheets: dict[str, RawSheet] = {}
        self._path: list[str] = []
        self._grid: Grid | None = None
        self._sheet = ""
        self._cell: Mapping[str, str] | None = None
        self._text: list[str] = []
        self._aside = 0
        self._row_repeated = 1
        self._row_hidden = False
        self.hidden: set[str] = set()
        self._style = ""
        self._unseen: set[str] = set()  # styles of sheets that are not shown

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
            if tag != _PARAGRAPH or self._text or self._aside:
                self._start_inside(tag, attributes)
        elif self._grid is None:
            self._note_style(tag, attributes)
            if tag == _SHEET and self._path[-2:-1] == [_BODY]:
                self._sheet = attributes.get(f"{_TABLE}name", "")
                if attributes.get(f"{_TABLE}style-name") in self._unseen:
                    self.hidden.add(self._sheet)
                self._grid = Grid(f"{self.name}[{self._sheet}]")
        elif tag in _CELLS:
            self._cell, self._text = attributes, []
        elif tag == _ROW:
            self._row_repeated = _count(attributes, f"{_TABLE}number-rows-repeated")
            self._row_hidden = attributes.get(f"{_TABLE}visibility", "visible") != "visible"

    def _note_style(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == f"{_STYLE}style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif tag == f"{_STYLE}table-properties" and attributes.get(f"{_TABLE}display") == "false":
            self._unseen.add(self._style)

    def _start_inside(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _ASIDE:
            self._aside += 1
        elif self._aside:
            return
        elif tag == _PARAGRAPH and self._text:
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
        if tag == _PARAGRAPH or self._grid is None:
            return
        if self._cell is not None:
            self._end_inside(tag, self._cell, self._grid)
        elif tag == _ROW:
            self._grid.end_row(self._row_repeated, self._row_hidden)
        elif tag == _SHEET and self._path[-1:] == [_BODY]:
            self.sheets.setdefault(self._sheet, self._grid.finish())
            self._grid = None

    def _end_inside(self, tag: str, cell: Mapping[str, str], grid: Grid) -> None:
        if tag in _ASIDE:
            self._aside -= 1
        elif tag in _CELLS and not self._aside:
            self._end_cell(tag, cell, grid)
            self._cell = None

    def _end_cell(self, tag: str, cell: Mapping[str, str], grid: Grid) -> None:
        repeated = _count(cell, _REPEATED)
        if tag == _CELLS[1]:
            grid.add_covered(repeated)
            return
        text, reason = self._value(cell)
        if reason:
            grid.mark(reason, repeated)
        if _DOWN in cell or _ACROSS in cell:
            grid.merge_next(text, _count(cell, _DOWN), _count(cell, _ACROSS))
        grid.add_cell(text, repeated)

    def _value(self, cell: Mapping[str, str]) -> tuple[str, str]:
        """Return the text of a cell, and what is wrong with it."""
        kind = cell.get(_KIND)
        shown = "".join(self._text)
        if _FORMULA in cell:
            if cell.get(_ERROR_TYPE) == "error" or _FAILED.fullmatch(shown):
                return shown, ERROR
            if not kind:
                return f"={cell[_FORMULA].partition('=')[2]}", FORMULA
        if kind == "percentage":
            return percent_text(cell.get(_VALUE, shown)), PERCENT
        if kind in ("float", "currency"):
            return number_text(cell.get(_VALUE, shown)), UNIT if shows_unit(shown) else ""
        if kind in ("date", "boolean", "time"):
            return cell.get(f"{_OFFICE}{kind}-value", shown).removesuffix("T00:00:00"), ""
        return cell.get(_STRING, shown), ""


def _count(attributes: Mapping[str, str], key: str) -> int:
    """Return how often a cell or row stands, at least once; a hostile count is too many cells."""
    text = attributes.get(key, "1")
    return max(1, int(text)) if len(text) < 10 else MOST_CELLS + 1
