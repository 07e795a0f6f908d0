"""Reading .xlsx workbooks: the stored value of every cell, as it stands in the XML.

Nothing is allocated for blank cells, and cells without a value of their own (the error of a formula,
a formula whose value was never stored) are told from blank ones.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from functools import cache
from xml.etree import ElementTree
from xml.parsers import expat

from optimizer.reading.archive import damaged, unpack
from optimizer.reading.findings import refuse
from optimizer.reading.grid import Grid
from optimizer.reading.raw_sheet import ERROR, FORMULA, PERCENT, STRUCK, UNIT, RawSheet, Workbook
from optimizer.reading.stored_values import (
    day_text,
    is_date_format,
    is_percent_format,
    is_unit_format,
    number_text,
    percent_text,
)

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_RANGE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DIGITS = "0123456789"


def open_xlsx(name: str, data: bytes) -> Workbook:
    """Open an .xlsx workbook from its content.

    Raises
    ------
    CaseError
        If it is damaged, locked or hostile.
    """
    parts = unpack(name, data)
    try:
        book = _Book(name, parts)
    except (ElementTree.ParseError, expat.ExpatError, ValueError, LookupError):
        raise refuse(damaged(name)) from None
    return Workbook(tuple(book.paths), book.read, book.hidden)


class _Book:
    """What all sheets of a workbook share."""

    def __init__(self, name: str, parts: Mapping[str, bytes]) -> None:
        self.name = name
        self.parts = parts
        workbook = ElementTree.fromstring(parts["xl/workbook.xml"])
        self.paths = _sheet_paths(workbook, parts["xl/_rels/workbook.xml.rels"])
        self.since_1904 = any(
            node.get("date1904") in ("1", "true") for node in _named(workbook, "workbookPr")
        )
        self.strings = _shared_strings(parts.get("xl/sharedStrings.xml"))
        self.hidden = frozenset(
            node.get("name", "")
            for node in _named(workbook, "sheet")
            if node.get("state", "visible") != "visible"
        )
        styles = _Styles(parts.get("xl/styles.xml", b"<none/>"))
        self.date_styles = styles.that_show(is_date_format)
        self.percent_styles = styles.that_show(is_percent_format)
        self.unit_styles = styles.that_show(is_unit_format)
        self.struck_styles = styles.struck()

    def read(self, sheet: str) -> RawSheet:
        """Read one sheet."""
        file = f"{self.name}[{sheet}]"
        try:
            reader = _SheetReader(Grid(file), self)
            _parse(self.parts[self.paths[sheet]], reader.start, reader.end, reader.characters)
            return reader.finish()
        except (expat.ExpatError, ValueError, LookupError):
            raise refuse(damaged(file)) from None


def _sheet_paths(workbook: ElementTree.Element, relations: bytes) -> dict[str, str]:
    """Return the part that holds each sheet, by the sheet's name."""
    targets = {node.get("Id"): node.get("Target", "") for node in ElementTree.fromstring(relations)}
    paths: dict[str, str] = {}
    for node in _named(workbook, "sheet"):
        target = targets.get(node.get(_RELATION) or node.get(_STRICT_RELATION), "")
        path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if "chartsheet" not in path:
            paths.setdefault(node.get("name", ""), path)
    if not paths:
        raise ValueError("no sheets")
    return paths


