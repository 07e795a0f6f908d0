"""A percentage where points belong is told what to write; one share among marks is worth a look."""

from __future__ import annotations

from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from helpers.files import CRITERIA, Rows, settings, write, write_xlsx
from helpers.parts import big_case
from helpers.told import the_only
from hypothesis import given, strategies as st

from optimizer.reading import read_records
from optimizer.reading.cells import Percent, percent
from optimizer.scoring.slips import slipped_marks

LONG = ["application_id", "reviewer", "criterion", "points"]


def long_form(case: dict[str, Rows]) -> dict[str, Rows]:
    body = [
        [*row[:2], key, mark]
        for row in case["reviews"][1:]
        for key, mark in zip(CRITERIA, row[2:], strict=True)
    ]
    return {**case, "reviews": [LONG, *body]}


@pytest.mark.parametrize("form", [deepcopy, long_form])
@pytest.mark.parametrize(("text", "points"), [("85%", "17"), ("８５％", "17"), ("12.5 %", "2.5")])
def test_a_percentage_is_told_the_points_it_means(
    tmp_path: Path, form: Any, text: str, points: str
) -> None:
    case = big_case()
    case["reviews"][3][2] = text
    problem = the_only(write(tmp_path / "case", form(case)), "percentage")
    assert f"請填 {points}" in problem.hint.zh and f"write {points}" in problem.hint.en
    assert "格式" not in problem.hint.zh, "a text has no format to change"
    assert "20" in problem.expected.zh


def test_it_is_computed_from_the_full_mark_of_its_own_criterion(tmp_path: Path) -> None:
    case = big_case()
    case["reviews"][3][2 + list(CRITERIA).index("budget")] = "85%"
    problem = the_only(write(tmp_path / "case", case), "percentage")
    assert "8.5" in problem.hint.zh and "8.5" in problem.hint.en


def test_a_cell_formatted_as_a_percentage_is_not_told_to_change_the_format_alone(
    tmp_path: Path,
) -> None:
    path = write_xlsx(tmp_path / "case.xlsx", big_case())
    book = openpyxl.load_workbook(path)
    cell = book["reviews"]["C3"]
    cell.value, cell.number_format = 0.85, "0%"
    book.save(path)
    problem = the_only(path, "percentage")
    assert "請填 17" in problem.hint.zh and "變成 0.85" in problem.hint.zh
    assert "write 17" in problem.hint.en and "become 0.85" in problem.hint.en


def test_what_the_advice_leads_to_is_accepted(tmp_path: Path) -> None:
    case = big_case()
    case["reviews"][3][2] = "17"
    records, _ = read_records(write(tmp_path / "case", case), settings())
    assert int(records.reviews.points.min()) > 0


@given(st.integers(0, 100), st.sampled_from(["%", " %", "％"]))
def test_every_share_is_understood(number: int, sign: str) -> None:
    assert percent(f"{number}{sign}") == Percent(Fraction(number, 100))


@pytest.mark.parametrize("text", ["120%", "-5%", "%", "85%%x"])
def test_what_is_no_share_of_the_full_mark_is_refused_without_a_figure(
    tmp_path: Path, text: str
) -> None:
    case = big_case()
    case["reviews"][3][2] = text
    with pytest.raises(Exception, match="problem") as error:
        read_records(write(tmp_path / "case", case), settings())
    [problem] = error.value.problems  # type: ignore[attr-defined]
    assert "請填" not in problem.hint.zh


# ---- one share among marks ---------------------------------------------------------------------


def flags(tmp_path: Path, marks: dict[int, str], case: dict[str, Rows] | None = None) -> list[Any]:
    case = big_case() if case is None else case
    for row, mark in marks.items():
        case["reviews"][row][2] = mark
    records, _ = read_records(write(tmp_path / "case", case), settings())
    return list(slipped_marks(records))


def test_a_single_share_among_marks_is_flagged(tmp_path: Path) -> None:
    [flag] = flags(tmp_path, {3: "0.85"})
    assert flag.severity == "flag" and flag.application_id == "A001" and flag.value == "0.85"
    assert "請改填 17 分" in flag.hint.zh and "write 17" in flag.hint.en
    assert "丙" in flag.message.zh


@pytest.mark.parametrize("mark", ["0", "1", "1.5", "20"])
def test_other_low_marks_are_marks(tmp_path: Path, mark: str) -> None:
    assert not flags(tmp_path, {3: mark})


def test_shares_are_flagged_up_to_half_of_the_marks(tmp_path: Path) -> None:
    given = len(big_case()["reviews"]) - 1
    assert given % 2 == 0
    half = dict.fromkeys(range(1, 1 + given // 2), "0.5")
    assert len(flags(tmp_path, half)) == len(half)


def test_marks_that_are_mostly_below_one_are_the_scale(tmp_path: Path) -> None:
    rows = dict.fromkeys(range(1, 14), "0.5")
    assert not flags(tmp_path, rows)
