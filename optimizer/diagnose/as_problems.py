"""A diagnosis as problems: one for each rule of a conflict, one for each change that mends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.diagnose.conflicts import Conflict
from optimizer.diagnose.diagnosis import Diagnosis
from optimizer.diagnose.explain import note
from optimizer.diagnose.parts import Inequality, Stated
from optimizer.diagnose.policy_lines import written
from optimizer.diagnose.repair import Repair
from optimizer.language.text import EMPTY, Text
from optimizer.policy.policy import Policy
from optimizer.problems.errors import Problem, defect, flag

FILE = "policy.toml"


def problems(diagnosis: Diagnosis) -> list[Problem]:
    """Say conflicts first, then the repairs, cheapest first, then what is not proved."""
    found: list[Problem] = []
    for number in range(len(diagnosis.conflicts)):
        found += _conflict(diagnosis, number)
    policy = diagnosis.stated.scored.screened.policy
    for number, mending in enumerate(diagnosis.mendings, start=1):
        count = f" {number}" if len(diagnosis.mendings) > 1 else ""
        for place, repair in enumerate(mending, start=1):
            found.append(_repair(repair, _repair_mark(count, place, len(mending)), policy))
    return [*found, *_doubts(diagnosis)]


def _conflict_mark(count: str, place: int, of: int) -> Text:
    """Write what stands before a rule of a conflict, e.g. *Conflict 2 (1 of 3):*."""
    if of == 1:
        return Text(f"無法做到{count}：", f"Cannot be met{count}: ")
    return Text(f"規則互相牴觸{count}（{place}/{of}）：", f"Conflict{count} ({place} of {of}): ")


def _repair_mark(count: str, place: int, of: int) -> Text:
    """Write what stands before a change, e.g. *Repair 3 (1 of 2, together):*."""
    if of == 1:
        return Text(f"修改方式{count}：", f"Repair{count}: ")
    return Text(
        f"修改方式{count}（須一併修改，{place}/{of}）：",
        f"Repair{count} ({place} of {of}, together): ",
    )


def _conflict(diagnosis: Diagnosis, number: int) -> Iterator[Problem]:
    stated, conflict = diagnosis.stated, diagnosis.conflicts[number]
    only = len(diagnosis.conflicts) == 1
    figures = {figure.part: figure for figure in diagnosis.figures}
    for place, part in enumerate(conflict.parts, start=1):
        members = conflict.members(part)
        rule = stated.clause(members[0])
        about = tuple(member.about for member in members)
        said = narrowed(stated, members)
        mark = _conflict_mark("" if only else f" {number + 1}", place, len(conflict.parts))
        yield defect(
            rule.label,
            Text(mark.zh + said.zh, mark.en + said.en),
            expected=note(rule, stated.scored, about, figure=figures.get(part), only=only),
            hint=_unproved(conflict) if place == len(conflict.parts) else EMPTY,
            file=FILE,
            column=rule.label if rule.section == rule.label else f"{rule.section}.{rule.label}",
            reference=rule.reference,
        )


def narrowed(stated: Stated, members: Sequence[Inequality]) -> Text:
    """Say a rule as far as it is about these of its inequalities."""
    rule, about = stated.clause(members[0]), tuple(member.about for member in members)
    every = len(members) == sum(i.clause == members[0].clause for i in stated.inequalities)
    return rule.narrowed(about, members[0].part[2], every)


def _unproved(conflict: Conflict) -> Text:
    if not conflict.minimal:
        return Text(
            "（未及逐項驗證，可能並非每條都相關）",
            "(not worked out to the end: not all of it may matter)",
        )
    if not conflict.smallest:
        return Text("（可能有更小的衝突）", "(there may be a smaller conflict)")
    return EMPTY


def _repair(repair: Repair, mark: Text, policy: Policy) -> Problem:
    doubt_zh, doubt_en = (
        ("", "") if repair.proved else ("（是否可再小，未及算定）", " (not proved least)")
    )
    return defect(
        repair.clause,
        Text(f"{mark.zh}{repair.text.zh}{doubt_zh}。", f"{mark.en}{repair.text.en}{doubt_en}."),
        hint=written(policy, repair).say(),
        file=FILE,
        column=repair.key,
    )


def _doubts(diagnosis: Diagnosis) -> Iterator[Problem]:
    if not diagnosis.conflicts_complete:
        yield flag(
            "more_conflicts",
            Text("可能還有其他互相牴觸之處未列出", "there may be more conflicts than are listed"),
        )
    if not diagnosis.cheapest:
        yield flag(
            "more_repairs",
            Text(
                "未及查完：可能還有其他修改方式，也可能有更省的",
                "not all was looked into: there may be more repairs, and cheaper ones",
            ),
        )
    elif not diagnosis.repairs_complete:
        yield flag(
            "more_repairs",
            Text(
                "可能還有其他修改方式未列出；最省的已在其中",
                "there may be more repairs than are listed; the cheapest is among them",
            ),
        )
