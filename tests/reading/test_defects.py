"""Every way a case can be broken that we could think of, planted one at a time in a good case.

Each must end in a `CaseError` that names the place, and in nothing else.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from helpers.files import (
    Rows,
    settings,
    tables,
    to_text,
    write,
    write_ods,
    write_ods_content,
    write_ods_rows,
    write_xlsx,
)

import optimizer.reading.archive
import optimizer.reading.files
import optimizer.reading.findings
import optimizer.reading.xlsx
from optimizer.problems.errors import CaseError, Problem, Severity, UsageError
from optimizer.reading import read_records

Case = dict[str, Rows]


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong, and how it has to be reported."""

    name: str
    code: str
    file: str = ""
    row: int | None = None
    column: str = ""
    rows: Callable[[Case], object] | None = None  # changes the tables before they are written
    files: Callable[[Path], object] | None = None  # changes the folder afterwards
    review: dict[str, object] | None = None
    alone: bool = True  # whether it is the only problem


def cell(table: str, line: int, column: str, value: str) -> Callable[[Case], None]:
    """Put a value into one cell; lines as a spreadsheet counts them."""

    def plant(case: Case) -> None:
        rows = case[table]
        rows[line - 1][rows[0].index(column)] = value

    return plant


def in_cell(
    code: str, table: str, line: int, column: str, value: str, name: str = "", **more: object
) -> Defect:
    title = name or f"{column} {value[:20]!r}"
    return Defect(title, code, f"{table}.csv", line, column,
                  rows=cell(table, line, column, value), **more)  # type: ignore[arg-type]  # fmt: skip


def swap(table: str, first: str, second: str) -> Callable[[Case], None]:
    def plant(case: Case) -> None:
        header = case[table][0]
        a, b = header.index(first), header.index(second)
        header[a], header[b] = header[b], header[a]

    return plant


def rename(table: str, column: str, other: str) -> Callable[[Case], None]:
    def plant(case: Case) -> None:
        header = case[table][0]
        header[header.index(column)] = other

    return plant


