"""捌二(5): NT$5,000 a school; the bureau may adjust amounts to the applications and the review."""

import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from helpers.rounds import (
    admissible,
    awards,
    brute_force,
    findings,
    make_case,
    random_case,
    random_sizes,
    scored_of,
    varied,
)

from optimizer import allocate
from optimizer.clauses import SchoolCap
from optimizer.language.text import Text
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import CaseError, Severity
from optimizer.recheck import recheck
from optimizer.scoring.build import build_program
from optimizer.solving.options import Options
from optimizer.solving.solve import solve

RULES = {
    ("clause", "school_cap"): {"amount": 5_000, "column": "students", "over": 300, "up_to": 800},
    ("priority", "evenness"): {},
}

CAP = {"kind": "school_cap", "amount": 5_000}
ROOM = {"amount": 100_000, "unit": 100}
MERIT = [{"kind": "merit"}]


def _asking(*amounts: int, **more) -> list[dict]:
    return [
        {"application_id": f"A{i}", "school_id": "S1", "requested": amount, **more}
        for i, amount in enumerate(amounts, start=1)
    ]


def test_one_school_gets_five_thousand_in_all() -> None:
    case = make_case(_asking(2_500, 2_500, 2_500), pool=ROOM, clause=[CAP], priority=MERIT)
    assert sum(awards(case).values()) == 5_000


def test_schools_are_told_apart_by_code_and_level_not_by_district() -> None:
    schools = [
        {"school_id": "S1", "district": "中區"},
        {"school_id": "S2", "district": "中區"},
    ]
    applications = [
        {"application_id": "A1", "school_id": "S1", "requested": 5_000},
        {"application_id": "A2", "school_id": "S2", "requested": 5_000},
    ]
    case = make_case(applications, schools, pool=ROOM, clause=[CAP], priority=MERIT)
    assert awards(case) == {"A1": 5_000, "A2": 5_000}


def test_a_request_above_the_cap_is_refused_in_words() -> None:
    case = make_case(_asking(6_000, 5_000), pool=ROOM, clause=[CAP], priority=MERIT)
    assert awards(case) == {"A2": 5_000}
    assert findings(case, "school_cap") == [
        (
            "A1",
            Severity.REFUSAL,
            "asks for NT$6,000, above the school cap of NT$5,000, to which the policy cuts no request",
        )
    ]
    assert recheck(case, scored_of(case)) == []


def test_a_request_above_the_cap_is_cut_to_it_where_the_policy_says_so() -> None:
    case = make_case(_asking(6_000, 5_000), pool=ROOM, clause=[{**CAP, "cut": True}])
    assert recheck(case, scored_of(case)) == []
    assert admissible(case) == {"A1": 5_000, "A2": 5_000}
    assert findings(case, "school_cap") == [
        (
            "A1",
            Severity.FLAG,
            "asks for NT$6,000, above the school cap: at most NT$5,000 is admissible",
        )
    ]


def _by_size(**schools: int | None) -> list[dict]:
    return [
        {"school_id": name, "students": pd.NA if size is None else size}
        for name, size in schools.items()
    ]


def _caps(case) -> list[SchoolCap]:
    return [rule for rule in case.policy.clauses if isinstance(rule, SchoolCap)]


SMALL = {**CAP, "amount": 3_000, "column": "students", "up_to": 300}
MIDDLE = {**CAP, "amount": 4_000, "column": "students", "over": 300, "up_to": 800}


def test_the_cap_of_a_school_may_follow_its_size() -> None:
    schools = _by_size(S1=300, S2=301, S3=800, S4=801)
    applications = [
        {"application_id": f"A{n}{half}", "school_id": f"S{n}", "requested": 2_000}
        for n in (1, 2, 3, 4)
        for half in "abc"
    ]
    partial = {"mode": "partial", "least_share": "50%"}
    priorities = [*MERIT, {"kind": "amount"}]
    case = make_case(
        applications, schools, pool=ROOM, award=partial, clause=[CAP, SMALL, MIDDLE],
        priority=priorities,
    )  # fmt: skip
    got, by_school = awards(case), dict.fromkeys("1234", 0)
    for application, amount in got.items():
        by_school[application[1]] += amount
    assert by_school == {"1": 3_000, "2": 4_000, "3": 4_000, "4": 5_000}
    assert [rule.label for rule in _caps(case)] == [
        "school_cap", "school_cap.students.0-300", "school_cap.students.301-800",
    ]  # fmt: skip


