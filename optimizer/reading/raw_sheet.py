"""What a workbook and its sheets are, whatever their format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

ERROR = "error_cell"  # a formula that failed
FORMULA = "formula_without_value"  # a formula whose value was never stored
MERGED = "merged_cells"  # covered by the cell on its left
STRUCK = "struck_through"  # a cell that a line goes through, the first of its row
MERGED_DOWN = "merged_down"  # covered by the cell above, whose value it has
NO_CELL = "no_cell"  # a value of a data frame that no cell can hold
PERCENT = "percentage"  # a number shown as a percentage: it says 85%, and holds 0.85

UNIT = "unit_format"  # a number shown in thousands or the like: it says 3千元, and holds 3
DOUBT = "【待確認】"  # before a cell of a marked copy (`optimizer.report.marked`) whose value cannot be told


@dataclass(frozen=True)
class RawSheet:
    """One sheet as rows of texts.

    Parameters
    ----------
    file
        Its name for messages: ``case.xlsx[schools]``.
    rows
        All rows from the first line on.
    suspects
        Cells whose value is not what they show, by (line, column position), with the reason.
    hidden
        The lines that hold something and are not shown.
    """

    file: str
    rows: list[list[str]]
    suspects: Mapping[tuple[int, int], str]
    hidden: tuple[int, ...] = ()


@dataclass(frozen=True)
class Workbook:
    """A workbook that was opened.

    Parameters
    ----------
    sheets
        The names of its sheets in order.
    read
        Reads one of them.
    hidden
        The names of those that are not shown.
    """

    sheets: tuple[str, ...]
    read: Callable[[str], RawSheet]
    hidden: frozenset[str] = frozenset()
