"""The tables of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from optimizer.case.case import Case
from optimizer.facts.certified import Certified
from optimizer.facts.measures import POINTS_OF
from optimizer.foundation.exact import IntArray, total
from optimizer.language.text import Language
from optimizer.result.dtypes import (
    CODE,
    EXACT,
    OUTCOMES,
    POINTS,
    TEXT,
    WHOLE,
    category,
    exact_text,
    missing,
    typed,
)
from optimizer.scenarios.outcome import Outcome

COUNTS = ("funded", "eligible")
FIGURES = (
    "spent",
    "left",
    "funded",
    "eligible",
    "districts_covered",
    "merit_total",
    "merit_total_exact",
    "disadvantaged_funded",
    *(name + suffix for name in POINTS_OF for suffix in ("", EXACT)),
    "passed_over",
    "lost_to_sister",
)
PRIORITY = "priority."
PRIORITY_EXACT = "priority_exact."
AWARD = "award: "
_POINTS = ("merit_total", *POINTS_OF)
Row = dict[str, Any]


def totals(case: Case, outcomes: Sequence[Outcome], language: Language) -> pd.DataFrame:
    """Return one row a scenario, the policy as it is first.

    Columns: scenario, status (`OUTCOMES`), pool, then `FIGURES`, then
    ``priority.NAME`` for each priority of the policy as it is, worked out for every scenario
    whether or not it keeps that priority, and ``priority_exact.NAME`` for what it is exactly, then
    conflict: why there is no result. Priorities that
    are several goals in a row (``merit`` from the top down) have no one value and are left out.
    """
    rows = [{"scenario": o.name, **row_of(case, o, language)} for o in outcomes]
    labels = [priority.label for priority in case.policy.priorities]
    return without_empty(table_of(rows, labels, {"scenario": TEXT}), labels)


def row_of(case: Case, outcome: Outcome, language: Language) -> Row:
    """Return what there is to say of one scenario: whole numbers and texts, points exactly."""
    error, allocation = outcome.error, outcome.allocation
    row: Row = {
        "status": outcome.status,
        "pool": outcome.policy.settings.pool.amount,
        "conflict": "" if error is None else error.in_a_cell(language),
    }
    if allocation is not None:
        row |= _figures(allocation) | _worth(case, allocation)
    return row


def table_of(rows: Sequence[Row], labels: Sequence[str], lead: Mapping[str, str]) -> pd.DataFrame:
    """Return such rows as a table, points as numbers beside what they are exactly.

    Parameters
    ----------
    rows
        Of `row_of`, with the cells of the columns that lead them.
    labels
        Of the priorities of the policy as it is.
    lead
        The columns that come first, and what they hold.
    """
    exact = {PRIORITY + name: PRIORITY_EXACT + name for name in labels}
    figures = [name for pair in exact.items() for name in pair]
    exact |= {name: name + EXACT for name in _POINTS}
    columns = [*lead, "status", "pool", *FIGURES, *figures, "conflict"]
    cells = pd.DataFrame(rows, columns=columns, dtype=object)
    for name, text in exact.items():
        cells[text] = cells[text].where(cells[text].notna(), "")
        values = [Fraction(value) if value else None for value in cells[text]]
        cells[name] = pd.Series(values, cells.index, dtype=object)
    kinds = dict.fromkeys(exact, POINTS) | dict.fromkeys(COUNTS, WHOLE)
    table = typed(cells, {**lead, **kinds, "status": CODE})
    table["status"] = category(table["status"], OUTCOMES)
    return table


def plain_row(row: Mapping[str, Any]) -> Row:
    """Return a row of a table as JSON has it: exact figures as text where they are points."""
    found: Row = {}
    for name, value in row.items():
        if f"{name}{EXACT}" in row or name.startswith(PRIORITY):
            continue
        plain = name.removesuffix(EXACT).replace(PRIORITY_EXACT, PRIORITY, 1)
        found[plain] = None if missing(value) or (plain != name and value == "") else value
    return found


def without_empty(table: pd.DataFrame, labels: Sequence[str]) -> pd.DataFrame:
    """Return it without the priorities that have no one value, as far as lists can tell."""
    if table["funded"].isna().all():
        return table
    empty = [name for name in labels if table[PRIORITY + name].isna().all()]
    return table.drop(columns=[p + name for name in empty for p in (PRIORITY, PRIORITY_EXACT)])


def _figures(allocation: Certified) -> Row:
    round_, measures = allocation.scored.round, allocation.measures
    merit = Fraction(total(round_.merit[allocation.decision.fund]), round_.merit_denominator)
    exact = {name: getattr(measures, name) for name in POINTS_OF} | {"merit_total": merit}
    return {
        "spent": allocation.spent,
        "left": allocation.left,
        "eligible": round_.size,
        **{name: value for name, value in measures.figures.items() if name not in POINTS_OF},
        **{name + EXACT: exact_text(value) for name, value in exact.items()},
    }


def _worth(case: Case, allocation: Certified) -> Row:
    round_, decision = allocation.scored.round, allocation.decision
    worth = {p: p.worth(round_, decision) for p in case.policy.priorities}
    return {
        PRIORITY_EXACT + p.label: exact_text(Fraction(values[0]) / p.people_scale(round_))
        for p, values in worth.items()
        if len(values) == 1
    }


def changes(case: Case, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return one row an application whose award differs between any two scenarios.

    Columns: application_id, school_id, level, district, title, merit and merit_exact (under the
    policy as it is), ``award: NAME`` for each scenario, blank where it has no result; then gains and loses: the
    scenarios in which the application gets more, or less, than under the policy as it is.
    """
    records = case.records
    applications = records.applications
    results = {o.name: _awards(o.allocation) for o in outcomes if o.allocation}
    base, merit = outcomes[0].name, _merit(case, outcomes)
    table = pd.DataFrame(
        {
            "application_id": applications["application_id"],
            "school_id": applications["school_id"],
            "level": applications["level"],
            "district": records.schools["district"].iloc[applications["school"]].to_numpy(object),
            "title": applications["title"],
            "merit": merit,
            "merit_exact": [exact_text(value) for value in merit],
            **{AWARD + o.name: results.get(o.name) for o in outcomes},
        }
    )
    table["gains"] = _where(results, base, len(table), more=True)
    table["loses"] = _where(results, base, len(table), more=False)
    awards = np.array(list(results.values()), dtype=np.int64).reshape(len(results), len(table))
    differs = (awards != awards[:1]).any(axis=0) if len(awards) else np.zeros(len(table), bool)
    kinds = {AWARD + o.name: WHOLE for o in outcomes}
    return typed(table[differs].reset_index(drop=True), kinds)


def _awards(allocation: Certified) -> IntArray:
    award = np.zeros(len(allocation.case.records.applications), dtype=np.int64)
    award[allocation.scored.round.position] = allocation.decision.award
    return award


def _merit(case: Case, outcomes: Sequence[Outcome]) -> list[Fraction | None]:
    found = next((o.allocation for o in outcomes if o.allocation is not None), None)
    if found is None:
        return [None] * len(case.records.applications)
    scores = found.scored.scores
    return [Fraction(int(m), scores.denominator) for m in scores.merit]


def _where(results: dict[str, IntArray], base: str, count: int, more: bool) -> list[str]:
    """Return, for each application, the scenarios in which it gets more (or less)."""
    found: list[list[str]] = [[] for _ in range(count)]
    for name, award in results.items():
        if base in results and name != base:
            better = award > results[base] if more else award < results[base]
            for row in np.flatnonzero(better):
                found[int(row)].append(name)
    return ["; ".join(names) for names in found]