def test_a_request_is_held_against_the_cap_of_its_schools_size() -> None:
    schools = _by_size(S1=300, S2=301)
    applications = [
        {"application_id": f"A{n}", "school_id": f"S{n}", "requested": 3_500} for n in (1, 2)
    ]
    case = make_case(applications, schools, pool=ROOM, clause=[CAP, SMALL, MIDDLE], priority=MERIT)
    assert awards(case) == {"A2": 3_500}
    assert findings(case, "school_cap.students.0-300") == [
        (
            "A1",
            Severity.REFUSAL,
            "asks for NT$3,500, above the school cap (300 students or fewer) of NT$3,000, to which "
            "the policy cuts no request",
        )
    ]
    assert recheck(case, scored_of(case)) == []


def test_no_blank_stands_behind_a_bracket() -> None:
    """The size of a school stands in brackets: （學生數 300 以下）3,000 元."""
    schools = _by_size(S1=300, S2=301)
    applications = [
        {"application_id": f"A{n}", "school_id": "S1", "requested": asked, "merit": 90 - n}
        for n, asked in enumerate((3_500, 3_000, 1_000), 1)
    ]
    case = make_case(applications, schools, pool=ROOM, clause=[SMALL], priority=MERIT)
    found = allocate(case).awards["reason"].str
    assert found.contains("（學生數 300 以下）3,000 元", regex=False).tolist() == [
        True,
        False,
        True,
    ]
    assert not found.contains(r"[）」] \d").any()


def test_a_school_that_applies_without_its_size_is_an_error() -> None:
    case = make_case(_asking(1_000), _by_size(S1=None, S2=None), clause=[SMALL, MIDDLE])
    with pytest.raises(CaseError) as error:
        scored_of(case)
    [problem] = error.value.problems  # S2 does not apply; two rules ask once
    assert (problem.file, problem.column) == ("schools", "students")
    assert "學生數" in problem.message.zh


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ({"over": 3}, ["no_column"]),
        ({"column": "students"}, ["no_size"]),
        ({"column": "classes", "over": 8, "up_to": 8}, ["contradiction"]),
        ({"column": "classes", "over": 8, "up_to": 9}, []),
    ],
)
def test_sizes_that_make_no_sense_are_refused(keys: dict, codes: list[str]) -> None:
    assert [problem.code for problem in SchoolCap(amount=5_000, **keys).misstated()] == codes


def test_caps_by_size_give_the_same_list_by_brute_force_and_by_both_engines() -> None:
    binding = 0
    for number in range(60):
        rng = random.Random(f"sizes {number}")
        drawn = varied(random_case(rng, 5), rng)
        caps = [
            {**CAP, "name": name, "amount": rng.choice((900, 1_500)), "cut": True}
            | random_sizes(rng)
            for name in "ab"
        ]
        case = drawn.under(make_policy({**drawn.policy.document, "clause": caps}))
        try:
            scored = scored_of(case)
        except CaseError:  # a school that applies has no size
            continue
        truth = brute_force(scored.round, case.policy) if scored.round.size else None
        if truth is None:
            continue
        assert recheck(case, scored) == []
        for solver in ("dynamic", "highs"):
            decision = solve(build_program(scored), Options(solver)).decision
            assert (decision.award == truth[1].award).all(), (number, solver)
        binding += any(rule.column and len(rule.rows(scored.round)[0].app) for rule in _caps(case))
    assert binding > 5


@pytest.mark.parametrize(
    ("merit", "award"), [(100, 5_000), (90, 5_000), ("89.99", 4_000), (80, 4_000)]
)
def test_graded_awards_follow_the_review(merit, award: int) -> None:
    graded = {"mode": "graded", "grades": [[90, "100%"], [80, "80%"]]}
    case = make_case(_asking(5_000, merit=merit), pool=ROOM, award=graded, priority=MERIT)
    assert awards(case) == {"A1": award}


def test_below_the_last_grade_there_is_no_award() -> None:
    graded = {"mode": "graded", "grades": [[90, "100%"], [80, "80%"]]}
    case = make_case(_asking(5_000, merit=79), pool=ROOM, award=graded, priority=MERIT)
    assert awards(case) == {}
    assert findings(case, "award") == [
        ("A1", Severity.REFUSAL, "merit 79 reaches no grade that gets an award")
    ]


def test_an_amount_that_is_no_multiple_of_the_unit_is_cut_and_less_than_one_unit_refused() -> None:
    case = make_case(_asking(3_600, 400, 500), pool={**ROOM, "unit": 500})
    assert admissible(case) == {"A1": 3_500, "A2": 0, "A3": 500}
    assert findings(case, "unit") == [
        (
            "A1",
            Severity.FLAG,
            "the admissible NT$3,600 is cut to NT$3,500, a multiple of NT$500",
        ),
        ("A2", Severity.REFUSAL, "the admissible NT$400 is less than one unit of NT$500"),
    ]
    asked = [r.finding.expected for r in scored_of(case).remarks if r.clause == "unit"]
    assert asked == [
        Text("500 元的倍數", "a multiple of NT$500"),
        Text("至少 500 元", "at least NT$500"),
    ]


