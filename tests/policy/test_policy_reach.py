"""Values of a policy that can never work are refused, with the key, the value and what would work."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from optimizer.clauses import registry
from optimizer.policy.policy import make_policy, read_policy
from optimizer.problems.errors import PolicyError, Problem

BASE: dict[str, Any] = {
    "pool": {"amount": 10_000, "unit": 100, "contingency": 500},
    "review": {"criteria": {"needs": 20, "planning": 30}, "minimum_merit": 40},
    "draw": {"seed": "seed"},
}

# what is wrong: key that is named, value, what would work, and the same at the edge, which is fine
OUT_OF_REACH: dict[str, tuple[str, str, str, dict[str, Any], dict[str, Any]]] = {
    "minimum merit": (
        "review.minimum_merit", "50.5", "50",
        {"review": {"minimum_merit": "50.5"}}, {"review": {"minimum_merit": 50}},
    ),
    "minimum points": (
        "review.minimum_points.needs", "21", "20",
        {"review": {"minimum_points": {"needs": 21}}}, {"review": {"minimum_points": {"needs": 20}}},
    ),
    "unit and pool": (
        "pool.unit", "10001", "10000", {"pool": {"unit": 10_001}}, {"pool": {"unit": 10_000}},
    ),
    "contingency": (
        "pool.contingency", "10000", "10000",
        {"pool": {"contingency": 10_000}}, {"pool": {"contingency": 9_900}},
    ),
    "unit and cap": (
        "clause.school_cap[2].amount", "99", "100",
        {"clause": [{"kind": "convener"}, {"kind": "school_cap", "amount": 99}]},
        {"clause": [{"kind": "convener"}, {"kind": "school_cap", "amount": 100}]},
    ),
    "grade": (
        "award.grades", "51", "50",
        {"award": {"mode": "graded", "grades": [[51, "100%"], [40, "80%"]]}},
        {"award": {"mode": "graded", "grades": [[50, "100%"], [40, "80%"]]}},
    ),
    "band": (
        "priority.merit[2].band", "51", "50",
        {"priority": [{"kind": "coverage"}, {"kind": "merit", "band": 51}]},
        {"priority": [{"kind": "coverage"}, {"kind": "merit", "band": 50}]},
    ),
    "weights": (
        "priority.disadvantage[1].weights", "remote = 0, special_remote = 0", "0",
        {"priority": [{"kind": "disadvantage", "weights": {"remote": 0, "special_remote": 0}}]},
        {"priority": [{"kind": "disadvantage", "weights": {"remote": 0, "special_remote": 1}}]},
    ),
}  # fmt: skip


def with_(change: dict[str, Any]) -> dict[str, Any]:
    return {
        **BASE,
        **{
            key: {**BASE[key], **value} if isinstance(BASE.get(key), dict) else value
            for key, value in change.items()
        },
    }


def refused(change: dict[str, Any]) -> Problem:
    with pytest.raises(PolicyError) as error:
        make_policy(with_(change))
    [problem] = error.value.problems
    return problem


@pytest.mark.parametrize("name", OUT_OF_REACH)
def test_it_is_refused_with_its_key_and_what_would_work(name: str) -> None:
    key, value, works, wrong, _ = OUT_OF_REACH[name]
    problem = refused(wrong)
    assert (problem.code, problem.column, problem.value) == ("out_of_reach", key, value)
    assert works in problem.expected.zh and works in problem.expected.en


@pytest.mark.parametrize("name", OUT_OF_REACH)
def test_at_the_edge_it_is_fine(name: str) -> None:
    make_policy(with_(OUT_OF_REACH[name][4]))


def test_a_pool_of_nothing_may_be_meant() -> None:
    make_policy({"pool": {"amount": 0, "unit": 100}})


def test_settled_scores_have_no_full_marks() -> None:
    make_policy({**BASE, "review": {"minimum_merit": 500}})


def test_the_line_of_the_key_is_said(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(
        '[pool]\namount = 10_000\n[review]\ncriteria = { needs = 20 }\n[draw]\nseed = "s"\n'
        '[[priority]]\nkind = "coverage"\n[[priority]]\nkind = "merit"\nband = 25\n',
        "utf-8",
    )
    with pytest.raises(PolicyError) as error:
        read_policy(path)
    assert [p.row for p in error.value.problems] == [11]


@pytest.mark.parametrize("draw", ["", "[draw]\n", '[draw]\nseed = ""\n', '[draw]\nseed = " 　"\n'])
def test_a_policy_without_a_seed_is_told_what_to_write(tmp_path: Path, draw: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(f"[pool]\namount = 10_000\n{draw}", "utf-8")
    with pytest.raises(PolicyError) as error:
        read_policy(path)
    [problem] = error.value.problems
    assert (problem.code, problem.column) == ("blank_seed", "draw.seed")
    assert 'seed = "' in problem.hint.zh and 'seed = "' in problem.hint.en


def test_a_policy_made_in_memory_may_leave_the_draw_out_but_not_blank() -> None:
    make_policy({"pool": {"amount": 10_000}})
    assert refused({"draw": {"seed": "  "}}).code == "blank_seed"


# --- two keys that bound one thing ----------------------------------------------------------------

SPANNED = {place: rule for place, rule in registry().items() if rule.two_bounds is not None}
REST = {
    "school_cap": {"amount": 5_000, "column": "students"},
    "quota": {"column": "level", "value": "junior_high"},
}
NUMBERS = st.integers(0, 40)
SHARES = st.integers(0, 100).map("{}%".format)
DRAWN = {"deadline": st.dates(date(2014, 1, 1), date(2014, 3, 1)).map(str), "school_cap": NUMBERS}


def test_every_rule_with_two_bounds_of_one_thing_says_which_they_are() -> None:
    """Two keys of one kind that may be left open bound one thing, or say here that they do not."""
    for (section, kind), rule in registry().items():
        open_ended = Counter(
            str(key.type)
            for key in rule.own_keys()
            if key.default is None and "str" not in key.type
        )
        both = any(count > 1 for count in open_ended.values())
        assert both == (rule.two_bounds is not None), (section, kind)
    assert {kind for _, kind in SPANNED} == {"deadline", "quota", "school_cap"}


@pytest.mark.parametrize("place", SPANNED, ids=".".join)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_bounds_that_cross_are_refused_when_the_policy_is_read(
    place: tuple[str, str], data: st.DataObject
) -> None:
    section, kind = place
    span = SPANNED[place].two_bounds
    assert span is not None
    drawn = DRAWN[kind] if kind in DRAWN else data.draw(st.sampled_from([NUMBERS, SHARES]))
    least, most = data.draw(drawn), data.draw(drawn)
    entry = {"kind": kind, **REST.get(kind, {}), span.least: least, span.most: most}
    low, high = (int(v[:-1]) if str(v).endswith("%") else v for v in (least, most))
    if low > high or (kind == "school_cap" and low == high):
        problem = refused({section: [entry]})
        assert (problem.code, problem.column, problem.value) == (
            "contradiction",
            f"{section}.{kind}[1].{span.most}",
            str(most),
        )
        assert str(least) in problem.message.zh and str(least) in problem.message.en
    else:
        make_policy(with_({section: [entry]}))


@pytest.mark.parametrize(
    ("least", "most", "fits"),
    [(5, "0%", False), ("1%", 0, False), (0, "0%", True), (5, "1%", True), ("99%", 1, True)],
)
def test_a_number_and_a_share_cross_only_where_the_most_is_nothing(
    least: object, most: object, fits: bool
) -> None:
    entry = {"kind": "quota", **REST["quota"], "at_least": least, "at_most": most}
    if fits:
        make_policy(with_({"clause": [entry]}))
    else:
        assert refused({"clause": [entry]}).code == "contradiction"


def test_a_policy_put_together_in_python_holds_no_rule_that_contradicts_itself() -> None:
    policy = make_policy(with_({"clause": [{"kind": "quota", **REST["quota"], "at_most": 3}]}))
    crossed = replace(policy.clauses[-1], at_least=4)
    with pytest.raises(PolicyError) as error:
        replace(policy, clauses=(*policy.clauses[:-1], crossed))
    assert [problem.code for problem in error.value.problems] == ["contradiction"]


def test_all_that_crosses_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(
        '[pool]\namount = 1_000\n[draw]\nseed = "a"\n'
        '[[clause]]\nkind = "deadline"\nfirst = "2014-02-02"\nlast = "2014-02-01"\n'
        '[[clause]]\nkind = "fixed"\nfund = ["A1"]\nrefuse = ["A1"]\n',
        "utf-8",
    )
    with pytest.raises(PolicyError) as error:
        read_policy(path)
    assert [(p.row, p.column) for p in error.value.problems] == [
        (8, "clause.deadline[1].last"),
        (12, "clause.fixed[2].refuse"),
    ]
    assert error.value.problems[0].expected.en == "no earlier than first"
