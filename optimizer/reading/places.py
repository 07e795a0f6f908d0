"""Where the tables of a case are: files of a folder, or sheets of its workbooks.

Every table stands in one place, but the reviews in as many as there are: 評分甲, 評分乙 ...
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from optimizer.language.text import Text
from optimizer.problems.errors import CaseError, Problem, defect
from optimizer.reading import misplaced_tables
from optimizer.reading.any_file import first_rows, parse_table, rows_of, table_of_sheet
from optimizer.reading.files import Source, load
from optimizer.reading.findings import Findings, refuse
from optimizer.reading.joined_tables import IN_PARTS, joined
from optimizer.reading.raw_sheet import RawSheet, Workbook
from optimizer.reading.raw_table import TITLE_ROWS, RawTable, Row, trim
from optimizer.reading.recognise import holds_reviews, likely_table
from optimizer.reading.workbook import SUFFIXES, is_workbook, open_workbook
from optimizer.tables.schema import Table, case_tables, fold

READ = (".csv", ".tsv", ".txt", *SUFFIXES)
FOREIGN = (".xls", ".xlsb", ".xlt", ".numbers", ".et", ".ett", ".fods", ".sxc")
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
class CaseFiles:
    """The files of a case, each read once.

    Parameters
    ----------
    files
        The text files and workbooks among which its tables are.
    foreign
        Spreadsheets in formats that are not read.
    """

    files: Sequence[Path]
    foreign: Sequence[Path] = ()
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
            if len(parts) > 1 and table.key != IN_PARTS:
                raise refuse(misplaced_tables.twice(table, [part.name for part in parts]))
            self._used.update((part.path, None) for part in parts)
            read = [self.read_part(part, table, encoding) for part in parts]
            if read:
                return joined(read, self._reviewers(parts, table), table, findings)
        except CaseError as error:
            findings.extend(error.problems)
            return None
        if table.required and self._is_known_missing(table):
            findings.add(misplaced_tables.missing(table, self.files, self._books))
        return None

    def _reviewers(self, parts: Sequence[Part], table: Table) -> list[str]:
        """Return whose reviews each part holds: 甲 of 評分甲; of 甲.xlsx, where it is one of several."""
        named = [_reviewer_of(part, table) for part in parts]
        if len(parts) == 1:
            return named
        return [
            name if name or not self._is_of_one_reviewer(part) else _without_name(part, table)
            for name, part in zip(named, parts, strict=True)
        ]

    def _is_of_one_reviewer(self, part: Part) -> bool:
        """Return whether a workbook holds reviews and no other table."""
        sheets = self._book(part.path).sheets if part.sheet else ()
        return sum(1 for sheet in sheets if fold(sheet) in _EXACT) == 1

    def _is_known_missing(self, table: Table) -> bool:
        """Return whether a table that was not found stands in no file that could not be read."""
        named = any(fold(path.stem) in table.names for path in self.foreign)
        nothing_else = bool(self.foreign) and not self.files
        return not (named or nothing_else or _UNREADABLE in self._books.values())

    def parts(self, table: Table) -> list[Part]:
        """Return where a table stands."""
        found = [part for path in self.files for part in self._parts_of(path, table)]
        unseen = [part for part in found if self.is_hidden(part)]
        if unseen:
            raise refuse(*(misplaced_tables.hidden(part.name) for part in unseen))
        return found

    def unused(self, tables: Sequence[Table]) -> Iterator[Problem]:
        """Yield what lies beside the tables and would be passed over: every file and sheet of it.

        Parameters
        ----------
        tables
            All tables of the case, which were read before.
        """
        for path in self.files:
            try:
                parts = self._all_of(path)
            except CaseError as error:
                yield from error.problems
                continue
            used = {part for table in tables for part in self._parts_of(path, table)}
            for part in parts:
                if part not in used and not self.is_hidden(part):
                    yield from self._passed_over(part, tables)

    def _passed_over(self, part: Part, tables: Sequence[Table]) -> Iterator[Problem]:
        named = any(fold(text).startswith(t.names) for t in tables for text in part.names)
        found = likely_table(self._first_rows(part), tables, named)
        if found is not None:
            yield misplaced_tables.unnamed(part.name, found)

    def _all_of(self, path: Path) -> list[Part]:
        if not is_workbook(path.name):
            return [Part(path)]
        return [Part(path, sheet) for sheet in self._book(path).sheets]

    def each(self, tables: Sequence[Table]) -> Iterator[tuple[Part, Table | None]]:
        """Yield every file and sheet with the table that it is taken for, those not shown among them."""
        for path in self.files:
            try:
                taken = {part: table for table in tables for part in self._parts_of(path, table)}
                for part in self._all_of(path):
                    yield part, taken.get(part)
            except CaseError:
                yield Part(path), None

    def sheet(self, part: Part, table: Table | None, encoding: str | None) -> RawSheet:
        """Return the rows of a file or sheet from the first line on."""
        if part.sheet:
            return self._book(part.path).read(part.sheet)
        return RawSheet(part.name, rows_of(part.name, self._data(part.path), table, encoding), {})

    def is_hidden(self, part: Part) -> bool:
        """Return whether a part is a sheet that is not shown."""
        return bool(part.sheet) and part.sheet in self._book(part.path).hidden

    def _parts_of(self, path: Path, table: Table) -> list[Part]:
        named = fold(path.stem) in table.names
        if not is_workbook(path.name):
            part = Part(path)
            return [part] if named or self._is_further(part, table) else []
        parts = self._all_of(path)
        found = [part for part in parts if fold(part.sheet) in table.names]
        found += [part for part in parts if self._is_further(part, table)]
        return found or parts[:named]

    def _is_further(self, part: Part, table: Table) -> bool:
        """Return whether a part holds some of the reviews by its headers, and is named so."""
        if table.key != IN_PARTS or fold(part.sheet or part.path.stem) in _EXACT:
            return False
        named = any(fold(text).startswith(table.names) for text in part.names)
        return named and holds_reviews(self._first_rows(part), table)

    def _first_rows(self, part: Part) -> list[Row]:
        """Return the rows among which the header is, none if they cannot be read."""
        try:
            if part.sheet:
                return self._book(part.path).read(part.sheet).rows[:TITLE_ROWS]
            return first_rows(part.path.name, self._data(part.path))
        except CaseError:
            return []

    def read_part(self, part: Part, table: Table, encoding: str | None) -> RawTable:
        """Return one part of a table as it stands."""
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


_NO_SHEETS: dict[str, RawSheet] = {}
_UNREADABLE = Workbook((), _NO_SHEETS.__getitem__)
_EXACT = frozenset(name for table in case_tables(()) for name in table.names)


def _reviewer_of(part: Part, table: Table) -> str:
    """Return what the name of a part adds to the table's name: 甲 of 評分甲."""
    for text in part.names:
        for name in _longest_first(table):
            if text.casefold().startswith(name.casefold()):
                added = trim(text[len(name) :].removeprefix("表").strip(_AROUND))
                if added:
                    return added
                break
    return ""


