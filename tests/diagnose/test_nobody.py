"""A list that funds nobody is never passed off as a success: the rules that force it are named."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from helpers.rounds import every_decision, make_case, scored_of

from optimizer import allocate
from optimizer.case.case import Case
from optimizer.cli.face import Face
from optimizer.cli.terminal_result import show_result
from optimizer.problems.errors import CaseError, InfeasibleError, Severity
from optimizer.report.page import render_report
from optimizer.scoring.screening import screen

APPLICATIONS = [
    {"application_id": "A1", "school_id": "S1"},
    {"application_id": "A2", "school_id": "S2"},
    {"application_id": "A3", "school_id": "S3"},
]
LEVELS = ("elementary", "junior_high")
SCHOOLS = [
    {"school_id": "S1", "level": "elementary"},
    {"school_id": "S2", "level": "elementary"},
    {"school_id": "S3", "level": "junior_high"},
]
MERIT = [{"kind": "merit"}]


def share(value: str, **keys: Any) -> dict[str, Any]:
    return {"kind": "quota", "column": "level", "value": value, **keys}


def case_of(*quotas: dict[str, Any], **document: Any) -> Case:
    return make_case(
        APPLICATIONS, SCHOOLS, **{"clause": list(quotas), "priority": MERIT, **document}
    )


def told(case: Case) -> Any:
    with pytest.raises(CaseError) as error:
        allocate(case)
    [problem] = error.value.problems
    assert problem.code == "only_an_empty_list"
    return problem


@pytest.mark.parametrize("measure", ["count", "amount"])
def test_leasts_that_add_up_to_more_than_all_are_an_error(measure: str) -> None:
    quotas = [share(level, at_least="60%", measure=measure) for level in LEVELS]
    problem = told(case_of(*quotas))
    assert "120%" in problem.message.zh and "120%" in problem.message.en
    for level in LEVELS:
        assert f"clause.quota.level.{level}.at_least" in problem.column


def test_one_value_under_two_names_is_one_value() -> None:
    problem = told(case_of(share("國中", at_least="60%"), share("junior_high", at_most="40%")))
    assert "60%" in problem.value and "40%" in problem.value


def test_the_stricter_of_two_leasts_of_one_value_counts_alone() -> None:
    case = case_of(
        share("elementary", at_least="60%"), share("elementary", at_least="50%", name="again")
    )
    assert allocate(case).decision.fund.any()


def test_leasts_that_add_up_to_all_are_fine() -> None:
    case = case_of(share("elementary", at_least="60%"), share("junior_high", at_least="40%"))
    screen(case.records, case.policy)


def test_shares_of_columns_with_several_values_may_add_up_to_more() -> None:
    quotas = [
        {"kind": "quota", "column": "methods", "value": value, "at_least": "60%"}
        for value in ("lecture", "observation")
    ]
    rows = [{**a, "methods": ("lecture", "observation")} for a in APPLICATIONS]
    case = make_case(rows, SCHOOLS, clause=quotas, priority=MERIT)
    assert allocate(case).decision.fund.all()


def test_of_two_measures_each_has_its_own_shares() -> None:
    quotas = [
        share("elementary", at_least="60%"),
        share("junior_high", at_least="60%", measure="amount"),
    ]
    case = case_of(*quotas)
    screen(case.records, case.policy)


@pytest.mark.parametrize(
    "quotas",
    [
        [share(level, at_most="40%") for level in LEVELS],
        [{"kind": "quota", "column": "district", "value": "和平區", "at_least": "40%"}],
    ],
)
def test_what_only_this_round_contradicts_is_flagged_and_said_first(
    quotas: list[dict[str, Any]],
) -> None:
    case = case_of(*quotas)
    flags = [p for p in screen(case.records, case.policy).notes if p.code == "only_an_empty_list"]
    assert [p.severity for p in flags] == [Severity.FLAG]
    assert allocate(case).nobody


def test_the_rule_that_forces_an_empty_list_is_named_everywhere() -> None:
    case = case_of(share("junior_high", at_least="60%"), pool={"amount": 1_000}, priority=MERIT)
    assert not allocate(case).nobody, "one of junior high is 100%"
    refused = {"kind": "fixed", "refuse": ["A3"], "reason": "…", "decided_by": "…"}
    allocation = allocate(case_of(share("junior_high", at_least="60%"), refused))
    assert not allocation.decision.fund.any()
    said = allocation.nobody
    for part in ("一件都沒有補助", "60%", "A3"):
        assert part in said.zh
        assert part in allocation._repr_html_() and part in render_report(allocation)
    page = render_report(allocation)
    assert page.index("一件都沒有補助") < page.index("最佳，已證明")
    assert "A3" in allocation.nobody.en and "60%" in allocation.nobody.en


def test_a_pool_that_is_too_small_is_named() -> None:
    allocation = allocate(case_of(pool={"amount": 500}))
    assert "500" in allocation.nobody.zh and "priorities" not in allocation.nobody.en


def test_priorities_that_prefer_nobody_are_told() -> None:
    allocation = allocate(case_of(priority=[{"kind": "evenness"}]))
    if not allocation.decision.fund.any():
        assert "優先順序" in allocation.nobody.zh


def test_a_list_that_funds_somebody_says_nothing_of_it() -> None:
    allocation = allocate(case_of())
    assert not allocation.nobody and "一件都沒有補助" not in allocation._repr_html_()


@pytest.mark.parametrize("seed", range(40))
def test_random_shares_never_pass_an_empty_list_off_as_a_success(seed: int) -> None:
    """Where some list obeys the shares, none is refused; where none does, it is said."""
    rng = random.Random(seed)
    quotas = [
        share(level, measure=measure, name=f"{level}{n}", **{side: f"{rng.randint(0, 10) * 10}%"})
        for n in range(rng.randint(1, 2))
        for level in LEVELS
        for measure in [rng.choice(("count", "amount"))]
        for side in [rng.choice(("at_least", "at_most"))]
    ]
    case = case_of(*quotas, pool={"amount": 10_000})
    bare = scored_of(case_of(pool={"amount": 10_000})).round
    possible = any(
        decision.fund.any()
        and not [v for rule in case.policy.clauses for v in rule.audit(bare, decision)]
        for decision in every_decision(bare)
    )
    try:
        allocation = allocate(case)
    except CaseError as error:
        assert not possible and {p.code for p in error.problems} == {"only_an_empty_list"}
    except InfeasibleError:
        assert not possible
    else:
        assert bool(allocation.nobody) != possible
        assert bool(allocation.decision.fund.any()) == possible


def test_shares_are_added_up_exactly() -> None:
    third = "33.333333333333333333%"
    case = case_of(
        share("elementary", at_least="66.666666666666666667%"), share("junior_high", at_least=third)
    )
    screen(case.records, case.policy)
    assert Fraction(1) == sum(
        quota.at_least
        for quota in case.policy.clauses
        if quota.kind == "quota"  # type: ignore[attr-defined]
    )


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_the_command_says_it_before_that_it_is_proved(language: Any, capsys: Any) -> None:
    allocation = allocate(case_of(pool={"amount": 500}), language=language)
    show_result(Face(language, json=False), allocation, Path("out"), [])
    said = " ".join(capsys.readouterr().out.split())
    first, proved = {
        "zh-TW": ("一件都沒有補助", "已逐項證明"),
        "en": ("Nobody is funded", "Proved, priority"),
    }[language]
    assert -1 < said.find(first) < said.find(proved)
