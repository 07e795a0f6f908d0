"""Writing sheets as an Excel workbook. The same sheets give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from optimizer.foundation.escaping import runs
from optimizer.workbooks.sheet import (
    MARK,
    MARK_EDGE,
    CellKind,
    Entry,
    Paper,
    Sheet,
    SheetColumn,
    Total,
    Value,
    column_letters,
    is_total,
    lines,
    wrapped,
)

_CREATED = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
# "_ " leaves a blank after a number, before the text of the next column
_LOOKS: dict[CellKind, dict[str, Any]] = {
    CellKind.TEXT: {"valign": "top"},
    CellKind.CODE: {"valign": "top"},
    CellKind.COUNT: {"valign": "top", "num_format": "0_ "},
    CellKind.MONEY: {"valign": "top", "num_format": "#,##0_ "},
    CellKind.POINTS: {"valign": "top", "num_format": "0.00_ "},
    CellKind.LONG: {"valign": "top", "text_wrap": True},
    CellKind.TYPED: {"num_format": 49},
    CellKind.FREE: {},
}
_READY = 5_000  # the row down to which a form checks what is typed in
_NOTE = {"x_scale": 1.6, "y_scale": 1.1, "author": "subsidy"}
_A4 = 9
_LONGEST_LIST = 255  # characters that Excel takes; the note has what there is to choose
_LINE = 15  # points
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def write_xlsx(sheets: Iterable[Sheet], path: Path, title: str = "") -> None:
    """Write a workbook: frozen headers, widths, number formats.

    What is to be read has filters and is ready to print; what is to be filled in has notes and
    drop-down lists.
    """
    path.write_bytes(
        to_xlsx(sheets, title)
    )  # a disk that is full is heard of as for any other file


def to_xlsx(sheets: Iterable[Sheet], title: str = "") -> bytes:
    """Return the content of such a workbook."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"title": title[:255], "created": _CREATED})
        looks = _Looks(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, looks)
    return content.getvalue()


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        look = {"bold": True, "bg_color": "#E8EEF3", "bottom": 1}
        wrapping = {**look, "text_wrap": True, "valign": "top"}
        self._header = book.add_format(wrapping)
        self._number_header = book.add_format({**wrapping, "align": "right", "indent": 1})
        self._needed = book.add_format({**look, "bg_color": "#DDEBF7"})
        self._optional = book.add_format({"bg_color": "#F2F2F2", "bottom": 1})
        marked = {"bold": True, "bg_color": MARK, "border": 2, "border_color": MARK_EDGE}
        self.marked = book.add_format({"num_format": 49, **marked})
        self.of_kind = {
            kind: book.add_format(look) if look else None for kind, look in _LOOKS.items()
        }
        self.quoted = {  # what stays text when somebody edits the cell
            kind: book.add_format({**look, "quote_prefix": True}) for kind, look in _LOOKS.items()
        }
        summed = {"bold": True, "bg_color": "#F2F2F2", "top": 1}
        self.total = {kind: book.add_format({**look, **summed}) for kind, look in _LOOKS.items()}
        counted = {"valign": "top", "align": "left", "num_format": '0" 件"'}
        self.counted = book.add_format({**counted, **summed})
        whole = {"text_wrap": True, "valign": "vcenter"}
        self.title = book.add_format({**whole, "bold": True, "font_size": 14})
        self.line = book.add_format(whole)
        self.signature = book.add_format({"valign": "top", "top": 1})

    def header(self, column: SheetColumn) -> Any:
        """Return the format of a header."""
        if column.entry:
            return self._needed if column.entry.needed else self._optional
        return self._number_header if column.kind.numeric else self._header

    def of(self, column: SheetColumn, value: Value, summed: bool) -> Any:
        """Return the format of a cell, of a row that adds up or of any other."""
        if summed:
            return self.total[column.kind]
        quoted = isinstance(value, str) and runs(value)
        return (self.quoted if quoted else self.of_kind)[column.kind]


