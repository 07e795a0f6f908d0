"""Numbers are numbers in every public table, sort as numbers, and decide nothing."""

from __future__ import annotations

import ast
import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.results import edit_rows, reseal, small_allocation, small_case
from hypothesis import given, strategies as st

import optimizer
from optimizer import Scenario, compare, verify_result, write_result
from optimizer.policy.changes import Changes
from optimizer.report.csv_tables import to_csv
from optimizer.result.dtypes import exact_text, rounded

ALLOCATION = small_allocation()
COMPARISON = compare(ALLOCATION.case, [Scenario("x", Changes({"pool.amount": 2_000}))])
TABLES = {
    name: getattr(ALLOCATION, name)
    for name in (
        "awards",
        "by_school",
        "by_district",
        "passed_over",
        "waitlist",
        "problems",
        "priorities",
    )
} | {"totals": COMPARISON.totals, "changes": COMPARISON.changes}
NUMBERS = {
    "Int64": "rank requested admissible award awarded schools applications eligible funded "
    "row pool spent left districts_covered disadvantaged_funded passed_over lost_to_sister "
    "worse_funded comes_at",
    "Float64": "merit merit_total bound gap mean_merit merit_of_money lowest_funded "
    "highest_not_funded",
    "category": "level district disadvantage status certainty reason_code severity code covered",
    "str": "application_id school_id title name reason merit_exact value_exact bound_exact cause "
    "condition",
    "bool": "proved",
}
KIND = {column: dtype for dtype, names in NUMBERS.items() for column in names.split()}
COLUMNS = (
    "application_id,school_id,level,district,title,merit,merit_exact,rank,status,requested,"
    "admissible,award,certainty,reason_code,reason"
)


@pytest.mark.parametrize("name", TABLES)
def test_every_column_holds_what_its_name_says(name: str) -> None:
    table = TABLES[name]
    for column, dtype in table.dtypes.items():
        assert str(dtype) != "object", column
        wanted = KIND.get(str(column))
        if str(column).startswith("award: "):
            wanted = "Int64"
        if str(column).startswith("priority."):
            wanted = "Float64"
        assert str(dtype) == (wanted or str(dtype)), column
        assert wanted or str(dtype) in ("str", "Float64"), column


def test_the_order_of_columns_and_rows_is_fixed() -> None:
    awards = TABLES["awards"]
    assert ",".join(awards.columns) == COLUMNS
    assert awards["application_id"].is_monotonic_increasing
    assert awards.index.equals(pd.RangeIndex(len(awards)))
    for name, values in {
        "status": ["funded", "not_funded", "ineligible"],
        "certainty": ["every", "some", "none"],
    }.items():
        assert list(awards[name].cat.categories) == values and awards[name].cat.ordered


def test_ranks_sort_as_numbers() -> None:
    rows = [
        {"application_id": f"A{n}", "school_id": "064602", "merit": 100 - n, "requested": 100}
        for n in range(1, 13)
    ]
    from helpers.rounds import make_case

    table = optimizer.allocate(
        make_case(rows, [{"school_id": "064602", "district": "東區"}])
    ).awards
    assert table.sort_values("rank")["rank"].to_list() == list(range(1, 13))
    assert table.sort_values("merit", ascending=False)["rank"].to_list() == list(range(1, 13))


def test_a_csv_read_back_by_pandas_sorts_and_compares() -> None:
    awards = TABLES["awards"]
    read = pd.read_csv(io.BytesIO(to_csv(awards)), dtype={"school_id": str, "merit_exact": str})
    for column in ("rank", "requested", "admissible", "award"):
        assert read[column].astype("Int64").equals(awards[column]), column
    exact = [Fraction(text) for text in read["merit_exact"]]
    scores = ALLOCATION.scored.scores
    assert exact == [Fraction(int(m), scores.denominator) for m in scores.merit]
    assert [float(value) for value in exact] == awards["merit"].to_list()
    assert (abs(read["merit"] - awards["merit"]) <= 0.005 + 1e-9).all()
    order = read.sort_values("rank", kind="stable")["application_id"].to_list()
    assert order == awards.sort_values("rank", kind="stable")["application_id"].to_list()
    assert read.loc[1, "merit"] == 82.33 and read.loc[1, "merit_exact"] == "247/3"
    totals = pd.read_csv(io.BytesIO(to_csv(COMPARISON.totals)))
    for column in ("spent", "left", "funded", "merit_total", "priority.balance"):
        assert np.issubdtype(totals[column].dtype, np.number), column


@given(st.integers(0, 10**9), st.integers(1, 5_000))
def test_points_are_rounded_half_away_from_zero(numerator: int, denominator: int) -> None:
    value = Fraction(numerator, denominator)
    said = exact_text(value)
    assert Fraction(said) == value
    assert abs(Fraction(rounded(float(value))) - value) <= Fraction(1, 200) + Fraction(1, 10**6)


@pytest.mark.parametrize(
    ("value", "said"),
    [(83.335, "83.34"), (83.345, "83.35"), (0.125, "0.13"), (251 / 3, "83.67"), (80.0, "80.00")],
)
def test_what_reads_as_a_half_is_rounded_up(value: float, said: str) -> None:
    assert rounded(value) == said


@pytest.mark.parametrize("column", ["merit", "merit_exact"])
def test_verify_checks_the_merit_for_reading_and_the_exact_one(column: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_result(ALLOCATION, folder, parts=[])
    assert verify_result(folder, ALLOCATION.case) == []

    def edit(rows: list[list[str]]) -> None:
        rows[2][rows[0].index(column)] = "82.34" if column == "merit" else "248/3"

    edit_rows(folder, "awards.csv", edit)
    reseal(folder)
    (problem,) = verify_result(folder, small_case())
    assert (problem.file, problem.row, problem.column) == ("awards.csv", 3, column)


DECIDES = [
    "allocate",
    "build",
    "narrow",
    "start",
    "lottery",
    "solvers",
    "model",
    "lexicographic",
    "solve",
    "prove",
    "audit",
    "screening",
    "scoring",
    "marks",
    "severity",
    "round",
    "program",
    "diagnose",
    "dynamic",
    "clauses",
]
FOR_READING = {"awards", "waitlist", "by_school", "by_district", "merit_points", "priorities"}


def test_nothing_that_decides_looks_at_a_table_for_reading() -> None:
    """The modules that decide never touch `awards` and its like, nor the types made for them."""
    package = Path(optimizer.__file__).parent
    for name in DECIDES:
        files = [package / f"{name}.py"] if (package / f"{name}.py").exists() else []
        for path in [*files, *(package / name).rglob("*.py")]:
            tree = ast.parse(path.read_text("utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom):
                    assert node.module not in (
                        "optimizer.result.dtypes",
                        "optimizer.result.tabulate",
                    ), path
                if isinstance(node, ast.Attribute) and not _is_policy(node):
                    assert node.attr not in FOR_READING, (path, node.attr, node.lineno)


def _is_policy(node: Any) -> bool:
    """Whether it is ``policy.priorities``, the rules themselves, that is looked at."""
    return node.attr == "priorities" and "policy" in ast.unparse(node.value)
