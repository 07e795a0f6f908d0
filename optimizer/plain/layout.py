"""One table: which row is its header, which rows count, and its columns read cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from optimizer.plain.cells import UnreadableError, parser
from optimizer.plain.header_notes import changes_units, is_understood
from optimizer.plain.names import alike, split_note
from optimizer.tables.originals import Original
from optimizer.tables.schema import Kind, Table

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_TITLES = 20  # rows among which the header stands


class TableRows:
    """The rows of a table below its header, without the blank ones.

    Parameters
    ----------
    original
        The table as it stands.
    table
        What its columns may be called.
    """

    def __init__(self, original: Original, table: Table) -> None:
        self.file, self._made = original.file, original.made
        self._columns = {column.key: column for column in table.columns}
        everything = list(original.rows())
        if original.cells is None and "'" in original.text:
            everything = [[_as_given(cell) for cell in row] for row in everything]
        top, self.place = header(everything, table)
        self._check_header(everything, top, table)
        width = max(self.place.values(), default=-1) + 1
        body = everything[top + 1 :]
        filled = [at for at, row in enumerate(body) if row and (row[0].strip() or _filled(row))]
        self.lines = [top + 2 + at for at in filled]
        self._rows = [_wide(body[at], width) for at in filled]

    def __len__(self) -> int:
        return len(self._rows)

    def _check_header(self, rows: Sequence[Sequence[str]], top: int, table: Table) -> None:
        """Refuse notes in headers that are not understood, and amounts in thousands."""
        for key, at in self.place.items():
            column, cell = self._columns[key], rows[top][at]
            if alike(cell) not in map(alike, column.names) and not is_understood(cell, column):
                raise UnreadableError(cell, (self.file, top + 1, key))
        if any(column.kind is Kind.MONEY for column in table.columns):
            for line, row in enumerate(rows[:top], start=1):
                if changes_units(row):
                    raise UnreadableError(" ".join(row), (self.file, line, ""))

    def column(self, key: str) -> list[Any]:
        """Return the value of every row in a column; blanks where the table lacks it.

        Raises
        ------
        UnreadableError
            With its place, at the first cell that cannot be read.
        """
        column = self._columns[key]
        as_it_is = self._made and column.kind is Kind.ID
        read = str if as_it_is else parser(column)
        if key not in self.place:
            return [read("")] * len(self)
        at, value = self.place[key], _Once(read)
        try:
            return [value[row[at]] for row in self._rows]
        except UnreadableError as failure:
            line = next(
                n for n, row in zip(self.lines, self._rows, strict=True) if row[at] == failure.text
            )
            raise UnreadableError(failure.text, (self.file, line, key)) from None


class _Once(dict[str, Any]):
    """What each different text means, worked out when it is first met."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self[text] = self._read(text)
        return value


def header(rows: Iterable[Sequence[str]], table: Table) -> tuple[int, dict[str, int]]:
    """Return which row is the header, and at which position of it each column stands.

    It is the row with the most names that the program knows; titles may stand above it.
    """
    known = {alike(name): column.key for column in table.columns for name in column.names}
    headers = [_known(row, known) for row in islice(rows, _TITLES)]
    top = max(range(len(headers)), key=lambda at: len(headers[at]), default=0)
    return top, headers[top] if headers else {}


def _known(row: Iterable[str], known: dict[str, str]) -> dict[str, int]:
    """Return at which position of a row the header of each known column stands."""
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        key = known.get(alike(cell)) or known.get(split_note(cell)[0])
        if key is not None:
            found.setdefault(key, at)
    return found


def _as_given(cell: str) -> str:
    """Take one apostrophe off a cell that starts like a formula behind its apostrophes."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in _FORMULA else cell


def _filled(row: Iterable[str]) -> bool:
    return bool("".join(row).strip())


def _wide(row: Sequence[str], width: int) -> Sequence[str]:
    return row if len(row) >= width else [*row, *[""] * (width - len(row))]
