"""肆: city schools outside the ministry's 102 evaluation programme may apply."""

from helpers.rounds import eligible, findings, make_case

from optimizer.problems.errors import Severity

RULES = {("clause", "programme"): {"reference": "肆"}}

SCHOOLS = [
    {"school_id": "S1", "name": "大肚國小", "evaluation_programme": False},
    {"school_id": "S2", "name": "永順國小", "evaluation_programme": True},
]
APPLICATIONS = [
    {"application_id": "A1", "school_id": "S1"},
    {"application_id": "A2", "school_id": "S2"},
]


def test_a_school_in_the_programme_is_refused() -> None:
    case = make_case(APPLICATIONS, SCHOOLS, clause=[{"kind": "programme"}])
    assert eligible(case) == ["A1"]
    assert findings(case, "programme") == [
        ("A2", Severity.REFUSAL, "永順國小 takes part in the evaluation programme")
    ]


def test_the_bureau_may_only_flag_it() -> None:
    case = make_case(APPLICATIONS, SCHOOLS, clause=[{"kind": "programme", "action": "flag"}])
    assert eligible(case) == ["A1", "A2"]
    assert [severity for _, severity, _ in findings(case, "programme")] == [Severity.FLAG]


def test_nothing_is_screened_that_the_policy_does_not_list() -> None:
    assert eligible(make_case(APPLICATIONS, SCHOOLS)) == ["A1", "A2"]