def _write(page: Any, sheet: Sheet, looks: _Looks) -> None:
    if sheet.unseen:
        page.hide()
    for position, column in enumerate(sheet.columns):
        page.set_column(position, position, column.width, looks.of_kind[column.kind])
        page.write_string(sheet.top, position, column.header, looks.header(column))
        if column.entry:
            _invite(page, position, column.header, column.entry)
    for line, row in enumerate(sheet.rows, start=sheet.top + 1):
        summed = is_total(row)
        for position, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            if isinstance(value, Total):
                look = looks.counted if value.unit else looks.total[column.kind]
                _add_up(page, value, (line, position), look, top=sheet.top)
            elif value != "":
                put = page.write_string if isinstance(value, str) else page.write_number
                put(line, position, value, looks.of(column, value, summed))
            elif summed:
                page.write_blank(line, position, None, looks.total[column.kind])
        hidden = {"hidden": True} if line - sheet.top in sheet.hidden else {}
        page.set_row(line, _LINE * lines(row, sheet.columns), None, hidden)
    for (line, position), note in sheet.marks.items():
        value = sheet.value(line, position)
        page.write(sheet.top + line, position, value if value != "" else None, looks.marked)
        page.write_comment(sheet.top + line, position, note, _NOTE)
    page.freeze_panes(sheet.top + 1, 0)
    if sheet.paper:
        _make_document(page, sheet, sheet.paper, looks)
    else:
        _lay_out(page, sheet)
    if not sheet.to_fill_in:
        page.set_row(sheet.top, _LINE * sheet.header_lines)


def _add_up(page: Any, total: Total, place: tuple[int, int], look: Any, top: int) -> None:
    letters = column_letters(place[1] + 1)
    ends = (f"{letters}{top + line + 1}" for line in (total.first, total.last))
    page.write_formula(*place, f"={total.formula(*ends)}", look, total.value)


def _invite(page: Any, position: int, header: str, entry: Entry) -> None:
    """Say what to type into a column, and have it checked."""
    page.write_comment(0, position, entry.note, _NOTE)
    rule: dict[str, Any] = {}
    if entry.choices and len(",".join(entry.choices)) <= _LONGEST_LIST:
        rule = {"validate": "list", "source": list(entry.choices)}
    elif entry.whole:
        rule = {"validate": "integer", "criteria": ">=", "value": 0}
    if rule:
        said = {"error_title": header[:32], "error_message": entry.note[:255]}
        refusal = {"error_type": "stop" if entry.closed else "warning"}
        page.data_validation(1, position, _READY, position, options={**rule, **said, **refusal})


def _lay_out(page: Any, sheet: Sheet) -> None:
    """Make a sheet ready to be printed and, unless it is to be filled in, to be sorted."""
    if not sheet.to_fill_in:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        page.ignore_errors({"number_stored_as_text": f"A1:XFD{len(sheet.rows) + 1}"})
    else:
        page.hide_gridlines(0)  # they are printed, too: somebody may fill it in by hand
        page.set_header("&L&A")
    _print_across(page, 0, sheet.pages_across)
    page.set_footer("&R&P / &N" if sheet.to_fill_in else "&L&A&R&P / &N")


def _make_document(page: Any, sheet: Sheet, paper: Paper, looks: _Looks) -> None:
    """Put lines above and below a table, a place for signatures, and the number of every page."""
    last, across = len(sheet.columns) - 1, sum(column.width for column in sheet.columns)
    at = [*range(sheet.top), *range(sheet.bottom, sheet.bottom + len(paper.foot))]
    for line, text in zip(at, (*paper.head, *paper.foot), strict=True):
        title = line == 0
        _across(page, (line, 0, last), text, looks.title if title else looks.line)
        width = across * 11 // 14 if title else across
        page.set_row(line, (_LINE + 6 * title) * wrapped(text, width))
    end = sheet.bottom + len(paper.foot)
    for (first, to), office in zip(sheet.blocks, paper.signatures, strict=True):
        _across(page, (end + 1, first, to), office, looks.signature)
        page.set_row(end + 1, 3 * _LINE)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{end + 2}"})
    page.print_area(0, 0, end + 1 if paper.signatures else end - 1, last)
    _print_across(page, sheet.top, down=sheet.pages_down)
    page.set_margins(left=0.5, right=0.5)
    page.hide_gridlines(0)  # they are printed, too
    before, between, after = paper.page
    page.set_footer(f"&L{_plain(paper.edge)}&R{before}&P{between}&N{after}")


def _across(page: Any, place: tuple[int, int, int], text: str, look: Any) -> None:
    """Write one text over the cells of a line, from one column to another."""
    line, first, last = place
    if first < last:
        page.merge_range(line, first, line, last, data="", cell_format=look)
    page.write_string(line, first, text, look)


def _plain(text: str) -> str:
    return text.replace("&", "&&")[:200]


def _print_across(page: Any, header: int, pages: int = 1, down: int = 0) -> None:
    """Print on A4 across, all columns on so many pages, the header on each, the first column on both.

    All rows on so many pages too, unless that is 0.
    """
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(pages, down)
    page.repeat_rows(header)
    if pages > 1:
        page.repeat_columns(0)
