"""A total that stands beside the marks is held against their sum; where both agree nothing is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.files import CRITERIA, Rows, settings, write
from helpers.parts import as_sheets, big_case, split
from helpers.told import problems_of, the_only
from hypothesis import (
    HealthCheck,
    example,
    given,
    settings as hypothesis_settings,
    strategies as st,
)

from optimizer.reading import read_records

LONG = ["application_id", "reviewer", "criterion", "points", "總分"]
FEW = hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def with_total(header: str = "總分", total: str = "90") -> dict[str, Rows]:
    case = big_case()
    case["reviews"] = [
        [*case["reviews"][0], header],
        *([*r, total] for r in case["reviews"][1:]),
    ]
    return case


@pytest.mark.parametrize("header", ["總分", "合計", "總分（100分）", "Total", "審查總分"])
def test_a_total_that_contradicts_its_marks_is_an_error(tmp_path: Path, header: str) -> None:
    case = with_total(header)
    case["reviews"][3][-1] = "88"
    problem = the_only(write(tmp_path / "case", case), "total_differs")
    assert (problem.row, problem.column, problem.application_id) == (4, header, "A001")
    for said in (problem.message.zh, problem.message.en):
        assert "88" in said and "90" in said


@pytest.mark.parametrize("total", ["90", "90.0", "90分", "", "—", "甲等"])
def test_a_total_that_agrees_or_says_nothing_is_fine(tmp_path: Path, total: str) -> None:
    read_records(write(tmp_path / "case", with_total(total=total)), settings())


def test_every_row_is_told(tmp_path: Path) -> None:
    found = problems_of(write(tmp_path / "case", with_total(total="88")))
    assert [p.row for p in found] == list(range(2, 26))


def test_long_files_are_compared_review_by_review(tmp_path: Path) -> None:
    case = big_case()
    body = [
        [*row[:2], key, mark, "88" if row[:2] == ["A002", "乙"] and key == "goals" else "90"]
        for row in case["reviews"][1:]
        for key, mark in zip(CRITERIA, row[2:], strict=True)
    ]
    problem = the_only(
        write(tmp_path / "case", {**case, "reviews": [LONG, *body]}), "total_differs"
    )
    assert problem.application_id == "A002" and "90" in problem.message.zh


def test_totals_of_several_sheets_are_compared(tmp_path: Path) -> None:
    case = big_case()
    parts = {
        sheet: [[*rows[0], "總分"], *([*row, "90"] for row in rows[1:])]
        for sheet, rows in split(case).items()
    }
    parts["評分乙"][0][-1] = "合計"
    parts["評分乙"][2][-1] = "88"
    problem = the_only(as_sheets(tmp_path / "case", case, parts), "total_differs")
    assert "評分乙" in problem.file and problem.row == 3


def test_a_cell_that_was_not_read_is_said_once(tmp_path: Path) -> None:
    case = with_total()
    case["reviews"][3][2] = "85%"
    case["reviews"][4][2] = "十八"
    found = problems_of(write(tmp_path / "case", case))
    assert {p.code for p in found} == {"percentage", "not_a_number"}


def test_blanks_have_a_sum_only_where_they_are_no_points(tmp_path: Path) -> None:
    case = with_total()
    case["reviews"][3][2] = ""
    folder = write(tmp_path / "case", case)
    read_records(folder, settings(missing="rescale"))
    assert "72" in the_only(folder, "total_differs", missing="zero").message.zh


def test_a_recused_review_has_no_sum(tmp_path: Path) -> None:
    case = with_total()
    case["reviews"][3][2:] = ["迴避", "", "", "", "", "", "0"]
    read_records(write(tmp_path / "case", case), settings())


def test_a_criterion_of_that_name_is_a_criterion(tmp_path: Path) -> None:
    case = big_case()
    case["reviews"] = [["application_id", "reviewer", "total"]] + [
        [*row[:2], "90"] for row in case["reviews"][1:]
    ]
    read_records(write(tmp_path / "case", case), settings(criteria={"total": 100}))


@FEW
@example(marks=["0.1", "0.2", "18", "18", "9", "9"], off=0)
@given(
    st.lists(st.decimals(0, 10, places=2).map(str), min_size=6, max_size=6),
    st.integers(-3, 3),
)
def test_it_is_an_error_exactly_where_the_decimals_differ(
    tmp_path_factory: pytest.TempPathFactory, marks: list[str], off: int
) -> None:
    from decimal import Decimal

    case = with_total()
    case["reviews"][1][2:] = [*marks, str(sum(map(Decimal, marks)) + Decimal(off) / 100)]
    folder = write(tmp_path_factory.mktemp("sum") / "case", case)
    if off and not case["reviews"][1][-1].startswith("-"):
        assert the_only(folder, "total_differs").row == 2
    elif not off:
        read_records(folder, settings())
