"""What was made or changed in memory: nothing passes that the content of the case does not say."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers.results import small_allocation, small_case
from hypothesis import example, given, strategies as st

from optimizer.case.digest import dotted, policy_keys
from optimizer.clauses.minimum_merit import MinimumMerit
from optimizer.clauses.pool import PoolLimit
from optimizer.clauses.quota import Quota
from optimizer.foundation.frozen import frozen
from optimizer.policy.policy import Policy, implied, make_policy
from optimizer.problems.errors import PolicyError

# ---- the rules that always apply -----------------------------------------------------------------


def without_all(policy: Policy) -> dict[str, Any]:
    return {"clauses": ()}


def with_more_money(policy: Policy) -> dict[str, Any]:
    _, *others = policy.clauses
    return {"clauses": (PoolLimit(amount=99_000), *others)}


def with_a_second_pool(policy: Policy) -> dict[str, Any]:
    return {"clauses": (*policy.clauses, PoolLimit(amount=99_000))}


def with_less_merit(policy: Policy) -> dict[str, Any]:
    pool, _, *others = policy.clauses
    return {"clauses": (pool, MinimumMerit(points=implied(policy.settings)[1].points - 1), *others)}  # type: ignore[attr-defined]


def with_other_tables(policy: Policy) -> dict[str, Any]:
    settings = policy.settings
    return {"settings": replace(settings, pool=replace(settings.pool, amount=99_000))}


@pytest.mark.parametrize(
    "change",
    [without_all, with_more_money, with_a_second_pool, with_less_merit, with_other_tables],
)
def test_no_policy_can_be_made_that_leaves_the_pool_or_the_minimum_merit_out(change: Any) -> None:
    policy = small_case().policy
    with pytest.raises(PolicyError, match="always apply"):
        replace(policy, **change(policy))


def test_other_rules_can_be_left_out_and_that_is_told() -> None:
    case = small_case()
    few = replace(case.policy, clauses=implied(case.policy.settings))
    told = case.under(few).content.policy
    assert {key for key in case.content.policy if key not in told} >= {"clause.school_cap"}


# ---- what is frozen ------------------------------------------------------------------------------


def arrays(value: Any, seen: set[int] | None = None) -> Iterator[np.ndarray[Any, Any]]:
    """Yield every array inside a value of the program, however deep."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, np.ndarray):
        yield value
    parts: Any = ()
    if isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, list | tuple):
        parts = value
    elif type(value).__module__.startswith("optimizer") and hasattr(value, "__dict__"):
        parts = vars(value).values()
    for part in list(parts):
        yield from arrays(part, seen)


@pytest.mark.parametrize("again", [lambda a: a, copy.copy, lambda a: pickle.loads(pickle.dumps(a))])
def test_no_array_of_an_allocation_can_be_made_writable(again: Any) -> None:
    allocation = again(small_allocation())
    found = list(arrays(allocation))
    assert any(array is allocation.decision.award for array in found) and len(found) > 5
    for array in [*found, allocation.merit_points, allocation.draw_order]:
        for one in (array, array[:1], array.base):
            if isinstance(one, np.ndarray) and not one.dtype.hasobject:
                with pytest.raises(ValueError):
                    one.setflags(write=True)


def test_no_table_of_an_allocation_can_be_written_through() -> None:
    allocation = small_allocation()
    for name in ("awards", "by_school", "by_district", "waitlist", "priorities"):
        right = getattr(allocation, name).copy(deep=True)
        for column in right.columns:
            cells = getattr(allocation, name)[column].to_numpy()
            cells.setflags(write=True)
            cells[0] = cells[-1]
        assert getattr(allocation, name).equals(right), name


@pytest.mark.parametrize(
    "array",
    [np.arange(6).reshape(2, 3), np.zeros(0, dtype=bool), np.array(["a", "bb"]), np.arange(9)[::2]],
)
def test_a_frozen_array_says_the_same_and_is_not_its_source(array: np.ndarray[Any, Any]) -> None:
    kept = frozen(array)
    assert np.array_equal(kept, array) and (kept.dtype, kept.shape) == (array.dtype, array.shape)
    assert frozen(kept) is kept and not np.shares_memory(kept, array)
    assert copy.deepcopy(kept).flags.writeable


def test_what_a_case_says_cannot_be_written_over() -> None:
    case = small_case()
    assert case.as_read is not None
    for content in (case.content, case.as_read):
        for kept in (content.policy, content.tables[0].columns):
            with pytest.raises(TypeError, match="frozen value"):
                kept["pool.amount"] = "1"  # type: ignore[index]


# ---- keys that cannot collide --------------------------------------------------------------------

PARTS = st.lists(st.text(alphabet='a."\\[', max_size=4), min_size=1, max_size=4).map(tuple)


@given(PARTS, PARTS)
@example(("a", "b.c"), ("a.b", "c"))
@example(("a", '"b'), ("a", '"\\"b"'))
def test_two_places_never_have_one_key(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (dotted(one) == dotted(other)) == (one == other)
    assert parts_of(dotted(one)) == one


def parts_of(key: str) -> tuple[str, ...]:
    """Take a key apart again."""
    parts, rest = [], "." + key
    while rest:
        rest = rest[1:]
        if rest.startswith('"'):
            part, end = json.JSONDecoder().raw_decode(rest)
        else:
            part, end = rest.split(".")[0], len(rest.split(".")[0])
        parts.append(part)
        rest = rest[end:]
    return tuple(parts)


def cap(name: str, **keys: Any) -> dict[str, Any]:
    return {"kind": "school_cap", "amount": 5_000, "name": name, **keys}


def test_the_name_of_one_rule_is_not_the_key_of_another() -> None:
    both = [cap("x", reference="school_cap"), {"kind": "programme", "name": "x.reference"}]
    said = policy_keys(make_policy({"pool": {"amount": 9}, "clause": both}))
    assert said["clause.x.reference"] == "school_cap"
    assert said['clause."x.reference"'] == "programme"


def test_a_share_is_told_from_a_number_by_its_type() -> None:
    def keys(bound: Any) -> dict[str, str]:
        quota = {"kind": "quota", "column": "level", "value": "junior_high", "at_least": bound}
        return policy_keys(make_policy({"pool": {"amount": 9}, "clause": [quota]}))

    (one, whole) = (keys(1), keys("100%"))
    assert {one[k] for k in one if one[k] != whole[k]} == {"1"}
    assert {whole[k] for k in one if one[k] != whole[k]} == {"100%"}
    assert Quota.kind == "quota"
