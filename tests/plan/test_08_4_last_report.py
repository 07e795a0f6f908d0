"""捌四, 玖三: last year's report is due; outcomes inform next year's awards."""

from helpers.rounds import eligible, findings, make_case

from optimizer.problems.errors import Severity

RULES = {("clause", "prior_outcome"): {"action": "flag"}}

APPLICATIONS = [
    {"application_id": "A1", "prior_outcome": "reported"},
    {"application_id": "A2", "prior_outcome": "missing"},
    {"application_id": "A3", "prior_outcome": ""},  # no grant last year: nothing is due
]


def test_a_missing_report_is_refused() -> None:
    case = make_case(APPLICATIONS, clause=[{"kind": "prior_outcome"}])
    assert eligible(case) == ["A1", "A3"]
    assert findings(case, "prior_outcome") == [
        ("A2", Severity.REFUSAL, "the report on the last grant is missing")
    ]


def test_or_flagged() -> None:
    case = make_case(APPLICATIONS, clause=[{"kind": "prior_outcome", "action": "flag"}])
    assert eligible(case) == ["A1", "A2", "A3"]
    assert [severity for _, severity, _ in findings(case, "prior_outcome")] == [Severity.FLAG]
