"""Scenarios side by side: what their rules, measures, districts and lists have otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optimizer.clauses import Clause
from optimizer.desk.departures import differences
from optimizer.desk.fields import named, said_of
from optimizer.desk.on_screen import COLUMNS, OnScreen, Row, titled
from optimizer.language.text import Text
from optimizer.policy.policy import Policy
from optimizer.problems.errors import SubsidyError
from optimizer.report.frame_sheets import Columns, listed_sheet
from optimizer.scenarios.diff import Difference
from optimizer.scenarios.difference_tables import MOVES, PRIORITY
from optimizer.workbooks.sheet import CellKind, Sheet

_AT = {name: place for place, name in enumerate(COLUMNS)}
_WHO = tuple(_AT[name] for name in ("application_id", "school", "title", "district"))
_ID, _AWARD, _STATUS = _AT["application_id"], _AT["award"], len(COLUMNS)
_NOT_APPLIED = Text("（不適用）", "(does not apply)")


@dataclass(frozen=True)
class Alternative:
    """One column.

    Parameters
    ----------
    name
        What it is called.
    policy
        Its policy.
    answer
        Its list, or why there is none.
    """

    name: str
    policy: Policy
    answer: OnScreen | SubsidyError


@dataclass(frozen=True)
class Shared:
    """Who is funded where.

    Parameters
    ----------
    all, none
        The applications that are funded in every list, and those that are eligible and funded in none:
        id, school, community, district.
    some
        The others, each with what it gets in each list: NT$, 0 for nothing, None without a list.
    """

    all: tuple[Row, ...]
    none: tuple[Row, ...]
    some: tuple[tuple[Row, tuple[int | None, ...]], ...]


def rules_that_differ(
    file: Policy, columns: Sequence[Alternative]
) -> Iterator[tuple[Text, list[Text]]]:
    """Yield each part in which any policy differs from the file's: its name, what each of them says.

    A rule as a whole is said in its own sentence.
    """
    found = [{part.part: part for part in differences(file, one.policy)} for one in columns]
    policies = [one.policy for one in columns]
    for part in dict.fromkeys(part for one in found for part in one):
        rules = [_rule(policy, part) for policy in (*policies, file)]
        whole = next(filter(None, rules), None)
        if whole is not None:
            said = [rule.sentence() if rule else _NOT_APPLIED for rule in rules[:-1]]
            yield whole.spoken, said
            continue
        before = next(one[part].before for one in found if part in one)
        sides = [one[part].after if part in one else before for one in found]
        every = (*policies, file)
        yield named(every, part), [said_of(every, part, side) for side in sides]


def _rule(policy: Policy, part: str) -> Clause | None:
    return next((r for r in policy.rules if part == f"{r.section}.{r.label}"), None)


def standing(column: Alternative) -> Text:
    """Say whether a list is proved the best, or why there is none."""
    answer = column.answer
    if isinstance(answer, SubsidyError):
        return answer.message
    return answer.status


def figures(
    columns: Sequence[Alternative], priorities: bool = False
) -> Iterator[tuple[Text, list[str]]]:
    """Yield the measures of the lists, or their priorities: title with unit, a value for each column."""
    known = [_totals(one.answer, priorities) for one in columns]
    for name in dict.fromkeys(name for one in known for name in one):
        title, unit = next((one[name]["title"], one[name]["unit"]) for one in known if name in one)
        yield (
            titled(title, unit),
            [str(one[name]["value"]) if name in one else "—" for one in known],
        )


def _totals(answer: OnScreen | SubsidyError, priorities: bool) -> dict[str, Mapping[str, Any]]:
    totals = answer.totals if isinstance(answer, OnScreen) else ()
    return {one["name"]: one for one in totals if one["name"].startswith(PRIORITY) is priorities}


def districts(columns: Sequence[Alternative]) -> Iterator[tuple[Text, list[str]]]:
    """Yield each district: its name with how many applied, then how many are funded in each column."""
    known = [
        {name: (applied, funded) for name, applied, funded, _ in one.answer.districts}
        if isinstance(one.answer, OnScreen)
        else {}
        for one in columns
    ]
    for name in dict.fromkeys(name for one in known for name in one):
        applied = next(one[name][0] for one in known if name in one)
        funded = [str(one[name][1]) if name in one else "—" for one in known]
        yield titled(Text(name, name), Text(str(applied), str(applied))), funded


def shared(columns: Sequence[Alternative]) -> Shared:
    """Return who is funded in all lists, in some, in none."""
    lists = [
        {row[_ID]: row for row in one.answer.rows} if isinstance(one.answer, OnScreen) else None
        for one in columns
    ]
    known = [one for one in lists if one is not None]
    found: dict[str, list[Any]] = {"all": [], "none": [], "some": []}
    for application, row in (known[0] if known else {}).items():
        who = tuple(row[place] for place in _WHO)
        funded = [one[application][_AWARD] > 0 for one in known]
        if all(funded):
            found["all"].append(who)
        elif any(funded):
            awards = tuple(None if one is None else one[application][_AWARD] for one in lists)
            found["some"].append((who, awards))
        elif any(one[application][_STATUS] != "ineligible" for one in known):
            found["none"].append(who)
    return Shared(*(tuple(found[name]) for name in ("all", "none", "some")))


def who_moves(difference: Difference) -> Sheet:
    """Return who gets another amount in the other of two lists, and why, as a table."""
    language = difference.language
    title = Text("核定金額不同者", "Whose awards differ")
    return listed_sheet(title, _MOVES, difference.frame, language, codes=MOVES)


_MOVES: Columns = (
    (CellKind.TEXT, "application_id", Text("申請編號", "Application"), 12),
    (CellKind.TEXT, "school", Text("學校", "School"), 20),
    (CellKind.TEXT, "title", Text("社群", "Community"), 30),
    (CellKind.TEXT, "district", Text("行政區", "District"), 11),
    (CellKind.CODE, "move", Text("異動", "Move"), 12),
    (CellKind.MONEY, "award_base", Text("原核定", "Award before"), 11),
    (CellKind.MONEY, "award_other", Text("後核定", "Award after"), 11),
    (CellKind.LONG, "reason_base", Text("原理由", "Reason before"), 44),
    (CellKind.LONG, "reason_other", Text("後理由", "Reason after"), 44),
)
