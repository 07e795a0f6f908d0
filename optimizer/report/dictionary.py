"""The table dictionary: every table and column of a case and of a result, with meaning, unit and codes.

The inputs come from `optimizer.tables.schema`, results and published lists from `result_columns`,
`column_meanings` and `roll`: nothing is described here that is not described there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from optimizer.language.text import EMPTY, Text
from optimizer.report.column_meanings import MEANINGS
from optimizer.report.result_columns import CODES, COLUMNS_OF, TABLES, column_of
from optimizer.report.roll import KEYS, ROLLS
from optimizer.result.dtypes import ORDERED
from optimizer.tables.schema import (
    APPLICATIONS,
    BUDGET_LINES,
    DISADVANTAGES,
    LEVELS,
    MEETINGS,
    REVIEWS_LONG,
    SCHOOLS,
    Column,
    Kind,
    Value,
)
from optimizer.workbooks.sheet import CellKind

_INPUTS = (SCHOOLS, APPLICATIONS, REVIEWS_LONG, BUDGET_LINES, MEETINGS)
_NTD, _POINTS = Text("元", "NT$"), Text("分", "points")
_APPLICATIONS, _SCHOOLS = Text("件", "applications"), Text("校", "schools")
_UNITS: Mapping[str, Text] = {
    **dict.fromkeys(("applications", "eligible", "funded", "funded_LEVEL"), _APPLICATIONS),
    **dict.fromkeys(("worse_funded",), _APPLICATIONS),
    **dict.fromkeys(("awarded_LEVEL",), _NTD),
    "merit_exact": _POINTS,
    "schools": _SCHOOLS,
}
_OF_REASONS = (
    *("pool", "priority", "impossible", "coverage", "merit", "draw", "ineligible"),
    "unsettled",
)
_VALUES: Mapping[str, tuple[Value, ...]] = {"level": LEVELS, "disadvantage": DISADVANTAGES}


@dataclass(frozen=True)
class DictionaryEntry:
    """One column of one table.

    Parameters
    ----------
    file
        Where it stands, e.g. ``awards.csv``.
    table
        What people call the table.
    column
        Its name in the file; of a published list its header is `words`, in the list's language.
    words
        What people call the column.
    meaning
        What a cell says.
    unit
        What its numbers count; empty of text.
    codes
        The codes that may stand in it, with their words; none where anything may.
    """

    file: str
    table: Text
    column: str
    words: Text
    meaning: Text
    unit: Text
    codes: tuple[tuple[str, Text], ...] = ()


def dictionary() -> Iterator[DictionaryEntry]:
    """Yield every column: of the inputs, of a result, of the lists that are published."""
    for table in _INPUTS:
        for column in table.columns:
            yield _of_input(table.key, Text(f"{table.zh}資料", table.key), column)
    for name, title in TABLES.items():
        for key in COLUMNS_OF[name]:
            yield _of_result(f"{name}.csv", title, key, _codes(key))
    for name, title in ROLLS.items():
        for key in KEYS[name]:
            yield _of_result(f"published/{name}.csv", title, key, ())


def _of_input(name: str, title: Text, column: Column) -> DictionaryEntry:
    unit = {Kind.MONEY: _NTD, Kind.POINTS: _POINTS}.get(column.kind, EMPTY)
    codes = tuple(
        (v.key, Text(v.zh, v.term or v.key.replace("_", " "))) for v in column.values if v.key
    )
    words = Text(column.zh, column.key)
    return DictionaryEntry(
        f"{name}.csv", title, column.key, words=words, meaning=column.help, unit=unit, codes=codes
    )


def _of_result(
    file: str, title: Text, key: str, codes: tuple[tuple[str, Text], ...]
) -> DictionaryEntry:
    base = key.removesuffix("_LEVEL")
    known = column_of(base)
    words = known.words
    if base != key:
        words = Text(f"（學制）{words.zh}", f"{words.en}, LEVEL")
    by_kind = {CellKind.MONEY: _NTD, CellKind.POINTS: _POINTS}
    unit = _UNITS.get(key) or by_kind.get(known.kind, EMPTY)
    return DictionaryEntry(
        file, title, key, words=words, meaning=MEANINGS[key], unit=unit, codes=codes
    )


def _codes(key: str) -> tuple[tuple[str, Text], ...]:
    if key in _VALUES:
        return tuple((value.key, Text(value.zh, value.term)) for value in _VALUES[key])
    names = ORDERED.get(key, _OF_REASONS if key == "reason_code" else ())
    return tuple((name, CODES.get(name) or _YES_NO[name]) for name in names)


_YES_NO = {"yes": Text("是", "yes"), "no": Text("否", "no")}
