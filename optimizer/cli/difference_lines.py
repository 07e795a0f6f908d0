"""What differs in a result, in lines for people: alike differences are one line, with their number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from optimizer.cli.place_words import Titles, in_words
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem
from optimizer.report.result_columns import COLUMNS

if TYPE_CHECKING:
    from optimizer.policy.policy import Policy
    from optimizer.verify.verification import Verification

MOST = 20  # lines
_EXAMPLES = 3
_ANY_CHANCE = "draw.chances."


def differences(found: Verification, policy: Policy) -> list[Text]:
    """Return the differences that come first, a line for all that are alike, and how many are left."""
    titles = {rule.label: rule.title for rule in policy.rules}
    groups = _alike(found.problems[: found.leading])[:MOST]
    lines = [_line(group, titles) for group in groups]
    more = len(found.problems) - sum(map(len, groups))
    if more:
        lines.append(
            Text(
                f"另有 {more:,} 處不符，多由以上而來；--json 列出全部。",
                f"{more:,} more, most of which follow from these; --json lists all.",
            )
        )
    return lines


def _alike(problems: list[Problem]) -> list[list[Problem]]:
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for one in problems:
        groups.setdefault((one.code, one.file, _column(one)), []).append(one)
    return list(groups.values())


def _column(one: Problem) -> str:
    """Return the column without what only names one of many: an application, a cell."""
    if one.column.startswith(_ANY_CHANCE):
        return _ANY_CHANCE.rstrip(".")
    return one.column.partition(", ")[0] if one.file.endswith((".xlsx", ".ods")) else one.column


def _line(group: list[Problem], titles: Titles) -> Text:
    """Say the first of those that are alike, how many there are, and where the next few stand."""
    first = _said(group[0], titles)
    if len(group) == 1:
        return first
    names = list(dict.fromkeys(name for one in group if (name := _example(one))))
    few = names[:_EXAMPLES]
    more = len(names) > len(few)
    zh, en = "、".join(few) + " 等" * more, ", ".join(few) + " …" * more
    count = f"{len(group):,}"
    return Text(
        f"{first.zh}（同類共 {count} 處{'：' + zh if few else ''}）",
        f"{first.en} ({count} alike{': ' + en if few else ''})",
    )


def _example(one: Problem) -> str:
    if one.application_id:
        return one.application_id
    return one.column[len(_column(one)) :].lstrip("., ") or one.value[:40]


def _said(one: Problem, titles: Titles) -> Text:
    """Say a difference in words for people: no hashes, and no names that only the program uses."""
    if one.code == "changed":
        one = replace(one, column="", value="", expected=EMPTY)
    words = in_words(one.file, one.column, titles)
    if one.file.endswith(".csv") and one.column in COLUMNS:
        words = COLUMNS[one.column].words
    return Text(
        "・" + replace(one, column=words.zh).say("zh-TW"),
        "- " + replace(one, column=words.en).say("en"),
    )
