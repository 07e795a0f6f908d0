"""A table as it stands in its file: headers, cells as text, and the line of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from optimizer.program import IntArray
from optimizer.schema import APPLICATION, APPLICATIONS

Strings = npt.NDArray[np.object_]
Row = list[str]


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
    position
        Which column of the table it is.
    """

    header: str
    codes: IntArray
    texts: tuple[str, ...]
    position: int

    def at(self, position: int) -> str:
        """Return the text of one row."""
        return self.texts[int(self.codes[position])]


@dataclass(frozen=True)
class RawTable:
    """A table of texts.

    Parameters
    ----------
    file
        Its name for messages: ``schools.csv`` or ``case.xlsx[schools]``.
    header
        The headers as written.
    cells
        One array of texts a column, each of shape (n,).
    rows
        Shape (n,): the line of each row as a spreadsheet counts it.
    header_row
        The line of the header.
    encoding
        How the text was encoded; empty for a workbook.
    suspects
        Cells that a workbook does not give a value to, by (line, column position), with the reason:
        as `optimizer.reading.sheets` names them.
    """

    file: str
    header: tuple[str, ...]
    cells: tuple[Strings, ...]
    rows: IntArray
    header_row: int = 1
    encoding: str = ""
    suspects: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def columns(self) -> tuple[RawColumn, ...]:
        """Every column, factorised."""
        return tuple(
            _factorise(header, cells, position)
            for position, (header, cells) in enumerate(zip(self.header, self.cells, strict=True))
        )

    def suspects_of(self, column: RawColumn) -> dict[int, str]:
        """Return the rows of a column that have no value of their own, with the reason."""
        return self._suspects.get(column.position, {}) if self.suspects else {}

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
        columns = dict(zip(self.header, self.cells, strict=True))
        return pd.DataFrame(columns, index=pd.Index(self.rows, name="row"), dtype="str")


def _factorise(header: str, cells: Strings, position: int) -> RawColumn:
    codes, texts = pd.factorize(cells)
    return RawColumn(header, codes, tuple(trim(text) for text in texts), position)


def trim(text: str) -> str:
    """Return a text without blanks and invisible marks around it."""
    return text.strip().strip("\ufeff\u200b").strip()
