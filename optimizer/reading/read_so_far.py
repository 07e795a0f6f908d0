"""Which cells of a case can be relied on although others are wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from optimizer.problems.errors import Problem
from optimizer.reading.findings import MOST_OF_A_KIND
from optimizer.reading.raw_table import RawTable
from optimizer.tables.records import Records
from optimizer.tables.schema import REVIEWS_LONG, Table, case_tables

_CASE = {table.key: table for table in (*case_tables(()), REVIEWS_LONG)}
_READ_ALL_THE_SAME = ("duplicate_key",)  # what is said of cells whose own value is known
# a column that is worked out from others, of whichever table
_MADE_OF = {
    ("applications", "school"): (
        *(("applications", column) for column in ("school_id", "level")),
        *(("schools", column) for column in ("school_id", "level")),
    ),
    ("applications", "level"): (("applications", "school_id"), ("schools", "level")),
}


@dataclass(frozen=True)
class ReadSoFar:
    """The tables of a case with mistakes, and where these are.

    Parameters
    ----------
    records
        The tables; a cell that could not be read is blank.
    wrong
        By table and column, the lines that are wrong; None among them if it is the column. The
        column "" stands for the table.
    """

    records: Records
    wrong: Mapping[tuple[str, str], frozenset[int | None]] = field(default_factory=dict)

    def is_known(self, table: str, column: str, line: int) -> bool:
        """Return whether one cell holds what was read of it."""
        lines = self.wrong.get((table, column), frozenset())
        return not {line, None} & lines and (table, "") not in self.wrong

    def is_whole(self, table: str, column: str) -> bool:
        """Return whether every cell of a column holds what was read of it."""
        needed = ((table, column), *_MADE_OF.get((table, column), ()))
        return not any(one in self.wrong or (one[0], "") in self.wrong for one in needed)


def read_so_far(
    records: Records, raw: Mapping[str, RawTable], problems: Iterable[Problem]
) -> ReadSoFar:
    """Return what was read, beside the problems that were found on the way."""
    found: dict[tuple[str, str], set[int | None]] = {}
    for problem in problems:
        if problem.code not in _READ_ALL_THE_SAME:
            for table, of in _about(problem, raw):
                line = problem.row if problem.row and problem.row > of.header_row else None
                lines = found.setdefault((table, _key(table, problem.column)), set())
                lines.add(line)
                if len(lines) >= MOST_OF_A_KIND:  # there may be more than are said
                    lines.add(None)
    return ReadSoFar(records, {place: frozenset(lines) for place, lines in found.items()})


def _about(problem: Problem, raw: Mapping[str, RawTable]) -> Iterator[tuple[str, RawTable]]:
    for key, table in raw.items():
        if problem.file in (table.file, *table.files):
            yield key, table


def _key(table: str, header: str) -> str:
    known: Table | None = _CASE.get(table)
    column = None if known is None else known.find(header)
    return header if column is None else column.key
