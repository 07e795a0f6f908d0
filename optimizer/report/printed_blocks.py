"""What a typeset document is made of: sections of blocks, as the plain data that ``record.typ`` sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]
Section = dict[str, Any]
Head = tuple[str, float]  # what heads a column, and its share of the width; 0: as wide as it needs


class Row(tuple[str, ...]):
    """A row that is set off: its kind (``group`` over all columns, or ``sum``), then its cells."""

    __slots__ = ()

    def __new__(cls, kind: str, *cells: str) -> Row:
        """Make a row of its kind and its cells."""
        return super().__new__(cls, (kind, *cells))


def section(title: str, blocks: Iterable[Block], own_page: bool = False) -> Section:
    """Return a section; one of its own page begins a new one."""
    return {"title": title, "own-page": own_page, "blocks": list(blocks)}


def text(said: str) -> Block:
    """Return a paragraph."""
    return {"kind": "text", "text": said}


def note(said: str) -> Block:
    """Return a paragraph of what is to be known beside."""
    return {"kind": "note", "text": said}


def strong(said: str) -> Block:
    """Return a paragraph in large letters."""
    return {"kind": "strong", "text": said}


def heading(said: str) -> Block:
    """Return a heading within a section."""
    return {"kind": "heading", "text": said}


def items(said: Sequence[str]) -> Block:
    """Return a list of points."""
    return {"kind": "items", "items": list(said)}


def code(said: str) -> Block:
    """Return lines of a program."""
    return {"kind": "code", "text": said}


def signatures(offices: Sequence[str]) -> Block:
    """Return a place for signatures."""
    return {"kind": "signatures", "offices": list(offices)}


def table(
    heads: Sequence[Head],
    rows: Iterable[Sequence[str] | Row],
    numbers: Sequence[int] = (),
    across: int = 1,
    together: bool = False,
) -> Block:
    """Return a table.

    Parameters
    ----------
    heads
        Its columns.
    rows
        A text a column; of a `Row`, what it says.
    numbers
        The columns whose cells stand on the right.
    across
        In how many columns of a page it runs.
    together
        Whether it stands on one page.
    """
    return {
        "kind": "table",
        "across": across,
        "together": together,
        "columns": [
            {"head": head, "width": width, "kind": "number" if place in numbers else "text"}
            for place, (head, width) in enumerate(heads)
        ],
        "rows": [
            {"kind": row[0], "cells": list(row[1:])}
            if isinstance(row, Row)
            else {"kind": "row", "cells": list(row)}
            for row in rows
        ],
    }
