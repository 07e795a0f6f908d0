"""What differs in a result, in lines for people: alike differences are one line, with their number."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from optimizer.cli.place_words import Titles, in_words
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem
from optimizer.report.result_columns import COLUMNS
from optimizer.verify.same_file import MOST_PLACES
from optimizer.verify.verification import NOT_LISTED

if TYPE_CHECKING:
    from optimizer.policy.policy import Policy
    from optimizer.verify.verification import Verification

MOST = 20  # lines
_EXAMPLES = 3
_CHANGED = "changed"
_PARTS = ("extra_part", "missing_part")  # of a workbook
_ANY_CHANCE = "draw.chances."


def differences(found: Verification, policy: Policy) -> list[Text]:
    """Return the differences that come first, a line for all that are alike, and how many are left."""
    titles = {rule.label: rule.title for rule in policy.rules}
    groups = _first_of_each_file(_alike(found.problems[: found.leading]))
    more = found.count - sum(map(len, groups))
    return [*(_line(group, titles) for group in groups), *_left(found, more)]


def _left(found: Verification, more: int) -> list[Text]:
    """Say how many differences are not on the screen, and where they are."""
    if not more:
        return []
    follow = found.leading < len(found.problems)
    every = all(one.code != NOT_LISTED for one in found.problems)
    listed = "列出全部" if every else f"每檔至多列出 {MOST_PLACES:,} 處"
    return [
        Text(
            f"另有 {more:,} 處不符{'，可能由以上而來' if follow else ''}；--json {listed}。",
            f"{more:,} more{', which may follow from these' if follow else ''}; --json lists "
            f"{'all' if every else f'up to {MOST_PLACES:,} of each file'}.",
        )
    ]


def _first_of_each_file(groups: list[list[Problem]]) -> list[list[Problem]]:
    """Return so many as are shown, in their order: of no file the second before all have their first."""
    before: Counter[str] = Counter()
    ranks = []
    for at, group in enumerate(groups):
        ranks.append((before[group[0].file], at))
        before[group[0].file] += group[0].code != _CHANGED
    return [groups[at] for at in sorted(at for _, at in sorted(ranks)[:MOST])]


def _alike(problems: list[Problem]) -> list[list[Problem]]:
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for one in problems:
        file, column = ("", "") if one.code == _CHANGED else (one.file, _column(one))
        groups.setdefault((one.code, file, column), []).append(one)
    return [group for (code, _, _), group in groups.items() if code != NOT_LISTED]


def _column(one: Problem) -> str:
    """Return the column without what only names one of many: an application, a cell."""
    if one.column.startswith(_ANY_CHANCE):
        return _ANY_CHANCE.rstrip(".")
    if one.code in _PARTS:
        return ""
    return one.column.partition(", ")[0] if one.file.endswith((".xlsx", ".ods")) else one.column


def _line(group: list[Problem], titles: Titles) -> Text:
    """Say the first of those that are alike, how many there are, and where the next few stand."""
    first = _said(group[0], titles)
    if len(group) == 1:
        return first
    if group[0].code == _CHANGED:
        return _changed(group)
    names = list(dict.fromkeys(name for one in group if (name := _example(one))))
    few = names[:_EXAMPLES]
    more = len(names) > len(few)
    zh, en = "、".join(few) + " 等" * more, ", ".join(few) + " …" * more
    count = f"{len(group):,}"
    return Text(
        f"{first.zh}（同類共 {count} 處{'：' + zh if few else ''}）",
        f"{first.en} ({count} alike{': ' + en if few else ''})",
    )


def _changed(group: list[Problem]) -> Text:
    """Name every file that was changed after it was written."""
    names, said = [one.file for one in group], group[0].message
    return Text(
        f"・{said.zh}（{len(names):,} 檔）：{'、'.join(names)}",
        f"- changed after they were written ({len(names):,} files): {', '.join(names)}",
    )


def _example(one: Problem) -> str:
    if one.application_id:
        return one.application_id
    return one.column[len(_column(one)) :].lstrip("., ") or one.value[:40]


def _said(one: Problem, titles: Titles) -> Text:
    """Say a difference in words for people: no hashes, and no names that only the program uses."""
    if one.code == _CHANGED:
        one = replace(one, column="", value="", expected=EMPTY)
    words = in_words(one.file, one.column, titles)
    if one.file.endswith(".csv") and one.column in COLUMNS:
        words = COLUMNS[one.column].words
    return Text(
        "・" + replace(one, column=words.zh).say("zh-TW"),
        "- " + replace(one, column=words.en).say("en"),
    )
