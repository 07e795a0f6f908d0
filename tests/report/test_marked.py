"""The marked copy of a case: wrong cells stand out with notes, and nothing wrong is lost on the way."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from checks.defects import DEFECTS, Defect, cell
from helpers.commands import run
from helpers.files import settings, tables, write, write_xlsx
from helpers.told import problems_of

from optimizer.language.text import Text
from optimizer.problems.errors import Problem
from optimizer.reading import read_records
from optimizer.reading.outline import excerpt, outline
from optimizer.reading.raw_sheet import DOUBT
from optimizer.report.marked import VALUES_ONLY, marked_workbook

FORMATS = (".xlsx", ".ods")


def marked(case: Path, place: Path, ending: str, found: list[Problem], **review: object) -> Path:
    """Put the marked copy of a case into a folder of its own."""
    content = marked_workbook(outline(case, settings(**review)), found, f"m{ending}", "zh-TW")
    place.mkdir()
    (place / f"m{ending}").write_bytes(content)
    return place


def broken(defect: Defect, folder: Path) -> Path:
    case = tables()
    if defect.rows is not None:
        defect.rows(case)
    write(folder, case)
    if defect.files is not None:
        defect.files(folder)
    return folder


@pytest.mark.parametrize("number", range(0, len(DEFECTS), 9))
def test_what_is_wrong_is_wrong_in_the_copy(number: int, tmp_path: Path) -> None:
    defect, review = DEFECTS[number], DEFECTS[number].review or {}
    case = broken(defect, tmp_path / "case")
    found = problems_of(case, **review)
    copy = marked(case, tmp_path / "copy", FORMATS[number % 2], found, **review)
    assert problems_of(copy, **review), defect.name


@pytest.mark.parametrize("defect", [d for d in DEFECTS if d.code in ("cell_too_long", "control_character", "too_few_cells", "encoding")], ids=lambda d: d.name)  # fmt: skip
def test_what_no_cell_can_hold_stays_in_doubt(defect: Defect, tmp_path: Path) -> None:
    case = broken(defect, tmp_path / "case")
    copy = marked(case, tmp_path / "copy", ".xlsx", problems_of(case))
    assert any(problem.value.startswith(DOUBT) for problem in problems_of(copy)) or (
        "missing_column" in {problem.code for problem in problems_of(copy)}
    )


def test_cells_of_a_workbook_that_give_no_value_stay_wrong(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "case.xlsx", tables())
    book = openpyxl.load_workbook(path)
    sheet = book["applications"]
    sheet["C3"] = "=A1"
    sheet["C4"].font = openpyxl.styles.Font(strike=True)
    sheet.merge_cells("C5:D5")
    book["schools"].row_dimensions[3].hidden = True
    book["meetings"].sheet_state = "hidden"
    book.save(path)
    found = problems_of(path)
    codes = {"formula_without_value", "struck_through", "merged_cells", "hidden_rows", "hidden_sheet"}  # fmt: skip
    assert {problem.code for problem in found} == codes
    for ending in FORMATS:
        copy = problems_of(marked(path, tmp_path / ending[1:], ending, found))
        assert {problem.code for problem in copy} == {"in_doubt", "hidden_rows", "hidden_sheet"}
        assert len([problem for problem in copy if problem.code == "in_doubt"]) >= 3


@pytest.mark.parametrize("ending", FORMATS)
def test_a_copy_of_what_is_right_says_the_same(ending: str, tmp_path: Path) -> None:
    case = write(tmp_path / "case", tables())
    one, _ = read_records(case, settings())
    two, _ = read_records(marked(case, tmp_path / "copy", ending, []), settings())
    for name in ("schools", "applications", "budget_lines", "meetings"):
        assert getattr(one, name).equals(getattr(two, name)), name
    assert (one.reviews.points == two.reviews.points).all()


def test_a_wrong_cell_stands_out_and_says_why(tmp_path: Path) -> None:
    rows = tables()
    cell("applications", 2, "requested", "=cmd|' /C calc'!A0")(rows)
    cell("applications", 3, "title", "<script>‮=1+1")(rows)
    case = write(tmp_path / "case", rows)
    found = problems_of(case)
    assert [problem.code for problem in found] == ["formula"]
    book = openpyxl.load_workbook(marked(case, tmp_path / "x", ".xlsx", found) / "m.xlsx")
    sheet = book["applications"]
    at = rows["applications"][0].index("requested") + 1
    wrong, right = sheet.cell(2, at), sheet.cell(3, at)
    assert (wrong.data_type, wrong.value) == ("s", "=cmd|' /C calc'!A0")
    assert "是公式" in wrong.comment.text and right.comment is None
    assert wrong.fill.fgColor.rgb != right.fill.fgColor.rgb and wrong.border.left.style
    assert book["問題"]["A2"].value == "錯誤"
    again = marked(tmp_path / "x", tmp_path / "y", ".xlsx", found) / "m.xlsx"
    assert openpyxl.load_workbook(again)["問題 2"]["D2"].value == VALUES_ONLY.zh
    place = marked(case, tmp_path / "o", ".ods", found) / "m.ods"
    content = zipfile.ZipFile(place).read("content.xml").decode()
    assert content.count("<office:annotation>") == 1 and 'table:style-name="marked"' in content
    assert "<script>" not in content and "&lt;script&gt;" in content


def test_the_outline_says_what_is_understood_and_shows_a_cell_in_its_row(tmp_path: Path) -> None:
    rows = tables()
    rows["applications"][0].append("備註欄")
    for row in rows["applications"][1:]:
        row.append("x")
    case = write(tmp_path / "case", rows)
    (case / "notes.csv").write_text("甲,乙\n1,2\n", "utf-8")
    grids = {grid.file: grid for grid in outline(case, settings())}
    found = grids["applications.csv"]
    assert found.table is not None and found.table.key == "applications"
    assert found.ignored == ("note", "備註欄") and "requested" in [
        column.key for column in found.understood
    ]
    assert (found.header_row, found.size) == (1, len(rows["applications"]) - 1)
    assert grids["notes.csv"].table is None
    shown = excerpt(found, 3, "requested")
    assert shown.position == rows["applications"][0].index("requested")
    assert Text("申請金額", "requested") in shown.header
    assert shown.header[-1] == Text("備註欄", "備註欄")
    assert [line for line, _ in shown.lines] == [2, 3, 4, 5]
    assert shown.lines[1][1][0] == rows["applications"][2][0]
    assert excerpt(found, None, "").lines[0][0] == 2


def test_check_writes_the_marked_copy(tmp_path: Path) -> None:
    lang = "en"
    case = tmp_path / "case"
    assert run("new", case, "--example", lang=lang).exit_code == 0
    table = case / "applications.csv"
    table.write_text(table.read_text("utf-8-sig").replace("3500", "三千五", 1), "utf-8")
    before = run("check", case, "--mark", tmp_path / "m.ods", lang=lang)
    assert before.exit_code == 3 and (tmp_path / "m.ods").is_file()
    refused = run("check", case, "--mark", tmp_path / "m.pdf", lang=lang)
    assert refused.exit_code == 2 and ".xlsx" in refused.stderr
    assert not (tmp_path / "m.pdf").exists()
