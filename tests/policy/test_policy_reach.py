"""Values of a policy that can never work are refused, with the key, the value and what would work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
