"""Results and errors as values: pickled without loss, equal by content, changed by nobody."""

from __future__ import annotations

import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from dataclasses import fields, is_dataclass
from functools import cache
from multiprocessing import get_context
from typing import Any

import numpy as np
import pandas as pd
import pytest
from checks.merits import reviewed
from helpers.results import small_allocation, small_case

import optimizer
from optimizer import (
    Scenario,
    Session,
    allocate,
    catalogue,
    compare,
    diff,
    frontier,
    generate_round,
    pool_curve,
    price_of_rules,
    prices,
    revise,
    robustness,
    sweep,
)
from optimizer.check import Check
from optimizer.diagnose import diagnose
from optimizer.foundation.frozen import same
from optimizer.language.text import Text
from optimizer.policy.changes import Changes
from optimizer.problems.errors import InfeasibleError, Problem, Severity, SubsidyError
from optimizer.scoring.agreement import agreement
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen

ALLOCATION = small_allocation()
HOPELESS = {"kind": "quota", "column": "district", "value": "中區", "at_least": 9}
TABLES = ("awards", "by_school", "by_district", "passed_over", "waitlist", "problems", "priorities")


def modules() -> Iterator[Any]:
    for module in pkgutil.walk_packages(optimizer.__path__, "optimizer."):
        if not module.name.endswith("__main__") and ".desk" not in module.name:
            yield importlib.import_module(module.name)


def exceptions() -> list[type[Exception]]:
    found = {
        item
        for module in modules()
        for item in vars(module).values()
        if inspect.isclass(item)
        and issubclass(item, Exception)
        and item.__module__.startswith("optimizer.")
    }
    return sorted(found, key=lambda item: f"{item.__module__}.{item.__name__}")


REVIEW = {"criteria": {"all": 100}}


@cache
def results() -> dict[str, Any]:
    case = ALLOCATION.case
    hopeless = small_case(clause=[HOPELESS])
    scored = score(screen(hopeless.records, hopeless.policy))
    comparison = compare(case, [Scenario("less", Changes({"pool.amount": 2_000}))])
    invented = generate_round(applications=12, schools=6, districts=3)
    return {
        "Allocation": ALLOCATION,
        "Case": case,
        "Policy": case.policy,
        "Records": case.records,
        "Scored": ALLOCATION.scored,
        "Comparison": comparison,
        "Difference": diff(ALLOCATION, small_allocation(pool={"amount": 2_000})),
        "Outcome": comparison.outcomes[1],
        "Scenario": Scenario("x", Changes({"pool.amount": 1}, drop=("priority.merit",))),
        "Check": Check((Problem(Severity.FLAG, "x", Text("甲", "a")),), 3, 2),
        "Rule": tuple(catalogue()),
        "Diagnosis": diagnose(scored),
        "Agreement": agreement(ALLOCATION.scored),
        "InventedRound": invented,
        "Session": Session(case),
        "Revision": revise(ALLOCATION, case),
        "Frontier": frontier(case),
        "PriceOfRules": price_of_rules(case),
        "PoolSteps": pool_curve(case),
        "PriceBook": prices(case),
        "Sweep": sweep(case, {"pool.amount": [2_000], "order": [["merit"]]}),
        "Robustness": robustness(
            reviewed({"A1": {"甲": [80], "乙": [90]}, "A2": {"甲": [70], "乙": [60]}}, REVIEW),
            draws=2,
        ),
    }


def made(kind: type[Exception]) -> Exception:
    if issubclass(kind, SubsidyError):
        return kind(
            Text("沒有任何分配", "none"),
            [Problem(Severity.ERROR, "pool", Text("甲", "a"), row=3, value="v")],
        )
    if "__init__" not in vars(kind):
        return kind()
    needed = [
        p
        for p in list(inspect.signature(kind).parameters.values())
        if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
    ]
    return kind(*(Text("甲", f"a{n}") for n, _ in enumerate(needed)))


@pytest.mark.parametrize("kind", exceptions(), ids=lambda kind: kind.__name__)
def test_every_exception_comes_back_from_pickling_as_it_was(kind: type[Exception]) -> None:
    error = made(kind)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and again.args == error.args
    assert vars(again) == vars(error) and str(again) == str(error)
    if isinstance(error, SubsidyError):
        assert again == error and hash(again) == hash(error) and again.say("zh-TW")
        assert again != kind(error.message)


