"""Junk of every type, thrown at every public function and table: only the program's own errors."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from checks.merits import reviewed
from helpers.explaining import explanations_of
from helpers.places import ROOT
from helpers.results import small_allocation, small_case
from hypothesis import given, settings, strategies as st

import optimizer
from optimizer import (
    Allocation,
    Case,
    Comparison,
    Difference,
    Policy,
    Scenario,
    allocate,
    compare,
    make_policy,
    prices,
    revise,
    robustness,
    sweep,
)  # fmt: skip
from optimizer.clauses import Quota, SchoolCap
from optimizer.problems.errors import SubsidyError, UsageError

CASE, ALLOCATION = small_case(), small_allocation()
SAID = explanations_of(ALLOCATION)[:1]
REVISION = revise(ALLOCATION, CASE)
REVIEWED = reviewed({"A1": {"甲": [80]}, "A2": {"甲": [70]}}, {"criteria": {"all": 100}})
FIRM = robustness(REVIEWED, draws=1, ways=["bootstrap"])
PRICES = prices(CASE, pools=(1_000, 1_000), points=2)
POLICY = {"pool": {"amount": 900_000, "unit": 100}}
ITSELF: dict[str, Any] = {}
ITSELF["itself"] = ITSELF
DEEP: dict[str, Any] = {}
for _ in range(5_000):
    DEEP = {"a": DEEP}
# enough to be called, and quick if one argument of it is junk
VALID: dict[str, dict[str, Any]] = {
    "allocate": {"case": CASE},
    "catalogue": {},
    "check_case": {"path": "case"},
    "clause": {"rule": int},
    "compare": {"case": CASE, "scenarios": [Scenario("a")]},
    "copy_templates": {"target": "templates"},
    "frontier": {"case": CASE, "points": 2},
    "pool_curve": {"case": CASE, "pools": (1_000, 1_000)},
    "price_of_rules": {"case": CASE},
    "prices": {"case": CASE, "pools": (1_000, 1_000), "points": 2},
    "robustness": {"case": REVIEWED, "draws": 1, "ways": ("leave_one_out",)},
    "diff": {"base": ALLOCATION, "other": ALLOCATION},
    "generate": {"target": "invented", "applications": 3, "schools": 2, "districts": 1},
    "generate_round": {"applications": 3, "schools": 2, "districts": 1},
    "import_pb": {"file": ROOT / "data/participatory/town.pb", "target": "town"},
    "make_policy": {"document": POLICY},
    "new_case": {"target": "new"},
    "read_case": {"path": "case"},
    "read_policy": {"path": "case/policy.toml"},
    "read_scenarios": {"path": "case/scenarios.toml"},
    "reopen": {"folder": "result", "case": CASE},
    "revise": {"published": ALLOCATION, "case": CASE},
    "batch": {"cases": ["case"], "target": "many", "parts": ()},
    "sweep": {"case": CASE, "axes": {"pool.amount": [1_000]}},
    "verify_result": {"folder": "result", "case": CASE},
    "write_comparison": {"comparison": compare(CASE, []), "target": "compared"},
    "write_sweep": {"sweep": sweep(CASE, {"pool.amount": [1_000]}), "target": "swept"},
    "write_letters": {"allocation": ALLOCATION, "explanations": SAID, "folder": "letters"},
    "write_revision": {"revision": REVISION, "target": "revised"},
    "write_prices": {"book": PRICES, "target": "priced"},
    "write_robustness": {"found": FIRM, "target": "firm"},
    "write_result": {"allocation": ALLOCATION, "target": "result", "parts": ()},
}
NUMBERS = st.sampled_from((-1, 0, 10**30, -(10**30), True, 0.5, 1e300, float("nan"), float("inf")))
OTHERS = (
    None, b"bytes", "", "x" * 5_000, "a/" * 5_000, "a\0b", "\ud800", "\udcff", "..", ".",
    Path(), Path("a\0b"), Decimal("NaN"), Decimal("1e999999"), Fraction(1, 3), 1j, object(),
    date(103, 1, 1), datetime.min, np.int64(-3), np.float64("nan"), np.array([1, 2]), np.array("a"),
    pd.NA, pd.NaT, pd.Timestamp(0), pd.DataFrame(), pd.DataFrame({"school_id": [1]}), pd.Series([1]),
    ITSELF, [ITSELF], {1: 2}, {"pool": {1: 2}}, {"pool": ITSELF}, {"a": np.nan}, range(3),
    CASE, CASE.policy, CASE.records, ALLOCATION, Scenario("a"), frozenset({1}),
)  # fmt: skip
JUNK = st.recursive(
    NUMBERS | st.sampled_from(OTHERS) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
        | st.dictionaries(st.sampled_from(("pool", "clause", "draw", "kind")), inner, max_size=2)
    ),
    max_leaves=4,
)
PLACES = [
    (name, argument)
    for name in optimizer.__all__
    if inspect.isfunction(getattr(optimizer, name))
    for argument in inspect.signature(getattr(optimizer, name)).parameters
]


@pytest.fixture(autouse=True, scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let what is written by chance land in a folder of its own."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("junk"))
    yield
    os.chdir(before)


def said(error: SubsidyError) -> None:
    for text in (error.say("zh-TW"), error.say("en")):
        assert len(text) > 10 and "Traceback" not in text and "object at 0x" not in text


def test_every_public_function_is_thrown_at() -> None:
    assert {name for name, _ in PLACES} == set(VALID)


@pytest.mark.parametrize(("name", "argument"), PLACES)
@settings(max_examples=15, deadline=None)
@given(junk=JUNK)
def test_junk_for_one_argument_is_taken_or_refused_in_words(
    name: str, argument: str, junk: Any
) -> None:
    try:
        getattr(optimizer, name)(**{**VALID[name], argument: junk})
    except SubsidyError as error:
        said(error)


@pytest.mark.parametrize("name, argument", PLACES)
def test_each_kind_of_junk_is_taken_or_refused_in_words(name: str, argument: str) -> None:
    for junk in (*OTHERS, DEEP):
        try:
            getattr(optimizer, name)(**{**VALID[name], argument: junk})
        except SubsidyError as error:
            said(error)


SCHOOL, APPLICATION, MARK = (
    pd.DataFrame({"school_id": ["1"], "name": "甲", "district": "中區", "level": "elementary"}),
    pd.DataFrame({"application_id": ["A"], "school_id": "1", "title": "甲", "requested": 1}),
    pd.DataFrame({"application_id": ["A"], "reviewer": "甲", "needs": 1}),
)
FRAMES = {"schools": SCHOOL, "applications": APPLICATION, "reviews": MARK, "policy": POLICY}
METHODS: dict[str, Callable[[Any], Any]] = {
    "under": CASE.under,
    "with_": lambda junk: CASE.policy.with_(pool=junk, **{"clause.school_cap.amount": junk}),
    "with_ key": lambda junk: CASE.policy.with_(
        **{junk if isinstance(junk, str) else "priority.merit.band": junk}
    ),
    "without": CASE.policy.without,
    "add": CASE.policy.add,
    "add of junk": lambda junk: CASE.policy.add(
        Quota(column=junk, value=junk, at_least=junk, name=junk), SchoolCap(amount=junk)
    ),
    "ordered": CASE.policy.ordered,
    "changed": CASE.policy.changed,
    **{
        f"from_frames {name}": lambda junk, name=name: Case.from_frames(**{**FRAMES, name: junk})
        for name in (*FRAMES, "budget_lines", "meetings")
    },
    "from_frames cell": lambda junk: Case.from_frames(
        **{**FRAMES, "schools": SCHOOL.assign(name=pd.Series([junk], dtype=object))}
    ),
}


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15, deadline=None)
@given(junk=JUNK)
def test_junk_for_a_method_is_taken_or_refused_in_words(method: str, junk: Any) -> None:
    try:
        METHODS[method](junk)
    except SubsidyError as error:
        said(error)


@pytest.mark.parametrize("method", METHODS)
def test_each_kind_of_junk_for_a_method_is_taken_or_refused_in_words(method: str) -> None:
    for junk in (*OTHERS, DEEP):
        try:
            METHODS[method](junk)
        except SubsidyError as error:
            said(error)


@pytest.mark.parametrize("kind", [Case, Policy, Allocation, Comparison, Difference, Scenario])
@settings(max_examples=25, deadline=None)
@given(junk=st.lists(JUNK, min_size=5, max_size=5))
def test_no_public_type_is_made_of_junk(kind: Any, junk: list[Any]) -> None:
    needed = [p for p in inspect.signature(kind).parameters.values() if p.default is p.empty]
    try:
        kind(*junk[: len(needed)])
    except SubsidyError as error:
        said(error)


@pytest.mark.parametrize(("path", "why"), [("", "not empty"), ("a\0b", "NUL")])
def test_a_path_that_no_system_has_is_refused_by_the_argument(path: str, why: str) -> None:
    for name, argument in PLACES:
        if argument in ("path", "target", "folder", "policy"):
            with pytest.raises(UsageError) as caught:
                getattr(optimizer, name)(**{**VALID[name], argument: path})
            assert why in str(caught.value) and f"{name}({argument}=…)" in str(caught.value)


# ---- tables changed in memory ------------------------------------------------------------------

CELLS = (-1, 10**6, 10**30, 0.5, float("nan"), "80", "", None, pd.NA, ("a",), (1,), Decimal("1"), True,
         Fraction(-1, 2), Fraction(1, 2), date(2014, 2, 1), object(), np.int64(-2), b"a")  # fmt: skip
COLUMNS = [
    (table, column)
    for table in ("schools", "applications")
    for column in getattr(CASE.records, table).columns
]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_cell_of_a_wrong_kind_is_refused_with_its_place(table: str, column: str) -> None:
    refused = 0
    for cell in CELLS:
        changed = getattr(CASE.records, table).copy()
        cells = list(changed[column])
        cells[1] = cell
        changed[column] = pd.Series(cells, dtype=object)
        try:
            allocate(replace(CASE, records=replace(CASE.records, **{table: changed})))
        except UsageError as error:
            refused += 1
            assert "Case(records=…)" in str(error) and f"{table}" in str(error)
            assert column in str(error) and "row 1 " in str(error)
            said(error)
        except SubsidyError as error:
            said(error)
    assert refused


@pytest.mark.parametrize(
    "table", ["schools", "applications", "reviews", "budget_lines", "meetings"]
)
@pytest.mark.parametrize(
    "junk", [1, "a", [1], {}, pd.DataFrame(), pd.DataFrame({"a": [1]}), pd.Series([1])]
)
def test_junk_for_a_table_is_refused(table: str, junk: Any) -> None:
    try:
        allocate(replace(CASE, records=replace(CASE.records, **{table: junk})))
    except SubsidyError as error:
        said(error)
        assert not isinstance(error, UsageError) or "Case(records=…)" in str(error)
    else:
        assert isinstance(junk, pd.DataFrame)


def test_a_float_that_is_no_number_is_not_recommended() -> None:
    for number in (float("nan"), float("inf")):
        with pytest.raises(SubsidyError, match="write a finite number"):
            make_policy({**POLICY, "review": {"minimum_merit": number}})
