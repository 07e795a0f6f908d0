"""Arguments of public functions: refused in one sentence, or taken for the number that they are."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pytest
from helpers.results import small_allocation, small_case
from hypothesis import given, strategies as st

import optimizer
from optimizer import Scenario, allocate, compare, make_policy, read_case, read_policy
from optimizer.policy.changes import Changes
from optimizer.policy.document import exact_numbers
from optimizer.problems.arguments import Seconds, Threads, Unfit, fitting
from optimizer.problems.errors import CaseError, PolicyError, SubsidyError, UsageError

FUNCTIONS = [
    function
    for name in optimizer.__all__
    if inspect.isfunction(function := getattr(optimizer, name))
]
NEVER = object()  # of no type that any argument has
CASE, ALLOCATION = small_case(), small_allocation()
TWICE = [Scenario("a"), Scenario("a")]
WRONG: dict[str, tuple[Callable[[], Any], str, str, str]] = {
    # what is called: the argument, what was given, what is possible
    "solver": (lambda: allocate(CASE, "gurobi"), "allocate(solver", "'gurobi'", "highs"),  # type: ignore[arg-type]
    "threads": (lambda: allocate(CASE, threads=0), "allocate(threads", "0", "from 1 to 1024"),
    "threads as a float": (
        lambda: allocate(CASE, threads=2.0),  # type: ignore[arg-type]
        "allocate(threads",
        "2.0",
        "write 2",
    ),
    "no threads": (lambda: allocate(CASE, threads=True), "allocate(threads", "True", "whole"),
    "limit": (lambda: allocate(CASE, time_limit=-1), "allocate(time_limit", "-1", "at least 0"),
    "nan": (lambda: allocate(CASE, time_limit=float("nan")), "time_limit", "nan", "finite"),
    "inf": (lambda: allocate(CASE, time_limit=float("inf")), "time_limit", "inf", "finite"),
    "text": (lambda: allocate(CASE, time_limit="10"), "time_limit", "'10'", "number"),  # type: ignore[arg-type]
    "true": (lambda: allocate(CASE, time_limit=True), "time_limit", "True", "number"),
    "language": (
        lambda: allocate(CASE, language="english"),  # type: ignore[arg-type]
        "allocate(language",
        "'english'",
        "zh-TW, en",
    ),
    "a path for a case": (lambda: allocate("data"), "allocate(case", "'data'", "read_case"),  # type: ignore[arg-type]
    "part": (
        lambda: optimizer.write_result(ALLOCATION, "nowhere", parts=["figure"]),  # type: ignore[list-item]
        "write_result(parts",
        "'figure'",
        "did you mean figures",
    ),
    "one text for a list": (
        lambda: optimizer.write_result(ALLOCATION, "nowhere", parts="figures"),  # type: ignore[arg-type]
        "write_result(parts",
        "'figures'",
        "a list of workbooks, published, figures, report, record",
    ),
    "one text to drop": (
        lambda: Changes(drop="priority.coverage"),  # type: ignore[arg-type]
        "Changes(drop",
        "'priority.coverage'",
        "['priority.coverage']",
    ),
    "names twice": (lambda: compare(CASE, TWICE), "compare(scenarios", "['a', 'a']", "twice: a"),
    "text for scenarios": (lambda: compare(CASE, "ab"), "compare(scenarios", "'ab'", "a list"),  # type: ignore[arg-type]
    "a kind": (lambda: optimizer.catalogue("quotas"), "catalogue(kind", "quotas", "quota"),
    "a format": (
        lambda: optimizer.new_case("nowhere", format="pdf"),  # type: ignore[arg-type]
        "new_case(format",
        "'pdf'",
        "csv, xlsx, ods",
    ),
    "another policy": (lambda: CASE.under("x"), "Case.under(policy", "'x'", "a Policy"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_named_with_what_was_given_and_what_is_possible(name: str) -> None:
    call, argument, given_, possible = WRONG[name]
    with pytest.raises(UsageError) as caught:
        call()
    for language in ("zh-TW", "en"):
        said = caught.value.say(language)  # type: ignore[arg-type]
        assert argument in said and given_ in said
        assert said.count("\n") == 0
    assert possible in caught.value.say("en")
    assert not Path("nowhere").exists()


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_every_public_function_refuses_every_argument_of_a_wrong_type(function: Any) -> None:
    """All at once: one call with nothing right names each argument that it has a type for."""
    hints = get_type_hints(function)
    typed = [n for n in inspect.signature(function).parameters if hints[n] is not Any]
    with pytest.raises(UsageError) as caught:
        function(**dict.fromkeys(inspect.signature(function).parameters, NEVER))
    for name in typed:
        assert f"{function.__name__}({name}=…)" in str(caught.value), name


def test_the_public_functions_are_the_ones_that_check() -> None:
    assert len(FUNCTIONS) >= 12
    assert all(hasattr(function, "__wrapped__") for function in FUNCTIONS)


def test_a_path_that_is_not_there_is_named_whole(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no case at wrong"):
        read_case("wrong")
    (tmp_path / "wrongs").mkdir()
    with pytest.raises(CaseError, match=r"no case at .*/wrong\. Did you mean .*/wrongs\?"):
        read_case(tmp_path / "wrong")
    for call in (read_case, optimizer.check_case):
        with pytest.raises(CaseError, match="deeper/wrong"):
            call(tmp_path / "deeper" / "wrong")
    with pytest.raises(PolicyError, match=r"deeper/policy\.toml"):
        read_policy(str(tmp_path / "deeper" / "policy.toml"))


POOL: dict[str, Any] = {"pool": {"amount": 900_000, "unit": 100}}


@pytest.mark.parametrize("make", [int, np.int64, np.int32, Decimal, Fraction])
def test_whole_numbers_of_any_exact_type_are_numbers(make: Any) -> None:
    document = {
        "pool": {"amount": make(900_000), "unit": make(100)},
        "review": {"minimum_merit": make(70), "trim": make(2)},
        "clause": [{"kind": "school_cap", "amount": make(5_000)}],
        "priority": [{"kind": "disadvantage", "weights": {"remote": make(2)}}],
    }
    policy = make_policy(document)
    assert policy == make_policy(exact_numbers(document))
    assert policy.settings.pool.amount == 900_000 and type(policy.settings.pool.amount) is int
    after = policy.changed(Changes({"pool.amount": make(800_000)}))
    assert after.settings.pool.amount == 800_000
    assert allocate(CASE, time_limit=make(60), threads=make(1)).status == "optimal"


@given(st.decimals(0, 100, allow_nan=False, places=18))
def test_decimals_and_fractions_are_kept_exactly(number: Decimal) -> None:
    for given_ in (number, Fraction(number), format(number, "f")):
        policy = make_policy({**POOL, "review": {"minimum_merit": given_}})
        assert policy.settings.review.minimum_merit == Fraction(number)


@pytest.mark.parametrize(
    ("value", "write"),
    [(66.5, 'Decimal("66.5")'), (70.0, "write 70"), (np.float64(0.1), 'Decimal("0.1")')],
)
def test_a_float_in_a_policy_is_refused_with_what_to_write(value: Any, write: str) -> None:
    document = {**POOL, "review": {"minimum_merit": value}}
    with pytest.raises(PolicyError) as caught:
        make_policy({**document, "clause": [{"kind": "school_cap", "amount": 1.5}]})
    problem, cap = caught.value.problems
    assert cap.column == "clause[1].amount" and cap.code == "inexact"
    assert problem.column == "review.minimum_merit" and write in problem.say("en")
    with pytest.raises(PolicyError, match="float is not exact"):
        make_policy(POOL).changed(Changes({"review.minimum_merit": value}))


@given(st.one_of(st.floats(), st.integers(), st.booleans(), st.text(), st.none()))
def test_numbers_are_taken_or_refused_and_nothing_else_happens(value: Any) -> None:
    for kind, fits in ((Threads, type(value) is int and 1 <= value <= 1024),):
        try:
            assert fitting(value, kind) == value and fits
        except Unfit:
            assert not fits
    try:
        assert fitting(value, Seconds) >= 0 and type(value) in (int, float)
    except Unfit:
        assert type(value) not in (int, float) or not 0 <= value < 10**308


def test_errors_name_the_call_and_no_file_that_is_not_there() -> None:
    with pytest.raises(PolicyError) as made:
        make_policy({"pool": {"amount": -1}})
    with pytest.raises(PolicyError) as compared:
        compare(CASE, [Scenario("x", Changes({"pool.amonut": 1}))])
    rule = {"kind": "quota", "column": "nowhere", "value": "x", "at_least": 1}
    with pytest.raises(SubsidyError) as unfit:
        allocate(CASE.under(make_policy({**POOL, "clause": [rule]})))
    for caught in (made, compared, unfit):
        assert "policy.toml" not in str(caught.value)
        assert "scenarios.toml" not in str(caught.value)
    assert "make_policy(document=…)" in str(made.value) and "Scenario[x]" in str(compared.value)
