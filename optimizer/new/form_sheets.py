"""The forms of a new case as the sheets of a workbook: notes, drop-down lists, codes kept as text."""

from __future__ import annotations

from optimizer.new.forms import Form, is_list
from optimizer.tables.schema import Column, Kind
from optimizer.workbooks import sheet
from optimizer.workbooks.sheet import Entry, Sheet, Value

_TYPED = (Kind.ID, Kind.ID_LIST, Kind.DATE, Kind.TEXT, Kind.LIST)
_WHOLE = (Kind.COUNT, Kind.MONEY)
_CLOSED = (Kind.CHOICE, Kind.YES_NO, *_WHOLE)
_WIDTHS = {Kind.TEXT: 24, Kind.LIST: 24, Kind.ID_LIST: 20, Kind.CHOICE: 16}


def sheet_of(form: Form) -> Sheet:
    """Return one table to fill in as a sheet."""
    columns = (
        _column(form, column, header)
        for column, header in zip(form.columns, form.headers, strict=True)
    )
    rows = (
        tuple(_value(column, cell) for column, cell in zip(form.columns, row, strict=True))
        for row in form.rows
    )
    return Sheet(form.title, tuple(columns), tuple(rows))


def _column(form: Form, column: Column, header: str) -> sheet.SheetColumn:
    kind = sheet.CellKind.TYPED if column.kind in _TYPED else sheet.CellKind.FREE
    return sheet.SheetColumn(kind, header, _WIDTHS.get(column.kind, 12), _entry(form, column))


def _entry(form: Form, column: Column) -> Entry:
    listed = not is_list(column) and column.kind is not Kind.POINTS
    return Entry(
        form.note(column),
        column.filled,
        choices=tuple(form.choices(column)) if listed else (),
        whole=column.kind in _WHOLE,
        closed=column.kind in _CLOSED,
    )


def _value(column: Column, cell: str) -> Value:
    is_number = column.kind not in _TYPED and cell.isascii() and cell.isdigit()
    return int(cell) if is_number else cell
