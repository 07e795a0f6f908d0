"""Columns and values that a policy names: whether any table has them, and which rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from optimizer.clauses.base import Clause
from optimizer.foundation.exact import BoolArray, IntArray
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem, Severity, one_of, problem_of
from optimizer.problems.likeness import closest, did_you_mean, same_district
from optimizer.tables.case_words import code_of, column_words, term
from optimizer.tables.records import Records
from optimizer.tables.schema import APPLICATIONS, SCHOOLS, Kind, fold

INTERNAL = ("school", "row")


def unknown_column(clause: Clause, column: str, records: Records) -> Iterable[Problem]:
    """Yield a problem if neither applications nor schools have the column."""
    known = [*records.applications.columns, *records.schools.columns]
    known = [name for name in dict.fromkeys(known) if name not in INTERNAL]
    if column not in known:
        yield clause.wrong(
            "unknown_column",
            Text("計畫所用欄位不存在", "the policy names a column that no table has"),
            expected=one_of(known, map(code_and_word, known)),
            hint=did_you_mean(column_meant(column, known)),
            key="column",
            value=column,
        )
    elif column in in_both(records):
        yield clause.wrong(
            "column_in_both",
            Text(
                "申請資料與學校資料都有這一欄，無法判斷以何者為準",
                "stands in the applications and in the schools: which of the two is meant?",
            ),
            hint=Text("請將其中一欄改名或刪除。", "Rename one of the two, or take it out."),
            key="column",
            value=column,
        )


def column_meant(word: str, known: Iterable[str]) -> Text | None:
    """Return the column that a word means or misspells, by its code and in Chinese, if there is one.

    Parameters
    ----------
    word
        A column that a policy names and no table has: ``town``, ``行政區``, ``distrct``.
    known
        The codes of the columns that there are.
    """
    codes = list(known)
    found = (column for table in (SCHOOLS, APPLICATIONS) if (column := table.find(word)))
    meant = _SAID_OTHERWISE.get(fold(word)) or next((column.key for column in found), word)
    near = meant if meant in codes else closest(word, codes, _LIKE)
    return Text(code_and_word(near), near) if near else None


_LIKE = 0.7  # how like a column's code a word must be to have been meant for it
_SAID_OTHERWISE = {
    **dict.fromkeys(("town", "township", "city", "area", "region", "zone"), "district"),
    **dict.fromkeys(("stage", "school_type", "school_level"), "level"),
}


def has_column(column: str, records: Records) -> bool:
    """Say whether applications or schools have a column."""
    return column in records.applications.columns or column in records.schools.columns


def of_applications(column: str, records: Records) -> list[Any]:
    """Return each application's cell, its lead school's where the column is one of schools."""
    if column in records.applications.columns:
        cells: list[Any] = records.applications[column].tolist()
        return cells
    schools = records.applications["school"].to_numpy(dtype=int)
    return list(records.schools[column].iloc[schools].tolist())


def in_both(records: Records) -> set[str]:
    """Return the columns that both tables have for themselves; the key of a school is in both."""
    shared = set(records.applications.columns) & set(records.schools.columns)
    return shared - {"school_id", "level", "row"}


def code_and_word(key: str) -> str:
    """Write a column as a policy names it, with its Chinese name."""
    word = column_words(key).zh
    return key if word == key else f"{key}（{word}）"


def unknown_value(
    clause: Clause, column: str, value: str, records: Records, key: str = "value"
) -> Iterable[Problem]:
    """Yield a problem if the column is there but no application or school has the value in it.

    An error where the column can have no such value, a flag where it has not in this round.
    """
    tables = [t for t in (records.applications, records.schools) if column in t.columns]
    allowed = allowed_values(column, records)
    impossible = bool(allowed) and not {value, code_of(value)} & set(allowed)
    if not tables:
        return
    if not impossible and any(has_value(table[column], value).any() for table in tables):
        return
    known = [] if allowed else _words_of(column, tables)
    named = [word for word in allowed or known if word][:40]
    yield problem_of(
        Severity.ERROR if impossible else Severity.FLAG,
        "unknown_value",
        Text("此欄不會有這個值", "is no value that the column can have")
        if impossible
        else Text(
            "資料中沒有這個值，沒有任何申請屬於這一組",
            "no row has this value: no application is in the group",
        ),
        expected=one_of(named, (term(word).zh for word in named)) if named else EMPTY,
        hint=_value_meant(column, value, named),
        file="policy.toml",
        column=f"{clause.section}.{clause.label}.{key}",
        value=value,
        reference=clause.reference,
    )


def _words_of(column: str, tables: Iterable[pd.DataFrame]) -> list[str]:
    return sorted({word for table in tables for cell in table[column] for word in words(cell)})


def _value_meant(column: str, value: str, known: list[str]) -> Text:
    """Suggest the value that another one means or misspells."""
    if column == "district":
        near = [word for word in known if same_district(value, word)]
        meant = near[0] if len(near) == 1 else None
    else:
        meant = closest(value, known)
    return did_you_mean(Text(term(meant).zh, meant) if meant else None)


def allowed_values(column: str, records: Records) -> tuple[str, ...]:
    """Return every value that a column may have, or nothing where it may have any."""
    if column == "district":
        return records.settings.plan.districts
    found = next((c for t in (APPLICATIONS, SCHOOLS) for c in t.columns if c.key == column), None)
    closed = found is not None and found.kind in (Kind.CHOICE, Kind.YES_NO)
    return tuple(value.key for value in found.values) if found is not None and closed else ()


def has_value(cells: pd.Series, value: str) -> BoolArray:
    """Return which cells are (or, for a list, include) a value, in its code or in Chinese."""
    wanted = {value, code_of(value)}
    different, codes = coded(cells)
    return np.array([not wanted.isdisjoint(words(cell)) for cell in different], dtype=bool)[codes]


def values_of(column: str, records: Records) -> list[str]:
    """Return every value that a column has, in order; a blank is none.

    A column of schools has those of all schools, one of districts also those that the plan lists:
    a district without a single application is one all the same.
    """
    table = next(t for t in (records.applications, records.schools) if column in t.columns)
    if column == "district":
        table = records.schools
    found = {code_of(word) for cell in set(table[column].tolist()) for word in words(cell)}
    found |= set(records.settings.plan.districts if column == "district" else ())
    return sorted(found - _BLANK)


_BLANK = {"", str(None), str(pd.NA)}


def split(cells: pd.Series, values: Iterable[str]) -> Iterator[BoolArray]:
    """Yield, for each value, which cells are (or, for a list, include) it."""
    different, codes = coded(cells)
    holders: dict[str, list[int]] = {}
    for place, cell in enumerate(different):
        for word in words(cell):
            holders.setdefault(code_of(word), []).append(place)
    for value in values:
        inside = np.zeros(len(different), dtype=bool)
        inside[holders.get(code_of(value), [])] = True
        yield inside[codes]


def coded(cells: pd.Series) -> tuple[list[Any], IntArray]:
    """Return the different cells, in the order of their first rows, and which of them each row holds."""
    listed = cells.to_list()
    place = {cell: i for i, cell in enumerate(dict.fromkeys(listed))}
    return list(place), np.array([place[cell] for cell in listed], dtype=np.int64)


def words(cell: object) -> tuple[str, ...]:
    """Return what a cell holds, the way a policy names it (yes/no, plain numbers, list items)."""
    if isinstance(cell, tuple):
        return cell
    if isinstance(cell, bool | np.bool_):
        return ("yes",) if cell else ("no",)
    return (str(cell),)


def ordinals(days: Iterable[date | None]) -> IntArray:
    """Return dates as day numbers, which compare fast; -1 where there is none."""
    return np.array([-1 if day is None else day.toordinal() for day in days], dtype=np.int64)
