"""柒六(一): as many districts as possible take part."""

import pytest
from helpers.rounds import awards, make_case

from optimizer.problems.errors import CaseError
from optimizer.scoring.screening import screen

RULES = {("priority", "coverage"): {}}

SCHOOLS = [
    {"school_id": "S1", "district": "西屯區"},
    {"school_id": "S2", "district": "西屯區"},
    {"school_id": "S3", "district": "和平區"},
    {"school_id": "S4", "district": "中區", "level": "junior_high"},
]
APPLICATIONS = [
    {"application_id": "A1", "school_id": "S1", "merit": 95},
    {"application_id": "A2", "school_id": "S2", "merit": 94},
    {"application_id": "A3", "school_id": "S3", "merit": 71},
    {"application_id": "A4", "school_id": "S4", "merit": 70},
]


def _funded(pool: int, *priorities: dict) -> list[str]:
    case = make_case(
        APPLICATIONS, SCHOOLS, pool={"amount": pool}, priority=[*priorities, {"kind": "merit"}]
    )
    return [a for a, amount in awards(case).items() if amount]


def test_merit_alone_would_leave_two_districts_out() -> None:
    assert _funded(3_000) == ["A1", "A2", "A3"]


def test_with_coverage_first_all_three_districts_take_part() -> None:
    assert _funded(3_000, {"kind": "coverage"}) == ["A1", "A3", "A4"]


def test_money_left_goes_on_by_merit() -> None:
    assert _funded(4_000, {"kind": "coverage"}) == ["A1", "A2", "A3", "A4"]


def test_where_not_all_can_take_part_the_best_do() -> None:
    assert _funded(2_000, {"kind": "coverage"}) == ["A1", "A3"]


def test_any_other_column_may_be_covered() -> None:
    assert _funded(2_000, {"kind": "coverage", "column": "level"}) == ["A1", "A4"]


@pytest.mark.parametrize("column", ["colour", "methods"])
def test_but_not_one_that_is_missing_or_holds_lists(column: str) -> None:
    case = make_case(APPLICATIONS, SCHOOLS, priority=[{"kind": "coverage", "column": column}])
    with pytest.raises(CaseError, match=column):
        screen(case.records, case.policy)
