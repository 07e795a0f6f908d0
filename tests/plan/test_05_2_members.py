"""伍二, 捌二(2), 附件一: six members as a principle, three at least; one convener."""

import pandas as pd
import pytest
from helpers.rounds import eligible, findings, make_case

from optimizer.clauses import Members
from optimizer.problems.errors import Severity

RULES = {("clause", "members"): {}, ("clause", "convener"): {}}


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (7, []),
        (6, []),
        (5, [(Severity.FLAG, "5 members, fewer than 6")]),
        (3, [(Severity.FLAG, "3 members, fewer than 6")]),
        (2, [(Severity.REFUSAL, "2 members, fewer than 3")]),
        (pd.NA, [(Severity.REFUSAL, "number of members not given, fewer than 3")]),
    ],
)
def test_six_as_a_principle_and_three_at_least(members, said) -> None:
    case = make_case([{"application_id": "A1", "members": members}], clause=[{"kind": "members"}])
    assert [(severity, message) for _, severity, message in findings(case, "members")] == said


def test_cross_school_communities_need_six_too() -> None:
    joint = {"application_id": "A1", "members": 5, "partners": ("S2",)}
    case = make_case([joint], clause=[{"kind": "members"}])
    assert findings(case, "members") == [("A1", Severity.FLAG, "5 members, fewer than 6")]


def test_both_numbers_are_the_policys() -> None:
    rule = {"kind": "members", "minimum": 8, "recommended": 10}
    case = make_case([{"application_id": "A1", "members": 7}], clause=[rule])
    assert eligible(case) == []


@pytest.mark.parametrize(
    ("convener", "said"),
    [
        ("王○明", []),
        ("Anna Maria Lin", []),
        ("王○明、", []),
        ("", ["no convener is named"]),
        ("  ", ["no convener is named"]),
        ("王○明、林○華", ["2 conveners are named"]),
        ("王○明/林○華；陳○", ["3 conveners are named"]),
    ],
)
def test_exactly_one_convener(convener: str, said: list[str]) -> None:
    case = make_case(
        [{"application_id": "A1", "convener": convener}], clause=[{"kind": "convener"}]
    )
    assert [message for _, _, message in findings(case, "convener")] == said
    assert eligible(case) == ([] if said else ["A1"])


@pytest.mark.parametrize("recommended", [0, 6, 8])
def test_a_principle_below_the_minimum_is_not_spoken_of(recommended: int) -> None:
    said = Members(minimum=8, recommended=recommended).sentence()
    assert said.zh == "社群成員至少 8 人，不足者不符資格。"
    assert said.en == "A community has at least 8 members; fewer are refused."
