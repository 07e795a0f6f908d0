"""The files and sheets of a case as they stand: which table each is taken for, which columns are understood.

Nothing is refused here: what is wrong is what `optimizer.reading.all_tables` says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from optimizer.language.text import Text
from optimizer.problems.errors import CaseError, shorten
from optimizer.reading.all_tables import expected_tables
from optimizer.reading.places import CaseFiles, Part, find_tables
from optimizer.reading.raw_sheet import RawSheet
from optimizer.tables.schema import REVIEWS_LONG, STATED_TOTAL, TOTALS, Column, Table
from optimizer.tables.settings import Settings


@dataclass(frozen=True)
class CaseSheet:
    """One file or sheet as it stands.

    Parameters
    ----------
    file
        Its name for messages: ``schools.csv`` or ``case.xlsx[schools]``.
    sheet
        The rows from the first line on; none where it cannot be read.
    table
        The table that it is taken for; None if it is passed over.
    header_row
        The line of its header; 0 where none was found.
    size
        How many rows of the table it has.
    unseen
        Whether it is a sheet that is not shown.
    """

    file: str
    sheet: RawSheet
    table: Table | None = None
    header_row: int = 0
    size: int = 0
    unseen: bool = False

    @property
    def header(self) -> Sequence[str]:
        """The cells of its header."""
        return self.sheet.rows[self.header_row - 1] if self.header_row else ()

    @property
    def understood(self) -> tuple[Column, ...]:
        """The columns that its headers mean."""
        return tuple(filter(None, (self.column(text) for text in self.header if text)))

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headers that mean nothing to it; a rule may still name them."""
        return tuple(text for text in self.header if text and not self.column(text))

    def column(self, header: str) -> Column | None:
        """Return the column that a header means in the table that it is taken for."""
        if self.table is None:
            return None
        reviews = (REVIEWS_LONG, TOTALS, STATED_TOTAL)
        known = (self.table, *(reviews if self.table.key == REVIEWS_LONG.key else ()))
        return next(filter(None, (table.find(header) for table in known)), None)

    def position(self, column: str) -> int | None:
        """Return where a column stands, by its header as problems name it or by its key."""
        for at, text in enumerate(self.header):
            meant = self.column(text)
            if column and (shorten(text) == column or (meant and meant.key == column)):
                return at
        return None


def outline(
    path: Path, settings: Settings, encoding: str | None = None, unknown: Collection[str] = ()
) -> tuple[CaseSheet, ...]:
    """Return every file and sheet among which the tables of a case are.

    Parameters
    ----------
    path, settings, encoding, unknown
        As for `optimizer.reading.all_tables.read_records`.

    Raises
    ------
    CaseError
        If there is no such folder or workbook.
    """
    place = find_tables(path)
    return tuple(_grids(place, expected_tables(settings, unknown), encoding))


def _grids(place: CaseFiles, tables: Sequence[Table], encoding: str | None) -> Iterator[CaseSheet]:
    for part, table in place.each(tables):
        try:
            sheet = place.sheet(part, table, encoding)
        except CaseError:
            yield CaseSheet(part.name, RawSheet(part.name, [], {}), table)
            continue
        grid = CaseSheet(part.name, sheet, table, unseen=place.is_hidden(part))
        yield grid if table is None else _with_header(grid, place, part, encoding)


def _with_header(grid: CaseSheet, place: CaseFiles, part: Part, encoding: str | None) -> CaseSheet:
    """Say where the header stands; of a table that is refused as a whole, the best guess."""
    assert grid.table is not None
    try:
        raw = place.read_part(part, grid.table, encoding)
    except CaseError:
        scores = [sum(1 for text in row if grid.column(text)) for row in grid.sheet.rows[:20]]
        best = max(scores, default=0)
        return replace(grid, header_row=scores.index(best) + 1 if best else 0)
    return replace(grid, header_row=raw.header_row, size=len(raw))


@dataclass(frozen=True)
class Excerpt:
    """A few rows around a cell.

    Parameters
    ----------
    header
        What its columns are called; one that is not understood, as it is headed.
    lines
        The number of each row as a spreadsheet counts it, and its cells.
    line, position
        Which row and which column it is about; None for no single one.
    """

    header: tuple[Text, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]
    line: int | None
    position: int | None


_AROUND = 2  # rows before and after


def excerpt(grid: CaseSheet, line: int | None, column: str) -> Excerpt:
    """Return the rows around a cell; from the top where it is about no single row."""
    rows = grid.sheet.rows
    middle = line or grid.header_row + 1
    first = max(grid.header_row + 1 if middle > grid.header_row else 1, middle - _AROUND)
    shown = [(n, rows[n - 1]) for n in range(first, min(middle + _AROUND, len(rows)) + 1)]
    width = max(map(len, (grid.header, *(row for _, row in shown))), default=0)

    def full(row: Sequence[str]) -> tuple[str, ...]:
        return tuple(text for text, _ in zip_longest(row, range(width), fillvalue=""))

    lines = tuple((n, full(row)) for n, row in shown)
    heads = tuple(_called(grid.column(text), text) for text in full(grid.header))
    return Excerpt(heads, lines, line, grid.position(column))


def _called(column: Column | None, header: str) -> Text:
    return Text(header, header) if column is None else Text(column.zh, column.key)
