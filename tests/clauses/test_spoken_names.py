"""Two rules of one policy that differ in what they do are not called the same."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.rounds import make_case

from optimizer import allocate
from optimizer.clauses.named_columns import column_meant
from optimizer.new.own_columns import KNOWN
from optimizer.policy.policy import make_policy

SAME_KIND: dict[str, list[dict[str, Any]]] = {
    "merit": [
        {"kind": "merit"},
        {"kind": "merit", "band": 1},
        {"kind": "merit", "band": "2.5"},
        {"kind": "merit", "form": "ranked"},
        {"kind": "merit", "form": "ranked", "band": 1},
    ],
    "quota": [
        {"kind": "quota", "column": "level", "value": value, "at_least": 1}
        for value in ("elementary", "junior_high")
    ],
    "coverage": [{"kind": "coverage"}, {"kind": "coverage", "column": "level"}],
    "balance": [{"kind": "balance"}, {"kind": "balance", "column": "methods"}],
}


@pytest.mark.parametrize("kind", SAME_KIND)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_priorities_of_one_kind_are_told_apart(kind: str, language: str) -> None:
    policy = make_policy({"pool": {"amount": 1_000}, "priority": SAME_KIND[kind]})
    names = [getattr(rule.spoken, language) for rule in policy.priorities]
    assert len(set(names)) == len(names), names


OWN: list[dict[str, Any]] = [
    {"kind": "quota", "column": "theme", "value": "海洋", "at_least": 1},
    {"kind": "quota", "column": "theme", "for_each": True, "without": ["x"], "at_least": 1},
    {"kind": "coverage", "column": "theme"},
    {"kind": "balance", "column": "theme"},
]


@pytest.mark.parametrize("rule", OWN)
def test_a_name_that_is_quoted_has_no_quotation_marks_in_it(rule: dict[str, Any]) -> None:
    policy = make_policy({"pool": {"amount": 1_000}, "priority": [rule]})
    said = policy.priorities[0].spoken
    assert "theme" in said.zh and "theme" in said.en
    assert not set("「」『』") & set(said.zh)
    assert '"' not in said.en


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("town", "district"),
        ("distrct", "district"),
        ("行政區", "district"),
        ("鄉鎮市區", "district"),
        ("成員人數", "members"),
        ("theme", None),
        ("audience", None),
        ("language", None),
    ],
)
def test_a_column_that_no_table_has_may_mean_another(word: str, meant: str | None) -> None:
    found = column_meant(word, KNOWN)
    assert (found and found.en) == meant
    assert column_meant(word, ["application_id"]) is None  # none that this case has not


def test_the_table_of_priorities_says_the_band() -> None:
    case = make_case(
        [{"application_id": "A1"}], priority=[{"kind": "merit", "band": 1}, {"kind": "merit"}]
    )
    said = [list(allocate(case, language=lang).priorities["title"]) for lang in ("zh-TW", "en")]  # type: ignore[arg-type]
    assert said == [
        ["審查分數（每 1 分為一級距）", "審查分數"],
        ["Merit (in bands of 1)", "Merit"],
    ]
