"""Every way a case can be broken that we could think of, planted one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpers.files import Rows, tables, to_text, write_xlsx

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
