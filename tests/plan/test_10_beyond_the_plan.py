"""Beyond the plan's own text: pool and contingency, quotas hard and soft, decisions, own funds."""

import pytest
from helpers.rounds import awards, eligible, findings, make_case, scored_of

from optimizer.problems.errors import CaseError, InfeasibleError, PolicyError, Severity
from optimizer.scoring.build import build_program
from optimizer.scoring.screening import screen
from optimizer.solving.solve import solve

RULES = {
    ("pool", "pool"): {"amount": 900_000, "contingency": 20_000},
    ("clause", "quota"): {"column": "level", "value": "junior_high", "at_least": "40%"},
    ("priority", "quota"): {"column": "level", "value": "junior_high", "at_least": 40},
    ("clause", "fixed"): {"fund": ["A017"], "reason": "pilot", "decided_by": "board"},
    ("clause", "own_funds"): {"least_share": "10%"},
    ("clause", "promise"): {"kept": {"A5": 1_000}, "withdrawn": ["A1"], "parent": "ABCDE"},
}

SCHOOLS = [
    {"school_id": "S1", "level": "elementary"},
    {"school_id": "S2", "level": "junior_high"},
]
APPLICATIONS = [
    {"application_id": "A1", "school_id": "S1", "merit": 95},
    {"application_id": "A2", "school_id": "S1", "merit": 90},
    {"application_id": "A3", "school_id": "S1", "merit": 85},
    {"application_id": "A4", "school_id": "S2", "merit": 80},
    {"application_id": "A5", "school_id": "S2", "merit": 75},
]
JUNIOR = {"kind": "quota", "column": "level", "value": "junior_high"}


def _case(pool: dict, *clauses: dict, priorities: tuple = ()):
    return make_case(
        APPLICATIONS,
        SCHOOLS,
        pool=pool,
        clause=list(clauses),
        priority=[*priorities, {"kind": "merit"}],
    )


def _parts(case):
    return case.records, case.policy


def _funded(case) -> list[str]:
    return [a for a, amount in awards(case).items() if amount]


def test_all_awards_stay_within_the_pool() -> None:
    assert _funded(_case({"amount": 3_000})) == ["A1", "A2", "A3"]


def test_a_contingency_is_held_back() -> None:
    assert _funded(_case({"amount": 3_000, "contingency": 1})) == ["A1", "A2"]


def test_a_quota_by_count() -> None:
    case = _case({"amount": 3_000}, {**JUNIOR, "at_least": 2})
    assert _funded(case) == ["A1", "A4", "A5"]


def test_a_quota_by_share() -> None:
    # 40% of three is 1.2: two
    assert _funded(_case({"amount": 3_000}, {**JUNIOR, "at_least": "40%"})) == ["A1", "A4", "A5"]
    assert _funded(_case({"amount": 3_000}, {**JUNIOR, "at_least": "1%"})) == ["A1", "A2", "A4"]


def test_a_quota_by_amount_and_at_most() -> None:
    elementary = {**JUNIOR, "value": "國小", "measure": "amount", "at_most": 1_999}
    assert _funded(_case({"amount": 3_000}, elementary)) == ["A1", "A4", "A5"]


def test_a_hard_quota_that_cannot_be_kept_leaves_no_solution() -> None:
    case = _case({"amount": 9_000}, {**JUNIOR, "at_least": 3})
    with pytest.raises(InfeasibleError):
        solve(build_program(scored_of(case)))


def test_a_soft_quota_is_kept_as_far_as_it_can_be() -> None:
    case = _case({"amount": 9_000}, priorities=({**JUNIOR, "at_least": 3},))
    solution = solve(build_program(scored_of(case)))
    assert solution.steps[0].value == -1  # one of three is missing
    assert _funded(_case({"amount": 2_000}, priorities=({**JUNIOR, "at_least": 3},))) == [
        "A4",
        "A5",
    ]


def test_a_soft_quota_of_a_share() -> None:
    assert _funded(_case({"amount": 3_000}, priorities=({**JUNIOR, "at_least": "50%"},))) == [
        "A1",
        "A4",
        "A5",
    ]


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ({}, CaseError),
        ({"at_least": 3, "at_most": 2}, PolicyError),
        ({"at_least": "50%", "at_most": "40%"}, PolicyError),
        ({"column": "colour", "at_least": 1}, CaseError),
    ],
)
def test_a_quota_that_cannot_be_meant_is_an_error(keys: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        screen(*_parts(_case({"amount": 3_000}, {**JUNIOR, **keys})))
    with pytest.raises(error):
        screen(*_parts(_case({"amount": 3_000}, priorities=({**JUNIOR, **keys},))))


def test_a_value_that_nobody_has_is_flagged() -> None:
    case = _case({"amount": 3_000}, {**JUNIOR, "column": "title", "value": "x", "at_most": 1})
    (note,) = screen(case.records, case.policy).notes
    assert (note.code, note.severity) == ("unknown_value", Severity.FLAG)


def test_a_value_that_nobody_can_have_is_an_error() -> None:
    case = _case({"amount": 3_000}, {**JUNIOR, "value": "junior high", "at_most": 1})
    with pytest.raises(CaseError) as caught:
        screen(case.records, case.policy)
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint.en) == ("unknown_value", "Did you mean junior_high?")


