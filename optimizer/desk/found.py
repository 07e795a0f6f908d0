"""What is found of a case when it is opened: its files and sheets, its columns and their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pandas.api.types import is_bool_dtype, is_numeric_dtype

from optimizer.case.case import Case
from optimizer.clauses.named_columns import INTERNAL, values_of
from optimizer.desk.on_map import Map, on_map
from optimizer.language.text import Text
from optimizer.policy.policy import Policy
from optimizer.reading.outline import CaseSheet
from optimizer.tables.case_words import column_words, table_words

_FEW = 60  # values of a column that can be chosen from a list


@dataclass(frozen=True)
class CaseFound:
    """What was found when the case was opened.

    Parameters
    ----------
    policy
        As its file states it.
    map
        The districts on a map, where the policy names a file of outlines.
    columns
        Of applications and schools, with the values that stand there where they are few; None for a
        column of numbers.
    """

    policy: Policy
    map: Map | None
    columns: dict[str, tuple[str, ...] | None]


@dataclass(frozen=True)
class TableFound:
    """One file or sheet of the case.

    Parameters
    ----------
    file
        Its name for messages.
    table
        What the table is called that it is taken for; None where it is passed over.
    size
        How many rows it has; 0 also where it cannot be read.
    understood, ignored
        What the columns are called that it has; the headers of those that only a rule might name.
    """

    file: str
    table: Text | None
    size: int
    understood: tuple[Text, ...]
    ignored: tuple[str, ...]


def tables_found(sheets: Iterable[CaseSheet]) -> tuple[TableFound, ...]:
    """Say what each file and sheet is taken for."""
    return tuple(
        TableFound(
            sheet.file,
            None if sheet.table is None else table_words(sheet.table.key),
            size=sheet.size,
            understood=tuple(column_words(column.key) for column in sheet.understood),
            ignored=sheet.ignored,
        )
        for sheet in sheets
    )


def case_found(case: Case) -> CaseFound:
    """Say what a case holds."""
    outlines, districts = case.records.outlines, sorted(set(case.records.schools["district"]))
    drawn = None if outlines is None else on_map(outlines, districts)
    return CaseFound(case.policy, drawn, dict(_columns(case)))


def _columns(case: Case) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """Yield the columns of a case that a rule can name, with their values where these are few."""
    for frame in (case.records.applications, case.records.schools):
        for name in (name for name in frame.columns if name not in INTERNAL):
            if is_numeric_dtype(frame[name]) and not is_bool_dtype(frame[name]):
                yield str(name), None
                continue
            values = values_of(str(name), case.records)
            yield str(name), tuple(values) if len(values) <= _FEW else ()
