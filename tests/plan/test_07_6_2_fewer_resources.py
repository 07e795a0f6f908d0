"""柒六(二): conditions being equal, schools with fewer resources first."""

import pytest
from helpers.rounds import awards, make_case

from optimizer.problems.errors import CaseError
from optimizer.scoring.screening import screen

WEIGHTS = {"remote": 1, "special_remote": 2, "extreme_remote": 3}
RULES = {("priority", "disadvantage"): {"weights": WEIGHTS}}

SCHOOLS = [
    {"school_id": "S1", "disadvantage": ""},
    {"school_id": "S2", "disadvantage": "remote"},
    {"school_id": "S3", "disadvantage": "extreme_remote"},
]
BY_BANDS = [
    {"kind": "merit", "name": "bands", "band": 1},
    {"kind": "disadvantage", "weights": WEIGHTS},
    {"kind": "merit"},
]


def _funded(merits: list, pool: int = 1_000, weights: dict | None = None) -> list[str]:
    applications = [
        {"application_id": f"A{i}", "school_id": f"S{i}", "merit": merit}
        for i, merit in enumerate(merits, start=1)
    ]
    priorities = [dict(p) for p in BY_BANDS]
    if weights is not None:
        priorities[1]["weights"] = weights
    case = make_case(applications, SCHOOLS, pool={"amount": pool}, priority=priorities)
    return [a for a, amount in awards(case).items() if amount]


def test_within_one_band_the_school_with_fewer_resources_wins() -> None:
    assert _funded(["85.9", "85.0", "84.9"]) == ["A2"]  # A3 is a band below


def test_the_more_it_lacks_the_more_it_weighs() -> None:
    assert _funded(["85.9", "85.5", "85.0"]) == ["A3"]


def test_another_band_is_not_equal_conditions() -> None:
    assert _funded(["86.0", "85.9", "85.9"]) == ["A1"]


def test_the_categories_may_be_named_in_chinese() -> None:
    assert _funded(["85.9", "85.5", "85.0"], weights={"偏遠": 5, "極偏": 4}) == ["A2"]


def test_a_category_without_a_weight_is_refused_until_it_is_named() -> None:
    rule = {"kind": "disadvantage", "weights": {"remote": 1}}
    case = make_case([{"application_id": "A1", "school_id": "S3"}], SCHOOLS[2:], priority=[rule])
    with pytest.raises(CaseError) as caught:
        screen(case.records, case.policy)
    (problem,) = caught.value.problems
    assert (problem.code, problem.value) == ("no_weight", "extreme_remote")
    assert "extreme_remote = 0" in problem.hint.en
    rule["weights"] = {"remote": 1, "extreme_remote": 0}
    case = make_case([{"application_id": "A1", "school_id": "S3"}], SCHOOLS[2:], priority=[rule])
    assert not screen(case.records, case.policy).notes


@pytest.mark.parametrize(
    ("category", "meant"),
    [
        ("偏遠地區", "偏遠"),
        ("極偏遠", "極偏"),
        ("特偏學校", "特偏"),
        ("remot", "偏遠"),
        ("非偏遠", None),
        ("一般", None),
    ],
)
def test_a_category_that_is_written_otherwise_is_asked_about_first(
    category: str, meant: str | None
) -> None:
    """A weight of 0 for it would strip a remote school: that is offered after the question."""
    weights = {"remote": 1, "special_remote": 2, "extreme_remote": 3}
    case = make_case(
        [{"application_id": "A1"}],
        [{"school_id": "S1", "disadvantage": category}],
        priority=[{"kind": "disadvantage", "weights": weights}],
    )
    with pytest.raises(CaseError) as caught:
        screen(case.records, case.policy)
    (problem,) = caught.value.problems
    asked = f"是否為「{meant}」？" if meant else "若為誤寫"
    assert problem.hint.zh.startswith(asked)
    assert ("Is it" in problem.hint.en) == (meant is not None)
