"""A diagnosis as problems: one for each rule of a conflict, one for each change that mends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from optimizer.diagnose.conflicts import Conflict
from optimizer.diagnose.diagnosis import Diagnosis
from optimizer.diagnose.edit import DROP
from optimizer.diagnose.parts import Inequality, Stated
from optimizer.diagnose.repair import Repair
from optimizer.diagnose.say import narrowed, note
from optimizer.errors import Problem, Severity
from optimizer.text import EMPTY, Text

FILE = "policy.toml"


def problems(diagnosis: Diagnosis) -> list[Problem]:
    """Say conflicts first, then single changes or else combinations, then what is not proved."""
    found: list[Problem] = []
    several = len(diagnosis.conflicts) > 1
    for number, conflict in enumerate(diagnosis.conflicts, start=1):
        found += _conflict(diagnosis.stated, conflict, number if several else None)
    for number, repair in enumerate(diagnosis.repairs, start=1):
        mark = _mark("修改方式", "Repair", number if len(diagnosis.repairs) > 1 else None)
        found.append(_repair(repair, mark))
    several = len(diagnosis.combinations) > 1
    for number, mending in enumerate(diagnosis.combinations, start=1):
        for place, repair in enumerate(mending, start=1):
            mark = _mark(
                "合併修改", "Combined repair", number if several else None, place, len(mending)
            )
            found.append(_repair(repair, mark))
    return [*found, *_doubts(diagnosis)]


def _mark(zh: str, en: str, number: int | None, place: int = 1, of: int = 1) -> Text:
    """Write what stands before a sentence, e.g. *Conflict 2 (1 of 3):*."""
    count = "" if number is None else f" {number}"
    part_zh, part_en = (f"（{place}/{of}）", f" ({place} of {of})") if of > 1 else ("", "")
    return Text(f"{zh}{count}{part_zh}：", f"{en}{count}{part_en}: ")


def _conflict(stated: Stated, conflict: Conflict, number: int | None) -> Iterator[Problem]:
    groups: dict[tuple[str, str, str], list[int]] = {}
    for position, inequality in enumerate(conflict.inequalities):
        groups.setdefault(inequality.part, []).append(position)
    for place, positions in enumerate(groups.values(), start=1):
        members = [conflict.inequalities[p] for p in positions]
        rule = stated.clause(members[0])
        rows = stated.program.rows[members[0].block]
        about = tuple(member.about for member in members)
        whole = _whole(stated, members)
        said = narrowed(rule, about, rows.sense, whole)
        mark = _mark("衝突", "Conflict", number, place, len(groups))
        yield Problem(
            Severity.ERROR,
            rule.label,
            Text(mark.zh + said.zh, mark.en + said.en),
            note(
                rule,
                stated.scored,
                rows,
                about,
                conflict.reached[positions[0]],
                len(conflict.inequalities) == 1,
            ),
            _unproved(conflict) if place == len(groups) else EMPTY,
            FILE,
            column=rule.label if rule.section == rule.label else f"{rule.section}.{rule.label}",
            reference=rule.reference,
        )


def _whole(stated: Stated, members: Sequence[Inequality]) -> bool:
    """Say whether these are all the inequalities of their clause."""
    return len(members) == sum(i.clause == members[0].clause for i in stated.inequalities)


def _unproved(conflict: Conflict) -> Text:
    if not conflict.minimal:
        return Text(
            "（未及逐項驗證，可能並非每條都相關）",
            "(not worked out to the end: not all of it may matter)",
        )
    if not conflict.smallest:
        return Text("（可能有更小的衝突）", "(there may be a smaller conflict)")
    return EMPTY


def _repair(repair: Repair, mark: Text) -> Problem:
    written = repair.key if repair.new == DROP else f"{repair.key} = {in_toml(repair.new)}"
    doubt_zh, doubt_en = ("", "") if repair.proved else ("（未證明為最小）", " (not proved least)")
    return Problem(
        Severity.ERROR,
        repair.clause,
        Text(f"{mark.zh}{repair.text.zh}{doubt_zh}。", f"{mark.en}{repair.text.en}{doubt_en}."),
        hint=Text(f"[{written}]", f"[{written}]"),
        file=FILE,
        column=repair.key,
    )


def in_toml(value: Any) -> str:
    """Write a value as policy.toml does."""
    if isinstance(value, list):
        return f"[{', '.join(in_toml(item) for item in value)}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return f"{value:_}" if isinstance(value, int) else str(value)


def _doubts(diagnosis: Diagnosis) -> Iterator[Problem]:
    if not diagnosis.conflicts_complete:
        yield Problem(
            Severity.FLAG,
            "more_conflicts",
            Text("未列出全部衝突", "there may be more conflicts than are listed"),
        )
    if not diagnosis.repairs_complete:
        yield Problem(
            Severity.FLAG,
            "more_repairs",
            Text("未列出全部修改方式", "there may be more repairs than are listed"),
        )
