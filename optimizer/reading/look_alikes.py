"""Codes and names that look the same as others though their characters differ: told, never joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.language.text import Text
from optimizer.problems.likeness import bare_code, code_pairs, hidden, is_it, person_pairs, skeleton
from optimizer.reading.findings import BadCell
from optimizer.reading.reader import ReadTable


def check_codes(table: ReadTable, key: str) -> None:
    """Report codes of a column that hold a hidden character, or look the same as an earlier one."""
    values = _values(table, key)
    wrong = {value: mark for value in values if (mark := hidden(value))}
    for value, mark in wrong.items():
        table.report_all(key, _rows(table, key, value), _hidden(mark))
    _check_pairs(table, key, code_pairs([v for v in values if v not in wrong]), _look_alike)


def check_persons(table: ReadTable, key: str) -> None:
    """Report names of a column that seem to mean a person who stands there under another name."""
    check_codes(table, key)
    values = [v for v in _values(table, key) if not hidden(v)]
    looks = {other for _, other in code_pairs(values)}
    _check_pairs(table, key, person_pairs([v for v in values if v not in looks]), _same_person)


def _check_pairs(
    table: ReadTable,
    key: str,
    found: Iterable[tuple[str, str]],
    failure: Callable[[str, str, Text], BadCell],
) -> None:
    for one, other in found:
        first = table.raw.said(_rows(table, key, one)[0])
        table.report_all(key, _rows(table, key, other), failure(one, other, first))


def _values(table: ReadTable, key: str) -> list[str]:
    """Return the different values of a column, the most frequent first."""
    typed = table[key]
    times = np.bincount(typed.codes, minlength=len(typed.values)).tolist()
    filled = [(-count, value) for value, count in zip(typed.values, times, strict=True) if value]
    return list(dict.fromkeys(value for _, value in sorted(filled, key=lambda pair: pair[0])))


def _rows(table: ReadTable, key: str, value: str) -> list[int]:
    return table[key].where(lambda other: other == value)


_RETYPE = Text("請清除這一格後重新輸入。", "Clear the cell and type it anew.")


def _hidden(mark: str) -> BadCell:
    return BadCell(
        "hidden_character",
        Text(f"含有看不見的字元（{mark}）", f"holds a character that nobody sees ({mark})"),
        hint=_RETYPE,
    )


def _alike(one: str, other: str, where: Text) -> Text:
    """Say how a code differs from one that looks the same."""
    if one.casefold() == other.casefold():
        return Text(
            f"與{where.zh}的「{one}」只有大小寫不同",
            f"differs from {one!r} {where.en} only in upper and lower case",
        )
    return Text(
        f"與{where.zh}的「{one}」看起來相同，字元卻不同",
        f"looks the same as {one!r} {where.en}, but its characters differ",
    )


def _look_alike(one: str, other: str, row: Text) -> BadCell:
    return BadCell(
        "look_alike",
        _alike(one, other, Text(row.zh, f"of {row.en}")),
        Text("每個代號應只有一種寫法。", "One way of writing each was expected."),
        Text(
            f"若為同一個，請改為「{one}」；若為兩個，請改得容易分辨。",
            f"If they are one, write {one!r}; if they are two, make them easy to tell apart.",
        ),
    )


def _same_person(one: str, other: str, row: Text) -> BadCell:
    return BadCell(
        "same_person",
        Text(
            f"與{row.zh}的「{one}」似為同一位委員",
            f"seems to be the reviewer whom {row.en} calls {one!r}",
        ),
        Text("每位委員應只有一種寫法。", "One way of writing each reviewer was expected."),
        Text(
            f"若為同一位，請改為「{one}」；若為兩位，請加上姓名或編號以便分辨。",
            f"If it is, write {one!r}; if they are two, add a name or number that tells them apart.",
        ),
    )


@dataclass(frozen=True)
class Known:
    """The codes of a table with their lines, to say which of them an unknown one only looks like."""

    lines: Mapping[str, int]
    table: Text

    def twin(self, code: str) -> BadCell | None:
        """Return what is wrong with a code that only looks like a known one, or None."""
        one = self._by_looks.get(skeleton(code))
        if one is None:
            return None
        row = self.lines[one]
        where = Text(f"{self.table.zh}第 {row} 列", f"in row {row} of the {self.table.en}")
        said = _alike(one, code, where)
        if mark := hidden(code):
            seen = f"{said.en} (it holds {mark}, which nobody sees)"
            said = Text(f"{said.zh}（含看不見的字元 {mark}）", seen)
        hint = Text(f"若為同一個，請改為「{one}」。", f"If they are one, write {one!r}.")
        return BadCell("look_alike", said, hint=hint)

    def meant(self, code: str) -> Text:
        """Ask whether a code means the only one that differs in dashes or leading zeros alone."""
        return is_it(self._by_digits.get(bare_code(code)))

    @cached_property
    def _by_looks(self) -> dict[str, str]:
        return _only(self.lines, skeleton)

    @cached_property
    def _by_digits(self) -> dict[str, str]:
        return _only(self.lines, bare_code)


def _only(codes: Iterable[str], form: Callable[[str], str]) -> dict[str, str]:
    """Return, by a form of the codes, the code that alone has it."""
    times = Counter(map(form, codes))
    return {form(code): code for code in codes if times[form(code)] == 1}
