"""The telephone sheet: one line an application, short enough to be said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from helpers.documented import check_documented
from helpers.explaining import explanations_of
from helpers.results import read_rows, small_allocation
from helpers.rounds import make_case

from optimizer import allocate, write_letters
from optimizer.explain import explain_all
from optimizer.explain.explanation import Explanation, Need, Statement
from optimizer.language.text import LANGUAGES, Language, Text
from optimizer.letters.telephone import MOST, as_much_as_fits, telephone_sheet


@pytest.mark.parametrize(
    ("said", "language", "told"),
    [
        ("甲" * 20 + "；" + "乙" * 25, "zh-TW", "甲" * 20),
        ("甲" * 20 + "；" + "乙" * 19 + "；丙", "zh-TW", "甲" * 20 + "；" + "乙" * 19),
        ("a" * 70 + "; " + "b" * 80, "en", "a" * 70),
        ("甲" * 50, "zh-TW", "甲" * 39 + "…"),  # one clause, and nowhere to stop
        ("a" * 130, "en", "a" * 119 + "…"),
    ],
)
def test_what_is_too_long_ends_with_a_clause(said: str, language: Language, told: str) -> None:
    assert as_much_as_fits([said], language) == told


def test_the_sheet_says_what_was_cut_who_stands_where_and_what_to_do_next_year() -> None:
    rules = [
        {"kind": "school_cap", "amount": 1_800, "cut": True},
        {"kind": "members", "minimum": 3},
    ]
    allocation = small_allocation(clause=rules)
    explained = explain_all(allocation, ["A1", "A7", "A9"])
    rows = telephone_sheet(allocation, explained, "zh-TW").rows
    said = {row[0]: row[4:] for row in rows}
    assert said["A1"][1] == "申請 2,000 元，核定 1,800 元；依「每校上限」核減；中區唯一獲補助者"
    none = ("",) * 4
    assert said["A7"] == (
        "95 分，7 件中第 1 名",
        "大安區唯一獲補助者，依「區域平衡」優先",
        "",
        *none,
    )
    assert said["A9"] == ("", "成員 2 人，少於 3 人", "請確認社群成員為 3 人以上", *none)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_is_the_same_in_every_format(tmp_path: Path, language: Language) -> None:
    import openpyxl
    from python_calamine import CalamineWorkbook

    allocation = small_allocation()
    write_letters(allocation, explanations_of(allocation), tmp_path / "out", language=language)
    check_documented(tmp_path / "out", "explain --all")
    header, *rows = read_rows(tmp_path / "out" / "telephone.csv")
    assert header == [
        "application_id",
        "school",
        "title",
        "decision",
        "standing",
        "reason",
        "would_have_helped",
        "smaller_request",
        "without_others",
        "larger_request",
        "waiting",
    ]
    assert [row[0] for row in rows] == [f"A{n}" for n in range(1, 10)]
    assert all(len(cell) <= MOST[language] for row in rows for cell in row[4:])
    assert all(row[5] for row in rows)
    by_id = {row[0]: row for row in rows}
    assert by_id["A1"][1:4] == ["礫埕國小", "社群A1", {"zh-TW": "獲補助 2,000 元", "en": "funded: NT$2,000"}[language]]  # fmt: skip
    assert by_id["A2"][6]
    sheet = openpyxl.load_workbook(tmp_path / "out" / "telephone.xlsx").worksheets[0]
    assert [["" if v is None else v for v in row] for row in sheet.iter_rows(2, values_only=True)] == rows  # fmt: skip
    book = CalamineWorkbook.from_path(tmp_path / "out" / "telephone.ods")
    assert book.get_sheet_by_index(0).to_python()[1:] == rows


def test_nothing_on_the_sheet_runs(tmp_path: Path) -> None:
    evil = "=1+1"
    case = make_case(
        [{"application_id": "+A", "title": "@t", "merit": 1, "requested": 2_000}],
        [{"school_id": "S1", "name": "=HYPERLINK(1)"}],
        pool={"amount": 1_000},
    )
    allocation = allocate(case)
    said = Statement("x", Text(evil, evil), Text(evil, evil), Text(evil, evil))
    text = Text("\tx", "\tx")
    needs = (Need("merit", text, text, text, value=1),)
    told = Explanation("+A", "not_funded", 0, said, needs=needs)
    write_letters(allocation, [told], tmp_path / "out")
    _, row = read_rows(tmp_path / "out" / "telephone.csv")
    assert row[:4] == ["'+A", "'=HYPERLINK(1)", "'@t", "未獲補助"]
    assert row[5:] == ["'=1+1", "'\tx", "", "", "", ""]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_refusal_is_dropped(language: Language) -> None:
    """Two grounds are both said, and both are to be seen to; of many, the first and how many."""
    late = {"kind": "deadline", "first": "2014-01-02", "last": "2014-01-17"}
    rules = [{"kind": "members", "minimum": 3}, late, {"kind": "prior_outcome"}]
    two = {"members": 1, "submitted_on": date(2014, 1, 23)}
    applications = [
        {"application_id": "A1", **two},
        {"application_id": "A2", **two, "prior_outcome": "missing"},
    ]
    allocation = allocate(make_case(applications, clause=rules))
    rows = telephone_sheet(allocation, explain_all(allocation), language).rows
    both, three = (tuple(map(str, row[5:7])) for row in rows)
    if language == "zh-TW":
        assert both == (
            "成員 1 人，少於 3 人；103年1月23日送件，不在受理期間",
            "請確認符合「成員人數」「送件期限」之規定",
        )
        assert three == (
            "成員 1 人，少於 3 人等 3 項",
            "請確認符合「成員人數」「送件期限」「前次成果」之規定",
        )
    assert all(len(cell) <= MOST[language] for cell in (*both, *three))
