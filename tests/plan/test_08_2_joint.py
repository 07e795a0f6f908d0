"""捌二(1), (4): joint communities apply through one responsible school, whose cap counts."""

from helpers.rounds import awards, eligible, findings, make_case

from optimizer.problems.errors import Severity

RULES = {("clause", "joint"): {}}

SCHOOLS = [{"school_id": "S1"}, {"school_id": "S2"}]
CAP = {"kind": "school_cap", "amount": 5_000}


def test_the_award_counts_against_the_lead_school_alone() -> None:
    applications = [
        {"application_id": "A1", "school_id": "S1", "partners": ("S2",), "requested": 3_000},
        {"application_id": "A2", "school_id": "S1", "requested": 3_000, "merit": 70},
        {"application_id": "A3", "school_id": "S2", "requested": 3_000, "merit": 70},
    ]
    case = make_case(
        applications,
        SCHOOLS,
        pool={"amount": 100_000},
        clause=[CAP, {"kind": "joint"}],
        priority=[{"kind": "merit"}],
    )
    # S1 leads A1 and A2: one of them only. S2 is a partner of A1, and still gets all of A3.
    assert awards(case) == {"A1": 3_000, "A2": 0, "A3": 3_000}


def test_partners_are_other_schools_and_known_ones() -> None:
    applications = [
        {"application_id": "A1", "school_id": "S1", "partners": ("S2",)},
        {"application_id": "A2", "school_id": "S1", "partners": ("S1", "S2")},
        {"application_id": "A3", "school_id": "S1", "partners": ("S7",)},
        {"application_id": "A4", "school_id": "S1"},
    ]
    case = make_case(applications, SCHOOLS, clause=[{"kind": "joint"}])
    assert eligible(case) == ["A1", "A4"]
    assert findings(case, "joint") == [
        ("A2", Severity.REFUSAL, "partner S1 is the lead school itself"),
        ("A3", Severity.REFUSAL, "partner S7 is not a known school"),
    ]


def test_two_schools_with_one_code_may_be_partners() -> None:
    schools = [
        {"school_id": "191301", "level": "elementary"},
        {"school_id": "191301", "level": "junior_high"},
    ]
    application = {"application_id": "A1", "school_id": "191301", "partners": ("191301",)}
    case = make_case([application], schools, clause=[{"kind": "joint"}])
    assert findings(case, "joint") == []
