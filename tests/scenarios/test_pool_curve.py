"""The curve of the pool: every pool's list is the one that a round of that pool has."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from helpers.results import small_case
from helpers.rounds import random_case, scored_of
from helpers.slow import first_quick, numbers

from optimizer import pool_curve
from optimizer.problems.errors import InfeasibleError, UsageError
from optimizer.scoring.build import build_program
from optimizer.solving.solve import solve


@pytest.mark.parametrize("number", first_quick(numbers(50, 14), 6))
def test_random_pools_agree_with_separate_solves(number: int) -> None:
    rng = random.Random(f"pool curve {number}")
    case = random_case(rng, 6, rng.choice((None, None, "partial", "graded")))
    unit = case.policy.settings.pool.unit
    try:
        found = pool_curve(case, (0, min(12_000, 400 * unit)))
    except InfeasibleError:
        return
    assert found.proved
    contingency = found.base.contingency
    for one in rng.sample(found.lists, min(4, len(found.lists))):
        policy = case.policy.with_(pool=one.pool + contingency)
        try:
            alone = solve(build_program(scored_of(case.under(policy)))).decision
        except InfeasibleError:
            assert one.decision is None
            continue
        assert one.decision == alone, (one.pool, one.source)


def test_a_row_says_what_a_unit_more_brings_and_to_whom() -> None:
    curve = pool_curve(small_case(), (0, 8_000))
    table = curve.frame.set_index("pool")
    assert list(table.index) == list(range(0, 8_001, 100))
    funded: set[str] = set()
    for pool, row in table.iterrows():
        if row["entering"] is not None and pool:
            funded = (funded | {*row["who_enters"].split("; ")}) - {*row["who_leaves"].split("; ")}
            funded -= {""}
            assert len(funded) == row["funded"]
        assert row["spent"] + row["left"] == pool
    base = curve.base
    assert funded != set() and table.loc[base.pool, "source"] == "certified"
    worth = table.loc[base.pool, "priority_exact.coverage"]
    assert Fraction(worth) == next(s.value for s in base.steps if s.goal == "coverage")
    assert {"table", "between", "solved"} & {*table["source"]} and "81 pools" in repr(curve)


def test_pools_are_those_around_the_policy_unless_others_are_asked_for() -> None:
    case = small_case(pool={"amount": 4_100, "unit": 100, "contingency": 100})
    pools = pool_curve(case).frame["pool"]
    assert pools.min() == 3_700 and pools.max() == 4_500 and 4_100 in set(pools)
    assert list(pool_curve(case, (3_000, 5_000, 750)).frame["pool"]) == [3_000, 3_700, 4_400]
    with pytest.raises(UsageError, match="smaller first"):
        pool_curve(case, (5_000, 4_000))
    with pytest.raises(UsageError):
        pool_curve(case, (3_000, 4_000, 0))


def test_few_pools_are_taken_where_most_would_have_to_be_solved() -> None:
    """Most lists of this round are tied, so that the table does not tell which it is."""
    case = small_case(pool={"amount": 4_100, "unit": 10})
    every, few = pool_curve(case, (3_690, 4_510)), pool_curve(case)
    assert len(every.lists) == 83 and 20 <= len(few.lists) <= 22
    assert 4_100 in set(few.frame["pool"])
    known = {one.pool: one.decision for one in every.lists}
    assert all(known[one.pool] == one.decision for one in few.lists)


def test_what_the_limit_leaves_open_is_said() -> None:
    curve = pool_curve(small_case(), time_limit=0)
    assert not curve.proved and "limit" in set(curve.frame["status"])
    assert curve.frame["spent"].isna().any()


def test_where_a_larger_pool_may_change_the_rules_every_pool_is_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = pool_curve(small_case(), (3_000, 4_500))
    assert {one.source for one in known.lists} & {"table", "between"}
    monkeypatch.setattr("optimizer.explain.restating.Restating.alike_for_pools", False)
    solved = pool_curve(small_case(), (3_000, 4_500))
    assert {one.source for one in solved.lists} == {"solved", "certified"}
    assert [one.decision for one in solved.lists] == [one.decision for one in known.lists]
