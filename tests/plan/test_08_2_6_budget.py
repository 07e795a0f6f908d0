"""捌二(6), 附件二: what a budget may hold, line by line, and the amount that follows from it."""

import pytest
from helpers.rounds import admissible, eligible, findings, make_case, with_budget

from optimizer.problems.errors import CaseError, Severity
from optimizer.scoring.screening import screen

RULES = {("clause", "budget_lines"): {}}


def _case(requested: int, *lines, own_funds=None, **keys):
    application = {"application_id": "A1", "requested": requested}
    if own_funds is not None:
        application["own_funds"] = own_funds
    case = make_case([application], clause=[{"kind": "budget_lines", **keys}])
    return with_budget(case, [("A1", *line) for line in lines])


def _said(case) -> list[str]:
    return [message for _, _, message in findings(case, "budget_lines")]


@pytest.mark.parametrize(
    ("requested", "lines"),
    [
        # 2 h x 1,600 + 1,800 = 5,000
        (5_000, [("external_lecturer", 2, 1_600, 3_200), ("printing", 1, 1_800, 1_800)]),
        # 4 h x 800 + 1,800 = 5,000
        (5_000, [("internal_lecturer", 4, 800, 3_200), ("printing", 180, 10, 1_800)]),
        # 2 x 2,000 + 1,000 = 5,000
        (5_000, [("consultation", 2, 2_000, 4_000), ("printing", None, None, 1_000)]),
    ],
)
def test_the_plans_own_budgets_add_up(requested: int, lines: list) -> None:
    case = _case(requested, *lines)
    assert _said(case) == []
    assert admissible(case) == {"A1": requested}


def test_outside_lecturers_get_two_hours_at_1600() -> None:
    case = _case(6_600, ("external_lecturer", 3, 1_600, 4_800), ("printing", 1, 1_800, 1_800))
    assert admissible(case) == {"A1": 5_000}
    assert _said(case) == [
        "external lecturer, NT$4,800 (3 at NT$1,600): at most 2 in all; NT$3,200 is admissible",
        "NT$6,600 asked for, less NT$1,600 of external lecturer: NT$5,000 admissible",
    ]


def test_in_house_lecturers_get_four_hours_at_800() -> None:
    case = _case(7_800, ("internal_lecturer", 5, 1_200, 6_000), ("printing", 1, 1_800, 1_800))
    assert admissible(case) == {"A1": 5_000}
    assert _said(case)[0] == (
        "internal lecturer, NT$6,000 (5 at NT$1,200): at most 4 in all, at most NT$800 each; "
        "NT$3,200 is admissible"
    )


def test_two_consultations_at_2000() -> None:
    case = _case(7_000, ("consultation", 3, 2_000, 6_000), ("printing", 1, 1_000, 1_000))
    assert admissible(case) == {"A1": 5_000}


def test_the_hours_of_several_lines_count_together_dearest_first() -> None:
    lines = [
        ("external_lecturer", 1, 1_000, 1_000),
        ("external_lecturer", 1, 1_600, 1_600),
        ("external_lecturer", "0.5", 1_600, 800),
        ("printing", 1, 600, 600),
    ]
    for order in (lines, lines[::-1]):
        case = _case(4_000, *order)
        # 1 h + 0.5 h at 1,600, then half an hour of the line at 1,000
        assert admissible(case) == {"A1": 1_600 + 800 + 500 + 600}


def test_the_health_premium_follows_the_fees() -> None:
    fees = ("external_lecturer", 2, 1_600, 3_200)
    assert _said(_case(3_264, fees, ("health_premium", 1, 64, 64))) == []  # 2% of 3,200
    case = _case(3_300, fees, ("health_premium", 1, 100, 100))
    assert admissible(case) == {"A1": 3_264}
    assert _said(case)[0] == (
        "health premium, NT$100 (1 at NT$100): at most 2% of the fees; NT$64 is admissible"
    )


@pytest.mark.parametrize(("rate", "premium"), [("2%", 32), ("1.91%", 31), ("2.11%", 34)])
def test_its_rate_is_the_states_and_rounds_half_up(rate: str, premium: int) -> None:
    case = _case(
        1_700,
        ("external_lecturer", 1, 1_600, 1_600),
        ("health_premium", 1, 100, 100),
        premium_rate=rate,
    )
    assert admissible(case) == {"A1": 1_600 + premium}


def test_the_premium_follows_what_is_left_of_the_fees() -> None:
    case = _case(4_896, ("external_lecturer", 3, 1_600, 4_800), ("health_premium", 1, 96, 96))
    assert admissible(case) == {"A1": 3_200 + 64}


