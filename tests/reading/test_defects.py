"""Every way a case can be broken that we could think of, planted one at a time in a good case.

Each must end in a `CaseError` that names the place, and in nothing else.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from checks.defects import DEFECTS, Defect, cell, swap
from helpers.files import (
    settings,
    tables,
    write,
    write_ods,
    write_ods_content,
    write_ods_rows,
    write_xlsx,
)
from helpers.told import problems_of

import optimizer.reading.archive
import optimizer.reading.files
import optimizer.reading.findings
import optimizer.reading.xlsx
from optimizer.problems.errors import CaseError, Problem, UsageError
from optimizer.reading import read_records


def place(problem: Problem) -> tuple[str, str, int | None, str]:
    return problem.code, problem.file, problem.row, problem.column


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_planted_defect_is_reported_with_its_place(defect: Defect, tmp_path: Path) -> None:
    case = tables()
    if defect.rows is not None:
        defect.rows(case)
    folder = write(tmp_path / "case", case)
    if defect.files is not None:
        defect.files(folder)
    problems = problems_of(folder, **(defect.review or {}))
    expected = (defect.code, defect.file, defect.row, defect.column)
    assert expected in map(place, problems)
    assert not defect.alone or len(problems) == 1


def test_the_good_case_is_good(tmp_path: Path) -> None:
    read_records(write(tmp_path / "case", tables()), settings())


def test_all_defects_of_all_tables_are_reported_at_once(tmp_path: Path) -> None:
    case = tables()
    cell("schools", 2, "level", "高中")(case)
    cell("applications", 5, "requested", "x")(case)
    cell("reviews", 2, "needs", "99")(case)
    cell("reviews", 9, "team", "abc")(case)
    cell("meetings", 3, "date", "2014-02-31")(case)
    found = [place(p) for p in problems_of(write(tmp_path / "case", case))]
    assert found == [
        ("unknown_value", "schools.csv", 2, "level"),
        ("not_a_number", "applications.csv", 5, "requested"),
        ("mark_outside_scale", "reviews.csv", 2, "needs"),
        ("not_a_number", "reviews.csv", 9, "team"),
        ("no_such_day", "meetings.csv", 3, "date"),
    ]


def test_a_problem_names_the_application(tmp_path: Path) -> None:
    case = tables()
    cell("meetings", 3, "date", "x")(case)
    assert problems_of(write(tmp_path / "case", case))[0].application_id == "A001"


HINTS = [
    ("schools", 2, "level", "junier_high", "junior_high"),
    ("applications", 2, "type", "subjekt", "subject"),
    ("applications", 2, "school_id", "064603", "Add this school"),
    ("applications", 2, "school_id", "64601", "text"),
    ("reviews", 2, "application_id", "委員甲", ""),
    ("applications", 2, "submitted_on", "41671", "spreadsheet"),
    ("reviews", 2, "needs", "", "review.missing"),
]


@pytest.mark.parametrize(("table", "line", "column", "value", "hint"), HINTS)
def test_a_hint_says_what_to_do(
    table: str, line: int, column: str, value: str, hint: str, tmp_path: Path
) -> None:
    case = tables()
    cell(table, line, column, value)(case)
    problems = problems_of(write(tmp_path / "case", case))
    assert any(hint in problem.hint.en for problem in problems)


def test_swapped_columns_are_suspected(tmp_path: Path) -> None:
    case = tables()
    swap("reviews", "application_id", "reviewer")(case)
    problems = problems_of(write(tmp_path / "case", case))
    unknown = [p for p in problems if p.code == "unknown_application"]
    assert len(unknown) == 8
    assert all("exchanged" in problem.hint.en for problem in unknown)
    case = tables()
    swap("applications", "type", "members")(case)
    problems = problems_of(write(tmp_path / "other", case))
    assert all("exchanged" in problem.hint.en for problem in problems[:6])


def test_a_wrong_encoding_is_suspected(tmp_path: Path) -> None:
    rows = [["學校代碼", "學校名稱"], ["064601", "礫埕"]]
    folder = write(tmp_path / "case", {**tables(), "schools": rows}, "utf-8")
    with pytest.raises(CaseError) as caught:
        read_records(folder, settings(), encoding="latin-1")
    assert "looks like utf-8" in caught.value.say("en")


def test_an_unknown_encoding_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_records(write(tmp_path / "case", tables()), settings(), encoding="utf-99")


@pytest.mark.parametrize("name", ["nowhere", "case.xlsx", "schools.csv"])
def test_a_case_that_is_not_there(name: str, tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text("x")
    (problem,) = problems_of(tmp_path / name)
    assert problem.file == name


def test_an_oversize_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimizer.reading.files, "MOST_BYTES", 400)
    problems = problems_of(write(tmp_path / "case", tables()))
    assert {problem.code for problem in problems} == {"too_large"}


def test_many_problems_are_counted_and_some_carried(tmp_path: Path) -> None:
    case = tables()
    case["meetings"] += [["A001", "x", "y", "", "", "z"]] * 5_000
    with pytest.raises(CaseError) as caught:
        read_records(write(tmp_path / "case", case), settings())
    assert "10,000" in caught.value.message.en
    assert "10,000" in caught.value.message.zh
    assert len(caught.value.problems) <= optimizer.reading.findings.MOST_CARRIED


# ---- workbooks -------------------------------------------------------------------------------


def workbook(tmp_path: Path, **cells: object) -> Path:
    """Write the good case with some cells of the applications sheet set by openpyxl."""
    import openpyxl

    path = write_xlsx(tmp_path / "case.xlsx", tables())
    book = openpyxl.load_workbook(path)
    for name, value in cells.items():
        book["applications"][name] = value
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("name", "value", "code", "column"),
    [
        ("J2", "=J3+J4", "formula_without_value", "requested"),
        ("D2", '="a"&"b"', "formula_without_value", "title"),
        ("J2", "#REF!", "error_cell", "requested"),
        ("D2", "#N/A", "error_cell", "title"),
        ("J2", 4800.5, "not_whole", "requested"),
        ("J2", -1, "negative", "requested"),
        ("J2", True, "not_a_number", "requested"),
        ("J2", 1e300, "scientific", "requested"),
        ("J2", 0.1 + 0.2, "not_whole", "requested"),
        ("B2", 64601, "lost_leading_zero", "school_id"),
        ("M2", 41671, "bad_date", "submitted_on"),
    ],
)
def test_bad_cells_of_a_workbook(
    name: str, value: object, code: str, column: str, tmp_path: Path
) -> None:
    problems = problems_of(workbook(tmp_path, **{name: value}))
    assert [place(p) for p in problems] == [(code, "case.xlsx[applications]", 2, column)]


def test_merged_cells_of_a_workbook(tmp_path: Path) -> None:
    import openpyxl

    path = write_xlsx(tmp_path / "case.xlsx", tables())
    book = openpyxl.load_workbook(path)
    book["applications"].merge_cells("J2:J3")
    book["applications"].merge_cells("D4:E4")
    book.save(path)
    problems = problems_of(path)
    assert [place(p) for p in problems] == [
        ("merged_cells", "case.xlsx[applications]", 3, "requested"),
        ("merged_cells", "case.xlsx[applications]", 4, "convener"),
    ]


@pytest.mark.parametrize("sheet", list(tables()))
def test_a_row_that_is_struck_through_is_asked_about_once(sheet: str, tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.styles import Font

    path = write_xlsx(tmp_path / "case.xlsx", tables())
    book = openpyxl.load_workbook(path)
    for cell_ in book[sheet][3]:
        cell_.font = Font(strike=True, bold=True)
    book[sheet]["A2"].font = Font(bold=True, strike=False)
    book.save(path)
    (problem,) = problems_of(path)
    first = tables()[sheet][0][0]
    assert place(problem) == ("struck_through", f"case.xlsx[{sheet}]", 3, first)


def ods_cell(xml: str) -> str:
    """Return the rows of a meetings sheet whose second cell is this."""
    head = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{h}</text:p></table:table-cell>'
        for h in ("application_id", "date")
    )
    own = '<table:table-cell office:value-type="string"><text:p>A001</text:p></table:table-cell>'
    return f"<table:table-row>{head}</table:table-row><table:table-row>{own}{xml}</table:table-row>"


ODS_CELLS = [
    ('<table:table-cell table:formula="of:=A1"/>', "formula_without_value"),
    (
        '<table:table-cell table:formula="of:=A1" office:value-type="string">'
        "<text:p>#REF!</text:p></table:table-cell>",
        "error_cell",
    ),
    ('<table:table-cell office:value-type="float" office:value="1E999999999"/>', "bad_date"),
    ('<table:table-cell table:number-columns-repeated="2000000000"/>', "blank_cell"),
    (
        '<table:table-cell table:number-columns-repeated="999999999" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>",
        "too_many_cells",
    ),
]


@pytest.mark.parametrize(("xml", "code"), ODS_CELLS)
def test_bad_cells_of_an_ods(xml: str, code: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "case", tables())
    (folder / "meetings.csv").unlink()
    write_ods_rows(folder / "meetings.ods", "meetings", ods_cell(xml))
    (problem,) = problems_of(folder)
    assert problem.code == code
    assert problem.file == "meetings.ods[meetings]"


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)


def many_parts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3_000):
            archive.writestr(f"{number}.xml", b"")


def lying_bomb(path: Path) -> None:
    """Write a bomb whose directory says that it is small."""
    bomb(path)
    data = path.read_bytes()
    size = (30_000_000).to_bytes(4, "little")
    path.write_bytes(data.replace(size, (300_000).to_bytes(4, "little")))


def far_cell(path: Path) -> None:
    import openpyxl

    write_xlsx(path, tables())
    book = openpyxl.load_workbook(path)
    book["schools"]["XFD1048576"] = "far out"
    book.save(path)


def truncated(path: Path) -> None:
    write_xlsx(path, tables())
    path.write_bytes(path.read_bytes()[:-2000])


def damaged_xml(path: Path) -> None:
    write_xlsx(path, tables())
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data[: len(data) // 2] if "sheet1" in name else data)


def entities(path: Path) -> None:
    doctype = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    write_ods_content(path, f'<?xml version="1.0"?>{doctype}<x>&b;</x>')


BOOKS: list[tuple[Callable[[Path], object], str, str]] = [
    (bomb, "case.xlsx", "unpacks_too_large"),
    (lying_bomb, "case.xlsx", "damaged_workbook"),
    (many_parts, "case.xlsx", "unpacks_too_large"),
    (far_cell, "case.xlsx", "too_many_cells"),
    (truncated, "case.xlsx", "damaged_workbook"),
    (damaged_xml, "case.xlsx", "damaged_workbook"),
    (entities, "case.ods", "damaged_workbook"),
    (lambda path: path.write_bytes(b""), "case.xlsx", "damaged_workbook"),
    (lambda path: path.write_bytes(b"a,b\n1,2\n"), "case.ods", "damaged_workbook"),
    (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" * 99), "case.xlsx", "locked_workbook"),
    (lambda path: path.mkdir(), "case.xlsx/x.xlsx", "missing_file"),
    (lambda path: write_ods(path, {}), "case.ods", "damaged_workbook"),
]


@pytest.mark.parametrize(("make", "name", "code"), BOOKS)
def test_hostile_workbooks(
    make: Callable[[Path], object], name: str, code: str, tmp_path: Path
) -> None:
    make(tmp_path / name.partition("/")[0])
    (problem, *others) = problems_of(tmp_path / name)
    assert problem.code == code
    assert not others or code in ("damaged_workbook", "too_many_cells")


SHEET_XML = [
    (b'<c r="A2"', b'<c r="ZZZ99999999"'),  # each of these is a place that no sheet has
    (b'<c r="A2"', b'<c r="XFD9999999"'),
    (b'<c r="A2"', b'<c r="A0"'),
    (b'<c r="A2"', b'<c r="A1"'),
    (b'<c r="A2"', b'<c r="2"'),
    (b'<c r="B2"', b'<c r="A2"'),
    (b'<c r="B2"', b'<c s="1"r="B2"'),
    (b'<row r="2"', b'<row r="1"'),
    (b'<row r="2"', b'<row r="+3"'),
    (b'<row r="2"', b'<row r="' + b"9" * 5000 + b'"'),
    (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:"/></mergeCells>'),
    (b' t="inlineStr"', b' t="s"'),
]


@pytest.mark.parametrize(("old", "new"), SHEET_XML)
def test_sheets_that_contradict_themselves(old: bytes, new: bytes, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "case.xlsx", tables())
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert old in sheet
    value = b"<is><t>school_id</t></is>" if b'"s"' in new else b""
    changed = sheet.replace(old, new, 1).replace(value, b"<v>99</v>", bool(value))
    parts["xl/worksheets/sheet1.xml"] = changed
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert problems_of(path)[0].code == "damaged_workbook"


def test_a_sheet_named_twice(tmp_path: Path) -> None:
    case = tables()
    problems = problems_of(write_xlsx(tmp_path / "case.xlsx", {**case, "學校": case["schools"]}))
    assert problems[0].code == "two_sources"


def test_a_missing_sheet(tmp_path: Path) -> None:
    case = tables()
    del case["reviews"]
    (problem,) = problems_of(write_ods(tmp_path / "case.ods", case))
    assert place(problem) == ("missing_table", "case.ods[reviews]", None, "")