def test_graded_awards_are_cut_down_to_whole_units() -> None:
    graded = {"mode": "graded", "grades": [[80, "80%"]]}
    case = make_case(_asking(3_600, merit=85), pool={**ROOM, "unit": 500}, award=graded)
    assert scored_of(case).round.most.tolist() == [2_500]  # 80% of 3,600 is 2,880


def test_a_graded_award_is_rounded_down_once() -> None:
    graded = {"mode": "graded", "grades": [[80, "80%"]]}
    case = make_case(_asking(1_139, merit=85), pool={**ROOM, "unit": 100}, award=graded)
    assert scored_of(case).round.most.tolist() == [900]  # of 1,100 it would be 880, cut to 800
    assert findings(case, "award") == [
        (
            "A1",
            Severity.FLAG,
            "merit 85 reaches the grade from 80 points on: 80% of the admissible NT$1,139 is cut to "
            "NT$900, a multiple of NT$100",
        )
    ]
    assert findings(case, "unit") == []  # it is not 1,100 that counts
    assert recheck(case, scored_of(case)) == []


@pytest.mark.parametrize("share", ["50%", "0%", "1/3"])
def test_a_grade_that_is_reached_and_gives_less_than_one_unit_says_so(share: str) -> None:
    graded = {"mode": "graded", "grades": [[90, "100%"], [60, share]]}
    case = make_case(_asking(1_500, merit=70), pool={**ROOM, "unit": 1_000}, award=graded)
    percent = {"1/3": "100/3%"}.get(share, share)
    assert findings(case, "award") == [
        (
            "A1",
            Severity.REFUSAL,
            f"merit 70 reaches the grade from 60 points on: {percent} of the admissible NT$1,500 is "
            "less than one unit of NT$1,000",
        )
    ]
    scored = scored_of(case)
    assert recheck(case, scored) == []
    no_grade = Text("審查分數 70 分，未達任何補助級距", "merit 70 reaches no grade")
    *rest, last = scored.remarks
    lie = replace(last, finding=replace(last.finding, message=no_grade))
    said = replace(scored, remarks=(*rest, lie))
    assert len(recheck(case, said)) == 1


@pytest.mark.parametrize(("share", "least"), [("50%", 600), ("90%", 1_100), ("100%", 1_100)])
def test_a_least_share_is_of_the_amount_before_it_is_cut_to_units(share: str, least: int) -> None:
    partial = {"mode": "partial", "least_share": share}
    case = make_case(_asking(1_139), pool={**ROOM, "unit": 100}, award=partial)
    round_ = scored_of(case).round
    assert (round_.least.tolist(), round_.most.tolist()) == ([least], [1_100])
    assert recheck(case, scored_of(case)) == []


def test_partial_awards_lie_between_the_least_share_and_the_whole() -> None:
    partial = {"mode": "partial", "least_share": "50%"}
    case = make_case(_asking(5_000, 4_900, 100), pool=ROOM, award=partial)
    round_ = scored_of(case).round
    assert round_.least.tolist() == [2_500, 2_500, 100]  # 2,450 goes up to a whole unit
    assert round_.most.tolist() == [5_000, 4_900, 100]


def test_partial_awards_let_one_cap_serve_two_communities() -> None:
    partial = {"mode": "partial", "least_share": "50%"}
    priorities = [*MERIT, {"kind": "evenness"}, {"kind": "amount"}]
    case = make_case(
        _asking(4_000, 4_000),
        pool={**ROOM, "unit": 500},
        award=partial,
        clause=[CAP],
        priority=priorities,
    )
    assert awards(case) == {"A1": 2_500, "A2": 2_500}


def test_evenness_makes_the_smallest_share_as_large_as_possible() -> None:
    partial = {"mode": "partial", "least_share": "30%"}
    applications = [
        {"application_id": "A1", "school_id": "S1", "requested": 4_000},
        {"application_id": "A2", "school_id": "S2", "requested": 2_000},
        {"application_id": "A3", "school_id": "S3", "requested": 1_000},
    ]
    priorities = [*MERIT, {"kind": "evenness"}, {"kind": "amount"}]
    case = make_case(
        applications, pool={"amount": 5_300, "unit": 100}, award=partial, priority=priorities
    )
    got = awards(case)
    shares = [got[f"A{i}"] / asked for i, asked in ((1, 4_000), (2, 2_000), (3, 1_000))]
    assert sum(got.values()) == 5_300
    assert min(shares) == 0.75  # 76% of each would take 3,100 + 1,600 + 800 = 5,500
    assert np.all(np.array(shares) <= 1)
