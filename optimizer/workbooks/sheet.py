"""A sheet of a workbook before any format is chosen: headers, kinds, widths, values, what to type in."""

from __future__ import annotations

import unicodedata
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate
from typing import Literal

Value = str | int | float
MARK, MARK_EDGE = "#FCE4D6", "#A34000"  # a cell that stands out, and the line around it

_A4_ACROSS = 160  # characters of width that can still be read on one page
_A4_DOWN = 44  # lines that can still be read on one page across
_TO_SIGN = 4  # lines of a place for signatures, with what parts it from the table


class CellKind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    CODE = "code"  # a word of the program or of the data, said in the reader's language
    COUNT = "count"
    MONEY = "money"  # whole NT$
    POINTS = "points"  # rounded for reading
    LONG = "long"  # sentences
    TYPED = "typed"  # text that somebody types in: no leading zero is lost, no ROC year misread
    FREE = "free"  # whatever somebody types in, shown as it is

    @property
    def numeric(self) -> bool:
        """Whether cells are numbers, or blank."""
        return self in (CellKind.COUNT, CellKind.MONEY, CellKind.POINTS)


@dataclass(frozen=True)
class Entry:
    """What somebody who fills in a column is told, and held to.

    Parameters
    ----------
    note
        Says what to fill in.
    needed
        Whether a cell must be filled in.
    choices
        The drop-down list, if there is one.
    whole
        Whether only whole numbers from 0 on are accepted.
    closed
        Whether anything else is refused; else it is only warned of.
    """

    note: str
    needed: bool
    choices: tuple[str, ...] = ()
    whole: bool = False
    closed: bool = True


@dataclass(frozen=True)
class SheetColumn:
    """One column: what its cells hold, its header, its width in characters, what to type in."""

    kind: CellKind
    header: str
    width: int
    entry: Entry | None = None


@dataclass(frozen=True)
class Total:
    """A cell that adds up cells above it in its column: a formula that works, and what it comes to.

    Parameters
    ----------
    value
        What it comes to: NT$, or how many.
    first, last
        The lines that it covers, from 1. Other totals among them are left out, as SUBTOTAL does.
    counts
        Whether it counts the cells that are filled in; else it adds them up.
    unit
        What is counted, shown after the number: ``件`` or nothing.
    """

    value: int
    first: int
    last: int
    counts: bool = False
    unit: Literal["", "件"] = ""

    def formula(self, first: str, last: str, separator: str = ",", to: str = ":") -> str:
        """Return the formula, given what its first and its last cell are called."""
        return f"SUBTOTAL({3 if self.counts else 9}{separator}{first}{to}{last})"


Cell = Value | Total


@dataclass(frozen=True)
class Paper:
    """What makes a sheet a document to be printed, signed and published.

    Parameters
    ----------
    head
        The lines above the table; the first is its title.
    foot
        The lines below it.
    signatures
        The offices that sign below it, from left to right.
    edge
        What stands at the foot of every page, on the left.
    page
        What stands there before the number of the page, between it and their number, and after.
    """

    head: tuple[str, ...]
    foot: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    edge: str = ""
    page: tuple[str, str, str] = ("", " / ", "")


@dataclass(frozen=True)
class Sheet:
    """One sheet, ready to be written.

    Parameters
    ----------
    name
        What its tab says.
    columns
        Its columns, in order.
    rows
        The values; text is safe to be put into a cell as it is. Of a document some may be totals.
    marks
        What is noted on cells that stand out, by (line, column), both from 0; line 0 is the header.
    hidden
        Lines that are not shown, from 0.
    unseen
        Whether the whole sheet is not shown.
    paper
        What makes a document of it; none of a sheet to be sorted and filtered.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    unseen: bool = False
    paper: Paper | None = None

    def value(self, line: int, position: int) -> Cell:
        """Return what stands in a cell, line 0 being the header."""
        return self.rows[line - 1][position] if line else self.columns[position].header

    @property
    def to_fill_in(self) -> bool:
        """Whether it is a form; else it is there to be read and printed."""
        return any(column.entry for column in self.columns)

    @property
    def pages_across(self) -> int:
        """How many pages side by side it is printed on: a wide form takes two, so that it can be read."""
        wide = sum(column.width for column in self.columns) > _A4_ACROSS
        return 2 if wide and self.to_fill_in else 1

    @property
    def pages_down(self) -> int:
        """On how many pages a document is printed: on one if it can be read there, signatures included; 0 for any number."""
        if self.paper is None:
            return 0
        across = sum(column.width for column in self.columns)
        around = sum(wrapped(text, across) for text in (*self.paper.head, *self.paper.foot))
        table = self.header_lines + sum(lines(row, self.columns) for row in self.rows)
        return int(around + table + _TO_SIGN * bool(self.paper.signatures) <= _A4_DOWN)

    @property
    def top(self) -> int:
        """How many lines stand above the header."""
        return len(self.paper.head) if self.paper else 0

    @property
    def header_lines(self) -> int:
        """How many lines the header takes."""
        return max(wrapped(column.header, column.width) for column in self.columns)

    @property
    def bottom(self) -> int:
        """How many lines there are down to the end of the table."""
        return self.top + 1 + len(self.rows)

    @property
    def blocks(self) -> tuple[tuple[int, int], ...]:
        """Which columns each signature takes, the first and the last, about equally wide."""
        signs = len(self.paper.signatures) if self.paper else 0
        ends = list(accumulate(column.width for column in self.columns))
        middles = [end - column.width / 2 for end, column in zip(ends, self.columns, strict=True)]
        block = [int(signs * middle / ends[-1]) for middle in middles]
        return tuple((block.index(n), bisect(block, n) - 1) for n in range(signs))


def is_total(row: Sequence[Cell]) -> bool:
    """Return whether a row adds others up."""
    return any(isinstance(cell, Total) for cell in row)


def display_width(text: str) -> int:
    """Return the width of a text in Latin characters; a Chinese one takes two."""
    if text.isascii():
        return len(text)
    widths = "".join(map(unicodedata.east_asian_width, text))  # N, Na, H, A; W and F are wide
    return len(text) + widths.count("W") + widths.count("F")


def lines(row: Sequence[Cell], columns: Sequence[SheetColumn]) -> int:
    """Return how many lines the sentences of a row take in their columns.

    Not every program works it out by itself when it opens a workbook.
    """
    return max(
        (
            wrapped(str(value), column.width)
            for value, column in zip(row, columns, strict=True)
            if column.kind is CellKind.LONG and value and not isinstance(value, Total)
        ),
        default=1,
    )


def wrapped(text: str, width: int) -> int:
    """Return how many lines a text takes in so many characters of width."""
    return max(1, -(-display_width(text) // (width - 1)))


def column_letters(column: int) -> str:
    """Return what a spreadsheet calls a column, from 1: A, Z, AA."""
    before, last = divmod(column - 1, 26)
    return (column_letters(before) if before else "") + chr(ord("A") + last)