def test_decisions_by_hand_come_before_every_priority() -> None:
    by_hand = {
        "kind": "fixed",
        "fund": ["A5"],
        "refuse": ["A1"],
        "reason": "pilot school",
        "decided_by": "board",
    }
    case = _case({"amount": 2_000}, by_hand)
    assert _funded(case) == ["A2", "A5"]
    assert findings(case, "fixed") == [
        ("A5", Severity.FLAG, "funded by hand (board: pilot school)"),
        ("A1", Severity.FLAG, "not funded by hand (board: pilot school)"),
    ]


@pytest.mark.parametrize(
    ("keys", "error"),
    [({"fund": ["A9"]}, CaseError), ({"fund": ["A1"], "refuse": ["A1"]}, PolicyError)],
)
def test_decisions_that_cannot_be_meant_are_errors(keys: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        screen(*_parts(_case({"amount": 2_000}, {"kind": "fixed", **keys})))


def test_own_funds_are_noted() -> None:
    applications = [
        {"application_id": "A1", "requested": 5_000, "own_funds": 1_000},
        {"application_id": "A2", "requested": 5_000},
    ]
    case = make_case(applications, clause=[{"kind": "own_funds"}])
    assert findings(case, "own_funds") == [
        ("A1", Severity.FLAG, "own funds of NT$1,000, 16.7% of the whole cost")
    ]


def test_and_may_have_a_least_share() -> None:
    applications = [
        {"application_id": "A1", "requested": 4_500, "own_funds": 500},
        {"application_id": "A2", "requested": 4_501, "own_funds": 500},
        {"application_id": "A3", "requested": 5_000},
    ]
    rule = {"kind": "own_funds", "least_share": "10%"}
    assert eligible(make_case(applications, clause=[rule])) == ["A1"]
    assert eligible(make_case(applications, clause=[{**rule, "action": "flag"}])) == [
        "A1",
        "A2",
        "A3",
    ]


PROMISE = {"kind": "promise", "kept": {"A5": 1_000}}


def test_who_was_published_keeps_the_award() -> None:
    assert _funded(_case({"amount": 3_000}, PROMISE)) == ["A1", "A2", "A5"]


def test_who_has_withdrawn_is_out() -> None:
    assert _funded(_case({"amount": 3_000}, {**PROMISE, "withdrawn": ["A1"]})) == ["A2", "A3", "A5"]
    case = _case({"amount": 3_000}, {**PROMISE, "withdrawn": ["A1"]})
    assert findings(case, "promise") == [("A1", Severity.REFUSAL, "has been withdrawn")]


def test_a_reduced_award_is_exactly_what_it_was_reduced_to() -> None:
    reduced = {"kind": "promise", "kept": {"A5": 600}, "reduced": {"A5": 600}}
    assert awards(_case({"amount": 2_600}, reduced)) == {
        "A1": 1_000, "A2": 1_000, "A3": 0, "A4": 0, "A5": 600,
    }  # fmt: skip


def test_money_paid_to_one_that_withdrew_is_not_free() -> None:
    gone = {**PROMISE, "withdrawn": ["A1"], "paid": {"A1": 1, "A5": 1_000}}
    assert _funded(_case({"amount": 3_000}, gone)) == ["A2", "A5"]


@pytest.mark.parametrize(("paid", "others"), [(0, 2), (600, 2), (601, 1), (1_600, 1), (1_601, 0)])
def test_money_paid_beyond_a_reduced_award_is_not_free(paid: int, others: int) -> None:
    reduced = {"kind": "promise", "kept": {"A5": 600}, "reduced": {"A5": 600}, "paid": {"A5": paid}}
    got = awards(_case({"amount": 2_600}, reduced))
    assert got["A5"] == 600 and sum(got.values()) == 600 + 1_000 * others


def test_who_keeps_an_award_and_has_withdrawn_contradicts_itself() -> None:
    with pytest.raises(PolicyError, match="both keeps"):
        _case({"amount": 3_000}, {**PROMISE, "withdrawn": ["A5"]})
    with pytest.raises(CaseError, match="no application has this number"):
        screen(*_parts(_case({"amount": 3_000}, {"kind": "promise", "kept": {"A9": 1}})))
