"""Writing the sheets of a result as an Excel workbook. The same result gives the same bytes."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from optimizer.escaping import runs
from optimizer.report.columns import Column, Kind
from optimizer.report.sheets import Sheet, Value

_CREATED = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_LOOKS: dict[
    Kind, dict[str, Any]
] = {  # "_ " leaves a blank after a number, before the text of the next column
    Kind.TEXT: {"valign": "top"},
    Kind.CODE: {"valign": "top"},
    Kind.COUNT: {"valign": "top", "num_format": "0_ "},
    Kind.MONEY: {"valign": "top", "num_format": "#,##0_ "},
    Kind.POINTS: {"valign": "top", "num_format": "0.00_ "},
    Kind.LONG: {"valign": "top", "text_wrap": True},
}
_A4 = 9
_LINE = 15  # points
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def write_xlsx(sheets: Iterable[Sheet], path: Path, title: str = "") -> None:
    """Write a workbook: a frozen header with filters, widths, number formats, ready to print."""
    import xlsxwriter

    content = io.BytesIO()  # a disk that is full is then heard of as for any other file
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"title": title[:255], "created": _CREATED})
        looks = _Looks(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, looks)
    path.write_bytes(content.getvalue())


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        look = {"bold": True, "bg_color": "#E8EEF3", "bottom": 1}
        self.header = book.add_format(look)
        self.number_header = book.add_format({**look, "align": "right"})
        self.of_kind = {kind: book.add_format(look) for kind, look in _LOOKS.items()}
        self.quoted = {  # what stays text when somebody edits the cell
            kind: book.add_format({**look, "quote_prefix": True}) for kind, look in _LOOKS.items()
        }

    def of(self, column: Column, text: str) -> Any:
        """Return the format of a cell that holds text."""
        return (self.quoted if runs(text) else self.of_kind)[column.kind]


def _write(page: Any, sheet: Sheet, looks: _Looks) -> None:
    formats = [looks.of_kind[column.kind] for column in sheet.columns]
    for position, (word, column) in enumerate(zip(sheet.header, sheet.columns, strict=True)):
        page.set_column(position, position, column.width, formats[position])
        header = looks.number_header if column.kind.numeric else looks.header
        page.write_string(0, position, word, header)
    for line, row in enumerate(sheet.rows, start=1):
        for position, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    look = looks.of(sheet.columns[position], value)
                    page.write_string(line, position, value, look)
            else:
                page.write_number(line, position, value, formats[position])
        page.set_row(line, _LINE * lines(row, sheet.columns))
    _lay_out(page, sheet)


def lines(row: Sequence[Value], columns: Sequence[Column]) -> int:
    """Return how many lines the sentences of a row take in their columns.

    Not every program works it out by itself when it opens a workbook.
    """
    return max(
        (
            -(-display_width(str(value)) // (column.width - 1))
            for value, column in zip(row, columns, strict=True)
            if column.kind is Kind.LONG and value
        ),
        default=1,
    )


def display_width(text: str) -> int:
    """Return the width of a text in Latin characters; a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _lay_out(page: Any, sheet: Sheet) -> None:
    last = (len(sheet.rows), len(sheet.columns) - 1)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, *last)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{len(sheet.rows) + 1}"})
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&L&A&R&P / &N")
