"""The tables of a case as they stood in their files: rows of text, before anything was made of them.

They are kept so that a result can be checked from the text on, by code that shares nothing with
what read, screened and scored it (`optimizer.plain`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from optimizer.foundation.frozen import same

_TABLES = ("schools", "applications", "reviews", "budget_lines", "meetings")


@dataclass(frozen=True, eq=False)
class Original:
    """One table as it stood: a decoded text, or the cells of a sheet.

    Parameters
    ----------
    file
        Its name for messages: ``schools.csv`` or ``case.xlsx[schools]``.
    text, delimiter
        The whole text of a CSV file, and what stands between two cells.
    cells
        The rows of a sheet; None for a CSV file.
    reviewer
        Whose reviews it holds, where its name says so and no column does.
    made
        Whether it was written out from values: its codes are what they are, however they are spelt.
    """

    file: str
    text: str = ""
    delimiter: str = ","
    cells: tuple[tuple[str, ...], ...] | None = None
    reviewer: str = ""
    made: bool = False

    def rows(self) -> Iterable[Sequence[str]]:
        """Return every row from the first line of the file on, blank ones among them."""
        if self.cells is not None:
            return self.cells
        return csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)


@dataclass(frozen=True, eq=False)
class Originals:
    """All tables of a case as they stood, and what was made of them.

    Parameters
    ----------
    tables
        By table, the files or sheets that it was read from.
    made
        What was read from them, in the order of the fields of `Records`.
    papers
        What the second reading made of them, by the criteria it looked for: it reads them once
        for all the policies that the same applications are put under.
    """

    tables: Mapping[str, tuple[Original, ...]]
    made: tuple[Any, ...]
    papers: dict[tuple[str, ...], Any] = field(default_factory=dict, repr=False)

    @staticmethod
    def of(tables: Mapping[str, tuple[Original, ...]], records: Any) -> Originals:
        """Tie the tables as they stood to the records that were made of them."""
        return Originals(tables, _parts(records))

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what can be read again."""
        return {**self.__dict__, "papers": {}}

    def are_of(self, records: Any) -> bool:
        """Return whether these records hold the very tables that were read, none replaced."""
        return all(map(same, self.made, _parts(records)))


def _parts(records: Any) -> tuple[Any, ...]:
    return tuple(getattr(records, name) for name in _TABLES)
