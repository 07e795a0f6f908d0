"""The tables of the price of rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from optimizer.clauses import Clause
from optimizer.facts.measures import MEASURES, POINTS_OF, UNITS
from optimizer.language.text import EMPTY, Language, Text, sentences
from optimizer.language.words import figure
from optimizer.result.dtypes import CODE, EXACT, KINDS, OUTCOMES, POINTS, WHOLE, category, typed
from optimizer.scenarios.diff import Difference
from optimizer.scenarios.difference_tables import MOVES, PRIORITY
from optimizer.scenarios.outcome import Outcome

HEADS: Mapping[str, Text] = {
    "title": Text("規則", "Rule"),
    "reference": Text("計畫條文", "Section"),
    "said": Text("不適用時的差異", "What differs without it"),
}
_COUNTS = {"in": "entering", "out": "leaving", "more": "paid_more", "less": "paid_less"}
_SHOWN = ("spent", "eligible", *MEASURES)  # figures that a column of changes is made of
CHANGE = "change_"  # before the name of a figure: what it changes by without the rule
_TOLD = 2  # priorities that are told of: what a rule is for, and what it costs after that
_SIDES = ("base", "other", "change")


@dataclass(frozen=True)
class WithoutRule:
    """What becomes of a round without one of its rules.

    Parameters
    ----------
    rule, outcome
        Which rule, and the round without it.
    difference
        From the round with it; None if one of the two has no result.
    """

    rule: Clause
    outcome: Outcome
    difference: Difference | None


def prices(without: Sequence[WithoutRule], language: Language) -> pd.DataFrame:
    """Return one row a rule: what changes without it.

    Columns: rule (its name, with its list), title, reference, status (of the result without it:
    optimal, feasible, infeasible, limit), entering, leaving, paid_more, paid_less (how many are in,
    out, get more or less without it), then ``change_spent`` (NT$), ``change_eligible`` and the change
    of each measure (without the rule, less with it; what is in points also exactly, as text),
    first_priority (whose value differs), and said: all of that in one sentence.
    """
    rows = [{**_named(one, language), **_row(one, language)} for one in without]
    exact = [CHANGE + name + EXACT for name in POINTS_OF]
    changes = [CHANGE + name for name in _SHOWN]
    names = ["rule", "title", "reference", "status", *_COUNTS.values(), *changes, *exact]
    kinds = {CHANGE + name: KINDS[name] for name in _SHOWN}
    kinds |= {**dict.fromkeys(_COUNTS.values(), WHOLE), "status": CODE}
    table = pd.DataFrame(rows, columns=[*names, "first_priority", "said"], dtype=object)
    table = typed(table.fillna(dict.fromkeys((*exact, "first_priority"), "")), kinds)
    table["status"] = category(table["status"], OUTCOMES)
    return table


def figures(without: Sequence[WithoutRule]) -> pd.DataFrame:
    """Return a row for each rule and each figure: money, measures, the value of every priority.

    Columns: rule, figure (its code), title, base (with the rule), other (without it), change, and
    these three exactly as text. A rule without a result has no rows.
    """
    names = ["rule", "figure", "title", *_SIDES, *(side + EXACT for side in _SIDES)]
    return _together(without, "totals", names, dict.fromkeys(_SIDES, POINTS))


def moves(without: Sequence[WithoutRule]) -> pd.DataFrame:
    """Return a row for each rule and each application that gets another amount without it.

    Columns: rule, then those of `optimizer.scenarios.difference_tables.moves`, where *base* is with
    the rule and *other* without it.
    """
    amounts = ("award_base", "award_other", "change")
    names = ["rule", "application_id", "school_id", "school", "level", "district", "title", "move"]
    names += [*amounts, "reason_base", "reason_other"]
    table = _together(without, "frame", names, dict.fromkeys(amounts, WHOLE))
    table["move"] = category(table["move"], MOVES)
    return table


def _together(
    without: Sequence[WithoutRule], table: str, names: list[str], kinds: Mapping[str, str]
) -> pd.DataFrame:
    """Put a table of every difference under one another, the rule first."""
    rows = [
        {"rule": one.outcome.name, **row}
        for one in without
        if one.difference is not None
        for row in getattr(one.difference, table).astype(object).to_dict("records")
    ]
    return typed(pd.DataFrame(rows, columns=names, dtype=object), kinds)


def _named(one: WithoutRule, language: Language) -> dict[str, Any]:
    why = one.outcome.error
    return {
        "rule": one.outcome.name,
        "title": one.rule.spoken.say(language),
        "reference": one.rule.reference,
        "status": one.outcome.status,
        "said": "" if why is None else why.say(language).replace("\n", " "),
    }


def _row(one: WithoutRule, language: Language) -> dict[str, Any]:
    if one.difference is None:
        return {}
    counts = one.difference.frame["move"].value_counts()
    totals = one.difference.totals.set_index("figure")
    differ = _priorities(totals)
    return {
        **{name: int(counts.get(move, 0)) for move, name in _COUNTS.items()},
        **{CHANGE + name: totals["change"][name] for name in _SHOWN},
        **{CHANGE + name + EXACT: totals["change_exact"][name] for name in POINTS_OF},
        "first_priority": next(iter(differ), "").removeprefix(PRIORITY),
        "said": _said(one.difference, totals, differ[:_TOLD]).say(language),
    }


def _priorities(totals: pd.DataFrame) -> list[str]:
    """Return the priorities that have another value, in their order."""
    names = [str(n) for n in totals.index if str(n).startswith(PRIORITY)]
    return [name for name in names if _differs(totals, name)]


def _differs(totals: pd.DataFrame, name: str) -> bool:
    return bool(totals["base_exact"][name] != totals["other_exact"][name])


def _said(difference: Difference, totals: pd.DataFrame, priorities: Sequence[str]) -> Text:
    """Say who moves, the first priorities that differ, and the measures that change."""
    if difference.frame.empty:
        return Text("名單相同。", "The list is the same.")
    moved = difference.frame["move"].value_counts()
    counts = [(word, int(moved.get(move, 0))) for move, word in MOVES.items()]
    parts = [Text(f"{word.zh} {n} 件", f"{n} {word.en}") for word, n in counts if n]
    parts += [_priority(difference, name, totals) for name in priorities]
    parts += [
        _change(title, totals.loc[name], UNITS[name])
        for name, title in MEASURES.items()
        if _differs(totals, name)
    ]
    parts = [part for part in parts if part]
    said = sentences(parts)
    return Text(f"{said.zh}。", f"{said.en}.")


def _priority(difference: Difference, name: str, totals: pd.DataFrame) -> Text:
    priority = difference.base.goal_priority(name.removeprefix(PRIORITY))
    title = Text(f"優先順序「{priority.spoken.zh}」", f'priority "{priority.spoken.en}"')
    return _change(title, totals.loc[name], priority.unit())


def _change(title: Text, row: Any, unit: Text) -> Text:
    """Say from what to what a figure changes; nothing where people read the same."""
    one, two = (row[side + EXACT] for side in ("base", "other"))
    before, after = (figure(Fraction(text)) if text else "–" for text in (one, two))
    if before == after:
        return EMPTY
    return Text(
        f"{title.zh}：{before} → {after} {unit.zh}",
        f"{title.en}: {before} → {after}{'' if unit is UNITS['funded'] else f' {unit.en}'}",
    )
