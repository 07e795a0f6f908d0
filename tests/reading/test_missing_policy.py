"""What lies beside the tables of a case and would be passed over is asked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.files import Rows, settings, tables, write, write_xlsx
from helpers.parts import as_files, as_sheets, as_workbooks, big_case, split
from helpers.told import problems_of

from optimizer.problems.errors import Problem
from optimizer.reading import read_records


def beside(folder: Path) -> Path:
    """Write a case of one workbook."""
    folder.mkdir()
    return write_xlsx(folder / "case.xlsx", big_case()).parent


def said(found: tuple[Problem, ...]) -> set[tuple[str, str]]:
    return {(problem.code, problem.file) for problem in found}


@pytest.mark.parametrize("name", ["評分丙.xls", "schools.xlsb", "其他.numbers", "申請.et"])
def test_a_spreadsheet_that_is_not_read_is_named(tmp_path: Path, name: str) -> None:
    folder = beside(tmp_path / "case")
    (folder / name).write_bytes(b"\xd0\xcf\x11\xe0")
    (problem,) = problems_of(folder)
    assert (problem.code, problem.file) == ("old_workbook", name)
    assert "未讀入" in problem.message.zh and "移出資料夾" in problem.hint.zh


def test_an_old_workbook_alone_is_the_only_problem(tmp_path: Path) -> None:
    (tmp_path / "case.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    assert said(problems_of(tmp_path)) == {("old_workbook", "case.xls")}


@pytest.mark.parametrize("sheet", ["補件", "申請補件", "申請 (2)", "申請(2)", "工作表1"])
@pytest.mark.parametrize("table", ["applications", "schools", "budget_lines", "meetings"])
def test_a_further_sheet_of_a_table_is_not_passed_over(
    tmp_path: Path, sheet: str, table: str
) -> None:
    rows = tables()[table][:2]
    folder = beside(tmp_path / "case")
    write_xlsx(folder / "補件.xlsx", {sheet: rows})
    (problem,) = problems_of(folder)
    assert (problem.code, problem.file) == ("unused_table", f"補件.xlsx[{sheet}]")
    assert table in problem.message.en and table in problem.hint.en


def test_a_further_text_file_is_not_passed_over(tmp_path: Path) -> None:
    folder = write(tmp_path / "case", {**big_case(), "申請2": big_case()["applications"][:2]})
    assert said(problems_of(folder)) == {("unused_table", "申請2.csv")}


def test_sheets_that_are_no_tables_are_left_alone(tmp_path: Path) -> None:
    folder = beside(tmp_path / "case")
    awards = ["application_id", "school_id", "title", "convener", "type", "methods", "members"]
    others: dict[str, Rows] = {
        "填表說明": [["欄位", "說明"], ["申請編號", "不得重複"], ["學校代碼", "六碼"]],
        "代碼": [["學校代碼", "學校名稱"], ["064601", "礫埕國小"]],
        "申請說明": [["申請編號"], ["請填申請編號"]],
        "收件": [["申請編號", "日期"], ["A001", "103/2/1"]],
        "核定名單": [[*awards, "requested", "award"], ["A001", "064601"]],
    }
    write_xlsx(folder / "其他.xlsx", others)
    (folder / "README.txt").write_text("申請編號等欄位請見說明\n", encoding="utf-8")
    read_records(folder, settings())


@pytest.mark.parametrize("form", [as_sheets, as_files, as_workbooks])
def test_all_reviews_under_other_names_are_told_at_once(
    tmp_path: Path, form: Callable[..., Path]
) -> None:
    case = big_case()
    parts = {f"{name.removeprefix('評分')}委員": rows for name, rows in split(case).items()}
    found = problems_of(form(tmp_path / "case", case, parts))
    assert sum(problem.code == "unnamed_reviews" for problem in found) == 3
