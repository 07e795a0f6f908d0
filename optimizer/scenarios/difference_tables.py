"""The tables of two allocations side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from optimizer.case.provenance import policy_changes, table_changes
from optimizer.clauses import Priority
from optimizer.explain.reasons import Reason, reasons
from optimizer.facts.certified import Certified
from optimizer.facts.measures import MEASURES, Figure
from optimizer.language.text import Language, Text
from optimizer.report.reason_words import reason_word
from optimizer.report.result_columns import clause_titles
from optimizer.result.allocation import Allocation
from optimizer.result.dtypes import EXACT, POINTS, WHOLE, category, exact_text, typed

MOVES: Mapping[str, Text] = {
    "in": Text("新獲補助", "in"),
    "out": Text("不再獲補助", "out"),
    "more": Text("金額增加", "more"),
    "less": Text("金額減少", "less"),
}
_OWN = ("school_id", "school", "level", "district", "title")
_MONEY = ("award_base", "award_other", "change")
COLUMNS = ("application_id", *_OWN, "move", *_MONEY, "reason_base", "reason_other")  # of `moves`
_ABSENT = Text("此結果沒有這件申請", "not in this round at all")
_TOTALS: Mapping[str, Text] = {
    "pool": Text("經費總額", "Pool"),
    "spent": Text("核定金額", "Awarded"),
    "left": Text("餘額", "Left"),
    "eligible": Text("符合資格", "Eligible"),
    **MEASURES,
}
PRIORITY = "priority."


# ---- who moves ----------------------------------------------------------------------------------


def moves(base: Allocation, other: Allocation, language: Language) -> pd.DataFrame:
    """Return one row an application whose award differs, matched by its application_id.

    Columns: application_id, school_id, school (its name), level, district, title, move (in, out,
    more, less), award_base, award_other, change (NT$; an award is missing where the round has no
    such application), reason_base, reason_other.
    """
    moved = sorted(moved_awards(base, other))
    before, after = (lines_of(allocation, language, moved) for allocation in (base, other))
    rows = [_move(a, before.get(a), after.get(a), language) for a in moved]
    table = typed(pd.DataFrame(rows, columns=COLUMNS, dtype=object), dict.fromkeys(_MONEY, WHOLE))
    table["move"] = category(table["move"], MOVES)
    return table.sort_values("move", kind="stable").reset_index(drop=True)


def moved_awards(base: Allocation, other: Allocation) -> dict[str, tuple[int, int]]:
    """Return what each application gets in one and in the other, NT$, where the two differ."""
    one, two = _awarded(base), _awarded(other)
    both = {a: (one.get(a, 0), two.get(a, 0)) for a in {**one, **two}}
    return {a: (before, after) for a, (before, after) in both.items() if before != after}


def _awarded(allocation: Allocation) -> dict[str, int]:
    """Return what each eligible application gets, NT$."""
    ids, award = allocation.scored.round.ids, allocation.decision.award
    return dict(zip(ids, award.tolist(), strict=True))


def lines_of(
    allocation: Allocation, language: Language, some: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return the line of each of some applications, with the name of its school."""
    if not some:
        return {}
    records = allocation.case.records
    table = allocation.in_language(language).awards
    table["school"] = records.schools["name"].iloc[records.applications["school"]].to_numpy()
    table = table[table["application_id"].isin(some)]
    return {str(line["application_id"]): dict(line) for line in table.to_dict("records")}  # type: ignore[arg-type]


def _move(
    application: str,
    one: Mapping[str, Any] | None,
    two: Mapping[str, Any] | None,
    language: Language,
) -> dict[str, Any]:
    """Return the row of one application that gets another amount."""
    before, after = (0 if line is None else int(line["award"]) for line in (one, two))
    known = one or two or {}
    return {
        "application_id": application,
        **{name: known[name] for name in _OWN},
        "move": move_of(before, after),
        "award_base": None if one is None else before,
        "award_other": None if two is None else after,
        "change": after - before,
        "reason_base": _reason(one, language),
        "reason_other": _reason(two, language),
    }


def move_of(before: int, after: int) -> str:
    """Return which of `MOVES` it is to get one amount and then another."""
    if not (before and after):
        return "out" if before else "in"
    return "more" if after > before else "less"


def _reason(line: Mapping[str, Any] | None, language: Language) -> str:
    return _ABSENT.say(language) if line is None else str(line["reason"])


