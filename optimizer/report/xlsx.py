"""Writing the sheets of a result as an Excel workbook. The same result gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from optimizer.report.columns import Kind
from optimizer.report.sheets import Sheet

_CREATED = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FORMATS = {Kind.COUNT: "0", Kind.MONEY: "#,##0", Kind.POINTS: "0.00"}
_A4 = 9
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def write_xlsx(sheets: Iterable[Sheet], path: Path, title: str = "") -> None:
    """Write a workbook: a frozen header with filters, widths, number formats, ready to print."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        book.set_properties({"title": title[:255], "created": _CREATED})
        looks = _Looks(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, looks)


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.header = book.add_format(
            {"bold": True, "bg_color": "#E8EEF3", "bottom": 1, "valign": "vcenter"}
        )
        self.of_kind = {
            kind: book.add_format({"num_format": pattern}) for kind, pattern in _FORMATS.items()
        }


def _write(page: Any, sheet: Sheet, looks: _Looks) -> None:
    for position, (word, column) in enumerate(zip(sheet.header, sheet.columns, strict=True)):
        page.set_column(position, position, column.width, looks.of_kind.get(column.kind))
        page.write_string(0, position, word, looks.header)
    for line, row in enumerate(sheet.rows, start=1):
        for position, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    page.write_string(line, position, value)
            else:
                look = looks.of_kind.get(sheet.columns[position].kind)
                page.write_number(line, position, value, look)
    _lay_out(page, sheet)


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