def _named(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [node for node in root.iter() if node.tag.rpartition("}")[2] == name]


class _Styles:
    """The styles of a workbook, as cells name them: by number."""

    def __init__(self, content: bytes) -> None:
        root = ElementTree.fromstring(content)
        self._codes = {n.get("numFmtId"): n.get("formatCode", "") for n in _named(root, "numFmt")}
        self._fonts = [font for all_ in _named(root, "fonts") for font in _named(all_, "font")]
        self._cells = [xf for all_ in _named(root, "cellXfs") for xf in _named(all_, "xf")]

    def that_show(self, shows: Callable[[int, str], bool]) -> frozenset[str]:
        """Return the styles whose number format shows something."""
        formats = enumerate(style.get("numFmtId", "0") for style in self._cells)
        return frozenset(str(at) for at, n in formats if shows(int(n), self._codes.get(n, "")))

    def struck(self) -> frozenset[str]:
        """Return the styles whose font is struck through."""
        fonts = {
            str(at)
            for at, font in enumerate(self._fonts)
            if any(node.get("val", "1") not in ("0", "false") for node in _named(font, "strike"))
        }
        return frozenset(str(at) for at, s in enumerate(self._cells) if s.get("fontId") in fonts)


def _shared_strings(content: bytes | None) -> list[str]:
    """Return the texts that cells refer to by number."""
    strings: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        inside.append(tag)
        if tag == "si":
            pieces.clear()

    def end(tag: str) -> None:
        inside.pop()
        if tag == "si":
            strings.append(_unescape("".join(pieces)))

    def characters(data: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:  # rPh: how the text is pronounced
            pieces.append(data)

    if content is not None:
        _parse(content, start, end, characters)
    return strings


def _unescape(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)


def _parse(
    content: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
) -> None:
    """Go through the XML of a part; elements are told by their name without a prefix."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    if b":row" in content or b":si" in content:
        parser.StartElementHandler = lambda tag, inside: start(tag.rpartition(":")[2], inside)
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    else:
        parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = characters
    parser.Parse(content, True)


@cache
def _column(letters: str) -> int:
    """Return the position of a column by its letters."""
    if not (letters.isascii() and letters.isupper() and letters.isalpha() and len(letters) < 4):
        raise ValueError("no column")
    at = 0
    for letter in letters:
        at = 26 * at + ord(letter) - ord("A") + 1
    return at - 1


class _SheetReader:
    """Goes through one sheet once and fills its grid."""

    def __init__(self, grid: Grid, book: _Book) -> None:
        self._grid = grid
        self._book = book
        self._number = cache(number_text)  # the same numbers stand in many cells
        self._merged: list[tuple[int, int, int, int]] = []
        self._line = ""
        self._hidden = False
        self._struck = ""  # the last line of which a cell is struck through
        self._cell: dict[str, str] | None = None
        self._inside = ""
        self._aside = False
        self._value: list[str] = []
        self._formula: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take up the start of an element."""
        if tag == "c":
            self._start_cell(attributes)
        elif self._cell is not None:
            self._inside = tag
            if tag == "f":
                self._formula = []
            elif tag == "rPh":  # how the text is pronounced
                self._aside = True
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "mergeCell":
            self._merged.append(self._corners(attributes.get("ref", "")))

    def end(self, tag: str) -> None:
        """Take up the end of an element."""
        self._inside = ""
        if tag == "c" and self._cell is not None:
            self._end_cell(self._cell)
        elif tag == "row":
            self._grid.end_row(hidden=self._hidden)
        elif tag == "rPh":
            self._aside = False

    def characters(self, data: str) -> None:
        """Take up a piece of text."""
        if self._inside in ("v", "t") and not self._aside:
            self._value.append(data)
        elif self._inside == "f" and self._formula is not None:
            self._formula.append(data)

    def finish(self) -> RawSheet:
        """Return the sheet."""
        for corners in self._merged:
            self._grid.merge(*corners)
        return self._grid.finish()

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        self._line = attributes.get("r", str(self._grid.line))
        self._hidden = attributes.get("hidden") in ("1", "true")
        skipped = _natural(self._line, 7) - self._grid.line
        if skipped < 0:
            raise ValueError("rows out of order")
        self._grid.add_blank_lines(skipped)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is not None:
            letters = place.rstrip(_DIGITS)
            skipped = _column(letters) - self._grid.column
            if skipped < 0 or place != letters + self._line:
                raise ValueError("cells out of order")
            self._grid.add_cell("", skipped)
        self._cell, self._value, self._formula = attributes, [], None

    def _end_cell(self, cell: Mapping[str, str]) -> None:
        text, reason = self._text(cell, "".join(self._value))
        if text and not reason and cell.get("s") in self._book.struck_styles:
            reason = "" if self._struck == self._line else STRUCK  # once a line
            self._struck = self._line
        if reason:
            self._grid.mark(reason)
        self._grid.add_cell(text)
        self._cell = None

    def _text(self, cell: Mapping[str, str], value: str) -> tuple[str, str]:
        """Return the text of a cell, and what is wrong with it."""
        kind = cell.get("t", "n")
        if kind == "e":
            return value or "#ERROR!", ERROR
        if not value:
            if self._formula is not None and kind in ("n", "b", "d"):
                return "=" + "".join(self._formula), FORMULA
            return "", ""
        if kind == "n":
            if cell.get("s") in self._book.date_styles:
                return day_text(value, self._book.since_1904), ""
            if cell.get("s") in self._book.percent_styles:
                return percent_text(value), PERCENT
            return self._number(value), UNIT if cell.get("s") in self._book.unit_styles else ""
        return self._other(kind, value), ""

    def _other(self, kind: str, value: str) -> str:
        if kind == "s":
            return self._book.strings[_natural(value, 9)]
        if kind == "b":
            return {"1": "true", "0": "false"}.get(value, value)
        return value.removesuffix("T00:00:00") if kind == "d" else _unescape(value)

    def _corners(self, reference: str) -> tuple[int, int, int, int]:
        match = _RANGE.fullmatch(reference)
        if match is None:
            raise ValueError("no range of cells")
        left, top, right, bottom = match.groups()
        return int(top), _column(left), int(bottom), _column(right)


def _natural(text: str, digits: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= digits):
        raise ValueError("no number of a line or a text")
    return int(text)