def why(base: Allocation, other: Allocation, language: Language) -> list[dict[str, Any]]:
    """Return what decides on those who move, by kind of cause: most of a move first.

    Each with ``move``, ``count``, ``said`` (the rule that the reason in the other names, and its
    sentence) and ``who`` (their application_ids).
    """
    moved = moved_awards(base, other)
    ids = map(str, other.case.records.applications["application_id"])
    found = dict(zip(ids, reasons(other), strict=True))
    groups: dict[tuple[str, str], list[str]] = {}
    for a, awards in sorted(moved.items()):
        said = _cause(other, found.get(a), language)
        groups.setdefault((move_of(*awards), said), []).append(a)
    between = Text("、", ", ").say(language)
    order = sorted(groups.items(), key=lambda g: ([*MOVES].index(g[0][0]), -len(g[1])))
    return [
        {
            "move": move,
            "count": len(who),
            "said": said,
            "who": between.join(who),
        }
        for (move, said), who in order
    ]


def _cause(other: Allocation, reason: Reason | None, language: Language) -> str:
    """Name the rule that a reason goes back to, and what it says."""
    if reason is None:
        return _ABSENT.say(language)
    policy, rule = other.case.policy, reason.rule
    if rule is None and reason.why == "ineligible":
        rule = next((r for r in policy.clauses if r.label == reason.code), None)
    said = reason_word(reason, clause_titles(other)).say(language)
    said = said[:1].upper() + said[1:]
    if rule is None:
        return said
    return Text(f"{said}：", f"{said}: ").say(language) + rule.sentence().say(language)


# ---- what that comes to -------------------------------------------------------------------------


def totals(base: Certified, other: Certified, language: Language) -> pd.DataFrame:
    """Return the totals, the measures and the value of every priority of the two, a row each.

    Columns: figure (its code), title, base, other, change, and these three exactly as text. A
    priority of one policy is worked out for the other, too; one that is several goals in a row has
    no one value and is left out.
    """
    rows = [
        {"figure": name, "title": title.say(language), **_side_by_side(*figures)}
        for name, title, *figures in totals_of(base, other)
    ]
    sides = ("base", "other", "change")
    names = ["figure", "title", *sides, *(side + EXACT for side in sides)]
    return typed(pd.DataFrame(rows, columns=names, dtype=object), dict.fromkeys(sides, POINTS))


def totals_of(base: Certified, other: Certified) -> Iterator[tuple[str, Text, Figure, Figure]]:
    """Yield each of `totals`: its code, its title, and what it is in one and in the other."""
    titles = dict(_TOTALS)
    one, two = _figures(base), _figures(other)
    for name, priority in _priorities(base, other):
        titles[name] = priority.spoken
        one[name], two[name] = _worth(priority, base), _worth(priority, other)
    for name, title in titles.items():
        if (one[name], two[name]) != (None, None) or name in _TOTALS:
            yield name, title, one[name], two[name]


def _figures(allocation: Certified) -> dict[str, Figure]:
    return {
        "pool": allocation.pool,
        "spent": allocation.spent,
        "left": allocation.left,
        "eligible": allocation.scored.round.size,
        **allocation.measures.figures,
    }


def _priorities(base: Certified, other: Certified) -> Iterator[tuple[str, Priority]]:
    """Yield the priorities of both, those of the other where they are not the very same."""
    own = base.case.policy.priorities
    labels = {priority.label for priority in own}
    yield from ((PRIORITY + priority.label, priority) for priority in own)
    for priority in other.case.policy.priorities:
        if priority not in own:
            also = " (other)" if priority.label in labels else ""
            yield f"{PRIORITY}{priority.label}{also}", priority


def _worth(priority: Priority, allocation: Certified) -> Fraction | None:
    round_ = allocation.scored.round
    worth = priority.worth(round_, allocation.decision)
    return Fraction(worth[0]) / priority.people_scale(round_) if len(worth) == 1 else None


def _side_by_side(one: Figure, two: Figure) -> dict[str, Any]:
    change = None if one is None or two is None else Fraction(two) - Fraction(one)
    sides = {"base": one, "other": two, "change": change}
    exact = {
        side + EXACT: "" if value is None else exact_text(Fraction(value))
        for side, value in sides.items()
    }
    return {**sides, **exact}


# ---- what is different to begin with ------------------------------------------------------------


def causes(base: Certified, other: Certified) -> pd.DataFrame:
    """Return what differs between the two policies and between the data, a row each.

    Columns: where (``policy``, or the name of a table), key (of the policy; the columns that
    differ), base and other (what each says; of a table, how many rows it has).
    """
    one, two = base.case.content, other.case.content
    rows = [
        ("policy", change["key"], change["was"], change["value"])
        for change in policy_changes(one.policy, two.policy)
    ]
    rows += [
        (change["name"], ", ".join(change["columns"]), change["rows_was"], change["rows"])
        for change in table_changes(one.tables, two.tables)
    ]
    said = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return typed(pd.DataFrame(said, columns=["where", "key", "base", "other"], dtype=object))
