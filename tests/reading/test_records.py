"""Reading whole cases: every format and encoding gives the same records."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers.files import (
    CRITERIA,
    Rows,
    in_chinese,
    is_plain_number,
    settings,
    tables,
    to_text,
    write,
    write_ods,
    write_xlsx,
)
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st

from optimizer.problems.errors import CaseError
from optimizer.reading import read_records, read_table
from optimizer.reading.cross_check import same_school
from optimizer.reading.stored_values import is_date_format, number_text
from optimizer.tables.records import Records

TABLES = ("schools", "applications", "reviews", "budget_lines", "meetings")


def read(path: Path, **review: object) -> Records:
    return read_records(path, settings(**review))[0]


def assert_same(one: Records, other: Records) -> None:
    assert one.reviews == other.reviews
    for name in TABLES:
        if name != "reviews":
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Records:
    return read(write(tmp_path_factory.mktemp("plain") / "case", tables()))


# ---- what is read ----------------------------------------------------------------------------


def test_schools(plain: Records) -> None:
    schools = plain.schools
    assert schools["school_id"].tolist() == ["064601", "064602", "191301", "191301", "193501"]
    assert schools["level"].tolist()[2:4] == ["elementary", "junior_high"]
    assert schools["disadvantage"].tolist()[:3] == ["", "remote", "extreme_remote"]
    assert schools["evaluation_programme"].tolist() == [False, False, False, True, False]
    assert schools["students"].tolist()[:3] == [1527, 72, 0]
    assert schools["students"].isna().tolist() == [False] * 4 + [True]
    assert schools["principal"].tolist()[2] == ""
    assert isinstance(schools.index, pd.RangeIndex)


def test_applications(plain: Records) -> None:
    applications = plain.applications
    assert applications["school"].tolist() == [0, 1, 3, 4]
    assert applications["level"].tolist()[2] == "junior_high"
    assert applications["row"].tolist() == [2, 3, 4, 5]
    assert applications["requested"].tolist() == [5000, 4800, 5000, 3200]
    assert str(applications["requested"].dtype) == "Int64"
    assert applications["methods"].tolist()[0] == ("lecture", "co_planning")
    assert applications["partners"].tolist()[1] == ("064601", "193501")
    assert applications["fields"].tolist()[2] == ("數學", "自然")
    days = [date(2014, 1, 9), date(2014, 1, 10), date(2014, 1, 12), None]
    assert applications["submitted_on"].tolist() == days
    assert applications["title"].tolist()[2] == "=探究實作"
    assert applications["members"].isna().tolist() == [False, False, False, True]
    assert applications["note"].tolist()[1] == "x"
    assert "merit" not in applications


def test_reviews(plain: Records) -> None:
    reviews = plain.reviews
    assert reviews.denominator == 2 and reviews.criteria == tuple(CRITERIA)
    written_by = [reviews.reviewers[reviewer] for reviewer in reviews.reviewer]
    who = list(zip(reviews.application.tolist(), written_by, strict=True))
    assert who == sorted(who) and len(reviews) == 8
    assert reviews.points[who.index((0, "委員甲"))].tolist() == [36, 35, 32, 38, 18, 16]
    assert reviews.points.dtype == np.int64
    recused = who.index((1, "委員乙"))
    assert np.flatnonzero(reviews.recused).tolist() == [recused]
    assert not reviews.given[recused].any() and not reviews.points[recused].any()


def test_details(plain: Records) -> None:
    assert plain.budget_lines is not None
    assert plain.meetings is not None
    assert plain.budget_lines["quantity"].tolist() == [Fraction(2), Fraction(191, 10_000), None]
    assert plain.budget_lines["amount"].tolist() == [3200, 61, 0]
    assert plain.meetings["date"].tolist() == [date(2014, 2, 5), date(2014, 2, 26)]


def test_sources_cover_every_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "case", tables())
    _, sources = read_records(folder, settings())
    assert [source.name for source in sources] == [f"{name}.csv" for name in TABLES]
    for source in sources:
        data = (folder / source.name).read_bytes()
        assert (source.sha256, source.size) == (hashlib.sha256(data).hexdigest(), len(data))


def test_the_order_of_rows_does_not_matter(plain: Records, tmp_path: Path) -> None:
    turned = {name: [rows[0], *rows[:0:-1]] for name, rows in tables().items()}
    other = read(write(tmp_path / "case", turned))
    assert plain.reviews == other.reviews
    for name in ("schools", "applications"):
        same = getattr(plain, name).drop(columns="row")
        pd.testing.assert_frame_equal(same, getattr(other, name).drop(columns="row"))


# ---- the same case in many forms -------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp950", "big5hkscs", "utf-16", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(
    plain: Records, encoding: str, delimiter: str, tmp_path: Path
) -> None:
    assert_same(plain, read(write(tmp_path / "case", tables(), encoding, delimiter)))


def test_a_named_encoding(plain: Records, tmp_path: Path) -> None:
    folder = write(tmp_path / "case", tables(), "utf-16-le")
    assert_same(plain, read_records(folder, settings(), "utf-16-le")[0])


@pytest.mark.parametrize("chinese", [False, True])
def test_formats(plain: Records, chinese: bool, tmp_path: Path) -> None:
    case = in_chinese(tables()) if chinese else tables()
    assert_same(plain, read(write(tmp_path / "case", case)))
    assert_same(plain, read(write_xlsx(tmp_path / "a.xlsx", case)))
    assert_same(plain, read(write_xlsx(tmp_path / "text.xlsx", case, numbers=False)))
    assert_same(plain, read(write_ods(tmp_path / "a.ods", case)))


def test_a_folder_with_one_workbook(plain: Records, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "round.xlsx", tables())
    (tmp_path / "policy.toml").write_text("")
    (tmp_path / "~$round.xlsx").write_bytes(b"lock")
    assert_same(plain, read(tmp_path))


def test_one_table_as_a_workbook(plain: Records, tmp_path: Path) -> None:
    folder = write(tmp_path / "case", tables())
    (folder / "reviews.csv").unlink()
    write_ods(folder / "評分.ods", {"工作表1": tables()["reviews"]})
    assert_same(plain, read(folder))


def test_titles_blank_rows_and_blank_columns(plain: Records, tmp_path: Path) -> None:
    case = {name: [["臺中市 103 年度", *[""] * len(rows[0])], [], *rows, [], [""]]
            for name, rows in tables().items()}  # fmt: skip
    other = read(write(tmp_path / "case", case))
    assert other.applications["row"].tolist() == [4, 5, 6, 7]
    assert plain.reviews == other.reviews


def test_a_mark_inside_the_first_quoted_header(plain: Records, tmp_path: Path) -> None:
    folder = write(tmp_path / "case", tables())
    text = (folder / "reviews.csv").read_text(encoding="utf-8")
    marked = '"\ufeff' + text.replace("application_id", 'application_id"', 1)
    (folder / "reviews.csv").write_text(marked, encoding="utf-8", newline="")
    assert_same(plain, read(folder))


def test_quotes_change_nothing(plain: Records, tmp_path: Path) -> None:
    """The quick way for plain texts and the general one give the same."""
    folder = tmp_path / "case"
    folder.mkdir()
    for name, rows in tables().items():
        quoted = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
        (folder / f"{name}.csv").write_text(quoted, encoding="utf-8")
    assert_same(plain, read(folder))


def long_form(rows: Rows) -> Rows:
    header, *reviews = rows
    marks = [[*row[:2], key, mark] for row in reviews for key, mark in zip(header[2:], row[2:], strict=True)]  # fmt: skip
    return [["申請編號", "審查委員", "審查項目", "分數"], *marks[::-1]]


def test_the_long_form_of_reviews(plain: Records, tmp_path: Path) -> None:
    case = tables()
    case["reviews"] = long_form(case["reviews"])
    assert_same(plain, read(write(tmp_path / "case", case)))
    case["reviews"] = [r for r in case["reviews"] if r[1:3] != ["委員丙", "goals"]]
    with pytest.raises(CaseError, match="without a mark for goals"):
        read(write(tmp_path / "error", case))
    reviews = read(write(tmp_path / "zero", case), missing="zero").reviews
    assert (~reviews.given[~reviews.recused]).sum() == 1


# ---- particular rules ------------------------------------------------------------------------


def test_a_missing_mark_where_the_policy_allows_it(tmp_path: Path) -> None:
    case = tables()
    case["reviews"][1][3] = "-"
    reviews = read(write(tmp_path / "case", case), missing="rescale").reviews
    assert (~reviews.given[~reviews.recused]).sum() == 1


def test_one_recused_criterion_recuses_the_review(tmp_path: Path) -> None:
    case = tables()
    case["reviews"][1][2:] = ["", "利益迴避", "", "", "", ""]
    reviews = read(write(tmp_path / "case", case)).reviews
    assert reviews.recused.sum() == 2


def test_districts_in_two_spellings_are_one(tmp_path: Path) -> None:
    case = tables()
    case["schools"][1][2] = "台西鄉"
    case["schools"][5][2] = "臺西鄉 "
    districts = read(write(tmp_path / "case", case)).schools["district"]
    assert districts.tolist().count("臺西鄉") == 3
    assert "台西鄉" not in districts.tolist()


def test_merit_in_place_of_reviews(tmp_path: Path) -> None:
    case = tables()
    del case["reviews"]
    for row, merit in zip(case["applications"], ["merit", "87.3", "90", "70.25", "0"], strict=True):
        row.append(merit)
    records = read(write(tmp_path / "case", case), criteria={})
    assert records.applications["merit"].tolist()[:2] == [Fraction(873, 10), Fraction(90)]
    assert len(records.reviews) == 0


def test_empty_optional_tables_count_as_absent(tmp_path: Path) -> None:
    case = tables()
    case["meetings"] = case["meetings"][:1]
    del case["budget_lines"]
    records = read(write(tmp_path / "case", case))
    assert records.meetings is None
    assert records.budget_lines is None


def test_merged_cells_hold_for_every_row_they_span(plain: Records, tmp_path: Path) -> None:
    import openpyxl

    path = write_xlsx(tmp_path / "case.xlsx", tables())
    book = openpyxl.load_workbook(path)
    book["meetings"].merge_cells("A2:A3")
    book["meetings"].merge_cells("D2:D3")
    book.save(path)
    assert_same(plain, read(path))


def test_dates_of_a_workbook(tmp_path: Path) -> None:
    import openpyxl

    path = write_xlsx(tmp_path / "case.xlsx", tables())
    book = openpyxl.load_workbook(path)
    book["applications"]["M2"] = date(2014, 1, 9)
    book["applications"]["M3"] = "0103-01-10"
    book.save(path)
    assert read(path).applications["submitted_on"].tolist()[:2] == [
        date(2014, 1, 9),
        date(2014, 1, 10),
    ]


def test_a_workbook_as_excel_writes_it(plain: Records, tmp_path: Path) -> None:
    """Shared and rich strings, date formats of both calendars, formulas with a value."""
    import xlsxwriter

    case = tables()
    book = xlsxwriter.Workbook(str(tmp_path / "case.xlsx"))
    for name, rows in case.items():
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, text in enumerate(row):
                if is_plain_number(text):
                    sheet.write_number(line, column, float(text))
                else:
                    sheet.write_string(line, column, text)
    roc = book.add_format({"num_format": '[$-404]e"年"m"月"d"日"'})
    sheet = book.get_worksheet_by_name("applications")
    sheet.write_datetime("M2", datetime(2014, 1, 9), roc)
    sheet.write_datetime("M3", datetime(2014, 1, 10), book.add_format({"num_format": 14}))
    sheet.write_formula("J2", "=2*2500", None, 5000)
    sheet.write_rich_string("D2", book.add_format({"bold": True}), "閱讀", "理解社群")
    book.get_worksheet_by_name("schools").write_boolean("F2", False)
    book.close()
    assert_same(plain, read(tmp_path / "case.xlsx"))


def test_days_counted_from_1904(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "t.xlsx"), {"date_1904": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["day", "time"])
    sheet.write_datetime(1, 0, datetime(2014, 2, 1), book.add_format({"num_format": "yyyy/m/d"}))
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_datetime(1, 1, datetime(2014, 2, 1, 17, 30), moment)
    book.close()
    frame = read_table(tmp_path / "t.xlsx").to_frame()
    assert frame.iloc[0].tolist() == ["2014-02-01", "2014-02-01 17:30:00"]


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("17.100000000000001", "17.1"),
        ("5000", "5000"),
        ("5000.0", "5000"),
        ("1E-2", "0.01"),
        ("1.5E3", "1500"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("9007199254740993", "9007199254740993"),
        ("1e400", "inf"),
        ("NaN", "NaN"),
        ("1_0", "1_0"),
        ("0x1", "0x1"),
    ],
)
def test_stored_numbers(stored: str, text: str) -> None:
    assert number_text(stored) == text


@pytest.mark.parametrize(
    ("number", "code", "shows_a_date"),
    [
        (0, "", False),
        (14, "", True),
        (164, "General", False),
        (164, "0.00E+00", False),
        (164, '"NT$"#,##0', False),
        (164, "[$-404]e/m/d", True),
        (164, "yyyy年m月d日", True),
        (164, "h:mm", False),
        (164, '#,##0"day"', False),
    ],
)
def test_date_formats(number: int, code: str, shows_a_date: bool) -> None:
    assert is_date_format(number, code) is shows_a_date


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("市立豐原國小", "豐原國民小學", True),
        ("臺中市立善水國(中)小", "善水國中小", True),
        ("台中市豐原國小", "臺中市豐原國小", True),
        ("中山國小", "中山國中", False),
        ("新市國小", "市立國小", False),
    ],
)
def test_school_names(one: str, other: str, same: bool) -> None:
    assert same_school(one, other) is same


def test_the_example_round(example: Path) -> None:
    records = read(example)
    assert len(records.schools) == 300
    assert records.meetings is not None


# ---- properties ------------------------------------------------------------------------------


def also_utf8(text: str) -> bool:
    """Whether the Big5 bytes of a text are UTF-8 of another one, so that nobody can tell (怗)."""
    try:
        return bool(text.encode("cp950").decode("utf-8"))
    except UnicodeDecodeError:
        return False


texts = st.text(st.characters(codec="cp950", exclude_categories=("Cc", "Cf", "Zs", "Zl", "Zp"), exclude_characters="¢£¥•‾∼☉♁､"), min_size=1, max_size=8).filter(lambda text: text.isascii() or not also_utf8(text))  # fmt: skip
free = texts.filter(lambda t: not t.startswith("#") and t.strip('-;、；"') and not t.startswith("Err:"))  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Rows]:
    """Draw good cases: other texts, numbers and marks in the small one."""
    case = tables()
    for row in case["schools"][1:]:
        row[1], row[2], row[8] = draw(free), draw(free), draw(free)
    for row in case["applications"][1:]:
        row[3], row[15] = draw(free), draw(free)
        row[9] = str(draw(st.integers(0, 10**9)))
    for row in case["reviews"][1:]:
        if "recused" not in row:
            for at in range(2, 8):
                tenths = draw(st.integers(0, 100))
                row[at] = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
    return case


@given(case=cases())
@hypothesis_settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.slow
def test_every_format_gives_the_same_records(
    case: dict[str, Rows], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("formats")
    first = read(write(folder / "utf-8", case))
    assert_same(first, read(write(folder / "cp950", case, "cp950")))
    assert_same(first, read(write(folder / "utf-16", case, "utf-16", "\t")))
    assert_same(first, read(write_xlsx(folder / "case.xlsx", case)))
    assert_same(first, read(write_ods(folder / "case.ods", case)))


def test_long_and_wide_texts_are_split_alike(tmp_path: Path) -> None:
    case = tables()
    assert '"' not in to_text(case["reviews"])
    folder = write(tmp_path / "case", case)
    data = (folder / "reviews.csv").read_bytes()
    (folder / "reviews.csv").write_bytes(data.replace(b"\r\n", b"\n").rstrip(b"\n"))
    other = write(tmp_path / "other", case)
    assert_same(read(folder), read(other))