def _without_name(part: Part, table: Table) -> str:
    """Return the name of a workbook, without the table's name at its end: 甲 of 甲_評分.xlsx."""
    bare = part.path.stem.removesuffix("表")
    for name in _longest_first(table):
        if bare.casefold().endswith(name.casefold()):
            return trim(bare[: -len(name)].strip(_AROUND))
    return trim(part.path.stem)


def _longest_first(table: Table) -> list[str]:
    return sorted((table.key, table.zh, *table.aliases), key=len, reverse=True)


def find_tables(path: Path) -> CaseFiles:
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
            raise refuse(misplaced_tables.no_case(path))
        place = CaseFiles([path])
        place._book(path)
        return place
    try:
        entries = list(_visible(path))
    except OSError:
        raise refuse(
            defect("unreadable", Text("無法讀取資料夾", "cannot be read"), file=path.name)
        ) from None
    return CaseFiles(_ending(entries, READ), _ending(entries, FOREIGN))


def _visible(folder: Path) -> Iterator[Path]:
    return (entry for entry in folder.iterdir() if not entry.name.startswith((".", "~$")))


def _ending(entries: Iterable[Path], suffixes: tuple[str, ...]) -> list[Path]:
    return sorted(entry for entry in entries if entry.suffix.lower() in suffixes)
