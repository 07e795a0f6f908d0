"""Who reviewed: a summary, a sample or a copy counts as nobody's, and a name above a table counts."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from helpers.files import CRITERIA, Rows, settings, write, write_ods, write_ods_content, write_xlsx
from helpers.parts import big_case, split
from helpers.told import problems_of, the_only

from optimizer.check import check_case
from optimizer.new.forms import Form
from optimizer.plain.papers import read_papers
from optimizer.reading import read_records
from optimizer.tables.schema import case_tables

POLICY = f"""
[pool]
amount = 20000
[review]
criteria = {{ {", ".join(f"{key} = {full}" for key, full in CRITERIA.items())} }}
[draw]
seed = "x"
"""
REST = ["11", "12", "13", "8", "9"]  # marks for all criteria but the first
HEAD = ["application_id", *CRITERIA]


def sheets(*names: str) -> dict[str, Rows]:
    """Return a case of one sheet of reviews a name, each with marks of its own."""
    case = big_case()
    ids = [row[0] for row in case["applications"][1:]]
    del case["reviews"]
    for at, name in enumerate(names):
        marks = [[str(10 + (line + at) % 9), *REST] for line in range(len(ids))]
        case[name] = [HEAD, *([key, *row] for key, row in zip(ids, marks, strict=True))]
    return case


def reviewers(path: Path) -> list[str]:
    """Return who reviewed, and see that the second reading agrees."""
    records, _ = read_records(path, settings())
    names = sorted(set(records.reviews.reviewers))
    papers = read_papers(records)
    assert sorted({r.reviewer for a in papers.applications for r in a.reviews}) == names
    return names


# ---- sheets and files that are no reviewer's --------------------------------------------------


@pytest.mark.parametrize(
    "name", ["評分範例", "評分彙整", "評分平均", "評分總表", "評分_合計", "評分統計", "評分 sample"]
)
def test_a_sample_or_a_summary_is_no_reviewer(name: str, tmp_path: Path) -> None:
    problem = the_only(
        write_xlsx(tmp_path / "x.xlsx", sheets("評分甲", "評分乙", name)), "not_a_reviewer"
    )
    assert problem.file == f"x.xlsx[{name}]"
    assert "刪除" in problem.hint.zh and "改名" in problem.hint.zh and "name it" in problem.hint.en


def test_a_summary_alone_that_names_its_reviewers_is_the_table(tmp_path: Path) -> None:
    case = big_case()
    case["評分總表"] = case.pop("reviews")
    assert reviewers(write(tmp_path, case)) == ["丙", "乙", "甲"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("評分甲", "評分甲 (2)"),
        ("評分甲", "評分甲 - 複製"),
        ("評分甲", "評分甲_副本"),
        ("評分表_委員甲", "評分表_委員甲(修正版)"),
        ("評分甲", "評分甲 copy"),
        ("評分甲", "評分甲_v2"),
        ("評分甲_v1", "評分甲_v2"),
    ],
)
def test_a_copy_is_no_reviewer(one: str, other: str, tmp_path: Path) -> None:
    problem = the_only(write(tmp_path, sheets(one, other, "評分乙")), "copy_of_reviews")
    assert {
        problem.file,
        *(n for n in (f"{one}.csv", f"{other}.csv") if n in problem.message.zh),
    } == {
        f"{one}.csv",
        f"{other}.csv",
    }


@pytest.mark.parametrize(
    "names", [("評分委員1", "評分委員2"), ("評分委員(1)", "評分委員(2)"), ("評分甲", "評分乙")]
)
def test_numbered_reviewers_are_several(names: tuple[str, ...], tmp_path: Path) -> None:
    assert len(reviewers(write(tmp_path, sheets(*names)))) == 2


def test_two_sheets_with_the_same_marks_throughout_are_asked_about(tmp_path: Path) -> None:
    case = sheets("評分甲", "評分乙")
    case["評分乙"] = list(reversed(case["評分甲"][1:]))
    case["評分乙"].insert(0, HEAD)
    problem = the_only(write(tmp_path / "a", case), "same_marks")
    assert problem.file == "評分甲.csv" and "評分乙.csv" in problem.message.zh
    for name in ("評分甲", "評分乙"):  # as the hint says
        case[name] = [[*row, "審查委員" if row is HEAD else name[-1]] for row in case[name]]
    assert reviewers(write(tmp_path / "b", case)) == ["乙", "甲"]


def test_same_marks_by_chance_are_taken(tmp_path: Path) -> None:
    case = big_case()  # every mark of one kind is the same
    for name, rows in split(case).items():
        case[name] = rows
    del case["reviews"]
    assert len(reviewers(write(tmp_path, case))) == 3


# ---- a name above the table -------------------------------------------------------------------


def above(rows: Rows, *line: str) -> Rows:
    return [["103 年度審查評分表"], list(line), *rows]


@pytest.mark.parametrize(
    "line",
    [
        ("審查委員：王大明",),
        ("委員姓名:王大明　　日期：103/1/20",),
        ("評審委員", "王大明"),
        ("", "審查委員：", "王大明"),
        ("Reviewer: 王大明",),
    ],
)
def test_a_name_above_the_table_is_the_reviewer(line: tuple[str, ...], tmp_path: Path) -> None:
    case = sheets("評分")
    case["評分"] = above(case["評分"], *line)
    assert reviewers(write_xlsx(tmp_path / "x.xlsx", case)) == ["王大明"]


@pytest.mark.parametrize("line", ["審查委員：", "審查委員：＿＿＿＿", "審查委員：甲、乙、丙"])
def test_a_line_that_names_nobody_says_nothing(line: str, tmp_path: Path) -> None:
    case = sheets("評分甲")
    case["評分甲"] = above(case["評分甲"], line)
    assert reviewers(write_xlsx(tmp_path / "x.xlsx", case)) == ["甲"]


def test_a_name_above_that_agrees_with_the_sheets_is_taken(tmp_path: Path) -> None:
    case = sheets("評分_王大明")
    case["評分_王大明"] = above(case["評分_王大明"], "審查委員：王大明委員")
    assert reviewers(write_xlsx(tmp_path / "x.xlsx", case)) == ["王大明"]


def test_a_name_above_that_contradicts_the_sheets_is_refused(tmp_path: Path) -> None:
    case = sheets("評分甲", "評分乙")
    case["評分甲"] = above(case["評分甲"], "審查委員：王大明")
    problem = the_only(write_xlsx(tmp_path / "x.xlsx", case), "two_reviewers")
    assert (problem.row, problem.value) == (2, "王大明") and "「甲」" in problem.message.zh


def test_a_name_above_that_contradicts_the_column_is_refused(tmp_path: Path) -> None:
    case = big_case(("甲",))
    case["reviews"] = above(case["reviews"], "審查委員：王大明")
    assert "欄" in the_only(write_xlsx(tmp_path / "x.xlsx", case), "two_reviewers").message.zh


# ---- check says who they are ------------------------------------------------------------------


def test_check_names_the_reviewers(tmp_path: Path) -> None:
    case = write(tmp_path, sheets("評分甲", "評分乙"))
    (case / "policy.toml").write_text(POLICY, "utf-8")
    assert check_case(case).reviewers == ("甲", "乙")


# ---- number formats that show a unit ----------------------------------------------------------

UNITS = ['0"千元"', '0"萬"', '#,##0,"千"', '0"k"', "0千元"]


@pytest.mark.parametrize("code", UNITS)
def test_amounts_shown_in_another_unit_are_one_message(code: str, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "case.xlsx", big_case())
    shown_as(path, "requested", code)
    found = problems_of(path)
    assert [(p.code, p.row, p.column) for p in found] == [("unit_format", 2, "requested")]
    assert "換算成元" in found[0].hint.zh and "NT$" in found[0].hint.en


@pytest.mark.parametrize("code", ["#,##0", '0"元"', '"NT$"#,##0', "[DBNum1]General"])
def test_amounts_shown_in_dollars_are_taken(code: str, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "case.xlsx", big_case())
    shown_as(path, "requested", code)
    read_records(path, settings())


def test_what_is_no_money_may_be_shown_in_any_unit(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "case.xlsx", big_case())
    shown_as(path, "members", '0"百人"')
    read_records(path, settings())


def shown_as(path: Path, header: str, code: str) -> None:
    book = openpyxl.load_workbook(path)
    rows = book["applications"].iter_rows()
    at = [cell.value for cell in next(rows)].index(header)
    for row in rows:
        row[at].value, row[at].number_format = 5, code
    book.save(path)


@pytest.mark.parametrize(("shown", "wrong"), [("5千元", True), ("5,000元", False)])
def test_an_ods_cell_shown_in_another_unit(shown: str, wrong: bool, tmp_path: Path) -> None:
    path = write_ods(tmp_path / "case.ods", big_case())
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").decode()
    cell = '<table:table-cell office:value-type="float" office:value="5000"'
    assert f"{cell}/>" in content
    new = content.replace(f"{cell}/>", f"{cell}><text:p>{shown}</text:p></table:table-cell>")
    write_ods_content(path, new)
    if wrong:
        the_only(path, "unit_format")
    else:
        read_records(path, settings())


# ---- rows below the reviews -------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        *(["合計"], ["平均", "12.5", "12"], ["委員簽名：", "", "", "日期：103年1月20日"]),
        *(
            ["審查委員簽章："],
            ["評審委員：王大明"],
            ["日期：103年1月20日"],
            ["中華民國103年1月20日"],
        ),
        *(["", "", "單位：分"], ["Reviewer's signature:"]),
    ],
)
@pytest.mark.parametrize("names", [("評分甲",), ("評分甲", "評分乙")])
def test_a_row_below_any_sheet_of_reviews_is_one_message(
    names: tuple[str, ...], row: list[str], tmp_path: Path
) -> None:
    case = sheets(*names)
    case[names[0]].append(row + [""] * (len(HEAD) - len(row)))
    problem = the_only(write_xlsx(tmp_path / "x.xlsx", case), "total_row")
    assert (problem.file, problem.row) == ("x.xlsx[評分甲]", 10)


@pytest.mark.parametrize("row", [["單位：千元"], ["", "", "單位：千元"], ["註：金額以千元計"]])
def test_a_unit_below_a_table_is_one_message_about_the_unit(row: list[str], tmp_path: Path) -> None:
    case = big_case()
    case["applications"].append(row + [""] * (len(case["applications"][0]) - len(row)))
    problem = the_only(write(tmp_path, case), "unit_above")
    assert problem.row == 10 and "換算成元" in problem.hint.zh


# ---- a conflict of interest beside the marks --------------------------------------------------


def with_column(header: str, cell: str, form: str) -> dict[str, Rows]:
    """Return a case whose reviews have one more column, filled in the second row alone."""
    case = big_case()
    if form == "long":
        rows = [
            [*row[:2], key, mark]
            for row in case["reviews"][1:]
            for key, mark in zip(CRITERIA, row[2:], strict=True)
        ]
        case["reviews"] = [["application_id", "reviewer", "criterion", "points"], *rows]
    case["reviews"] = [[*row, ""] for row in case["reviews"]]
    case["reviews"][0][-1], case["reviews"][2][-1] = header, cell
    return case


@pytest.mark.parametrize("form", ["wide", "long"])
@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("備註", "利益迴避"),
        ("備註", "委員為該校家長，迴避"),
        ("是否迴避", "是"),
        ("note", "Recused."),
    ],
)
def test_recused_in_another_column_is_asked_about(
    header: str, cell: str, form: str, tmp_path: Path
) -> None:
    problem = the_only(write(tmp_path, with_column(header, cell, form)), "recused_aside")
    assert (problem.row, problem.column, problem.value) == (3, header, cell)
    assert "填「迴避」" in problem.hint.zh and "recused" in problem.hint.en


@pytest.mark.parametrize("form", ["wide", "long"])
@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("備註", "無須迴避"),
        ("備註", "佳"),
        ("是否迴避", "否"),
        ("迴避", "無"),
        ("note", "not recused"),
    ],
)
def test_a_column_that_says_nobody_is_recused_is_taken(
    header: str, cell: str, form: str, tmp_path: Path
) -> None:
    read_records(write(tmp_path, with_column(header, cell, form)), settings())


def test_a_blank_review_recused_in_another_column_is_one_message(tmp_path: Path) -> None:
    case = with_column("備註", "迴避", "wide")
    case["reviews"][2][2:-1] = [""] * len(CRITERIA)
    the_only(write(tmp_path, case), "recused_aside")


def test_a_recused_review_may_say_so_in_another_column_too(tmp_path: Path) -> None:
    case = with_column("備註", "利益迴避", "wide")
    case["reviews"][2][2:-1] = ["迴避"] * len(CRITERIA)
    read_records(write(tmp_path, case), settings())


# ---- words about codes and numbers ------------------------------------------------------------


@pytest.mark.parametrize(("column", "at"), [("partners", 10), ("school_id", 1)])
def test_a_schools_name_in_place_of_its_code_is_told_the_code(
    column: str, at: int, tmp_path: Path
) -> None:
    case = big_case()
    assert case["applications"][0][at] == column
    case["applications"][1][at] = "澔岸國小"
    (problem,) = problems_of(write(tmp_path, case))
    assert problem.hint.zh == "這是學校名稱，請填代碼 064602。"
    assert "064602" in problem.hint.en


def test_a_name_that_two_schools_have_is_not_told_a_code(tmp_path: Path) -> None:
    case = big_case()
    case["schools"][2][1] = case["schools"][1][1]
    case["applications"][1][10] = case["schools"][1][1]
    assert all("請填代碼" not in p.hint.zh for p in problems_of(write(tmp_path, case)))


@pytest.mark.parametrize(("form", "what"), [("wide", "一份評分"), ("long", "一個分數")])
def test_a_reviewer_twice_is_said_of_the_reviewer(form: str, what: str, tmp_path: Path) -> None:
    case = with_column("備註", "", form)
    case["reviews"].append(case["reviews"][1])
    problem = the_only(write(tmp_path, case), "duplicate_key")
    assert "同一委員" in problem.expected.zh and what in problem.expected.zh


def test_only_the_table_of_applications_says_that_a_number_stands_once() -> None:
    said = {
        table.key: Form(table, table.columns, (), "zh-TW").note(table.column("application_id"))
        for table in case_tables(CRITERIA)
        if table.key != "schools"
    }
    assert [key for key, note in said.items() if "不得重複" in note] == ["applications"]
