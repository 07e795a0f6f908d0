"""柒六(四): cross-school and cross-subject communities are encouraged."""

from helpers.rounds import awards, make_case

RULES = {("priority", "sharing"): {}}

APPLICATIONS = [
    {"application_id": "A1"},
    {"application_id": "A2", "partners": ("S2", "S3")},
    {"application_id": "A3", "fields": ("語文", "數學")},
    {"application_id": "A4", "fields": ("數學",)},
]


def test_partners_or_two_fields_count_and_one_field_does_not() -> None:
    case = make_case(APPLICATIONS, pool={"amount": 2_000}, priority=[{"kind": "sharing"}])
    assert [a for a, amount in awards(case).items() if amount] == ["A2", "A3"]


def test_it_only_decides_what_merit_leaves_open() -> None:
    applications = [{**a, "merit": 90 if a["application_id"] == "A1" else 80} for a in APPLICATIONS]
    priorities = [{"kind": "merit"}, {"kind": "sharing"}]
    case = make_case(applications, pool={"amount": 3_000}, priority=priorities)
    assert [a for a, amount in awards(case).items() if amount] == ["A1", "A2", "A3"]
