"""Hard cases by hand: each with its one right answer, and with the words that say it."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import Any

import pytest
from helpers.rounds import make_case

from optimizer import Allocation, allocate, read_case
from optimizer.case.case import Case
from optimizer.invented.generate import generate_round
from optimizer.problems.errors import InfeasibleError, LimitError

COVERAGE = {"kind": "coverage"}
MERIT = {"kind": "merit"}
ENGINES = ("auto", "highs", "cbc")
PLAN: list[dict[str, Any]] = [
    COVERAGE,
    {"kind": "merit", "band": 1, "name": "merit_band"},
    {"kind": "disadvantage", "weights": {"remote": 1, "extreme_remote": 3}},
    MERIT,
    {"kind": "sharing"},
    {"kind": "balance"},
    {"kind": "amount"},
]


def one_each(*merits: Any, districts: str | list[str] = "", **keys: Any) -> dict[str, Any]:
    """Return applications of one school each, in the districts given."""
    names = list(districts) or ["中區"] * len(merits)
    return {
        "applications": [
            {"application_id": f"A{i}", "school_id": f"S{i}", "merit": merit, **keys}
            for i, merit in enumerate(merits)
        ],
        "schools": [{"school_id": f"S{i}", "district": d} for i, d in enumerate(names)],
    }


def result(case: Case, **options: Any) -> Allocation:
    allocation = allocate(case, language="en", **options)
    assert allocation.status == "optimal"
    return allocation


def column(allocation: Allocation, name: str) -> list[Any]:
    return allocation.awards[name].to_list()


def by_draw(seed: str, ids: list[str]) -> list[str]:
    """Return ids in the order of the draw, by its published rule."""
    return sorted(ids, key=lambda i: hashlib.sha256(f"{seed}\n{i}".encode()).hexdigest())


# ---- districts ------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ENGINES)
def test_a_pool_too_small_for_all_districts(solver: str) -> None:
    """Money for two of three districts: coverage comes first, then the best pair of districts.

    By merit alone it would be A0 and A1, both of 甲; two districts want A0 and the better of B, C.
    """
    case = make_case(
        **one_each(95, 94, 71, 72, districts=["甲", "甲", "乙", "丙"]),
        pool={"amount": 2_000},
        priority=PLAN,
    )
    allocation = result(case, solver=solver)
    assert column(allocation, "award") == [1_000, 0, 0, 1_000]
    covered = dict(
        allocation.by_district[["district", "covered"]].itertuples(index=False, name=None)
    )
    assert covered == {"甲": "yes", "乙": "no", "丙": "yes"}
    cause = dict(allocation.by_district[["district", "cause"]].itertuples(index=False, name=None))
    assert cause["乙"] == "has eligible applications, none funded"
    assert "the only funded application of 丙" in column(allocation, "reason")[3]
    assert column(allocation, "reason_code")[1] == "pool"


@pytest.mark.parametrize("solver", ENGINES)
def test_a_district_without_an_eligible_application(solver: str) -> None:
    """It is listed with the cause, and does not keep the others from being covered."""
    case = make_case(
        **one_each(95, 60, 80, districts=["甲", "乙", "丙", "丁"]),
        pool={"amount": 5_000},
        review={"minimum_merit": 70},
        priority=PLAN,
    )
    allocation = result(case, solver=solver)
    assert column(allocation, "status") == ["funded", "ineligible", "funded"]
    table = allocation.by_district.set_index("district")
    assert table["covered"].to_dict() == {
        "甲": "yes",
        "乙": "uncoverable",
        "丙": "yes",
        "丁": "uncoverable",
    }
    assert table["cause"]["乙"] == "no eligible application (below the minimum merit: 1)"
    assert table["cause"]["丁"] == "no application"
    step = allocation.steps[0]
    assert (step.value, step.bound, step.proved) == (2, 2, True)


def test_coverage_of_another_column_says_what_is_covered() -> None:
    """A0 is the only one of its type, but not of its district."""
    given = one_each(80, 81, 82)
    for application, kind in zip(
        given["applications"], ("grade", "subject", "subject"), strict=True
    ):
        application["type"] = kind
    coverage = [{"kind": "coverage", "column": "type"}, MERIT]
    allocation = result(make_case(**given, pool={"amount": 9_000}, priority=coverage))
    assert column(allocation, "status") == ["funded"] * 3
    reason = column(allocation, "reason")[0]
    assert reason.startswith(
        "the only funded application of type of community grade (put first by "
    )


# ---- ties -----------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ENGINES)
def test_every_score_equal(solver: str) -> None:
    """Nothing tells ten applications apart: the first four of the draw get the money."""
    case = make_case(
        **one_each(*[80] * 10), pool={"amount": 4_500}, draw={"seed": "ten"}, priority=PLAN
    )
    allocation = result(case, solver=solver)
    winners = by_draw("ten", [f"A{i}" for i in range(10)])[:4]
    funded = allocation.awards.query("award > 0")["application_id"].to_list()
    assert sorted(funded) == sorted(winners)
    assert column(allocation, "certainty") == ["some"] * 10
    assert set(column(allocation, "reason_code")) == {"draw"}
    assert all("the draw" in reason for reason in column(allocation, "reason"))


def test_450_applications_all_equal_are_settled_by_the_draw_at_once() -> None:
    applications = [
        {"application_id": f"A{i:03d}", "school_id": f"S{i % 300:03d}"} for i in range(450)
    ]
    schools = [{"school_id": f"S{i:03d}", "district": f"D{i % 29:02d}"} for i in range(300)]
    cap = {"kind": "school_cap", "amount": 5_000}
    case = make_case(
        applications,
        schools,
        pool={"amount": 200_000},
        clause=[cap],
        priority=[p for p in PLAN if p["kind"] != "balance"],
        draw={"seed": "equal"},
    )
    allocation = result(case)
    assert allocation.solution.engine == "dynamic"
    funded = set(allocation.awards.query("award > 0")["application_id"])
    assert len(funded) == 200
    assert funded == taken_in_turn(by_draw("equal", [a["application_id"] for a in applications]))
    assert set(column(allocation, "certainty")) == {"some"}


def taken_in_turn(order: list[str]) -> set[str]:
    """Take 200 of the draw, but leave room for every district that has none yet."""
    taken: list[str] = []
    for application_id in order:
        district = {int(i[1:]) % 300 % 29 for i in [*taken, application_id]}
        if 200 - len(taken) - 1 >= 29 - len(district):
            taken.append(application_id)
        if len(taken) == 200:
            break
    return set(taken)


@pytest.mark.slow
def test_450_equal_applications_with_balance_are_settled_too() -> None:
    """What is not a sum over applications goes on to the integer program: still quick."""
    applications = [
        {"application_id": f"A{i:03d}", "school_id": f"S{i % 300:03d}"} for i in range(450)
    ]
    for i, application in enumerate(applications):
        application["type"] = ("grade", "subject", "other")[i % 3]
    schools = [{"school_id": f"S{i:03d}", "district": f"D{i % 29:02d}"} for i in range(300)]
    case = make_case(applications, schools, pool={"amount": 200_000}, priority=PLAN)
    allocation = result(case)
    kinds = allocation.awards.query("award > 0")["application_id"].str[1:].astype(int) % 3
    assert sorted(kinds.value_counts()) == [66, 67, 67]


@pytest.mark.parametrize("solver", ENGINES)
def test_capped_schools_that_tie_in_every_way(solver: str) -> None:
    """Three schools with three like applications each and a cap of two: two each, by the draw."""
    applications = [
        {"application_id": f"{school}{i}", "school_id": school}
        for school in ("S1", "S2", "S3")
        for i in range(3)
    ]
    case = make_case(
        applications,
        pool={"amount": 20_000},
        clause=[{"kind": "school_cap", "amount": 2_500}],
        priority=PLAN,
        draw={"seed": "caps"},
    )
    allocation = result(case, solver=solver)
    funded = set(allocation.awards.query("award > 0")["application_id"])
    for school in ("S1", "S2", "S3"):
        assert {i for i in funded if i.startswith(school)} == set(
            by_draw("caps", [f"{school}{i}" for i in range(3)])[:2]
        )
    assert column(allocation, "certainty") == ["some"] * 9


@pytest.mark.parametrize("solver", ENGINES)
def test_two_equal_schools_and_money_for_one_and_a_half(solver: str) -> None:
    """The odd one out is drawn over both schools, not within one."""
    applications = [
        {"application_id": f"{school}{i}", "school_id": school}
        for school in ("S1", "S2")
        for i in range(2)
    ]
    case = make_case(
        applications,
        pool={"amount": 3_000},
        clause=[{"kind": "school_cap", "amount": 2_000}],
        priority=PLAN,
        draw={"seed": "odd"},
    )
    allocation = result(case, solver=solver)
    last = by_draw("odd", [a["application_id"] for a in applications])[-1]
    out = allocation.awards.query("award == 0")["application_id"].to_list()
    assert out == [last]


@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_part_in_a_thousand_million_decides(position: int) -> None:
    merits = [Fraction(80)] * 3
    merits[position] += Fraction(80, 10**9)
    case = make_case(**one_each(*merits), pool={"amount": 1_000}, priority=[MERIT])
    allocation = result(case)
    assert column(allocation, "award") == [1_000 * (i == position) for i in range(3)]
    assert set(column(allocation, "certainty")) == {"every", "none"}
    assert column(allocation, "rank")[position] == 1


# ---- limits and conflicts -------------------------------------------------------------------


@pytest.fixture(scope="module")
def five_thousand(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("large") / "case"
    generate_round(applications=5_000, schools=3_000, seed=5, with_tables=()).write(folder)
    return read_case(folder)


@pytest.mark.slow
@pytest.mark.parametrize("solver", ENGINES)
def test_no_time_at_all_is_never_optimal(solver: str, five_thousand: Case) -> None:
    try:
        allocation = allocate(five_thousand, solver, time_limit=0, language="en")
    except LimitError as error:
        assert "limit" in error.say("en")
        pytest.fail("a first allocation needs no solver here")
    assert allocation.status == "feasible"
    assert allocation.summary["status"] == "feasible"
    assert allocation.certainty is None
    assert allocation.awards["certainty"].isna().all()
    assert 0 < allocation.spent <= allocation.available
    assert not all(step.proved for step in allocation.steps)
    assert not allocation.solution.drawn
    assert "optimal" not in repr(allocation)
    for step in allocation.steps:
        assert step.bound is None or step.bound >= step.value


@pytest.fixture(scope="module")
def optimum(five_thousand: Case) -> Allocation:
    allocation = allocate(five_thousand)
    assert allocation.status == "optimal"
    return allocation


def test_the_same_with_time_is_optimal_and_better(five_thousand: Case, optimum: Allocation) -> None:
    first = allocate(five_thousand, time_limit=0)
    assert [s.value for s in optimum.steps] > [s.value for s in first.steps]
    assert first.steps[0].bound is None or first.steps[0].bound >= optimum.steps[0].value


@pytest.mark.slow
@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize("seconds", [0.5, 1.5])
def test_what_a_limit_leaves_is_honest(
    solver: str, seconds: float, five_thousand: Case, optimum: Allocation
) -> None:
    """Wherever the limit falls, what is called proved is the optimum, and a bound is a bound."""
    allocation = allocate(five_thousand, solver, time_limit=seconds)
    for step, best in zip(allocation.steps, optimum.steps, strict=True):
        assert step.bound is None or step.bound >= best.value
        if not step.proved:
            break
        assert step.value == best.value
    assert (allocation.status == "optimal") <= allocation.awards.equals(optimum.awards)


@pytest.mark.parametrize("solver", ENGINES)
def test_an_infeasible_policy_names_the_conflict(solver: str) -> None:
    """Two of the district are asked for, and the pool pays one."""
    quota = {"kind": "quota", "column": "district", "value": "中區", "at_least": 2}
    case = make_case(**one_each(90, 85), pool={"amount": 1_000}, clause=[quota], priority=PLAN)
    with pytest.raises(InfeasibleError) as error:
        allocate(case, solver)
    assert error.value.exit_code == 4
    said = error.value.say("en")
    assert "All awards together stay within NT$1,000" in said
    assert "at least 2 funded applications" in said
    assert "raise the pool from NT$1,000 to NT$2,000" in said
    assert error.value.problems
    assert all(problem.message.zh for problem in error.value.problems)


# ---- very small and very odd ----------------------------------------------------------------


@pytest.mark.parametrize("solver", ENGINES)
@pytest.mark.parametrize(("pool", "award"), [(999, 0), (1_000, 1_000), (1_001, 1_000)])
def test_one_application(solver: str, pool: int, award: int) -> None:
    """One dollar short is nothing; one too much stays in the pool."""
    case = make_case(**one_each(80), pool={"amount": pool}, priority=PLAN)
    allocation = result(case, solver=solver)
    assert column(allocation, "award") == [award]
    assert column(allocation, "certainty") == ["every" if award else "none"]
    assert allocation.summary["pool"]["left"] == pool - award
    if not award:
        assert column(allocation, "reason_code") == ["pool"]
        assert (
            "NT$999 of the pool is left, less than the NT$1,000" in column(allocation, "reason")[0]
        )


@pytest.mark.parametrize("solver", ENGINES)
def test_nobody_eligible(solver: str) -> None:
    case = make_case(
        **one_each(60, 65), pool={"amount": 5_000}, review={"minimum_merit": 70}, priority=PLAN
    )
    allocation = result(case, solver=solver)
    assert column(allocation, "status") == ["ineligible"] * 2
    assert column(allocation, "reason_code") == ["minimum_merit"] * 2
    assert column(allocation, "reason")[0] == "merit 60 is below 70 points"
    assert allocation.spent == 0
    assert len(allocation.waitlist) == 0


@pytest.mark.parametrize("solver", ENGINES)
def test_a_pool_of_nothing(solver: str) -> None:
    case = make_case(**one_each(90, 80), pool={"amount": 0}, priority=PLAN)
    allocation = result(case, solver=solver)
    assert column(allocation, "award") == [0, 0]
    assert column(allocation, "certainty") == ["none", "none"]
    assert allocation.waitlist["application_id"].to_list() == ["A0", "A1"]


@pytest.mark.parametrize("solver", ENGINES)
def test_a_pool_one_unit_short(solver: str) -> None:
    """NT$2,500 pays 1,500 and 1,000 (95 + 80); a unit less pays the two of 1,000 (80 + 79)."""
    given = one_each(95, 80, 79)
    given["applications"][0]["requested"] = 1_500
    for pool, awards in ((2_400, [0, 1_000, 1_000]), (2_500, [1_500, 1_000, 0])):
        case = make_case(**given, pool={"amount": pool, "unit": 100}, priority=[MERIT])
        assert column(result(case, solver=solver), "award") == awards


@pytest.mark.parametrize("solver", ENGINES)
def test_requests_above_the_cap(solver: str) -> None:
    """NT$7,000 is admissible up to the cap of NT$5,000, flagged, and says so."""
    case = make_case(
        **one_each(90, 80, requested=7_000),
        pool={"amount": 9_000},
        clause=[{"kind": "school_cap", "amount": 5_000, "cut": True}],
        priority=PLAN,
    )
    allocation = result(case, solver=solver)
    assert column(allocation, "requested") == [7_000, 7_000]
    assert column(allocation, "admissible") == [5_000, 5_000]
    assert column(allocation, "award") == [5_000, 0]
    said = allocation.problems.query("code == 'school_cap'")["message"].to_list()
    assert said == ["asks for NT$7,000, above the school cap: at most NT$5,000 is admissible"] * 2


@pytest.mark.parametrize("solver", ENGINES)
def test_a_request_smaller_than_one_unit(solver: str) -> None:
    given = one_each(90, 80)
    given["applications"][0]["requested"] = 99
    case = make_case(**given, pool={"amount": 9_000, "unit": 100}, priority=PLAN)
    allocation = result(case, solver=solver)
    assert column(allocation, "status") == ["ineligible", "funded"]
    assert "less than one unit" in column(allocation, "reason")[0]
