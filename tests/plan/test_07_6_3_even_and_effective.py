"""柒六(三): kinds of activity as even as possible; the money to its greatest effect."""

import pytest
from helpers.rounds import awards, make_case, scored_of

from optimizer.problems.errors import PolicyError
from optimizer.scoring.build import build_program
from optimizer.solving.solve import solve

RULES = {
    ("priority", "balance"): {"column": "methods"},
    ("priority", "merit"): {"band": "2.5", "per": "amount"},
    ("priority", "amount"): {},
}


def _funded(applications: list[dict], pool: int, *priorities: dict, **document) -> list[str]:
    case = make_case(applications, pool={"amount": pool}, priority=list(priorities), **document)
    return [a for a, amount in awards(case).items() if amount]


def _values(applications: list[dict], pool: int, *priorities: dict) -> list[int]:
    case = make_case(applications, pool={"amount": pool}, priority=list(priorities))
    return [step.value for step in solve(build_program(scored_of(case))).steps]


TYPES = [
    {"application_id": "A1", "type": "grade", "merit": 90},
    {"application_id": "A2", "type": "grade", "merit": 90},
    {"application_id": "A3", "type": "subject", "merit": 80},
    {"application_id": "A4", "type": "school_task", "merit": 70},
]


def test_one_of_each_type_rather_than_two_of_one() -> None:
    assert _funded(TYPES, 3_000, {"kind": "merit"}) == ["A1", "A2", "A3"]
    even = _funded(TYPES, 3_000, {"kind": "amount"}, {"kind": "balance"}, {"kind": "merit"})
    assert len(even) == 3 and {"A3", "A4"} < set(even)


def test_how_uneven_a_spread_is() -> None:
    # K = 3 types, n = (2, 1, 0), N = 3: |6 - 3| + |3 - 3| + |0 - 3| = 6
    assert _values(TYPES, 3_000, {"kind": "merit"}, {"kind": "balance"})[1] == -6
    assert _values(TYPES, 3_000, {"kind": "amount"}, {"kind": "balance"})[1] == 0


def test_an_application_uses_each_of_its_methods() -> None:
    both = {"application_id": "A1", "methods": ("lecture", "observation")}
    one = {"application_id": "A2", "methods": ("lecture",)}
    # K = 2, n = (2, 1), N = 3: |4 - 3| + |2 - 3| = 2
    rule = {"kind": "balance", "column": "methods"}
    assert _values([both, one], 2_000, {"kind": "amount"}, rule)[1] == -2


CHEAP = [
    {"application_id": "A1", "requested": 2_000, "merit": 95},
    {"application_id": "A2", "requested": 1_000, "merit": 75},
    {"application_id": "A3", "requested": 1_000, "merit": 74},
]


def test_the_sum_of_merit_may_prefer_two_cheap_ones() -> None:
    assert _funded(CHEAP, 2_000, {"kind": "merit"}) == ["A2", "A3"]


def test_ranked_merit_never_passes_over_a_better_one_for_two_cheaper_ones() -> None:
    assert _funded(CHEAP, 2_000, {"kind": "merit", "form": "ranked"}) == ["A1"]
    assert _funded(CHEAP, 3_000, {"kind": "merit", "form": "ranked"}) == ["A1", "A2"]


@pytest.mark.parametrize(
    ("merit", "band", "level"), [(87, 5, 17), (84, 5, 16), ("82.5", "2.5", 33)]
)
def test_merit_in_bands(merit, band, level: int) -> None:
    one = [{"application_id": "A1", "merit": merit}]
    assert _values(one, 1_000, {"kind": "merit", "band": band}) == [level]


def test_as_much_of_the_pool_as_possible() -> None:
    asked = [
        {"application_id": f"A{i}", "requested": amount}
        for i, amount in enumerate((1_700, 1_600, 900, 400), start=1)
    ]
    assert _funded(asked, 3_000, {"kind": "amount"}) == ["A1", "A3", "A4"]