def content(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(data)


def changed(name: str, old: bytes, new: bytes) -> Callable[[Path], object]:
    def plant(folder: Path) -> None:
        data = (folder / name).read_bytes()
        assert old in data
        (folder / name).write_bytes(data.replace(old, new, 1))

    return plant


def linked(folder: Path) -> None:
    (folder / "reviews.csv").rename(folder / "elsewhere.bin")
    (folder / "reviews.csv").symlink_to(folder / "elsewhere.bin")


def replaced_by_folder(folder: Path) -> None:
    (folder / "reviews.csv").unlink()
    (folder / "reviews.csv").mkdir()


def replaced_by_pipe(folder: Path) -> None:
    (folder / "reviews.csv").unlink()
    os.mkfifo(folder / "reviews.csv")


def mixed_encodings(folder: Path) -> None:
    lines = to_text(tables()["schools"]).split("\r\n")
    encodings = ["utf-8", "cp950", "utf-8", "cp950", "utf-8", "utf-8", "utf-8"]
    data = b"\r\n".join(line.encode(e) for line, e in zip(lines, encodings, strict=True))
    (folder / "schools.csv").write_bytes(data)


DEFECTS = [
    # numbers
    in_cell("not_a_number", "applications", 2, "requested", "五千"),
    in_cell("not_a_number", "applications", 2, "requested", "5000兩"),
    in_cell("not_a_number", "applications", 2, "requested", "1,52"),
    in_cell("not_whole", "applications", 3, "requested", "4800.5"),
    in_cell("negative", "applications", 2, "requested", "-5000"),
    in_cell("negative", "applications", 2, "requested", "(5,000)"),
    in_cell("negative", "budget_lines", 2, "amount", "-1"),
    in_cell("scientific", "applications", 2, "requested", "5e3"),
    in_cell("too_large_number", "applications", 2, "requested", "9" * 30),
    in_cell("not_a_number", "applications", 2, "requested", "9" * 5000, "very long digits"),
    in_cell("not_finite", "applications", 2, "members", "NaN"),
    in_cell("not_finite", "reviews", 2, "needs", "inf"),
    in_cell("scientific", "reviews", 2, "needs", "1e1"),
    in_cell("formula", "applications", 2, "requested", "=SUM(A1:A3)"),
    in_cell("error_cell", "applications", 2, "requested", "#REF!"),
    in_cell("error_cell", "applications", 2, "title", "#N/A"),
    in_cell("error_cell", "schools", 2, "principal", "#DIV/0!"),
    in_cell("blank_cell", "applications", 2, "requested", "-"),
    in_cell("blank_cell", "applications", 2, "requested", " "),
    in_cell("not_a_number", "meetings", 2, "attendance", "七"),
    in_cell("negative", "budget_lines", 2, "quantity", "-2"),
    # marks
    in_cell("mark_outside_scale", "reviews", 2, "needs", "20.5"),
    in_cell("mark_outside_scale", "reviews", 3, "budget", "11"),
    in_cell("mark_outside_scale", "reviews", 2, "needs", "0.5", "below the lowest",
            review={"lowest": 1, "missing": "zero"}, alone=False),
    in_cell("negative", "reviews", 2, "needs", "-1"),
    in_cell("too_many_decimals", "reviews", 2, "needs", "16.66666666666667"),
    in_cell("missing_mark", "reviews", 2, "needs", ""),
    in_cell("missing_mark", "reviews", 2, "needs", "-"),
    in_cell("not_a_number", "reviews", 2, "needs", "absent"),
    # keys
    in_cell("duplicate_key", "applications", 5, "application_id", "A001", alone=False),
    in_cell("duplicate_key", "applications", 5, "application_id", "Ａ００１", "full-width twin",
            alone=False),
    in_cell("duplicate_key", "schools", 3, "school_id", "064601", alone=False),
    in_cell("duplicate_key", "reviews", 3, "reviewer", "委員甲"),
    in_cell("unknown_school", "applications", 2, "school_id", "999999"),
    in_cell("no_such_level", "applications", 2, "level", "junior_high"),
    in_cell("level_needed", "applications", 4, "level", ""),
    in_cell("lost_leading_zero", "applications", 2, "school_id", "64601"),
    in_cell("lost_leading_zero", "applications", 3, "partners", "64601;193501"),
    in_cell("lost_leading_zero", "schools", 2, "school_id", "64601", "zero lost in schools",
            alone=False),
    in_cell("unknown_partner", "applications", 3, "partners", "193501、999999"),
    in_cell("partner_is_lead", "applications", 3, "partners", "064602"),
    in_cell("unknown_application", "reviews", 2, "application_id", "A999"),
    in_cell("unknown_application", "budget_lines", 2, "application_id", "A999"),
    in_cell("look_alike", "meetings", 2, "application_id", "a001"),
    in_cell("blank_cell", "reviews", 2, "reviewer", ""),
    in_cell("blank_cell", "applications", 2, "application_id", "", alone=False),
    # values and dates
    in_cell("unknown_value", "schools", 2, "level", "高中"),
    in_cell("unknown_value", "applications", 2, "type", "subjekt"),
    in_cell("unknown_value", "budget_lines", 2, "item", "午餐"),
    in_cell("unknown_value", "schools", 2, "evaluation_programme", "maybe"),
    in_cell("unknown_value", "applications", 3, "prior_outcome", "late"),
    in_cell("bad_date", "applications", 2, "submitted_on", "soon"),
    in_cell("bad_date", "applications", 2, "submitted_on", "41671"),
    in_cell("bad_date", "applications", 2, "submitted_on", "1/2/2014"),
    in_cell("bad_date", "applications", 2, "submitted_on", "12/31/14"),
    in_cell("no_such_day", "applications", 2, "submitted_on", "2014-02-31"),
    in_cell("no_such_day", "meetings", 2, "date", "103/2/30"),
    in_cell("cell_too_long", "applications", 2, "title", "長" * 40_000),
    in_cell("control_character", "applications", 2, "title", "閱讀\x07社群"),
    # columns
    Defect("missing column", "missing_column", "applications.csv", 1, "requested",
           rows=rename("applications", "requested", "request")),
    Defect("missing criterion", "missing_column", "reviews.csv", 1, "goals",
           rows=rename("reviews", "goals", "goal"), alone=False),
    Defect("same header twice", "duplicate_column", "schools.csv", 1, "students",
           rows=rename("schools", "classes", "students"), alone=False),
    Defect("header in both languages", "duplicate_column", "schools.csv", 1, "學生數",
           rows=rename("schools", "classes", "學生數"), alone=False),
    Defect("column without header", "blank_header", "schools.csv", 2, "",
           rows=rename("schools", "principal", ""), alone=False),
    Defect("swapped columns", "unknown_school", "applications.csv", 2, "school_id",
           rows=swap("applications", "school_id", "title"), alone=False),
    Defect("header again", "header_again", "reviews.csv", 4, "application_id",
           rows=lambda case: case["reviews"].insert(3, case["reviews"][0])),
    Defect("too many cells", "too_many_cells", "reviews.csv", 3, "",
           rows=lambda case: case["reviews"][2].append("5")),
    Defect("too few cells", "too_few_cells", "reviews.csv", 3, "other",
           rows=lambda case: case["reviews"][2].pop()),
    Defect("reserved header", "reserved_column", "applications.csv", 1, "row",
           rows=rename("applications", "note", "row")),
    Defect("column of schools", "column_of_schools", "applications.csv", 1, "disadvantage",
           rows=rename("applications", "note", "disadvantage")),
    Defect("another district", "district_differs", "applications.csv", 2, "行政區",
           rows=lambda case: [row.append(text) for row, text in zip(
               case["applications"], ["行政區", "東區", "台西鄉", "和平區", "東區"], strict=True)]),
    Defect("another school", "school_name_differs", "applications.csv", 4, "學校名稱",
           rows=lambda case: [row.append(text) for row, text in zip(
               case["applications"],
               ["學校名稱", "市立礫埕國民小學", "臺中市澔岸國小", "苒野國小", "霏霖國(中)"],
               strict=True)]),
    Defect("merit beside criteria", "merit_and_criteria", "applications.csv", 1, "merit",
           rows=rename("applications", "note", "merit"), alone=False),
    # whole tables
    Defect("no schools", "missing_table", "schools.csv",
           files=lambda folder: (folder / "schools.csv").unlink(), alone=False),
    Defect("no reviews", "missing_table", "reviews.csv",
           files=lambda folder: (folder / "reviews.csv").unlink()),
    Defect("empty file", "empty_file", "reviews.csv", files=content("reviews.csv", b"")),
    Defect("blank file", "empty_file", "reviews.csv", files=content("reviews.csv", b"\r\n \n")),
    Defect("only a mark", "empty_file", "reviews.csv",
           files=content("reviews.csv", b"\xef\xbb\xbf")),
    Defect("header only", "no_rows", "applications.csv", 1,
           rows=lambda case: case["applications"].__delitem__(slice(1, None)), alone=False),
    Defect("nobody reviewed one", "no_review", "applications.csv", 5, "application_id",
           rows=lambda case: case["reviews"].__delitem__(slice(-2, None))),
    Defect("all recused", "all_recused", "applications.csv", 3, "application_id",
           rows=lambda case: case["reviews"].__setitem__(
               3, ["A002", "委員甲", "迴避", *[""] * 5])),
    Defect("recused in one cell", "recused_and_marked", "reviews.csv", 4, "needs",
           rows=lambda case: cell("reviews", 4, "needs", "迴避")(case)),
    Defect("reviews without criteria", "reviews_without_criteria", "reviews.csv", 1,
           review={"criteria": {}}),
    Defect("no merit without criteria", "missing_column", "applications.csv", 1, "merit",
           files=lambda folder: (folder / "reviews.csv").unlink(), review={"criteria": {}}),
    Defect("table twice", "two_sources", "schools.csv、學校.csv",
           files=lambda folder: (folder / "學校.csv").write_bytes(b"x"), alone=False),
    # files
    Defect("symbolic link", "symbolic_link", "reviews.csv", files=linked),
    Defect("folder in place of a file", "not_a_file", "reviews.csv", files=replaced_by_folder),
    Defect("pipe in place of a file", "not_a_file", "reviews.csv", files=replaced_by_pipe),
    Defect("NUL characters", "nul_byte", "reviews.csv", 2,
           files=changed("reviews.csv", b"A001", b"A0\x0001")),
    Defect("UTF-16 without a mark", "nul_byte", "budget_lines.csv", 1,
           files=lambda folder: (folder / "budget_lines.csv").write_bytes(
               to_text(tables()["budget_lines"]).encode("utf-16-le"))),
    Defect("unclosed quote", "unclosed_quote", "reviews.csv", 2,
           files=changed("reviews.csv", b"A001", b'"A001')),
    Defect("quote in the wrong place", "bad_quote", "reviews.csv", 2,
           files=changed("reviews.csv", b"A001", b'"A0"01')),
    Defect("mixed encodings", "mixed_encodings", "schools.csv", 2, files=mixed_encodings,
           alone=False),
    Defect("bytes of no encoding", "mixed_encodings", "reviews.csv", 2,
           files=changed("reviews.csv", "委員甲".encode(), b"\xff\xff\x80")),
    Defect("no encoding at all", "encoding", "budget_lines.csv", 3,
           files=changed("budget_lines.csv", b"health", b"\xff\xff\x80")),
    Defect("a million columns", "too_many_columns", "budget_lines.csv", 2,
           files=changed("budget_lines.csv", b"A001", b"," * 1_000_000)),
    Defect("a few thousand columns", "too_many_columns", "budget_lines.csv", 2,
           files=changed("budget_lines.csv", b"A001", b"," * 2_000)),
    Defect("workbook named csv", "not_text", "budget_lines.csv",
           files=lambda folder: write_xlsx(folder / "x", tables()).rename(
               folder / "budget_lines.csv")),
]  # fmt: skip


def problems_of(path: Path, review: dict[str, object] | None = None) -> tuple[Problem, ...]:
    with pytest.raises(CaseError) as caught:
        read_records(path, settings(**(review or {})))
    problems = caught.value.problems
    assert all(problem.severity is Severity.ERROR for problem in problems)
    assert all(len(problem.value) <= 80 for problem in problems)
    assert all(problem.message.zh and problem.message.en for problem in problems)
    for language in ("zh-TW", "en"):
        assert caught.value.say(language)
    return problems


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
    problems = problems_of(folder, defect.review)
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
