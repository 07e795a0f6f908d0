"""Beyond the plan's own text: quotas for each of many groups, exact ones, and of any column of numbers.

§柒六(一) wishes for as many districts as possible; a bureau may make it "two in every district".
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from helpers.rounds import awards, make_case, scored_of

from optimizer.case.case import Case
from optimizer.clauses.quota import Quota
from optimizer.diagnose import diagnose
from optimizer.diagnose.as_problems import problems
from optimizer.language.text import Text
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import CaseError, InfeasibleError, PolicyError, Problem, Severity
from optimizer.report.result_columns import say_code
from optimizer.scoring.build import build_program
from optimizer.scoring.screening import screen
from optimizer.solving.options import Options
from optimizer.solving.solve import solve

EACH = {"kind": "quota", "column": "district", "for_each": True}
RULES = {
    ("clause", "quota"): {"column": "district", "for_each": True, "at_least": 2},
    ("priority", "quota"): {
        "column": "level",
        "for_each": True,
        "measure": "members",
        "exactly": 9,
    },
}

SCHOOLS = [
    {"school_id": "S1", "district": "中區", "students": 900},
    {"school_id": "S2", "district": "東區", "students": 300},
    {"school_id": "S3", "district": "和平區", "students": 40},
]
APPLICATIONS = [
    {"application_id": "A1", "school_id": "S1", "merit": 95, "members": 6},
    {"application_id": "A2", "school_id": "S1", "merit": 94, "members": 7},
    {"application_id": "A3", "school_id": "S1", "merit": 93, "members": 8},
    {"application_id": "A4", "school_id": "S2", "merit": 80, "members": 12},
    {"application_id": "A5", "school_id": "S2", "merit": 79, "members": 6},
    {"application_id": "A6", "school_id": "S3", "merit": 71, "members": 20},
]
DISTRICTS = ["中區", "東區", "和平區"]


def _case(*clauses: dict[str, Any], pool: int = 3_000, soft: tuple = (), plan: Any = None) -> Case:
    return make_case(
        APPLICATIONS,
        SCHOOLS,
        plan={"districts": plan or DISTRICTS},
        pool={"amount": pool},
        clause=list(clauses),
        priority=[*soft, {"kind": "merit"}],
    )


def _funded(case: Case) -> str:
    return " ".join(a for a, amount in awards(case).items() if amount)


def _solved(case: Case, engine: str) -> list[str]:
    scored = scored_of(case)
    fund = solve(build_program(scored), Options(engine)).decision.fund
    return [a for a, got in zip(scored.round.ids, fund, strict=True) if got]


def _wrong(case: Case) -> list[Problem]:
    with pytest.raises(CaseError) as caught:
        screen(case.records, case.policy)
    return list(caught.value.problems)


# --- for_each -----------------------------------------------------------------------------------


def test_one_in_every_district() -> None:
    assert _funded(_case()) == "A1 A2 A3"
    for engine in ("dynamic", "highs", "cbc"):
        assert _solved(_case({**EACH, "at_least": 1}), engine) == ["A1", "A4", "A6"]


def test_at_most_one_in_every_district() -> None:
    assert _funded(_case({**EACH, "at_most": 1}, pool=9_000)) == "A1 A4 A6"


def test_no_district_has_more_than_half_of_the_money() -> None:
    rule = {**EACH, "measure": "amount", "at_most": "50%"}
    assert _funded(_case(rule, pool=4_000)) == "A1 A2 A4 A5"


def test_it_says_so_in_one_sentence() -> None:
    rule = Quota(column="district", for_each=True, at_least=2)
    assert (rule.sentence().zh, rule.label) == ("每一行政區至少補助 2 件。", "quota.district")
    assert rule.sentence().en == "For every district: at least 2 funded applications."
    but = replace(rule, without=("和平區",), at_most=4).sentence()
    assert but.zh == "每一行政區（和平區除外）至少補助 2 件、至多補助 4 件。"


def test_a_district_without_an_application_cannot_be_met_and_the_diagnosis_says_which() -> None:
    """That a rule of every district skips one of them would be told to nobody."""
    case = _case({**EACH, "at_least": 1}, pool=9_000, plan=[*DISTRICTS, "大安區"])
    (note,) = screen(case.records, case.policy).notes
    assert (note.severity, note.code) == (Severity.FLAG, "empty_group")
    assert note.message.zh == "大安區沒有任何申請，無法達到下限"
    assert say_code(note.code, "zh-TW") == "沒有任何申請之值"
    with pytest.raises(InfeasibleError):
        solve(build_program(scored_of(case)))
    said = problems(diagnose(scored_of(case)))
    assert said[0].message.zh == "無法做到：大安區至少補助 1 件。"
    assert _funded(case.under(_with(case, without=["大安區"]))) == "A1 A2 A3 A4 A5 A6"


def _with(case: Case, **keys: Any) -> Any:
    (rule,) = case.policy.document["clause"]
    return make_policy({**case.policy.document, "clause": [{**rule, **keys}]})


def test_a_district_whose_applications_are_all_refused_cannot_be_met_either() -> None:
    case = _case({**EACH, "at_least": 1}, {"kind": "fixed", "refuse": ["A6"]})
    (conflict,) = diagnose(scored_of(case)).conflicts
    assert [i.about.zh for i in conflict.inequalities] == ["和平區", "指定不補助 A6"]


def test_the_diagnosis_lowers_it_for_every_district_alike() -> None:
    case = _case({**EACH, "at_least": 3}, pool=9_000)
    diagnosis = diagnose(scored_of(case))
    repair, left_out = diagnosis.repairs
    assert (left_out.key, left_out.new) == (
        "clause.quota.district.without",
        ["和平區", "東區"],
    )
    assert (repair.key, repair.old, repair.new) == ("clause.quota.district.at_least", 3, 1)
    assert repair.proved and repair.price == 2
    assert repair.text.zh == "將每一行政區至少 3 件改為至少 1 件（降低 2 件）"
    (figure,) = diagnosis.figures
    assert figure.said.zh == "各組都能有的最多只是 1 件（做不到的組，可列入 without 不計）"
    assert {i.about.zh for c in diagnosis.conflicts for i in c.inequalities} == {"東區", "和平區"}


def test_shares_of_every_district_are_lowered_by_tenths_of_a_point() -> None:
    case = _case({**EACH, "at_least": "30%"}, pool=4_000)
    assert _funded(case) == "A1 A4 A6"  # a third each; of four one has a half and two a quarter
    must = {"kind": "fixed", "fund": ["A1", "A2"]}
    tight = _case({**EACH, "at_least": "30%"}, must, pool=4_000)
    repairs = {r.key: r for r in diagnose(scored_of(tight)).repairs}
    found = repairs["clause.quota.district.at_least"]
    assert (found.new, found.price, found.proved) == ("25%", Fraction(5), True)


def test_shares_of_every_district_that_add_up_to_more_than_all_are_an_error() -> None:
    (problem,) = _wrong(_case({**EACH, "at_least": "40%"}))
    assert problem.message.zh == "下限合計 120%，超過 100%：只有一件都不補助，才符合"
    assert problem.column == "clause.quota.district.at_least"


def test_two_in_every_district_as_far_as_possible() -> None:
    """What is missing is added up over the districts; 和平區 has one application only."""
    case = _case(soft=({**EACH, "at_least": 2},), pool=4_000)
    solution = solve(build_program(scored_of(case)))
    assert solution.steps[0].value == -2
    assert _funded(case) == "A1 A2 A4 A5"
    assert _funded(_case(soft=({**EACH, "at_least": 2},), pool=5_000)) == "A1 A2 A4 A5 A6"


def test_why_not_names_the_district_and_the_figures() -> None:
    case = _case({**EACH, "at_most": 1}, pool=9_000)
    scored = scored_of(case)
    decision = solve(build_program(scored)).decision
    against = case.policy.clauses[-1].stands_against(scored.round, decision)
    assert sorted(scored.round.ids[a] for a in against) == ["A2", "A3", "A5"]
    assert against[1].zh == "中區至多補助 1 件。加上本案即為 2 件"


# --- exactly ------------------------------------------------------------------------------------


def test_exactly_two_of_a_district() -> None:
    for engine in ("dynamic", "highs", "cbc"):
        rule = {"kind": "quota", "column": "district", "value": "中區", "exactly": 2}
        assert _solved(_case(rule, pool=9_000), engine) == ["A1", "A2", "A4", "A5", "A6"]
        assert _solved(_case({**EACH, "exactly": 1}, pool=9_000), engine) == ["A1", "A4", "A6"]


def test_exactly_half_of_them() -> None:
    rule = {"kind": "quota", "column": "district", "value": "中區", "exactly": "50%"}
    assert _funded(_case(rule, pool=4_000)) == "A1 A2 A4 A5"
    assert Quota(column="district", value="中區", exactly=Fraction(1, 2)).sentence().zh == (
        "中區恰補助總件數的 50%。"
    )


def test_exactly_is_the_least_and_the_most_at_once() -> None:
    with pytest.raises(PolicyError) as caught:
        _case({**EACH, "exactly": 1, "at_least": 1})
    (problem,) = caught.value.problems
    assert problem.code == "exactly_and_bounds"
    assert problem.message.zh == "exactly 已同時是上限與下限，不能再訂 at_least 或 at_most"


def test_an_exact_number_that_cannot_be_had_is_named_and_the_nearest_is_offered() -> None:
    rule = {"kind": "quota", "column": "district", "value": "和平區", "exactly": 2}
    diagnosis = diagnose(scored_of(_case(rule)))
    assert [c.inequalities[0].part[2] for c in diagnosis.conflicts] == [">="]
    (repair,) = diagnosis.repairs
    assert (repair.key, repair.new) == ("clause.quota.district.和平區.exactly", 1)


# --- what is added up ---------------------------------------------------------------------------


def test_a_second_budget_over_everybody() -> None:
    """At most 30 members in all, beside the pool."""
    rule = {"kind": "quota", "measure": "members", "at_most": 30}
    for engine in ("dynamic", "highs", "cbc"):
        assert _solved(_case(rule, pool=9_000), engine) == ["A1", "A2", "A3", "A5"]
    said = Quota(measure="members", at_most=30).sentence()
    assert said.zh == "全部申請案獲補助者之成員人數合計至多 30。"
    assert said.en == "For all applications: members of the funded add up to at most 30."


def test_several_budgets_at_once() -> None:
    members = {"kind": "quota", "measure": "members", "at_least": 26}
    students = {"kind": "quota", "measure": "students", "at_most": 1_300}
    assert _funded(_case(members, pool=2_000)) == "A1 A6"
    assert _funded(_case(members, students, pool=2_000)) == "A1 A6"
    assert _funded(_case(members, {**students, "at_most": 500}, pool=2_000)) == "A4 A6"


def test_a_share_of_the_members_of_a_group() -> None:
    rule = {"kind": "quota", "column": "district", "value": "和平區", "measure": "members"}
    assert _funded(_case({**rule, "at_least": "50%"}, pool=3_000)) == "A1 A2 A6"


def test_a_column_of_the_bureaus_own() -> None:
    applications = [
        {**a, "時數": hours}
        for a, hours in zip(APPLICATIONS, ("12", "1,000", "８", "6小時", "0", "3"), strict=True)
    ]
    rule = {"kind": "quota", "measure": "時數", "at_most": 21}
    case = make_case(
        applications, SCHOOLS, pool={"amount": 9_000}, clause=[rule], priority=[{"kind": "merit"}]
    )
    assert _funded(case) == "A1 A4 A5 A6"


@pytest.mark.parametrize(
    ("measure", "code", "said"),
    [
        ("membres", "unknown_measure", "不是 count（件數）、amount（金額），也不是資料中的數字欄"),
        ("成員人數", "unknown_measure", "不是 count（件數）、amount（金額），也不是資料中的數字欄"),
        ("title", "unknown_measure", "這一欄不是數字"),
        ("school", "unknown_measure", "不是 count（件數）、amount（金額），也不是資料中的數字欄"),
        (
            "own_funds",
            "blank_numbers",
            "這一欄有空白，無法加總（A1、A2、A3、A4、A5、…，共 6 件申請）",
        ),
        ("備註", "not_numbers", "這一欄有不是整數的值（A2 1.5、A3 -1、A4 多，共 3 件申請）"),
    ],
)
def test_a_measure_that_adds_up_to_nothing_is_said_with_the_columns_there_are(
    measure: str, code: str, said: str
) -> None:
    notes = ("1", "1.5", "-1", "多", "0", "2")
    applications = [{**a, "備註": n} for a, n in zip(APPLICATIONS, notes, strict=True)]
    rule = {"kind": "quota", "measure": measure, "at_most": 3}
    case = make_case(applications, SCHOOLS, clause=[rule])
    (problem,) = _wrong(case)
    assert (problem.code, problem.message.zh, problem.value) == (code, said, measure)
    assert problem.column == "clause.quota.measure"
    assert problem.expected.en == "one of: count, amount, members, meetings, requested, students"
    if measure in ("membres", "成員人數"):
        assert problem.hint == Text("是否為 members（成員人數）？", "Did you mean members?")


# --- groups that cannot be meant ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"value": "中區"}, "value_or_for_each"),
        ({"for_each": False}, "value_or_for_each"),
        ({"for_each": False, "value": "中區", "without": ["東區"]}, "without_for_each"),
        ({"without": ["東勢"]}, "unknown_value"),
        ({"column": ""}, "no_column"),
        ({"column": "colour"}, "unknown_column"),
    ],
)
def test_a_group_that_cannot_be_meant_is_an_error(keys: dict[str, Any], code: str) -> None:
    assert [p.code for p in _wrong(_case({**EACH, "at_most": 1, **keys}))] == [code]


def test_a_share_of_everybody_is_an_error() -> None:
    rule = {"kind": "quota", "measure": "amount", "at_least": "50%"}
    with pytest.raises(PolicyError) as caught:
        _case(rule)
    assert [p.code for p in caught.value.problems] == ["share_of_all"]
