"""Writing sheets as an Excel workbook. The same sheets give the same bytes."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from optimizer.foundation.escaping import runs
from optimizer.workbooks.sheet import MARK, MARK_EDGE, CellKind, Entry, Sheet, SheetColumn, Value

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
        self._header = book.add_format(look)
        self._number_header = book.add_format({**look, "align": "right"})
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

    def header(self, column: SheetColumn) -> Any:
        """Return the format of a header."""
        if column.entry:
            return self._needed if column.entry.needed else self._optional
        return self._number_header if column.kind.numeric else self._header

    def of(self, column: SheetColumn, value: Value) -> Any:
        """Return the format of a cell."""
        quoted = isinstance(value, str) and runs(value)
        return (self.quoted if quoted else self.of_kind)[column.kind]


def _write(page: Any, sheet: Sheet, looks: _Looks) -> None:
    if sheet.unseen:
        page.hide()
    for position, column in enumerate(sheet.columns):
        page.set_column(position, position, column.width, looks.of_kind[column.kind])
        page.write_string(0, position, column.header, looks.header(column))
        if column.entry:
            _invite(page, position, column.header, column.entry)
    for line, row in enumerate(sheet.rows, start=1):
        for position, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            if value != "":
                put = page.write_string if isinstance(value, str) else page.write_number
                put(line, position, value, looks.of(column, value))
        hidden = {"hidden": True} if line in sheet.hidden else {}
        page.set_row(line, _LINE * lines(row, sheet.columns), None, hidden)
    for (line, position), note in sheet.marks.items():
        value = sheet.value(line, position)
        page.write(line, position, value if value != "" else None, looks.marked)
        page.write_comment(line, position, note, _NOTE)
    page.freeze_panes(1, 0)
    if not sheet.to_fill_in:
        _make_sortable(page, sheet)
    _lay_out(page)


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


def lines(row: Sequence[Value], columns: Sequence[SheetColumn]) -> int:
    """Return how many lines the sentences of a row take in their columns.

    Not every program works it out by itself when it opens a workbook.
    """
    return max(
        (
            -(-display_width(str(value)) // (column.width - 1))
            for value, column in zip(row, columns, strict=True)
            if column.kind is CellKind.LONG and value
        ),
        default=1,
    )


def display_width(text: str) -> int:
    """Return the width of a text in Latin characters; a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _make_sortable(page: Any, sheet: Sheet) -> None:
    """Make a sheet ready to be sorted."""
    last = (len(sheet.rows), len(sheet.columns) - 1)
    page.autofilter(0, 0, *last)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{len(sheet.rows) + 1}"})


def _lay_out(page: Any) -> None:
    """Make a sheet ready to be printed."""
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&L&A&R&P / &N")
