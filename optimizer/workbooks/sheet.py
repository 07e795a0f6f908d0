"""A sheet of a workbook before any format is chosen: headers, kinds, widths, values, what to type in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Value = str | int | float
MARK, MARK_EDGE = "#FCE4D6", "#A34000"  # a cell that stands out, and the line around it


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
class Sheet:
    """One sheet, ready to be written.

    Parameters
    ----------
    name
        What its tab says.
    columns
        Its columns, in order.
    rows
        The values; text is safe to be put into a cell as it is.
    marks
        What is noted on cells that stand out, by (line, column), both from 0; line 0 is the header.
    hidden
        Lines that are not shown, from 0.
    unseen
        Whether the whole sheet is not shown.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    unseen: bool = False

    def value(self, line: int, position: int) -> Value:
        """Return what stands in a cell, line 0 being the header."""
        return self.rows[line - 1][position] if line else self.columns[position].header

    @property
    def to_fill_in(self) -> bool:
        """Whether it is a form; else it is there to be read and printed."""
        return any(column.entry for column in self.columns)
