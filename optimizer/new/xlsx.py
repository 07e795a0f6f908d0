"""A new case as an .xlsx workbook: notes on the headers, drop-down lists, codes kept as text."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from optimizer.new.forms import Form, is_list
from optimizer.schema import Column, Kind

LAST_ROW = 5_000  # down to where cells are prepared
TEXT_KINDS = (Kind.ID, Kind.ID_LIST, Kind.DATE, Kind.TEXT, Kind.LIST)
WHOLE_KINDS = (Kind.COUNT, Kind.MONEY)
_NOTE = {"x_scale": 1.6, "y_scale": 1.1, "author": "subsidy"}


def to_xlsx(forms: tuple[Form, ...]) -> bytes:
    """Return the content of a workbook with a sheet for each table."""
    from xlsxwriter import Workbook

    page = io.BytesIO()
    book = Workbook(page, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": datetime(2014, 1, 1)})  # the same bytes whenever it is made
    text = book.add_format({"num_format": 49})  # text
    looks = {
        True: book.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1}),
        False: book.add_format({"bg_color": "#F2F2F2", "bottom": 1}),
    }
    for form in forms:
        sheet = book.add_worksheet(form.title)
        sheet.freeze_panes(1, 0)
        for at, (column, header) in enumerate(zip(form.columns, form.headers, strict=True)):
            sheet.set_column(at, at, width(column), text if column.kind in TEXT_KINDS else None)
            sheet.write_string(0, at, header, looks[column.filled])
            sheet.write_comment(0, at, form.note(column), _NOTE)
            rule = validation(form, column)
            if rule:
                sheet.data_validation(1, at, LAST_ROW, at, rule)
        for line, row in enumerate(form.rows, start=1):
            for at, (column, cell) in enumerate(zip(form.columns, row, strict=True)):
                _write(sheet, line, at, column, cell, text)
    book.close()
    return page.getvalue()


def _write(sheet: Any, line: int, at: int, column: Column, cell: str, text: Any) -> None:
    if is_number(column, cell):
        sheet.write_number(line, at, int(cell))
    elif cell:
        sheet.write_string(line, at, cell, text if column.kind in TEXT_KINDS else None)


def is_number(column: Column, cell: str) -> bool:
    """Return whether a cell is written as a number."""
    return column.kind not in TEXT_KINDS and cell.isascii() and cell.isdigit()


def width(column: Column) -> int:
    """Return how many characters wide a column is."""
    wide = {Kind.TEXT: 24, Kind.LIST: 24, Kind.ID_LIST: 20, Kind.CHOICE: 16}
    return wide.get(column.kind, 12)


def validation(form: Form, column: Column) -> dict[str, Any] | None:
    """Return what Excel is to accept in a column; a column open to other words only warns."""
    choices = form.choices(column)
    if choices and not is_list(column) and column.kind is not Kind.POINTS:
        closed = column.kind in (Kind.CHOICE, Kind.YES_NO)
        return {
            "validate": "list",
            "source": choices,
            "error_type": "stop" if closed else "warning",
            "error_title": form.headers[form.columns.index(column)][:32],
            "error_message": form.note(column)[:255],
        }
    if column.kind in WHOLE_KINDS:
        return {
            "validate": "integer",
            "criteria": ">=",
            "value": 0,
            "error_title": form.headers[form.columns.index(column)][:32],
            "error_message": form.note(column)[:255],
        }
    return None
