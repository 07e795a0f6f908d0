"""Where the tables of a case are: files of a folder, or sheets of its workbooks.

Every table stands in one place, but the reviews in as many as there are: 評分甲, 評分乙 ...
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from optimizer.errors import CaseError
from optimizer.reading import misplaced
from optimizer.reading.any_file import parse_table, table_of_sheet
from optimizer.reading.files import Source, load
from optimizer.reading.findings import Findings, broken, refuse
from optimizer.reading.join import join_parts
from optimizer.reading.sheets import Sheet, Workbook
from optimizer.reading.tables import RawTable, Row, trim
from optimizer.reading.workbook import SUFFIXES, is_workbook, open_workbook
from optimizer.schema import APPLICATION, Table, case_tables, fold
from optimizer.text import Text

_SUFFIXES = (".csv", ".tsv", ".txt", ".xls", *SUFFIXES)
_IN_PARTS = "reviews"  # the table that may stand in several files or sheets
_TITLE_ROWS = 20
_AROUND = " _-－–—:：()（）[]【】"  # what may stand between 評分 and a reviewer's name


@dataclass(frozen=True)
class Part:
    """A text file, or one sheet of a workbook."""

    path: Path
    sheet: str = ""

    @property
    def name(self) -> str:
        """Its name for messages: ``schools.csv`` or ``case.xlsx[schools]``."""
        return f"{self.path.name}[{self.sheet}]" if self.sheet else self.path.name

    @property
    def names(self) -> tuple[str, ...]:
        """What may say which table it is: the name of the sheet, the name of the file."""
        return tuple(filter(None, (self.sheet, self.path.stem)))


@dataclass
class Place:
    """The files of a case, each read once.

    Parameters
    ----------
    files
        The text files and workbooks among which its tables are.
    """

    files: Sequence[Path]
    _read: dict[Path, bytes] = field(default_factory=dict)
    _books: dict[Path, Workbook] = field(default_factory=dict)
    _used: dict[Path, None] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every file that a table was read from."""
        return tuple(Source.of(path.name, self._read[path]) for path in self._used)

    def read(self, table: Table, encoding: str | None, findings: Findings) -> RawTable | None:
        """Return a table as it stands, or None if the case does not have it or it is unreadable."""
        try:
            parts = self.parts(table)
            if len(parts) > 1 and table.key != _IN_PARTS:
                raise refuse(misplaced.twice(table, [part.name for part in parts]))
            self._used.update((part.path, None) for part in parts)
            read = [self._read_part(part, table, encoding) for part in parts]
        except CaseError as error:
            findings.extend(error.problems)
            return None
        if read:
            return join_parts(read, [_reviewer_of(part, table) for part in parts], table)
        if table.required and _UNREADABLE not in self._books.values():
            findings.add(misplaced.missing(table, self.files, self._books))
        return None

    def has(self, table: Table) -> bool:
        """Return whether the case has a table."""
        return bool(self.parts(table))

    def parts(self, table: Table) -> list[Part]:
        """Return where a table stands."""
        return [part for path in self.files for part in self._parts_of(path, table)]

    def _parts_of(self, path: Path, table: Table) -> list[Part]:
        named = fold(path.stem) in table.names
        if not is_workbook(path.name):
            part = Part(path)
            return [part] if named or self._is_further(part, table) else []
        sheets = self._book(path).sheets
        parts = [Part(path, sheet) for sheet in sheets]
        found = [part for part in parts if fold(part.sheet) in table.names]
        found += [part for part in parts if self._is_further(part, table)]
        found = found or parts[:named]
        for part in found:
            if part.sheet in self._book(path).hidden:
                raise refuse(misplaced.hidden(part.name))
        return found

    def _is_further(self, part: Part, table: Table) -> bool:
        """Return whether a part holds some of the reviews by its headers, and is named so."""
        if table.key != _IN_PARTS or fold(part.sheet or part.path.stem) in _EXACT:
            return False
        named = any(fold(text).startswith(table.names) for text in part.names)
        if not (named or part.sheet) or not self._looks_like(part, table):
            return False
        if not named and part.sheet not in self._book(part.path).hidden:
            raise refuse(misplaced.unnamed(part.name, table))
        return named

    def _looks_like(self, part: Part, table: Table) -> bool:
        """Return whether the headers are those of an application and of marks."""
        if part.sheet:
            rows = self._book(part.path).read(part.sheet).rows[:_TITLE_ROWS]
            return any(_is_header(row, table) for row in rows)
        try:
            return _is_header(list(self._read_part(part, table, None).header), table)
        except CaseError:
            return False

    def _read_part(self, part: Part, table: Table, encoding: str | None) -> RawTable:
        if part.path.suffix.lower() == ".xls":
            raise refuse(misplaced.old_format(part.name))
        data = self._data(part.path)
        if part.sheet:
            return table_of_sheet(self._book(part.path).read(part.sheet), table)
        return parse_table(part.path.name, data, table, encoding)

    def _book(self, path: Path) -> Workbook:
        if path not in self._books:
            self._books[path] = _UNREADABLE  # is said once, not once a table
            self._books[path] = open_workbook(path.name, self._data(path))
        return self._books[path]

    def _data(self, path: Path) -> bytes:
        if path not in self._read:
            self._read[path] = load(path)
        return self._read[path]


_NO_SHEETS: dict[str, Sheet] = {}
_UNREADABLE = Workbook((), _NO_SHEETS.__getitem__)
_EXACT = frozenset(name for table in case_tables(()) for name in table.names)


def _is_header(row: Row, table: Table) -> bool:
    found = {column.key for cell in row if (column := table.find(cell))}
    return APPLICATION.key in found and len(found - {"reviewer"}) > 1


def _reviewer_of(part: Part, table: Table) -> str:
    """Return what the name of a part adds to the table's name: 甲 of 評分甲."""
    for text in part.names:
        for name in sorted((table.key, table.zh, *table.aliases), key=len, reverse=True):
            if text.casefold().startswith(name.casefold()):
                return trim(text[len(name) :].removeprefix("表").strip(_AROUND))
    return ""


def find_tables(path: Path) -> Place:
    """Find the files of a case.

    Parameters
    ----------
    path
        A case folder, or a workbook.

    Raises
    ------
    CaseError
        If there is no such folder or workbook.
    """
    if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for names that are too long
        if not is_workbook(path.name):
            raise refuse(misplaced.no_case(path))
        place = Place([path])
        place._book(path)
        return place
    try:
        return Place(sorted(_candidates(path)))
    except OSError:
        raise refuse(
            broken("unreadable", Text("無法讀取資料夾", "cannot be read"), file=path.name)
        ) from None


def _candidates(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        hidden = entry.name.startswith((".", "~$"))
        if not hidden and entry.suffix.lower() in _SUFFIXES:
            yield entry
