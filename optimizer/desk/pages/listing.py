"""Tables as one piece of a page: escaped, with heads for who cannot see them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from nicegui import ui

from optimizer.result.dtypes import rounded
from optimizer.workbooks.sheet import Cell, Sheet, Total

_NUMBER = re.compile(r"([✓✗] ?)?[-−]?[\d,]*(\.\d+)?%?(/\d+)?|—")  # or none
MOST_ROWS = 200
_LONG = 40  # rows, from which a table has a window of its own; letters, from which a cell is wide
Group = tuple[str, Iterable[tuple[str, Sequence[str]]]]  # a heading, and rows with their own heads


def listing(label: str, heads: Sequence[str], groups: Iterable[Group]) -> None:
    """Show rows under headings, each row with a head of its own."""
    body = "".join(_group(head, rows, len(heads)) for head, rows in groups)
    _shown(label, heads, body)


def _group(head: str, rows: Iterable[tuple[str, Sequence[str]]], wide: int) -> str:
    title = f'<tr><th scope="rowgroup" colspan="{wide}" class="group">{escape(head)}</th></tr>'
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        f"{''.join(f'<td{_aligned(cell)}>{escape(cell)}</td>' for cell in cells)}</tr>"
        for name, cells in rows
    )
    return f"<tbody>{title if head else ''}{lines}</tbody>" if lines else ""


def _aligned(cell: str) -> str:
    """Return how a cell is told to be a number, if it is one."""
    return " class=number" if _NUMBER.fullmatch(cell) else ""


def sheet(found: Sheet) -> None:
    """Show the first rows of a sheet."""
    numeric = [column.kind.numeric for column in found.columns]
    body = "".join(
        f"<tr>{''.join(map(_cell, row, numeric))}</tr>" for row in found.rows[:MOST_ROWS]
    )
    _shown(found.name, [column.header for column in found.columns], f"<tbody>{body}</tbody>")


def _cell(cell: Cell, numeric: bool) -> str:
    value = cell.value if isinstance(cell, Total) else cell
    said = rounded(value) if isinstance(value, float) else value
    shown = f"{said:,}" if isinstance(said, int) else str(said)
    kind = " class=number" if numeric else " class=long" if len(shown) > _LONG else ""
    return f"<td{kind}>{escape(shown)}</td>"


def _shown(label: str, heads: Sequence[str], body: str) -> None:
    named = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    page = f'<table class="plain-table"><thead><tr>{named}</tr></thead>{body}</table>'
    long = "long" if body.count("<tr>") > _LONG else ""
    with ui.element("div").classes(f"wide {long}").props("tabindex=0 role=region") as wide:
        wide.props["aria-label"] = label
        ui.html(page, sanitize=False)
