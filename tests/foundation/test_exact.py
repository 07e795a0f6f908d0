"""Exact integer arrays: the functions that widen, and that nothing else multiplies or adds up.

`reading_code` reads the program for plain products and sums; here it is shown to see planted ones.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import accumulate
from typing import Any

import numpy as np
import pytest
from checks.reading_code import Package, findings, parsed
from helpers.places import ROOT
from hypothesis import example, given, strategies as st

from optimizer.foundation import exact
from optimizer.foundation.exact import (
    below,
    dot,
    floored,
    grouped,
    plus,
    running,
    share_of,
    sums,
    times,
    total,
    words,
)

PACKAGE = ROOT / "optimizer"
HOME, FREE = (
    "foundation/exact.py",
    ("solving/dynamic/", "solving/merging/"),
)  # where `Words` are made, and where they are added up

ALLOWED = {
    "invented/": "figures made up within fixed ranges",
    "invented/generate.py": "the same",
    "diagnose/levers/quota.py:_towards": "0 and 1 times tenths of a percentage point",
    "solving/model.py:_search": "ordinals of shares, called as awards are inside a comprehension",
    "reading/layout.py:_without_word": "ordinals of texts",
    "reading/reader.py:combine": "ordinals of texts",
    "explain/larger_requests.py:_stays": "packed worths, Python's own integers",
    "program/trial.py:changes": "lists of Python's own integers",
    "program/trial.py:largest": "lists of Python's own integers",
    "uncertainty/expected_rank.py": "floats of a model that decides nothing",
    "uncertainty/tables.py:frame": "per cents, for reading",
    "uncertainty/tables.py:rankogram": "the same",
    "desk/pages/knobs.py:_draw": "where on its track something is drawn",
    "pabulib/case_files.py:of": "fractions, one project at a time",
    "plain/": "Python's own integers, one application at a time",
    "clauses/budget_by_hand.py": "the same",
}


# ---- the code ---------------------------------------------------------------------------------


@cache
def code() -> dict[str, ast.Module]:
    return parsed(PACKAGE)


@cache
def package() -> Package:
    return Package(code())


def wrong(modules: dict[str, ast.Module]) -> list[str]:
    return [
        f"optimizer/{module}:{line} in {function}: {text}"
        for module, function, line, text in findings(package(), modules, HOME, FREE)
        if not f"{module}:{function}".startswith(tuple(ALLOWED))
    ]


def test_products_and_sums_are_taken_by_functions_that_widen() -> None:
    assert not wrong(code()), "use the functions of exact.py, or say why in ALLOWED"


PLANTED = [
    ("clauses/minimum_merit.py", "below(round_.merit, ", "(lambda *x: 0)(round_.merit * 3, "),
    ("clauses/minimum_points.py", "below(mean, ", "below(mean * least.denominator, "),
    ("clauses/own_funds.py", "times(own, least.denominator)", "own * least.denominator"),
    ("clauses/own_funds.py", "plus(own, ", "np.add.at(own, 0, 1), (own, "),
    ("clauses/bounded.py", "return plus(own, everyone), 0", "return np.dot(own, everyone), 0"),
    ("clauses/school_cap.py", "grouped(round_.most, round_.school, ",
     "np.bincount(round_.school, weights=round_.most, minlength="),
    ("clauses/soft_quota.py", "times(coefficients, factor)", "coefficients << factor"),
    ("clauses/budget.py", "running(wanted[order])", "np.cumsum(wanted[order])"),
    ("scoring/score.py", "sums(np.where(present, totals, 0), axis=1)",
     "np.where(present, totals, 0).sum(axis=1)"),
    ("scoring/marks.py", "sums(points, axis=1)", "points.sum(axis=1)"),
    ("scoring/marks.py", "grouped(column, application, size)",
     "np.bincount(application, weights=column, minlength=size)"),
    ("scoring/severity.py", "times(effects.hundredths, common // RESOLUTION)",
     "(effects.hundredths * (common // RESOLUTION))"),
    ("program/objectives.py", "times(ahead, -k)", "ahead * -k"),
    ("facts/certified.py", "total(self.decision.award)", "int(self.decision.award.sum())"),
    ("solving/dynamic/components.py", "times(program.least[rows.app[inside]], rows.coefficient[inside])",
     "program.least[rows.app[inside]] * rows.coefficient[inside]"),
    ("reading/stated_sums.py", "sums(points, axis=1)", "points.sum(axis=1)"),
    ("program/start.py", "total(np.maximum(objective.per_fund, 0))",
     "sum(np.maximum(objective.per_fund, 0) * 2)"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "right", "planted"), PLANTED)
def test_a_planted_product_or_sum_is_found(module: str, right: str, planted: str) -> None:
    text = (PACKAGE / module).read_text("utf-8")
    assert right in text
    assert wrong({module: ast.parse(text.replace(right, planted))})


def test_words_are_added_up_only_where_their_span_is_checked() -> None:
    planted = "def f(cost: Words, worth: Words) -> Words:\n    return cost + worth"
    assert wrong({"program/narrow.py": ast.parse(planted)}) == [
        "optimizer/program/narrow.py:2 in f: cost + worth"
    ]


# ---- the functions ----------------------------------------------------------------------------

EDGES = [0, 1, -1, 2**31, 2**53 + 1, 2**61, 2**62 - 1, -(2**62), 2**63 - 1, -(2**63), 2**63, 10**30]
NUMBERS = st.sampled_from(EDGES) | st.integers(-(10**20), 10**20) | st.integers(-100, 100)
ROWS = st.lists(NUMBERS, max_size=6)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6)


def held(numbers: Any) -> list[int]:
    """Return what an array holds, after a look at how it holds it."""
    assert numbers.dtype in (np.int64, object)
    found = numbers.ravel().tolist()
    assert all(isinstance(number, int) for number in found)
    if numbers.dtype == np.int64:
        assert sum(map(abs, found)) < 2**62
    return found


def array(numbers: list[int]) -> Any:
    """Hold numbers in 64 bits wherever each of them fits, whatever their sum."""
    fits = all(-(2**63) <= number < 2**63 for number in numbers)
    return np.array(numbers, dtype=np.int64 if fits else object)


@given(ROWS)
@example([2**63 + 1, -1])  # NumPy makes floats of these
@example([2**62 - 1, 2**62 - 1])
def test_exact_holds_what_it_is_given(numbers: list[int]) -> None:
    assert held(exact.exact(numbers)) == numbers
    assert held(exact.exact(array(numbers))) == numbers
    assert exact.largest(array(numbers)) == max(map(abs, numbers), default=0)


@pytest.mark.parametrize("given_", [[1.5], [2.0], np.array([1.0]), ["1"], [Fraction(1, 2)]])
def test_what_is_no_integer_is_refused(given_: Any) -> None:
    with pytest.raises(TypeError):
        exact.exact(given_)


@given(PAIRS, NUMBERS)
@example([(2**70, 0)], 0)  # a product that fits, of a number that does not
def test_products_and_sums_element_by_element(pairs: list[tuple[int, int]], number: int) -> None:
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    assert held(times(array(left), array(right))) == [a * b for a, b in pairs]
    assert held(times(array(left), number)) == [a * number for a in left]
    assert held(plus(array(left), array(right))) == [a + b for a, b in pairs]
    assert held(plus(array(left), number)) == [a + number for a in left]
    assert dot(array(left), array(right)) == sum(a * b for a, b in pairs)


@given(ROWS, st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_sums(numbers: list[int], groups: list[int]) -> None:
    row, group = array(numbers), np.array(groups[: len(numbers)], dtype=np.int64)
    assert total(row) == sum(numbers)
    assert held(sums(row[None, :], axis=1)) == [sum(numbers)]
    assert held(sums(row[None, :], axis=0)) == numbers
    assert held(running(row)) == list(accumulate(numbers))
    by = [sum(n for n, g in zip(numbers, groups, strict=False) if g == k) for k in range(4)]
    assert held(grouped(row, group, 4)) == by


@given(ROWS, st.fractions(max_denominator=10**18), st.integers(1, 10**18))
def test_shares_and_comparisons(numbers: list[int], share: Fraction, denominator: int) -> None:
    row = array(numbers)
    assert held(floored(row, denominator)) == [n // denominator for n in numbers]
    assert held(floored(row, 10**25)) == [n // 10**25 for n in numbers]
    assert held(share_of(row, share)) == [int(n * share // 1) for n in numbers]
    fewer = [Fraction(n, denominator) < share for n in numbers]
    assert below(row, denominator, share).tolist() == fewer


@pytest.mark.parametrize("function", [times, plus])
def test_truth_values_count_as_one(function: Callable[..., Any]) -> None:
    assert held(function(np.array([True, False]), 2**62)) == (
        [2**62, 0] if function is times else [2**62 + 1, 2**62]
    )


@given(ROWS)
def test_words_are_refused_where_64_bits_are_too_few(numbers: list[int]) -> None:
    if all(abs(number) < 2**62 for number in numbers):
        assert words(array(numbers)).tolist() == numbers
    else:
        with pytest.raises(OverflowError):
            words(array(numbers))
