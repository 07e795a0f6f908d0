"""Reading .xlsx workbooks: the values by calamine, what it leaves blank from the XML itself.

Calamine gives an empty text for an error cell and for a formula without a stored value, and
allocates every cell between the first and the last; so both are looked for beforehand.
"""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar
from xml.etree import ElementTree

from optimizer.errors import Problem
from optimizer.reading.archive import damaged, repack, unpack
from optimizer.reading.findings import broken, refuse
from optimizer.reading.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from optimizer.reading.sheets import ERROR, FORMULA, MERGED, MERGED_DOWN, Sheet, Workbook
from optimizer.text import Text

T = TypeVar("T")
_LETTERS = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{2,})\d+["']""")
_LINES = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["'](\d+)["']""")
_LONG_LINES = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]+(\d{6,})["']""")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
_STRING = re.compile(rb"""\st\s*=\s*["']str["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<", re.DOTALL)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WIDEST = 16_384  # columns of a sheet
_EXACT = 2**53  # whole numbers up to here are exact in a workbook


def open_xlsx(name: str, data: bytes) -> Workbook:
    """Open an .xlsx workbook from its content."""
    from python_calamine import CalamineWorkbook

    parts = unpack(name, data)
    for path, content in parts.items():
        if path.startswith("xl/worksheets/") and path.endswith(".xml"):
            _check_extent(name, content)
    book = guarded(name, lambda: CalamineWorkbook.from_object(repack(parts)))
    paths = guarded(name, lambda: _sheet_paths(parts))
    sheets = tuple(book.sheet_names)
    return Workbook(
        sheets, lambda sheet: _read(name, book, sheet, parts.get(paths.get(sheet, ""), b""))
    )


def guarded(name: str, action: Callable[[], T]) -> T:
    """Return what an action on hostile input gives, and turn any failure into a problem."""
    try:
        return action()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of calamine is no Exception
        raise refuse(damaged(name)) from None


def _sheet_paths(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the part that holds each sheet."""
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {node.get("Id"): node.get("Target", "") for node in relations}
    paths = {}
    for node in ElementTree.fromstring(parts["xl/workbook.xml"]).iter():
        if node.tag.endswith("}sheet"):
            target = targets.get(node.get(_RELATION), "")
            paths[node.get("name", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip(
                "/"
            )
    return paths


def _check_extent(name: str, content: bytes) -> None:
    """Refuse a sheet whose outermost cells span a hostile area."""
    lines = [*map(int, _LINES.findall(content)), *map(int, _LONG_LINES.findall(content))]
    height = max([content.count(b"row"), *lines])
    letters = set(_LETTERS.findall(content))
    width = max(map(_ordinal, letters), default=25) + 1
    if height > MOST_ROWS or width > _WIDEST or height * width > MOST_CELLS:
        raise refuse(_too_wide(name))


def _too_wide(name: str) -> Problem:
    return broken(
        "too_many_cells",
        Text("工作表範圍太大", "has a sheet that spans too many cells"),
        file=name,
        expected=Text(f"至多 {MOST_CELLS:,} 格。", f"At most {MOST_CELLS:,}."),
        hint=Text("遠處是否有不小心填入的儲存格？", "Is there a stray cell far out?"),
    )


def _ordinal(letters: bytes) -> int:
    ordinal = 0
    for letter in letters.upper():
        ordinal = 26 * ordinal + letter - 64
    return ordinal - 1


def _read(name: str, book: Any, sheet: str, content: bytes) -> Sheet:
    file = f"{name}[{sheet}]"
    page = guarded(file, lambda: book.get_sheet_by_name(sheet))
    values = guarded(file, lambda: page.to_python(skip_empty_area=False))
    rows = [[v if type(v) is str else text_of(v) for v in row] for row in values]
    suspects = _merge_down(file, rows, guarded(file, lambda: page.merged_cell_ranges) or [])
    for place, reason, shown in _without_value(content):
        if place is None:
            raise refuse(
                broken(reason, Text("有儲存格沒有值", "has cells without a value"), file=file)
            )
        line, column = place
        _show(rows, line, column, shown)
        suspects[place] = reason
    return Sheet(file, rows, suspects)


def _show(rows: list[list[str]], line: int, column: int, shown: str) -> None:
    """Put what a cell shows into its row, which may end before it."""
    if line <= len(rows) and column < MOST_COLUMNS:
        row = rows[line - 1]
        row.extend([""] * (column + 1 - len(row)))
        row[column] = shown


def _without_value(content: bytes) -> Iterator[tuple[tuple[int, int] | None, str, str]]:
    """Yield place, reason and text of the cells that calamine would give as empty."""
    if not _ERROR.search(content) and b"<f" not in content and b":f" not in content:
        return
    for attributes, inner in _CELL.findall(content):
        formula, value = _FORMULA.search(inner), _VALUE.search(inner)
        if _ERROR.search(b" " + attributes):
            yield _place(attributes), ERROR, _decode(value)
        elif formula and not value and not _STRING.search(b" " + attributes):
            yield _place(attributes), FORMULA, "=" + _decode(formula)


def _decode(match: re.Match[bytes] | None) -> str:
    return (match.group(1) or b"").decode("utf-8", "replace") if match else ""


def _place(attributes: bytes) -> tuple[int, int] | None:
    match = _REFERENCE.search(b" " + attributes)
    return (int(match.group(2)), _ordinal(match.group(1))) if match else None


def _merge_down(
    file: str, rows: list[list[str]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]
) -> dict[tuple[int, int], str]:
    """Give the value of merged cells to every row they span; mark all cells they cover."""
    suspects: dict[tuple[int, int], str] = {}
    room = MOST_CELLS // 10
    for (top, left), (bottom, right) in ranges:
        last, width = min(bottom, len(rows) - 1), min(right, MOST_COLUMNS) - left + 1
        room -= max(0, last - top + 1) * max(0, width)
        if room < 0:
            raise refuse(_too_wide(file))
        for line in range(top, last + 1):
            if line > top and left < len(rows[line]):
                rows[line][left] = rows[top][left]
                suspects[line + 1, left] = MERGED_DOWN
            suspects.update(
                dict.fromkeys(
                    ((line + 1, column) for column in range(left + 1, left + width)), MERGED
                )
            )
    return suspects


def text_of(value: Any) -> str:
    """Return the exact text of a value that is not text."""
    return _TEXTS.get(type(value), str)(value)


def _of_number(value: float) -> str:
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    shortest = repr(value)
    if "e-" in shortest:
        return format(Decimal(shortest), "f")
    return shortest


def _of_time(value: datetime.datetime) -> str:
    midnight = value.time() == datetime.time()
    return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")


_TEXTS: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _of_number,
    datetime.date: datetime.date.isoformat,
    datetime.datetime: _of_time,
}