def test_a_priority_may_give_something_up_to_those_after_it() -> None:
    # by merit alone A1 and A2, 185 points; 1.1% of that is 2.035, so 183 is near enough
    applications = [
        {"application_id": "A1", "merit": 93},
        {"application_id": "A2", "merit": 92},
        {"application_id": "A3", "merit": 90, "partners": ("S2",)},
    ]
    sharing = {"kind": "sharing"}
    assert _funded(applications, 2_000, {"kind": "merit"}, sharing) == ["A1", "A2"]
    near = {"kind": "merit", "give_up": "1.1%"}
    assert _funded(applications, 2_000, near, sharing, {"kind": "merit", "name": "m"}) == [
        "A1",
        "A3",
    ]
    for points_, funded in ((1, ["A1", "A2"]), (2, ["A1", "A3"])):
        some = {"kind": "merit", "give_up": points_}
        assert _funded(applications, 2_000, some, sharing, {"kind": "merit", "name": "m"}) == funded


@pytest.mark.parametrize(
    ("give_up", "funded"), [(0, ["A1", "A2"]), (499, ["A1", "A2"]), (500, ["A1", "A3"])]
)
def test_an_amount_to_give_up_is_in_the_priorities_own_unit(give_up: int, funded: list) -> None:
    applications = [
        {"application_id": "A1", "requested": 1_500, "merit": 90},
        {"application_id": "A2", "requested": 1_500, "merit": 80},
        {"application_id": "A3", "requested": 1_000, "merit": "88.5"},
    ]
    case = make_case(
        applications,
        pool={"amount": 3_000, "unit": 100},  # awards are counted in units, given up in NT$
        priority=[{"kind": "amount", "give_up": give_up}, {"kind": "merit"}],
    )
    assert [a for a, amount in awards(case).items() if amount] == funded


@pytest.mark.parametrize(("give_up", "funded"), [("0.4", ["A1"]), ("0.5", ["A2"])])
def test_points_to_give_up_are_points_whatever_the_denominator(give_up, funded: list) -> None:
    applications = [
        {"application_id": "A1", "merit": "247/3"},
        {"application_id": "A2", "merit": "491/6", "partners": ("S2",)},  # half a point less
    ]
    priorities = [{"kind": "merit", "give_up": give_up}, {"kind": "sharing"}]
    case = make_case(applications, pool={"amount": 1_000}, priority=priorities)
    assert [a for a, amount in awards(case).items() if amount] == funded


def test_each_dollar_counts_by_what_it_pays_for() -> None:
    # A2 and A3 together have 149 points, A1 has 95; but NT$2,000 at 95 beat NT$1,000 each at 75 and 74
    assert _funded(CHEAP, 2_000, {"kind": "merit", "per": "application"}) == ["A2", "A3"]
    assert _funded(CHEAP, 2_000, {"kind": "merit", "per": "amount"}) == ["A1"]


def test_money_that_can_be_cut_goes_to_the_better_first() -> None:
    # 2,000 x 95 + 1,000 x 75 and nothing for A3, though all three would fit with A1 cut to 1,000
    award = {"mode": "partial", "least_share": "50%"}
    case = make_case(
        CHEAP,
        pool={"amount": 3_000, "unit": 500},
        award=award,
        priority=[{"kind": "merit", "per": "amount"}],
    )
    assert awards(case) == {"A1": 2_000, "A2": 1_000, "A3": 0}


def test_bands_of_each_dollar() -> None:
    # floor(95 / 10) * 20 units + floor(75 / 10) * 10 units
    rule = {"kind": "merit", "per": "amount", "band": 10}
    pool = {"amount": 3_000, "unit": 100}
    case = make_case(CHEAP, pool=pool, priority=[rule])
    assert [step.value for step in solve(build_program(scored_of(case))).steps] == [9 * 20 + 7 * 10]


def test_money_is_not_counted_where_applications_are_gone_through_from_the_top() -> None:
    with pytest.raises(PolicyError) as caught:
        make_case(
            CHEAP,
            pool={"amount": 3_000},
            priority=[{"kind": "merit", "per": "amount", "form": "ranked"}],
        )
    assert caught.value.problems[0].column.startswith("priority.merit")
