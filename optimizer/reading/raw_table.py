"""A table as it stands in its file: headers, cells as text, and the line of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypedDict

import numpy as np
import pandas as pd

from optimizer.foundation.exact import IntArray
from optimizer.language.text import Text
from optimizer.problems.errors import shorten
from optimizer.tables.originals import Original
from optimizer.tables.schema import APPLICATION, APPLICATIONS

Row = list[str]
TITLE_ROWS = 20  # rows among which the header is looked for
PART = 10**8  # lines of a table in several parts are counted on from here, part by part


class Heading(TypedDict):
    """Where the header of a table stands, or one column of it."""

    file: str
    row: int
    column: str


@dataclass(frozen=True)
class RawColumn:
    """One column, its repeated texts told once.

    Parameters
    ----------
    header
        Its header as written.
    codes
        Shape (n,): which text each row holds.
    texts
        The different texts, without blanks around them.
    """

    header: str
    codes: IntArray
    texts: tuple[str, ...]

    @staticmethod
    def of(header: str, cells: Sequence[str]) -> RawColumn:
        """Make a column of one text a row."""
        different = dict.fromkeys(cells)
        code = dict(zip(different, range(len(different)), strict=True))
        codes = np.fromiter(map(code.__getitem__, cells), np.int64, len(cells))
        return RawColumn(header, codes, tuple(map(trim, different)))

    def at(self, position: int) -> str:
        """Return the text of one row."""
        return self.texts[int(self.codes[position])]

    def holding(self, text: str) -> IntArray:
        """Return the rows that hold a text."""
        codes = [code for code, other in enumerate(self.texts) if other == text]
        return np.flatnonzero(np.isin(self.codes, codes))


@dataclass(frozen=True)
class RawTable:
    """A table of texts.

    Parameters
    ----------
    file
        Its name for messages: ``schools.csv`` or ``case.xlsx[schools]``.
    columns
        Its columns in order, of n rows each.
    rows
        Shape (n,): the line of each row as a spreadsheet counts it.
    header_row
        The line of the header.
    encoding
        How the text was encoded; empty for a workbook.
    suspects
        Cells that a workbook does not give a value to, by (line, column position), with the reason
        as `optimizer.reading.raw_sheet` names them.
    files
        Names of its parts where it stands in several; the lines of part k are ``k * PART`` higher.
    originals
        The table as it stood, part by part, for checks that start from the text.
    """

    file: str
    columns: tuple[RawColumn, ...]
    rows: IntArray
    header_row: int = 1
    encoding: str = ""
    suspects: Mapping[tuple[int, int], str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    originals: tuple[Original, ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, position: int) -> tuple[str, int]:
        """Return the file and the line of a row."""
        part, line = divmod(int(self.rows[position]), PART)
        return (self.files[part] if self.files else self.file), line

    def heading(self, header: str = "") -> Heading:
        """Return the place of its header, or of one column there, for a problem."""
        return {"file": self.file, "row": self.header_row, "column": shorten(header)}

    def said(self, position: int) -> Text:
        """Return a row in words, with its file where the table stands in several."""
        file, line = self.place(position)
        if not self.files:
            return Text(f"第 {line} 列", f"row {line}")
        return Text(f" {file} 第 {line} 列", f"row {line} of {file}")

    @property
    def header(self) -> tuple[str, ...]:
        """The headers as written."""
        return tuple(column.header for column in self.columns)

    def suspects_of(self, column: RawColumn) -> dict[int, str]:
        """Return the rows of a column whose value is not what they show, with the reason."""
        if not self.suspects:
            return {}
        at = next(at for at, other in enumerate(self.columns) if other is column)
        return self._suspects.get(at, {})

    @cached_property
    def _suspects(self) -> dict[int, dict[int, str]]:
        position = {int(line): at for at, line in enumerate(self.rows)}
        by_column: dict[int, dict[int, str]] = {}
        for (line, column), reason in self.suspects.items():
            if line in position:
                by_column.setdefault(column, {})[position[line]] = reason
        return by_column

    def application_at(self, position: int) -> str:
        """Return the application that a row is about, if the table tells."""
        return "" if self._applications is None else self._applications.at(position)

    @cached_property
    def _applications(self) -> RawColumn | None:
        named = (c for c in self.columns if APPLICATIONS.find(c.header) is APPLICATION)
        return next(named, None)

    def to_frame(self) -> pd.DataFrame:
        """Return the texts as a data frame whose index is the line in the file."""
        columns = {c.header: pd.array(c.texts, dtype="str").take(c.codes) for c in self.columns}
        return pd.DataFrame(columns, index=pd.Index(self.rows, name="row"))


def trim(text: str) -> str:
    """Return a text without blanks and invisible marks around it."""
    text = text.strip()
    return text if text.isascii() else text.strip("\ufeff\u200b").strip()
