"""What could change a merit unseen is asked, each in its own words; reviews in parts are one table."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Callable
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from helpers.files import CRITERIA, Rows, settings, write, write_ods_content, write_xlsx
from helpers.parts import FIVE, HEADER, as_files, as_sheets, as_workbooks, big_case, split
from helpers.told import problems_of, the_only

from optimizer.plain.papers import read_papers
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import Problem
from optimizer.reading import read_records

# ---- reviews in several places ----------------------------------------------------------------


def as_books_with_one_sheet_name(form: str, blank: bool = False) -> Callable[..., Path]:
    """Return a writer of one workbook a reviewer whose sheet is named 評分, whoever marked."""

    def write_books(folder: Path, case: dict[str, Rows], parts: dict[str, Rows]) -> Path:
        write(folder, {n: r for n, r in case.items() if n != "reviews"})
        for name, rows in parts.items():
            if blank:
                rows = [[*row, "" if at else "審查委員"] for at, row in enumerate(rows)]
            file = folder / f"{form.format(name.removeprefix('評分'))}.xlsx"
            write_xlsx(file, {"填表說明": [["每項至多 20 分"]], "評分": rows})
        return folder

    return write_books


ONE_NAME = [
    as_books_with_one_sheet_name(form, blank)
    for form in ("{}", "評分{}", "評分表_{}", "{}_評分", "{}評分表")
    for blank in (False, True)
]


@pytest.mark.parametrize("form", [as_sheets, as_files, as_workbooks, *ONE_NAME])
def test_one_reviewer_a_sheet_or_file_is_the_same_table(
    tmp_path: Path, form: Callable[..., Path]
) -> None:
    case = big_case()
    whole, sources = read_records(write(tmp_path / "whole", case), settings())
    parts, more = read_records(form(tmp_path / "parts", case, split(case)), settings())
    assert parts.reviews == whole.reviews
    assert len(more) >= (1 if form is as_sheets else len(sources))


def test_a_workbook_of_the_whole_case_is_no_reviewer(tmp_path: Path) -> None:
    case = big_case()
    first, *others = split(case).values()
    folder = tmp_path / "case"
    write_xlsx(write(folder, {}) / "總表.xlsx", {**case, "reviews": first})
    for at, rows in enumerate(others):
        write_xlsx(folder / f"{at}.xlsx", {"評分": rows})
    found = problems_of(folder)
    assert {(p.code, p.column) for p in found} == {("blank_cell", "審查委員")}
    assert {p.file for p in found} == {"總表.xlsx[reviews]"}


def test_what_is_wrong_in_a_part_is_said_with_its_own_place(tmp_path: Path) -> None:
    case = big_case()
    parts = split(case)
    parts["評分乙"][3][1] = "99"
    problem = the_only(as_sheets(tmp_path / "case", case, parts), "mark_outside_scale")
    assert (problem.file, problem.row) == ("case.xlsx[評分乙]", 4)


def test_the_same_review_in_two_parts_is_told_with_both_places(tmp_path: Path) -> None:
    case = big_case()
    parts = {"評分甲": case["reviews"], "評分_續": [HEADER, ["A002", "乙", *FIVE]]}
    problem = the_only(as_files(tmp_path / "case", case, parts), "duplicate_key")
    assert {problem.file, "評分_續.csv", "評分甲.csv"} == {"評分_續.csv", "評分甲.csv"}
    assert "評分" in problem.message.zh and ".csv" in problem.message.en


def test_a_reviewer_under_two_names_in_two_parts_is_told_with_file_and_line(
    tmp_path: Path,
) -> None:
    case = big_case(("甲委員",))
    parts = {
        "評分1": case["reviews"],
        "評分2": [HEADER, *([f"A00{n}", "委員甲", *FIVE] for n in range(1, 9))],
    }
    found = problems_of(as_files(tmp_path / "case", case, parts))
    assert {p.code for p in found} == {"same_person"}
    assert {p.file for p in found} <= {"評分1.csv", "評分2.csv"}
    assert "第 2 列" in found[0].message.zh and ".csv" in found[0].message.zh
    assert "row 2 of 評分" in found[0].message.en


def test_a_sheet_that_looks_like_reviews_is_not_passed_over(tmp_path: Path) -> None:
    case = big_case()
    folder = write(tmp_path / "case", case)
    write_xlsx(folder / "王委員.xlsx", {"工作表1": [HEADER, ["A001", "王委員", *FIVE]]})
    assert the_only(folder, "unnamed_reviews").file == "王委員.xlsx[工作表1]"


def test_other_workbooks_and_sheets_are_left_alone(tmp_path: Path) -> None:
    case = big_case()
    folder = write(tmp_path / "case", case)
    write_xlsx(folder / "評分說明.xlsx", {"說明": [["各項", "說明"], ["需求", "合理"]]})
    write_xlsx(folder / "通訊錄.xlsx", {"工作表1": [["姓名", "電話"], ["王", "1"]]})
    assert len(read_records(folder, settings())[0].reviews) == 24


def test_a_table_in_two_places_is_asked_about_both_named(tmp_path: Path) -> None:
    case = big_case()
    folder = write(tmp_path / "case", case)
    write_xlsx(folder / "總表.xlsx", {"申請": case["applications"]})
    problem = the_only(folder, "two_sources")
    assert problem.file == "applications.csv、總表.xlsx[申請]"


def test_an_old_workbook_says_what_to_do(tmp_path: Path) -> None:
    folder = write(tmp_path / "case", big_case())
    (folder / "reviews.csv").rename(folder / "reviews.xls")
    problem = problems_of(folder)[0]
    assert problem.code == "old_workbook" and ".xlsx" in problem.hint.zh


def test_a_missing_table_says_what_there_is(tmp_path: Path) -> None:
    folder = write(tmp_path / "case", big_case())
    (folder / "schools.csv").rename(folder / "名單.csv")
    problem = problems_of(folder)[0]
    assert problem.code == "missing_table" and "applications.csv" in problem.hint.zh


# ---- settled scores ----------------------------------------------------------------------------


def totals() -> Rows:
    return [["申請編號", "總分"], *([f"A00{n}", f"{80 + n}.5"] for n in range(1, 9))]


def test_a_table_of_totals_only_is_the_merit(tmp_path: Path) -> None:
    case = {**big_case(), "reviews": totals()}
    records, _ = read_records(write(tmp_path / "case", case), settings(criteria={}))
    assert [str(merit) for merit in records.applications["merit"]][:2] == ["163/2", "165/2"]


def test_totals_beside_criteria_say_which_of_the_two_to_mend(tmp_path: Path) -> None:
    case = {**big_case(), "reviews": totals()}
    assert "criteria" in the_only(write(tmp_path / "c", case), "totals_and_criteria").hint.zh


def per_reviewer(header: str = "總分") -> Rows:
    names = ("委員甲", "委員乙", "委員丙")
    rows = [[f"A00{n}", name, f"{80 + n}.5"] for n in range(1, 9) for name in names]
    return [["申請編號", "審查委員", header], *rows]


def a_column_each() -> Rows:
    rows = [[f"A00{n}", "閱讀社群", *[f"{80 + n}.5"] * 3] for n in range(1, 9)]
    return [["申請編號", "社群", "委員甲", "委員乙", "委員丙"], *rows]


def advised(problem: Problem) -> dict[str, object]:
    """Return the review table that a message says to write, the same in both languages."""
    zh, en = (
        re.findall(r"criteria = \{.*?\}", text) for text in (problem.hint.zh, problem.hint.en)
    )
    assert len(zh) == 1 and zh == en
    return tomllib.loads(zh[0])


@pytest.mark.parametrize("criteria", [CRITERIA, {}], ids=["criteria", "none"])
@pytest.mark.parametrize("header", ["總分", "成績", "total", "總分（滿分100分）"])
def test_totals_of_each_reviewer_are_one_message_whose_advice_works(
    tmp_path: Path, header: str, criteria: dict[str, int]
) -> None:
    folder = write(tmp_path / "c", {**big_case(), "reviews": per_reviewer(header)})
    full = {key: Fraction(most) for key, most in criteria.items()}
    (problem,) = problems_of(folder, criteria=full)
    records, _ = read_records(
        folder, make_policy({"pool": {"amount": 9}, "review": advised(problem)}).settings
    )
    assert len(records.reviews) == 24
    assert [len(a.reviews) for a in read_papers(records).applications] == [3] * 8


@pytest.mark.parametrize("criteria", [CRITERIA, {}], ids=["criteria", "none"])
def test_a_column_for_each_reviewer_is_one_message_whose_advice_works(
    tmp_path: Path, criteria: dict[str, int]
) -> None:
    folder = write(tmp_path / "c", {**big_case(), "reviews": a_column_each()})
    (problem,) = problems_of(folder, criteria={k: Fraction(v) for k, v in criteria.items()})
    assert problem.code == "a_column_each" and "委員丙" in problem.message.zh
    write(folder, {"reviews": per_reviewer()})
    policy = make_policy({"pool": {"amount": 9}, "review": advised(problem)})
    assert len(read_records(folder, policy.settings)[0].reviews) == 24
    write(folder, {"reviews": [["申請編號", "成績"], *totals()[1:]]})
    assert len(read_records(folder, settings(criteria={}))[0].applications) == 8


def test_an_unknown_or_repeated_total_is_told_where_it_stands(tmp_path: Path) -> None:
    rows = [*totals(), ["A099", "80"], ["A001", "70"]]
    found = problems_of(write(tmp_path / "c", {**big_case(), "reviews": rows}), criteria={})
    assert {(p.code, p.row) for p in found} == {("unknown_application", 10), ("duplicate_key", 11)}


# ---- marks -------------------------------------------------------------------------------------


def test_a_missing_review_is_asked_about_and_the_policy_can_answer(tmp_path: Path) -> None:
    case = big_case()
    del case["reviews"][5]
    folder = write(tmp_path / "case", case)
    problem = the_only(folder, "too_few_reviews")
    assert (problem.application_id, "reviewers = 2" in problem.hint.en) == ("A002", True)
    read_records(folder, settings(reviewers=2))
    assert the_only(folder, "too_few_reviews", reviewers=3).application_id == "A002"


def test_a_conflict_of_interest_is_no_missing_review(tmp_path: Path) -> None:
    case = big_case()
    case["reviews"][5][2:] = ["迴避", *[""] * 5]
    read_records(write(tmp_path / "case", case), settings())


def test_numbers_of_reviews_that_differ_widely_are_no_doubt(tmp_path: Path) -> None:
    case = big_case()
    case["reviews"] = [r for r in case["reviews"] if r[1] != "丙" or r[0] < "A005"]
    read_records(write(tmp_path / "case", case), settings())


@pytest.mark.parametrize("long", [False, True])
def test_a_column_of_shares_is_asked_about(tmp_path: Path, long: bool) -> None:
    case = big_case()
    for row in case["reviews"][1:]:
        row[2] = "0.85"
    case["reviews"][3][2] = "1"
    if long:
        case["reviews"] = [["application_id", "reviewer", "criterion", "points"]] + [
            [*row[:2], key, mark]
            for row in case["reviews"][1:]
            for key, mark in zip(CRITERIA, row[2:], strict=True)
        ]
    problem = the_only(write(tmp_path / "case", case), "shares_of_full_marks")
    assert "17" in problem.hint.zh and "0.85" in problem.hint.en


def test_low_marks_are_no_shares(tmp_path: Path) -> None:
    case = big_case()
    for row in case["reviews"][1:]:
        row[2] = "1"
    read_records(write(tmp_path / "case", case), settings())


def test_a_criterion_that_nobody_marked_has_no_mean(tmp_path: Path) -> None:
    case = big_case()
    for row in case["reviews"][4:7]:
        row[3] = ""
    folder = write(tmp_path / "case", case)
    problem = the_only(folder, "criterion_without_marks", missing="criterion_mean")
    assert problem.application_id == "A002" and "整體規劃" in problem.message.zh
    read_records(folder, settings(missing="rescale"))


# ---- workbooks ---------------------------------------------------------------------------------


def edited(tmp_path: Path, edit: Callable[[Any], None]) -> Path:
    path = write_xlsx(tmp_path / "case.xlsx", big_case())
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def test_a_percentage_is_no_number_of_points(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        cell = book["reviews"]["C3"]
        cell.value, cell.number_format = 0.85, "0%"

    problem = the_only(edited(tmp_path, edit), "percentage")
    assert (problem.row, problem.value) == (3, "85%")


def test_a_percentage_of_an_ods_is_told_too(tmp_path: Path) -> None:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>'
            for t in row
        )
        + "</table:table-row>"
        for row in (HEADER, ["A001", "甲"])
    ).replace(
        "甲</text:p></table:table-cell>",
        '甲</text:p></table:table-cell><table:table-cell office:value-type="percentage" office:value="0.855"/>',
    )
    folder = write(tmp_path / "case", {n: r for n, r in big_case().items() if n != "reviews"})
    from helpers.files import _CONTENT

    content = _CONTENT.format(tables=f'<table:table table:name="reviews">{rows}</table:table>')
    write_ods_content(folder / "reviews.ods", content)
    [told] = [p for p in problems_of(folder) if p.code == "percentage"]
    assert told.value == "85.5%" and "請填 17.1" in told.hint.zh and "0.855" in told.hint.en


def test_hidden_rows_are_asked_about(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book["applications"].row_dimensions[4].hidden = True

    problem = the_only(edited(tmp_path, edit), "hidden_rows")
    assert problem.file == "case.xlsx[applications]" and "4" in problem.message.zh


def test_a_hidden_sheet_is_asked_about(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book["reviews"].sheet_state = "hidden"

    assert the_only(edited(tmp_path, edit), "hidden_sheet").file == "case.xlsx[reviews]"


def test_hidden_rows_and_sheets_of_an_ods(tmp_path: Path) -> None:
    case = big_case()
    path = tmp_path / "case.ods"
    from helpers.files import write_ods

    write_ods(path, case)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").decode()
    start = content.index('table:name="applications"')
    second = content.index("<table:table-row>", content.index("<table:table-row>", start) + 1)
    hidden = '<table:table-row table:visibility="filter">'
    write_ods_content(
        path, content[:second] + hidden + content[second + len("<table:table-row>") :]
    )
    assert the_only(path, "hidden_rows").file == "case.ods[applications]"
    style = (
        '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
        '<style:style style:name="gone" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    unseen = content.replace("<office:body>", style + "<office:body>").replace(
        'table:name="reviews"', 'table:name="reviews" table:style-name="gone"'
    )
    write_ods_content(path, unseen)
    assert the_only(path, "hidden_sheet").file == "case.ods[reviews]"


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("applications", ["合計", "", "", "", "", "", "", "56", "64", "40000"]),
        ("applications", ["備註：以上申請均已函報"]),
        ("reviews", ["平均", "", "18", "18", "18", "18", "9", "9"]),
        ("schools", ["總計 5 校"]),
    ],
)
def test_a_row_of_totals_or_a_note_is_one_problem(
    tmp_path: Path, table: str, row: list[str]
) -> None:
    case = deepcopy(big_case())
    case[table].append(row + [""] * (len(case[table][0]) - len(row)))
    problem = the_only(write(tmp_path / "case", case), "total_row")
    assert (problem.row, problem.hint.zh) == (len(case[table]), "請刪除此列。")


@pytest.mark.parametrize(
    "row",
    [
        *(["承辦人：　　　　校長："], ["承辦人：", "", "單位主管：", "", "校長："]),
        *(["核章／單位主管"], ["承辦人", "教務主任", "會計主任", "校長"], ["填表人：王○輝"]),
        *(["承辦人：", "王○輝", "", "校長：", "羅○明"], ["", "承辦人(簽章)", "", "校長（核章）"]),
        *(["單位主管 ________ 機關首長 ________"], ["Prepared by:", "", "Approved by:"]),
    ],
)
@pytest.mark.parametrize("table", ["applications", "schools", "reviews"])
def test_a_signature_line_is_one_problem(tmp_path: Path, table: str, row: list[str]) -> None:
    case = deepcopy(big_case())
    case[table].append(row + [""] * (len(case[table][0]) - len(row)))
    problem = the_only(write(tmp_path / "case", case), "total_row")
    assert (problem.message.zh, problem.message.en) == (
        "看起來是簽章列",
        "looks like a signature line",
    )
    assert (problem.row, problem.hint.zh) == (len(case[table]), "請刪除此列。")


def test_an_application_with_a_signer_in_a_cell_stays(tmp_path: Path) -> None:
    case = big_case()
    case["applications"][-1][3:5] = ["校長領導社群", "校長"]
    assert len(read_records(write(tmp_path / "case", case), settings())[0].applications) == 8


def test_an_application_whose_title_is_a_total_stays(tmp_path: Path) -> None:
    case = big_case()
    case["applications"][-1][3] = "合計"
    assert len(read_records(write(tmp_path / "case", case), settings())[0].applications) == 8


# ---- and read a second time ---------------------------------------------------------------------


@pytest.mark.parametrize("form", [as_sheets, as_files, as_workbooks, *ONE_NAME])
def test_reviews_in_parts_are_read_alike_twice(tmp_path: Path, form: Callable[..., Path]) -> None:
    case = big_case()
    records, _ = read_records(form(tmp_path / "case", case, split(case)), settings())
    papers = read_papers(records)
    assert [len(a.reviews) for a in papers.applications] == [3] * 8
    assert {r.reviewer for a in papers.applications for r in a.reviews} == {"甲", "乙", "丙"}


def test_totals_of_their_own_are_read_alike_twice(tmp_path: Path) -> None:
    case = {**big_case(), "reviews": totals()}
    records, _ = read_records(write(tmp_path / "case", case), settings(criteria={}))
    merits = [a.merit for a in read_papers(records).applications]
    assert merits == list(records.applications["merit"])
