"""The nine figures of a list, against the tables that people read and counting by hand."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from helpers.rounds import make_case, random_case

from optimizer import allocate
from optimizer.facts.measures import MEASURES, Measures
from optimizer.problems.errors import InfeasibleError
from optimizer.result.allocation import Allocation


def by_hand(allocation: Allocation) -> dict[str, Any]:
    """Take the figures from the tables of the result and of the case."""
    awards = allocation.awards.merge(
        allocation.case.records.schools[["school_id", "level", "disadvantage"]],
        on=["school_id", "level"],
    )
    rows = [
        (Fraction(r["merit_exact"]), r)
        for r in awards.to_dict("records")
        if r["status"] != "ineligible"
    ]
    funded = [(m, r) for m, r in rows if r["award"] > 0]
    waiting = [(m, r) for m, r in rows if r["award"] == 0]
    spent = sum(r["award"] for _, r in funded)
    paid, above = 0, set()
    for level in sorted({m for m, _ in rows}, reverse=True):
        tie = [r for m, r in rows if m == level]
        paid += sum(r["admissible"] for r in tie)
        if paid > allocation.available:
            break
        above |= {r["application_id"] for r in tie}
    return {
        "funded": len(funded),
        "mean_merit": sum(m for m, _ in funded) / Fraction(len(funded)) if funded else None,
        "merit_of_money": sum(m * r["award"] for m, r in funded) / Fraction(spent)
        if spent
        else None,
        "passed_over": sum(r["application_id"] in above for _, r in waiting),
        "lost_to_sister": sum(
            any(f["school_id"] == r["school_id"] and lower < m for lower, f in funded)
            for m, r in waiting
        ),
        "lowest_funded": min((m for m, _ in funded), default=None),
        "highest_not_funded": max((m for m, _ in waiting), default=None),
        "districts_covered": len({r["district"] for _, r in funded}),
        "disadvantaged_funded": sum(r["disadvantage"] != "" for _, r in funded),
    }


@pytest.mark.parametrize("mode", ["full", "partial", "graded"])
def test_the_figures_are_what_the_tables_say(mode: str) -> None:
    rng, seen = random.Random(3), set()
    for _ in range(30):
        try:
            allocation = allocate(random_case(rng, 10, mode))
        except InfeasibleError:
            continue
        figures = allocation.measures.figures
        assert figures == by_hand(allocation)
        assert len(allocation.passed_over) == figures["passed_over"]
        seen |= {name for name, value in figures.items() if value}
    assert seen == set(MEASURES)


def test_every_measure_has_words_and_a_place_in_the_summary() -> None:
    allocation = allocate(
        make_case([{"application_id": "A1", "merit": "80.5"}], priority=[{"kind": "merit"}])
    )
    assert list(MEASURES) == list(allocation.measures.figures) == list(Measures.__annotations__)
    said = allocation.summary["measures"]
    assert list(said) == list(MEASURES)
    assert (said["mean_merit"], said["highest_not_funded"], said["funded"]) == ("80.5", None, 1)


def test_nobody_eligible_and_nobody_funded_have_figures_too() -> None:
    poor = make_case([{"application_id": "A1", "merit": 90}], pool={"amount": 500})
    measures = allocate(poor).measures
    assert (measures.funded, measures.mean_merit, measures.passed_over) == (0, None, 0)
    assert measures.highest_not_funded == 90
    nobody = make_case([{"application_id": "A1", "merit": 50}], review={"minimum_merit": 70})
    allocation = allocate(nobody)
    assert allocation.measures.highest_not_funded is None
    assert allocation.summary["inversions"]["pairs"] == []
    assert len(allocation.passed_over) == 0


def test_the_terminal_and_the_workbook_say_them() -> None:
    from optimizer.cli.terminal_result import merits
    from optimizer.report.result_sheets import sheets_of

    cheap = [("A1", "S1", 95, 3_000), ("A2", "S1", 80, 1_500), ("A3", "S2", 78, 1_500)]
    applications = [
        {"application_id": a, "school_id": s, "merit": m, "requested": r} for a, s, m, r in cheap
    ]
    case = make_case(applications, pool={"amount": 3_000}, priority=[{"kind": "merit"}])
    allocation = allocate(case)
    figures, passed = merits(allocation.measures)
    assert figures.en == "Mean merit of the funded 79, lowest 78, highest not funded 95."
    assert passed.en.startswith("1 passed over") and "1 lost to a sister" in passed.en
    sheets = {sheet.name: sheet for sheet in sheets_of(allocation)}
    [row] = sheets["高於線而未獲補助"].rows
    assert row[0] == "A1" and "A2（80 分）分數較低而獲補助" in str(row[-1])
    facts = {row[0]: row[1] for row in sheets["摘要"].rows}
    assert (facts["同校低分案獲補助"], facts["每元平均分數"]) == (1, "79.00")
