"""What is written: tables, workbooks, summary; in one step, the same bytes, safe to be opened."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import openpyxl
import pandas as pd
import pytest
from helpers.documented import check_documented
from helpers.places import TESTS
from helpers.results import GOLDEN, POLICY, edit_summary, read_rows, small_allocation, small_case
from hypothesis import given, settings, strategies as st

from optimizer.case.case import Case
from optimizer.foundation.escaping import DANGEROUS, escape, unescape_rows
from optimizer.pipe import allocate
from optimizer.problems.errors import UsageError
from optimizer.reading import read_table
from optimizer.report import write_result, writer as writer_module
from optimizer.report.csv_tables import to_csv
from optimizer.report.result_columns import COLUMNS, TABLES
from optimizer.report.result_sheets import sheets_of
from optimizer.report.summary import SCHEMA
from optimizer.result.allocation import Allocation
from optimizer.workbooks.cell_text import MOST_CHARACTERS, legal
from optimizer.workbooks.ods import write_ods
from optimizer.workbooks.sheet import CellKind, display_width
from optimizer.workbooks.xlsx import write_xlsx

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NASTY = st.one_of(TEXT, st.builds("{}{}".format, st.sampled_from(sorted(DANGEROUS)), TEXT))


@pytest.fixture(scope="module")
def allocation() -> Allocation:
    return small_allocation()


@pytest.fixture(scope="module")
def folder(allocation: Allocation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("written") / "out"
    write_result(allocation, target, parts=["workbooks"])
    return target


def test_every_file_of_a_result_is_documented(allocation: Allocation, tmp_path: Path) -> None:
    write_result(allocation, tmp_path / "out", parts=["workbooks", "published"])
    check_documented(tmp_path / "out", "allocate")


def with_titles(titles: list[str]) -> Case:
    case = small_case()
    applications = case.records.applications.copy()
    applications.loc[: len(titles) - 1, "title"] = titles
    return replace(case, records=replace(case.records, applications=applications))


# ---- tables ---------------------------------------------------------------------------------


def test_the_list_of_awards_reads_as_agreed(folder: Path) -> None:
    assert (folder / "awards.csv").read_bytes() == (GOLDEN / "awards.csv").read_bytes()


def test_every_table_is_written_with_its_own_columns(folder: Path, allocation: Allocation) -> None:
    for name in TABLES:
        table = getattr(allocation, name)
        rows = read_rows(folder / f"{name}.csv")
        assert rows[0] == list(table.columns)
        assert len(rows) == len(table) + 1
    assert read_rows(folder / "awards.csv")[0] == [
        "application_id",
        "school_id",
        "level",
        "district",
        "title",
        "merit",
        "merit_exact",
        "rank",
        "status",
        "requested",
        "admissible",
        "award",
        "certainty",
        "reason_code",
        "reason",
    ]


def test_every_column_is_described(allocation: Allocation) -> None:
    for name in TABLES:
        assert set(getattr(allocation, name).columns) <= set(COLUMNS)


def test_csv_opens_in_excel_and_in_the_programs_own_reader(folder: Path) -> None:
    data = (folder / "awards.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n")
    frame = read_table(folder / "awards.csv").to_frame()
    assert next(iter(frame["school_id"])) == "064601"
    assert len(frame) == 9


@pytest.mark.slow
def test_the_same_allocation_gives_the_same_bytes(
    folder: Path, allocation: Allocation, tmp_path: Path
) -> None:
    time.sleep(2.1)  # the clock of a zip archive ticks every two seconds
    write_result(allocate(small_case()), tmp_path / "again", parts=["workbooks"])
    names = {path.name for path in folder.iterdir()} - {"summary.json"}
    assert {p.name for p in (tmp_path / "again").iterdir()} - {"summary.json"} == names
    for name in sorted(names):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


@pytest.mark.slow
def test_all_parts_of_the_example(example: Path, tmp_path: Path) -> None:
    from optimizer.case.case import read_case

    allocation = allocate(read_case(example))
    said: list[str] = []
    paths = write_result(allocation, tmp_path / "out", progress=said.append)
    names = {path.relative_to(tmp_path / "out").as_posix() for path in paths}
    assert {
        *(f"{name}.csv" for name in TABLES),
        "summary.json",
        "report.html",
        "awards.xlsx",
        "awards.ods",
        "published/lists.ods",
        "published/awarded.csv",
        "figures/scores.svg",
        "figures/scores.png",
    } <= names
    assert said == ["tables", "workbooks", "published", "figures", "report", "summary"]
    table = pd.read_csv(tmp_path / "out" / "awards.csv", dtype={"school_id": str})
    assert table["award"].sum() == allocation.spent
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


# ---- safety of cells --------------------------------------------------------------------------


@given(TEXT)
def test_legal_text_is_xml(text: str) -> None:
    cell = ElementTree.Element("p")
    cell.text = legal(text)
    ElementTree.fromstring(ElementTree.tostring(cell))


def test_a_cell_holds_no_more_than_excel_does() -> None:
    assert len(legal("字" * 40_000)) == MOST_CHARACTERS


@given(st.lists(NASTY, min_size=1, max_size=4))
def test_csv_gives_back_every_cell(texts: list[str]) -> None:
    table = pd.DataFrame({"title": texts, "award": range(len(texts))})
    rows = list(csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"), newline="")))
    assert rows == [["title", "award"], *([escape(t), str(n)] for n, t in enumerate(texts))]


def test_exact_numbers_of_a_csv_keep_their_sign_and_are_no_formula() -> None:
    said = ["-9", "-2.5", "-1841/127305", "1/3", "", "-1+1", "=1", "-9"]
    table = pd.DataFrame({"change_exact": said, "title": said})
    rows = list(csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"), newline="")))[1:]
    assert [row[0] for row in rows] == [
        "-9",
        "-2.5",
        "'-1841/127305",
        "1/3",
        "",
        "'-1+1",
        "'=1",
        "-9",
    ]
    assert [row[1] for row in rows] == list(map(escape, said))
    assert unescape_rows(rows) == [[text, text] for text in said]


@settings(max_examples=15, deadline=None)
@given(st.lists(NASTY, min_size=9, max_size=9))
def test_no_workbook_ever_holds_a_formula(texts: list[str]) -> None:
    import tempfile

    allocation = allocate(with_titles(texts))
    sheets = list(sheets_of(allocation))
    with tempfile.TemporaryDirectory() as place:
        xlsx, ods = Path(place) / "a.xlsx", Path(place) / "a.ods"
        write_xlsx(sheets, xlsx)
        write_ods(sheets, ods)
        book = openpyxl.load_workbook(xlsx)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
        content = zipfile.ZipFile(ods).read("content.xml")
    assert b"table:formula" not in content
    ElementTree.fromstring(content)


def test_numbers_stay_numbers(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "awards.xlsx")["核定名單"]
    header = [cell.value for cell in sheet[1]]
    row = dict(zip(header, sheet[2], strict=True))
    assert row["核定金額"].value == 2_000 and row["核定金額"].number_format.startswith("#,##0")
    assert row["審查分數"].value == 90 and row["審查分數"].number_format.startswith("0.00")
    assert row["名次"].value == 1 and row["精確分數"].value == "90"
    assert row["學校代碼"].value == "064601"
    assert row["結果"].value == "獲補助"
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:O10"


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_workbooks_say_what_the_tables_say(
    allocation: Allocation, tmp_path: Path, ending: str, language: Any
) -> None:
    spoken = allocation.in_language(language)
    write_result(spoken, tmp_path / "out", parts=["workbooks"])
    book = pd.read_excel(
        tmp_path / "out" / f"awards.{ending}", sheet_name=None, dtype=object, engine="calamine"
    )
    assert len(book) == len(TABLES) + 1
    for key, sheet in zip(TABLES, book.values(), strict=False):
        table = getattr(spoken, key)
        assert sheet.shape == table.shape
        for word, column in zip(sheet.columns, table.columns, strict=True):
            if COLUMNS[column].kind is CellKind.MONEY:
                cells, expected = (
                    part[name].dropna() for part, name in ((sheet, word), (table, column))
                )
                assert list(map(int, cells)) == list(map(int, expected))
                assert list(cells.index) == list(expected.index)
            assert word == COLUMNS[column].words.say(language)
            if COLUMNS[column].kind is CellKind.CODE:
                assert not any("_" in str(cell) for cell in sheet[word])


def test_ods_is_read_by_another_library(folder: Path) -> None:
    table = pd.read_excel(folder / "awards.ods", engine="odf", dtype=object)
    assert list(table["學校代碼"])[:2] == ["064601", "064601"]
    assert next(iter(table["核定金額"])) == 2_000
    with zipfile.ZipFile(folder / "awards.ods") as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        for name in archive.namelist()[1:]:
            ElementTree.fromstring(archive.read(name))


def test_blanks_and_lines_survive_in_ods(tmp_path: Path) -> None:
    allocation = allocate(with_titles(["兩  格", "一\n二", " 前", "後 "]))
    write_ods(sheets_of(allocation), tmp_path / "a.ods")
    table = pd.read_excel(tmp_path / "a.ods", engine="calamine")
    assert list(table["社群名稱"])[:2] == ["兩  格", "一\n二"]


def test_widths_count_chinese_twice() -> None:
    assert display_width("ab中文") == 6


# ---- summary ----------------------------------------------------------------------------------


def test_the_summary_keeps_to_its_schema(folder: Path) -> None:
    schema = json.loads(SCHEMA.read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(json.loads((folder / "summary.json").read_bytes()))


@pytest.mark.parametrize(
    "document",
    [
        {"priority": []},
        {"pool": {"amount": 0}},
        {"award": {"mode": "partial", "least_share": "50%"}},
        {"priority": [{"kind": "merit", "form": "ranked"}, {"kind": "coverage"}]},
    ],
)
def test_summaries_of_all_shapes_keep_to_the_schema(
    document: dict[str, Any], tmp_path: Path
) -> None:
    write_result(small_allocation(**document), tmp_path / "out", parts=[])
    schema = json.loads(SCHEMA.read_bytes())
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    jsonschema.Draft202012Validator(schema).validate(summary)


def test_the_summary_names_the_run(allocation: Allocation, tmp_path: Path) -> None:
    began = datetime(2014, 1, 20, 8, 0, tzinfo=UTC)
    write_result(allocation, tmp_path / "out", parts=[], started_at=began, seconds={"read": 1.5})
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert summary["started_at"] == "2014-01-20T08:00:00+00:00"
    assert summary["seconds"]["read"] == 1.5 and set(summary["seconds"]) == {
        "read",
        "solve",
        "write",
    }
    assert summary["program"]["name"] == "subsidy-optimizer"
    assert [output["name"] for output in summary["outputs"]] == sorted(
        f"{name}.csv" for name in TABLES
    )


# ---- one step -----------------------------------------------------------------------------------


def _failing(error: BaseException) -> Any:
    def fail(allocation: Allocation, folder: Path, *_: Any, **__: Any) -> None:
        (folder / "half.txt").write_text("half")
        raise error

    return fail


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyboardInterrupt(), MemoryError(), OSError(28, "disk full")]
)
def test_a_writer_that_fails_leaves_nothing(
    allocation: Allocation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setitem(writer_module._WRITERS, "workbooks", _failing(error))
    expected = UsageError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected):
        write_result(allocation, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_fails_leaves_the_earlier_result(
    allocation: Allocation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    write_result(allocation, target, parts=[])
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    monkeypatch.setitem(writer_module._WRITERS, "workbooks", _failing(ValueError("x")))
    with pytest.raises(ValueError, match="x"):
        write_result(allocation, target)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    assert list(tmp_path.iterdir()) == [target]


def test_a_move_that_fails_puts_the_earlier_result_back(
    allocation: Allocation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    write_result(allocation, target, parts=[])
    before = (target / "summary.json").read_bytes()
    rename = Path.rename

    def refuse(self: Path, other: Path) -> Path:
        if self.name == "new":
            raise PermissionError(13, "in use")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr("optimizer.writing.atomic.exchange", lambda one, other: False)
    with pytest.raises(UsageError):
        write_result(allocation, target, parts=[])
    assert (target / "summary.json").read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_a_run_that_is_killed_leaves_no_half_result(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        f"sys.path.insert(0, {str(TESTS)!r})\n"
        "from helpers.results import small_allocation\n"
        "from optimizer.report import write_result\n"
        "def die(part):\n"
        "    if part == 'summary': os.kill(os.getpid(), signal.SIGKILL)\n"
        f"write_result(small_allocation(), {str(tmp_path / 'out')!r}, progress=die, parts=[])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    write_result(small_allocation(), tmp_path / "out", parts=[])
    assert (tmp_path / "out" / "summary.json").exists()


def test_an_earlier_result_is_replaced_whole(allocation: Allocation, tmp_path: Path) -> None:
    target = tmp_path / "out"
    write_result(allocation, target, parts=["workbooks"])
    write_result(allocation, target, parts=[])
    assert not (target / "awards.xlsx").exists()
    assert list(tmp_path.iterdir()) == [target]


def test_an_empty_folder_is_taken(allocation: Allocation, tmp_path: Path) -> None:
    (tmp_path / "deep" / "out").mkdir(parents=True)
    write_result(allocation, tmp_path / "deep" / "out", parts=[])
    write_result(allocation, tmp_path / "new" / "deeper" / "out", parts=[])
    assert (tmp_path / "new" / "deeper" / "out" / "awards.csv").exists()


def test_other_folders_are_refused(allocation: Allocation, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    (target / "letter.docx").write_text("dear")
    with pytest.raises(UsageError, match=r"letter\.docx"):
        write_result(allocation, target, parts=[])
    assert (target / "letter.docx").read_text() == "dear"


def test_a_stranger_in_an_earlier_result_is_not_lost(
    allocation: Allocation, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    write_result(allocation, target, parts=[])
    (target / "notes.txt").write_text("keep me")
    with pytest.raises(UsageError, match=r"notes\.txt"):
        write_result(allocation, target, parts=[])
    assert (target / "notes.txt").exists()


@pytest.mark.parametrize("summary", ["", "[]", "{}", '{"program": {"name": "other"}}', "\xff"])
def test_a_summary_of_something_else_is_no_earlier_result(
    allocation: Allocation, tmp_path: Path, summary: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "summary.json").write_text(summary, "latin-1")
    with pytest.raises(UsageError):
        write_result(allocation, tmp_path / "out", parts=[])


def test_a_file_is_no_folder(allocation: Allocation, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(UsageError):
        write_result(allocation, tmp_path / "out", parts=[])
    with pytest.raises(UsageError):
        write_result(allocation, tmp_path / "out" / "below", parts=[])


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_is_followed_to_its_folder(allocation: Allocation, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_result(allocation, tmp_path / "link", parts=[])
    assert (tmp_path / "real" / "summary.json").exists() and (tmp_path / "link").is_symlink()


def test_a_forged_summary_cannot_have_other_files_removed(
    allocation: Allocation, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    write_result(allocation, target, parts=[])
    (tmp_path / "precious.txt").write_text("x")
    edit_summary(target, lambda d: d["outputs"].append({"name": "../precious.txt"}))
    write_result(allocation, target, parts=[])
    assert (tmp_path / "precious.txt").exists()


def test_the_policy_of_these_tests_has_what_it_needs(allocation: Allocation) -> None:
    assert set(allocation.awards["status"]) == {"funded", "not_funded", "ineligible"}
    assert "some" in set(allocation.awards["certainty"])
    assert set(allocation.by_district["covered"]) == {"yes", "uncoverable"}
    assert POLICY["pool"]["amount"] == allocation.pool
