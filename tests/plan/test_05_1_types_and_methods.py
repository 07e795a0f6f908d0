"""伍一: five types of community; the methods it works by."""

import pytest
from helpers.rounds import eligible, findings, make_case

from optimizer.problems.errors import Severity

RULES = {("clause", "types"): {}, ("clause", "methods"): {"minimum": 2}}

FIVE = ("grade", "subject", "school_task", "professional_topic", "other")


@pytest.mark.parametrize("kind", FIVE)
def test_the_five_types_are_accepted(kind: str) -> None:
    case = make_case([{"application_id": "A1", "type": kind}], clause=[{"kind": "types"}])
    assert findings(case, "types") == []


def test_any_other_type_is_refused() -> None:
    case = make_case([{"application_id": "A1", "type": "choir"}], clause=[{"kind": "types"}])
    assert findings(case, "types") == [("A1", Severity.REFUSAL, 'type "choir" is not accepted')]
    assert eligible(case) == []


def test_a_policy_may_accept_fewer_and_write_them_in_chinese() -> None:
    rule = {"kind": "types", "accepted": ["年級別", "學校任務"]}
    types = [{"application_id": f"A{i}", "type": kind} for i, kind in enumerate(FIVE)]
    assert eligible(make_case(types, clause=[rule])) == ["A0", "A2"]


def test_one_accepted_method_at_least() -> None:
    applications = [
        {"application_id": "A1", "methods": ("observation",)},
        {"application_id": "A2", "methods": ()},
        {"application_id": "A3", "methods": ("karaoke",)},
        {"application_id": "A4", "methods": ("lecture", "karaoke")},
    ]
    case = make_case(applications, clause=[{"kind": "methods"}])
    assert eligible(case) == ["A1", "A4"]
    assert findings(case, "methods") == [
        ("A3", Severity.FLAG, "methods that are not accepted: karaoke"),
        ("A4", Severity.FLAG, "methods that are not accepted: karaoke"),
        ("A2", Severity.REFUSAL, "0 accepted methods, fewer than 1"),
        ("A3", Severity.REFUSAL, "0 accepted methods, fewer than 1"),
    ]


def test_the_policy_names_the_accepted_methods() -> None:
    rule = {
        "kind": "methods",
        "accepted": ["專題講座", "mentoring"],
        "minimum": 2,
        "action": "flag",
    }
    applications = [
        {"application_id": "A1", "methods": ("lecture", "mentoring")},
        {"application_id": "A2", "methods": ("lecture", "lecture", "observation")},
    ]
    case = make_case(applications, clause=[rule])
    assert eligible(case) == ["A1", "A2"]
    assert [(a, m) for a, _, m in findings(case, "methods")] == [
        ("A2", "methods that are not accepted: observation"),
        ("A2", "1 accepted method, fewer than 2"),
    ]