@pytest.mark.parametrize("name", [
    "Allocation", "Case", "Policy", "Records", "Scored", "Comparison", "Outcome", "Scenario", "Difference",
    "Check", "Rule", "Diagnosis", "Agreement", "InventedRound", "Session", "Frontier", "PriceOfRules", "Sweep", "Robustness",
])  # fmt: skip
def test_every_result_comes_back_from_pickling_equal(name: str) -> None:
    value = results()[name]
    again = pickle.loads(pickle.dumps(value))
    assert again == value
    assert deepcopy(value) == value
    for holder in held(again):
        for inner in vars(holder).values():
            assert not (isinstance(inner, np.ndarray) and inner.flags.writeable), holder


def test_every_type_in_a_result_is_compared_by_content() -> None:
    """What holds arrays or tables cannot be compared as a plain dataclass is."""
    seen = {type(value) for result in results().values() for value in held(result)}
    assert len(seen) > 30
    exported = {getattr(optimizer, n) for n in optimizer.__all__}
    assert {item for item in exported if inspect.isclass(item)} <= seen


def held(value: Any, seen: set[int] | None = None) -> Iterator[Any]:
    """Yield every dataclass that a value is made of."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    if is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in fields(value):
            yield from held(vars(value)[field.name], seen)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from held(inner, seen)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from held(inner, seen)


def test_values_that_differ_in_one_cell_differ() -> None:
    frame = pd.DataFrame({"a": [1, 2]})
    assert same(frame, frame.copy()) and not same(frame, frame.assign(a=[1, 3]))
    assert not same(np.array([1]), np.array([1.0])) and not same({"a": [1]}, {"a": [2]})
    assert small_allocation() == ALLOCATION != small_allocation(draw={"seed": "another"})
    other = small_case()
    table = other.records.applications
    table.loc[0, "requested"] = 1
    assert other == small_case()


def _try(clauses: list[dict[str, Any]]) -> Any:
    return allocate(small_case(clause=clauses))


@pytest.mark.slow
def test_results_and_errors_come_through_a_pool_of_processes() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        good, bad = pool.submit(_try, []), pool.submit(_try, [HOPELESS])
        assert good.result() == _try([])
        with pytest.raises(InfeasibleError) as caught:
            bad.result()
    with pytest.raises(InfeasibleError) as here:
        _try([HOPELESS])
    assert caught.value == here.value and caught.value.problems


def test_a_policy_cannot_be_changed_through_what_it_holds() -> None:
    document: dict[str, Any] = {"amount": 5_000, "unit": 100}
    own = {"pool": document, "priority": [{"kind": "disadvantage", "weights": {"remote": 1}}]}
    policy = optimizer.make_policy(own)
    before = deepcopy(policy.document)
    document["amount"] = 1
    own["priority"].append({})  # type: ignore[attr-defined]
    assert policy.document == before
    (rule,) = policy.priorities
    review = ALLOCATION.case.policy.settings.review
    for change in (
        lambda: policy.document.__setitem__("pool", {}),  # type: ignore[attr-defined]
        lambda: policy.document["pool"].update(amount=1),
        lambda: policy.document["priority"].append({}),
        lambda: policy.document["priority"][0].pop("kind"),
        lambda: rule.weights.clear(),  # type: ignore[attr-defined]
        lambda: review.criteria.setdefault("x", 1),  # type: ignore[attr-defined]
        lambda: Changes({"pool.amount": 1}).values.update({}),  # type: ignore[attr-defined]
    ):
        with pytest.raises(TypeError, match="frozen"):
            change()
    assert policy == optimizer.make_policy(before)


@pytest.mark.parametrize("name", TABLES)
def test_what_is_done_to_a_table_is_not_done_to_the_result(name: str) -> None:
    kept = getattr(ALLOCATION, name).copy(deep=True)
    mine = getattr(ALLOCATION, name)
    mine.iloc[0, 0] = None
    mine.columns = [f"x{n}" for n in range(mine.shape[1])]
    pd.testing.assert_frame_equal(getattr(ALLOCATION, name), kept)


def test_no_array_table_or_summary_of_a_result_can_be_changed() -> None:
    spent, requested = ALLOCATION.spent, ALLOCATION.case.records.applications["requested"].sum()
    for array in (ALLOCATION.decision.award, ALLOCATION.scored.round.merit, ALLOCATION.draw_order):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    applications = ALLOCATION.case.records.applications
    applications["requested"] = 0
    ALLOCATION.summary["pool"]["spent"] = 0
    assert ALLOCATION.summary["pool"]["spent"] == ALLOCATION.spent == spent
    assert ALLOCATION.case.records.applications["requested"].sum() == requested
