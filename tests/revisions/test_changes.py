"""Changes that do not fit what was published: each in its own words, all at once."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.results import small_allocation, small_case

from optimizer.problems.errors import UsageError
from optimizer.revisions import revise

# of what was published: A1 with NT$2,000, A4 and A6 with NT$1,000 each; A2, A3 and A5 wait
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown": ({"withdraw": ["A1O"]}, "公布結果中沒有此申請編號", "no application of this number"),
    "unknown reduced": ({"reduce": {"A44": 1}}, "沒有此申請編號", "no application of this number"),
    "unknown paid": ({"paid": {"A44": 1}}, "沒有此申請編號", "no application of this number"),
    "both": ({"withdraw": ["A1"], "reduce": {"A1": 100}}, "同時列為撤回與減列", "both withdrawn"),
    "more": (
        {"reduce": {"A1": 2_100}},
        "並未少於公布核定之 2,000 元",
        "not less than the NT$2,000",
    ),
    "as much": ({"reduce": {"A1": 2_000}}, "並未少於", "not less than"),
    "nothing": ({"reduce": {"A1": 0}}, "減列為 0 元即為撤回", "is withdrawn"),
    "unit": ({"reduce": {"A1": 150}}, "並非核定單位 100 元之倍數", "no multiple of the unit"),
    "not funded": ({"reduce": {"A2": 100}}, "公布時未獲補助，無從減列", "nothing to reduce"),
    "twice": (
        {"reduce": [("A1", 100), ("A1", 200)]},
        "同一編號列了 2 次（100、200 元）",
        "2 times",
    ),
    "paid twice": ({"paid": [("A1", 1), ("A1", 1)]}, "分次撥付者列其合計", "as their sum"),
    "paid more": ({"paid": {"A1": 2_001}}, "超過公布核定之 2,000 元", "more than the NT$2,000"),
    "paid for nothing": ({"paid": {"A2": 1}}, "不應有已撥付之 1 元", "cannot have been paid"),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_has_its_own_words(name: str) -> None:
    changes, zh, en = WRONG[name]
    with pytest.raises(UsageError) as caught:
        revise(small_allocation(), small_case(), **changes)
    (problem,) = caught.value.problems
    assert zh in problem.message.zh and en in problem.message.en


def test_all_are_said_at_once_with_what_was_meant() -> None:
    with pytest.raises(UsageError) as caught:
        revise(
            small_allocation(),
            small_case(),
            withdraw=["a1x", "A4"],
            reduce=[("A4", 5_000), ("A2", 100)],
            paid={"A6": 9_999},
        )
    found = [(p.column, p.value) for p in caught.value.problems]
    assert found == [
        ("withdraw", "a1x"),
        ("reduce", "A4"),
        ("reduce", "A4"),
        ("reduce", "A2"),
        ("paid", "A6"),
    ]
    assert "A1" in caught.value.problems[0].hint.zh


def test_who_has_withdrawn_cannot_withdraw_or_be_reduced_again() -> None:
    first = revise(small_allocation(), small_case(), withdraw=["A1"])
    for changes in ({"withdraw": ["A1"]}, {"reduce": {"A1": 100}}):
        with pytest.raises(UsageError) as caught:
            revise(first, small_case(), **changes)
        assert [p.message.zh for p in caught.value.problems] == ["先前已撤回"]


def test_pairs_are_a_mapping() -> None:
    one = revise(small_allocation(), small_case(), reduce={"A1": 100}, paid={"A1": 50})
    other = revise(small_allocation(), small_case(), reduce=[("A1", 100)], paid=[("A1", 50)])
    assert one.record == other.record
