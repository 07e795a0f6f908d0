"""Groups of applications by the values of a column: one of them, each of them, or everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.clauses.base import Clause, key, told_apart
from optimizer.clauses.named_columns import (
    has_value,
    split,
    unknown_column,
    unknown_value,
    values_of,
    words,
)
from optimizer.foundation.exact import BoolArray
from optimizer.language.text import Text
from optimizer.problems.errors import Problem
from optimizer.tables.case_words import code_of, column_name, column_term, term
from optimizer.tables.records import Records
from optimizer.tables.round import Round

_SPEAK_FOR_THEMSELVES = ("district", "level")  # a value of these needs no column beside it


@dataclass(frozen=True, kw_only=True)
class Grouped(Clause):
    """A rule about one group of applications, or about each of several.

    Parameters
    ----------
    column, value
        The group: the applications with that value in that column (or, in a list, among others);
        all applications if neither is given.
    for_each, without
        In place of `value`: each value of the column is a group of its own, but for some.
    """

    column: str = key(
        "欄位，如 level、district、type；不填即全部申請案",
        "column of schools or applications, e.g. level; all applications unless given",
        "",
    )
    value: str | None = key(
        "欄位值，如 junior_high", "value in that column, e.g. junior_high", None
    )
    for_each: bool = key(
        "true 即該欄每一個值各為一組（代替 value）",
        "true: each value of the column is a group of its own (in place of value)",
        False,
    )
    without: tuple[str, ...] = key("for_each 不計入的值", "values that for_each leaves out", ())

    @property
    def label(self) -> str:
        """The name that results use, e.g. ``quota.level.junior_high`` or ``quota.district``."""
        parts = (self.kind, self.column or None, self.value)
        return self.name or ".".join(part for part in parts if part is not None)

    @property
    def spoken(self) -> Text:
        """The title with the group."""
        return told_apart(self.title, self._in_title())

    def _in_title(self) -> list[Text]:
        """Say the group without quotation marks: a title is quoted itself."""
        if not self.column:
            return [self.group]
        column = column_name(self.column)
        if self.value is None:
            every = Text(f"每一{column.zh}", f"every {column.en}")
            but = [Text(f"{named.zh}除外", f"not {named.en}") for named in map(term, self.without)]
            return [every, *but]
        value = term(self.value)
        plain = self.column in _SPEAK_FOR_THEMSELVES
        zh = value.zh if plain else f"{column.zh}：{value.zh}"
        return [Text(zh, f"{column.en}: {value.en}")]

    @property
    def group(self) -> Text:
        """The group in words, or all of them."""
        if not self.column:
            return Text("全部申請案", "all applications")
        column = column_term(self.column)
        if self.value is None:
            but_zh = (
                f"（{'、'.join(term(v).zh for v in self.without)}除外）" if self.without else ""
            )
            but_en = f" but {', '.join(term(v).en for v in self.without)}" if self.without else ""
            return Text(f"每一{column.zh}{but_zh}", f"every {column.en}{but_en}")
        value = term(self.value)
        plain = self.column in _SPEAK_FOR_THEMSELVES
        zh = value.zh if plain else f"{column.zh}「{value.zh}」"
        return Text(zh, f'{column.en} "{value.en}"')

    def group_problems(self, records: Records) -> Iterator[Problem]:
        """Refuse a group that is not there, or said twice over."""
        if not self.column:
            if self.value is not None or self.for_each:
                yield self.wrong("no_column", _NO_COLUMN, key="column")
            return
        if self.for_each == (self.value is not None):
            said = _BOTH_GROUPS if self.for_each else _NO_GROUP
            yield self.wrong("value_or_for_each", said, expected=_ONE_GROUP, key="value")
        if self.without and not self.for_each:
            yield self.wrong("without_for_each", _WITHOUT, expected=_FOR_EACH, key="without")
        yield from unknown_column(self, self.column, records)
        if self.value is not None:
            yield from unknown_value(self, self.column, self.value, records)
        for value in self.without:
            yield from unknown_value(self, self.column, value, records, key="without")

    def values(self, records: Records) -> list[str]:
        """Return the values that are groups of their own; nothing where there is one group."""
        if not self.for_each:
            return []
        left_out = {code_of(value) for value in self.without}
        return [v for v in values_of(self.column, records) if v not in left_out]

    def insides(self, round_: Round) -> Iterator[tuple[Text, BoolArray]]:
        """Yield each group and who is in it. Shape (n,)."""
        if self.for_each:
            values = self.values(round_.records)
            yield from zip(map(term, values), split(round_.table[self.column], values), strict=True)
        elif self.value is not None:
            yield self.group, has_value(round_.table[self.column], self.value)
        else:
            yield self.group, np.ones(round_.size, dtype=bool)

    def members(self, round_: Round) -> Iterator[tuple[Text, Sequence[int]]]:
        """Yield each group and who is in it, cell by cell; apart from `insides`."""
        if not self.column:
            yield self.group, range(round_.size)
            return
        holders: dict[str, list[int]] = {}
        for a, cell in enumerate(round_.table[self.column].tolist()):
            for word in {code_of(word) for word in words(cell)}:
                holders.setdefault(word, []).append(a)
        for value in self.values(round_.records) if self.value is None else [self.value]:
            about = term(value) if self.for_each else self.group
            yield about, holders.get(code_of(value), [])


_NO_COLUMN = Text("未填 column，不知是哪一欄的值", "says no column that the value is of")
_BOTH_GROUPS = Text(
    "value 與 for_each 不能並用", "names one value, and asks for every one of them with for_each"
)
_NO_GROUP = Text("填了 column，未填是哪一個值", "names a column and no value of it")
_ONE_GROUP = Text('value = "…" 或 for_each = true', 'value = "…" or for_each = true')
_WITHOUT = Text("without 只能與 for_each 並用", "leaves out values where there is no for_each")
_FOR_EACH = Text("for_each = true", "for_each = true")
