"""Cells that contradict each other, or that may mean two things, are asked about in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.files import CRITERIA, Rows, settings, write
from helpers.parts import HEADER, big_case
from helpers.told import the_only

from optimizer.new.forms import Form
from optimizer.reading import read_records
from optimizer.tables.schema import reviews_table


def long_form(case: dict[str, Rows]) -> dict[str, Rows]:
    """Return the case with one mark a row."""
    rows = [
        [*row[:2], criterion, mark]
        for row in case["reviews"][1:]
        for criterion, mark in zip(CRITERIA, row[2:], strict=True)
    ]
    return {**case, "reviews": [[*HEADER[:2], "criterion", "points"], *rows]}


# ---- a review that is recused and marked ------------------------------------------------------


@pytest.mark.parametrize("shape", [dict, long_form])
def test_a_review_is_recused_whole_or_not_at_all(shape: type, tmp_path: Path) -> None:
    case = big_case()
    case["reviews"][5][4] = "迴避"
    problem = the_only(write(tmp_path, shape(case)), "recused_and_marked")
    assert problem.value == "迴避"
    assert problem.application_id == "A002"
    assert "留空白" in problem.hint.zh and "blank" in problem.hint.en


@pytest.mark.parametrize("shape", [dict, long_form])
def test_a_review_that_is_recused_throughout_is_taken(shape: type, tmp_path: Path) -> None:
    case = big_case()
    case["reviews"][4][2:] = ["迴避"] * 6
    case["reviews"][8][2:] = ["", "", "迴避", "", "", ""]
    records, _ = read_records(write(tmp_path, shape(case)), settings())
    assert int(records.reviews.recused.sum()) == 2


def test_the_notes_of_marks_say_what_blank_and_recused_mean() -> None:
    table = reviews_table(CRITERIA)
    form = Form(table, table.columns, (), "zh-TW")
    note = form.note(table.column("needs"))
    assert "整份迴避" in note and "不可空白" in note
