"""The telephone sheet: one line an application, short enough to be said."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from helpers.explaining import explanations_of
from helpers.results import read_rows, small_allocation

from optimizer import write_letters
from optimizer.explain.explanation import Explanation, Need, Statement
from optimizer.language.text import LANGUAGES, Language, Text
from optimizer.letters.telephone import MOST, help_for, in_short


def need(zh: str, value: int | None = 1) -> Need:
    return Need("merit", Text(zh, zh), Text(zh, zh), Text(zh, zh), value=value)


def explained(*needs: Need) -> Explanation:
    return Explanation("A1", "not_funded", 0, need("理由"), needs=needs)


@pytest.mark.parametrize(
    ("needs", "helped"),
    [
        ([], ""),
        ([need("甲"), need("乙")], "甲；乙"),
        ([need("甲", None), need("乙")], "乙"),  # what helps, not what does not
        ([need("甲", None), need("乙", None)], "甲"),  # nothing helps: the first says so
        ([need("甲" * 39), need("乙")], "甲" * 39),  # no half sentences
        ([need("甲" * 41), need("乙")], "甲" * 39 + "…"),
        ([replace(need("甲", None), names=("cap",))], "甲"),
        ([replace(need("甲"), value=Fraction(1, 3))], "甲"),
    ],
)
def test_what_would_have_helped_is_as_much_as_there_is_room_for(
    needs: list[Need], helped: str
) -> None:
    assert help_for(explained(*needs), "zh-TW") == helped


def test_the_funded_need_no_help() -> None:
    assert help_for(replace(explained(need("甲")), status="funded"), "zh-TW") == ""


def test_a_statement_without_a_short_form_is_cut() -> None:
    said = Statement("x", Text("甲" * 50, "a" * 90), Text("乙", "b"))
    assert in_short(said, "zh-TW") == "甲" * 39 + "…"
    assert in_short(said, "en") == "a" * 79 + "…"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_is_the_same_in_every_format(tmp_path: Path, language: Language) -> None:
    import openpyxl
    from python_calamine import CalamineWorkbook

    allocation = small_allocation()
    write_letters(allocation, explanations_of(allocation), tmp_path / "out", language=language)
    header, *rows = read_rows(tmp_path / "out" / "telephone.csv")
    assert header == [
        "application_id",
        "school",
        "title",
        "decision",
        "reason",
        "would_have_helped",
    ]
    assert [row[0] for row in rows] == [f"A{n}" for n in range(1, 10)]
    assert all(len(cell) <= MOST[language] for row in rows for cell in row[4:])
    assert all(row[4] for row in rows)
    by_id = {row[0]: row for row in rows}
    assert by_id["A1"][1:4] == ["礫埕國小", "社群A1", {"zh-TW": "獲補助 2,000 元", "en": "funded: NT$2,000"}[language]]  # fmt: skip
    assert by_id["A2"][5]
    sheet = openpyxl.load_workbook(tmp_path / "out" / "telephone.xlsx").worksheets[0]
    assert [["" if v is None else v for v in row] for row in sheet.iter_rows(2, values_only=True)] == rows  # fmt: skip
    book = CalamineWorkbook.from_path(tmp_path / "out" / "telephone.ods")
    assert book.get_sheet_by_index(0).to_python()[1:] == rows


def test_nothing_on_the_sheet_runs(tmp_path: Path) -> None:
    allocation = small_allocation()
    evil = Text("=1+1", "=1+1")
    said = [
        replace(one, because=Statement("x", evil, evil, evil))
        for one in explanations_of(allocation)
    ]
    write_letters(allocation, said, tmp_path / "out")
    assert {row[4] for row in read_rows(tmp_path / "out" / "telephone.csv")[1:]} == {"'=1+1"}