def test_misc_is_at_most_five_per_cent_of_the_total() -> None:
    fits = _case(5_000, ("printing", 1, 4_750, 4_750), ("misc", 1, 250, 250))
    assert _said(fits) == []
    case = _case(5_000, ("printing", 1, 4_700, 4_700), ("misc", 1, 300, 300))
    assert admissible(case) == {"A1": 4_700 + 247}  # 247 is 4.993% of 4,947, 248 is 5.01% of 4,948
    assert _said(case)[0] == (
        "misc, NT$300 (1 at NT$300): at most 5% of the total; NT$247 is admissible"
    )


def test_quantity_times_price_is_the_amount() -> None:
    case = _case(2_000, ("printing", 100, 15, 2_000))
    assert admissible(case) == {"A1": 1_500}
    assert _said(case)[0] == (
        "printing, NT$2,000 (100 at NT$15): quantity x unit price is not the amount; "
        "NT$1,500 is admissible"
    )
    assert _said(_case(25, ("printing", 33, "0.75", 25))) == []  # 24.75 to whole NT$


def test_the_lines_add_up_to_the_request() -> None:
    less = _case(5_000, ("printing", 1, 4_800, 4_800))
    assert admissible(less) == {"A1": 4_800}
    assert _said(less) == [
        "the lines add up to NT$4,800, and NT$5,000 is asked for",
        "lines of NT$4,800, less than the NT$5,000 asked for",
    ]
    more = _case(5_000, ("printing", 1, 5_200, 5_200))
    assert admissible(more) == {"A1": 5_000}
    assert _said(more) == ["the lines add up to NT$5,200, and NT$5,000 is asked for"]


def test_own_funds_may_be_part_of_the_lines() -> None:
    case = _case(5_000, ("printing", 1, 6_000, 6_000), own_funds=1_000)
    assert _said(case) == [] and admissible(case) == {"A1": 5_000}


def test_what_the_plan_does_not_pay_for_is_not_admissible() -> None:
    case = _case(3_000, ("printing", 1, 1_000, 1_000), ("other", 1, 2_000, 2_000))
    assert admissible(case) == {"A1": 1_000}
    accepted = _case(
        3_000,
        ("printing", 1, 1_000, 1_000),
        ("other", 1, 2_000, 2_000),
        accepted=["資料印刷費", "其他"],
    )
    assert _said(accepted) == []


def test_a_limited_item_needs_its_quantity_and_price() -> None:
    case = _case(3_200, ("external_lecturer", None, 1_600, 3_200))
    assert eligible(case) == []
    assert _said(case)[0] == (
        "external lecturer, NT$3,200: quantity or unit price not given; NT$0 is admissible"
    )


def test_the_bureau_may_refuse_or_flag_instead_of_cutting() -> None:
    line = ("external_lecturer", 3, 1_600, 4_800)
    refused = _case(4_800, line, action="refusal")
    assert eligible(refused) == []
    flagged = _case(4_800, line, action="flag")
    assert admissible(flagged) == {"A1": 4_800}
    assert findings(flagged, "budget_lines") == [
        ("A1", Severity.FLAG, "external lecturer, NT$4,800 (3 at NT$1,600): at most 2 in all")
    ]


def test_other_numbers_are_the_policys() -> None:
    case = _case(
        4_800, ("external_lecturer", 3, 1_600, 4_800), external_hours=3, external_rate="1600.0"
    )
    assert _said(case) == []


def test_an_application_without_lines_is_flagged_or_refused() -> None:
    applications = [{"application_id": "A1"}, {"application_id": "A2"}]
    for missing, left in (("flag", ["A1", "A2"]), ("refusal", ["A1"])):
        case = make_case(applications, clause=[{"kind": "budget_lines", "missing": missing}])
        case = with_budget(case, [("A1", "printing", 1, 1_000, 1_000)])
        assert _said(case) == ["no budget lines are given"]
        assert eligible(case) == left


def test_a_case_without_budgets_is_said_once() -> None:
    case = make_case([{"application_id": "A1"}], clause=[{"kind": "budget_lines"}])
    assert [n.code for n in screen(case.records, case.policy).notes] == ["nothing_to_check"]
    assert _said(case) == []


def test_an_item_that_does_not_exist_is_an_error() -> None:
    case = _case(1_000, ("printing", 1, 1_000, 1_000), accepted=["printing", "fireworks"])
    with pytest.raises(CaseError, match="fireworks"):
        screen(case.records, case.policy)


def test_applications_do_not_share_their_limits() -> None:
    applications = [{"application_id": a, "requested": 3_200} for a in ("A1", "A2")]
    case = make_case(applications, clause=[{"kind": "budget_lines"}])
    line = ("external_lecturer", 2, 1_600, 3_200)
    case = with_budget(case, [("A1", *line), ("A2", *line)])
    assert _said(case) == []
