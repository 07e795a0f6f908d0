"""Where the tables of a case are: files of a folder, or sheets of a workbook."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from optimizer.errors import CaseError, Problem
from optimizer.reading.any_file import parse_table, table_of_sheet
from optimizer.reading.files import Source, load
from optimizer.reading.findings import Findings, broken, refuse
from optimizer.reading.sheets import Workbook
from optimizer.reading.tables import RawTable
from optimizer.reading.workbook import SUFFIXES, is_workbook, open_workbook
from optimizer.schema import Table, fold
from optimizer.text import Text

_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")


@dataclass
class Place:
    """The files of a case, each read once.

    Parameters
    ----------
    folder
        The folder they are in.
    files
        By table name, the files that could hold it.
    book
        The workbook that holds all tables, if one does.
    """

    folder: Path
    files: dict[str, list[Path]] = field(default_factory=dict)
    book: Path | None = None
    _read: list[Source] = field(default_factory=list)
    _workbook: Workbook | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every file that was read."""
        return tuple(self._read)

    def read(self, table: Table, encoding: str | None, findings: Findings) -> RawTable | None:
        """Return a table as it stands, or None if the case does not have it or it is unreadable."""
        try:
            raw = self._sheet(table) if self.book else self._file(table, encoding)
        except CaseError as error:
            findings.extend(error.problems)
            return None
        if raw is None and table.required:
            findings.add(self._missing(table))
        return raw

    def has(self, table: Table) -> bool:
        """Return whether the case has a table."""
        if self.book:
            return any(fold(name) in table.names for name in self._open().sheets)
        return bool(self.files.get(table.key))

    def _sheet(self, table: Table) -> RawTable | None:
        book = self._open()
        names = [name for name in book.sheets if fold(name) in table.names]
        if len(names) > 1:
            raise refuse(_twice(table, names))
        return table_of_sheet(book.read(names[0]), table) if names else None

    def _open(self) -> Workbook:
        assert self.book is not None
        if self._workbook is None:
            self._workbook = open_workbook(self.book.name, self._load(self.book))
        return self._workbook

    def _file(self, table: Table, encoding: str | None) -> RawTable | None:
        paths = self.files.get(table.key, [])
        if len(paths) > 1:
            raise refuse(_twice(table, [path.name for path in paths]))
        if not paths:
            return None
        data = self._load(paths[0])
        if not is_workbook(paths[0].name):
            return parse_table(paths[0].name, data, table, encoding)
        book = open_workbook(paths[0].name, data)
        names = [name for name in book.sheets if fold(name) in table.names] or book.sheets
        return table_of_sheet(book.read(names[0]), table)

    def _load(self, path: Path) -> bytes:
        data = load(path)
        self._read.append(Source.of(path.name, data))
        return data

    def _missing(self, table: Table) -> Problem:
        name = f"{self.book.name}[{table.key}]" if self.book else f"{table.key}.csv"
        return broken(
            "missing_table",
            Text("缺少這個表", "is a table that the case lacks"),
            file=name,
            expected=Text(
                f"應有「{table.zh}」這個檔案或工作表。", f"{table.key} ({table.zh}) was expected."
            ),
        )


def find_tables(path: Path, known: Iterable[Table]) -> Place:
    """Find the tables of a case.

    Parameters
    ----------
    path
        A case folder, a workbook, or a folder that holds one workbook.
    known
        The tables that a case may have.

    Raises
    ------
    CaseError
        If there is no such folder or workbook.
    """
    if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for names that are too long
        if not is_workbook(path.name):
            raise refuse(_no_case(path))
        place = Place(path.parent, book=path)
        place._open()
        return place
    try:
        files = sorted(_candidates(path))
    except OSError:
        raise refuse(
            broken("unreadable", Text("無法讀取資料夾", "cannot be read"), file=path.name)
        ) from None
    by_table = {
        table.key: [file for file in files if fold(file.stem) in table.names] for table in known
    }
    named = {file for found in by_table.values() for file in found}
    books = [file for file in files if is_workbook(file.name)]
    if len(books) == 1 and named <= set(books):
        return Place(path, book=books[0])
    return Place(path, files=by_table)


def _candidates(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        hidden = entry.name.startswith((".", "~$"))
        if not hidden and entry.suffix.lower() in (*_TEXT_SUFFIXES, *SUFFIXES):
            yield entry


def _no_case(path: Path) -> Problem:
    if not os.path.exists(path):  # noqa: PTH110
        return broken("missing_file", Text("找不到", "does not exist"), file=path.name or str(path))
    return broken(
        "not_a_case",
        Text("不是案件", "is not a case"),
        file=path.name,
        expected=Text(
            "應為資料夾，或 .xlsx、.ods 活頁簿。",
            "A folder, or a workbook (.xlsx, .ods), was expected.",
        ),
    )


def _twice(table: Table, names: Iterable[str]) -> Problem:
    return broken(
        "two_sources",
        Text(f"「{table.zh}」有兩份以上", f"is not the only table of {table.key}"),
        file="、".join(names),
        expected=Text("每個表只能有一份。", "One of each table was expected."),
    )
