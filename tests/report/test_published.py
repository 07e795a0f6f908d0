"""What a bureau publishes: complete, added up by formulas that agree, ready to print, harmless, checked."""

from __future__ import annotations

import io
import json
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from helpers.results import POLICY, read_rows, reseal, small_allocation, small_case, unproved
from helpers.rounds import random_case, varied

from optimizer.explain.reasons import reasons
from optimizer.foundation.escaping import unescape, unsteered
from optimizer.language.text import LANGUAGES
from optimizer.pipe import allocate
from optimizer.problems.errors import SubsidyError
from optimizer.report import write_result
from optimizer.report.dictionary import dictionary
from optimizer.report.listed import Listed
from optimizer.report.printed_lists import PrintedLists
from optimizer.report.publish import FILES, write_published
from optimizer.report.result_columns import CODES, COLUMNS_OF, TABLES
from optimizer.report.roll import KEYS, ROLLS, WIDEST, Roll
from optimizer.report.rolls import rolls_of
from optimizer.result.allocation import Allocation
from optimizer.tables.schema import APPLICATIONS, SCHOOLS
from optimizer.verify.file_list import PARTS as VERIFIED
from optimizer.verify.verify import verify_result
from optimizer.workbooks.ods import to_ods
from optimizer.workbooks.sheet import CellKind, Paper, Sheet, SheetColumn
from optimizer.workbooks.xlsx import to_xlsx

NASTY = (
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script>",
    "\u202e文字\u2066反轉",
    "長" * 300,
    "堃峯喆瑠煊㵞",
    "'+1",
)
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


@pytest.fixture(scope="module")
def allocation() -> Allocation:
    return small_allocation()


@pytest.fixture(scope="module")
def folder(allocation: Allocation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("published")
    write_published(allocation, place)
    return place / "published"


def by_name(allocation: Allocation) -> dict[str, Roll]:
    return {roll.name: roll for roll in rolls_of(allocation)}


# ---- who stands on which list -----------------------------------------------------------------


def a_round(seed: int) -> Allocation:
    """Return a random round that has a list."""
    rng = random.Random(seed)
    while True:
        try:
            return allocate(varied(random_case(rng, most=12), rng))
        except SubsidyError:
            continue


@pytest.mark.parametrize("seed", range(12))
def test_everybody_stands_on_one_list_and_the_sums_are_those_of_the_result(seed: int) -> None:
    allocation = a_round(seed)
    rolls, awards = by_name(allocation), allocation.awards
    for name, status in (
        ("awarded", "funded"),
        ("not_awarded", "not_funded"),
        ("ineligible", "ineligible"),
    ):
        ids = rolls[name].column("application_id")
        assert sorted(map(str, ids)) == sorted(awards["application_id"][awards["status"] == status])
        assert rolls[name].column("number") == list(range(1, len(ids) + 1))
    assert rolls["awarded"].sum("award") == allocation.spent
    districts, table = rolls["districts"], allocation.by_district.set_index("district")
    assert set(districts.column("district")) == set(table.index)
    for key in ("schools", "applications", "eligible", "funded", "requested", "awarded"):
        assert districts.column(key) == table[key].loc[districts.column("district")].tolist()
    for name in ("funded", "awarded"):
        split = [key for key in districts.keys if key.startswith(f"{name}_")]
        assert sum(map(districts.sum, split)) == districts.sum(name)
    waits = allocation.waitlist.dropna(subset="comes_at")
    assert rolls["waiting"].column("application_id") == waits["application_id"].tolist()
    assert rolls["waiting"].column("comes_at") == waits["comes_at"].tolist()


def test_districts_stand_in_the_order_of_the_plan() -> None:
    order = ["和平區", "外埔區", "東區", "大安區", "中區"]
    allocation = small_allocation(plan={"title": "測試", "districts": order})
    assert by_name(allocation)["districts"].column("district") == order
    awarded = by_name(allocation)["awarded"].column("district")
    assert awarded == sorted(awarded, key=lambda name: order.index(str(name)))


def test_an_empty_list_says_that_nobody_is_on_it_and_of_no_others() -> None:
    empty = [roll for seed in range(4) for roll in rolls_of(a_round(seed)) if not roll.rows]
    assert empty and all(roll.notes for roll in empty)
    assert not [note for roll in empty for note in roll.notes if "其餘" in note or "本名冊" in note]


def test_what_is_nobodys_business_is_not_published() -> None:
    clause = {"kind": "fixed", "refuse": ["A1"], "reason": "校內停辦", "decided_by": "王大明"}
    allocation = small_allocation(clause=[*POLICY["clause"], clause])
    said = str([(roll.rows, roll.notes) for roll in rolls_of(allocation)])
    assert "王大明" not in said and "校內停辦" in said
    columns = {key for keys in KEYS.values() for key in keys}
    assert not columns & {"merit", "merit_exact", "rank", "convener"}
    refused = by_name(small_allocation())["ineligible"]
    found = dict(zip(refused.column("application_id"), refused.column("finding"), strict=True))
    assert "60" not in str(found["A8"]) and "70" in str(found["A8"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_short_reason_is_more_certain_than_the_proof(language: Any) -> None:
    found = unproved(small_allocation(pool={"amount": 9_000})).in_language(language)
    open_ = [r.why == "unsettled" for r in reasons(found)]
    ids = {name for name, one in zip(found.awards["application_id"], open_, strict=True) if one}
    word = CODES["unsettled"].say(language)
    roll = by_name(found)["not_awarded"]
    said = dict(zip(roll.column("application_id"), roll.column("why"), strict=True))
    assert ids and {said[name] for name in ids} == {word}
    assert {
        row[roll.place("reference")] for row in roll.rows if row[roll.place("why")] == word
    } == {""}
    groups = [
        row for block in PrintedLists([roll], language).not_awarded(roll) for row in block["rows"]
    ]
    counted = [row["cells"][0] for row in groups if row["kind"] == "group"]
    assert any(one.startswith(word) for one in counted)
    for line in Listed(found).lines():
        assert (word in line.result.say(language)) == (line.application_id in ids)
    assert "priority" not in set(found.awards["reason_code"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_of_an_unproved_round_are_provisional_and_nobody_is_said_to_wait_or_not(
    language: Any,
) -> None:
    rolls = by_name(unproved(small_allocation(pool={"amount": 9_000})).in_language(language))
    waiting = rolls["waiting"]
    assert not waiting.rows and len(waiting.notes) == 1
    assert "求解未完成" in waiting.notes[0] or "did not finish" in waiting.notes[0]
    word = {"zh-TW": "（暫定）", "en": "(provisional)"}[language]
    assert {name for name, roll in rolls.items() if roll.title.endswith(word)} == {
        *("awarded", "not_awarded", "districts")
    }
    proved = by_name(small_allocation().in_language(language))
    assert not [roll for roll in proved.values() if word in roll.title]


def test_a_mark_below_the_least_is_published_as_what_was_found_not_as_the_rule() -> None:
    review = {"minimum_merit": 70, "reference": "柒"}
    refused = by_name(small_allocation(review=review))["ineligible"]
    found = dict(zip(refused.column("application_id"), refused.column("finding"), strict=True))
    assert "審查分數未達及格分數 70 分" in str(found["A8"]) and "不符資格" not in str(found["A8"])


# ---- sums that work ---------------------------------------------------------------------------


def subtotal(kind: str, column: list[Any], own: list[bool]) -> int:
    """Do what SUBTOTAL does: cells that are totals themselves are left out."""
    cells = [
        cell
        for cell, total in zip(column, own, strict=True)
        if not total and cell not in ("", None)
    ]
    return len(cells) if kind == "3" else sum(map(int, cells))


def xlsx_columns(path: Path) -> Iterator[tuple[list[Any], list[str]]]:
    """Yield the values and the formulas of every column of every sheet."""
    kept, live = (openpyxl.load_workbook(path, data_only=only) for only in (True, False))
    for sheet in live.sheetnames:
        for column in range(1, live[sheet].max_column + 1):
            lines = range(1, live[sheet].max_row + 1)
            formulas = [live[sheet].cell(line, column).value for line in lines]
            texts = [f if isinstance(f, str) and f[:1] == "=" else "" for f in formulas]
            yield [kept[sheet].cell(line, column).value for line in lines], texts


def ods_columns(path: Path) -> Iterator[tuple[list[Any], list[str]]]:
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
    for table in root.iter(f"{TABLE}table"):
        rows = [list(ods_row(row)) for row in table.iter(f"{TABLE}table-row")]
        width = max(map(len, rows))
        padded = [row + [("", "")] * (width - len(row)) for row in rows]
        for column in zip(*padded, strict=True):
            yield [value for value, _ in column], [formula for _, formula in column]


def ods_row(row: Any) -> Iterator[tuple[str, str]]:
    for cell in row:
        times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        said = "\n".join("".join(p.itertext()) for p in cell.iter(f"{TEXT}p"))
        value = cell.get(f"{OFFICE}value") or said
        yield from [(value, cell.get(f"{TABLE}formula", ""))] * times


@pytest.mark.parametrize(
    ("read", "kind"), [(xlsx_columns, "xlsx"), (ods_columns, "ods")], ids=["xlsx", "ods"]
)
def test_every_sum_is_a_formula_that_comes_to_what_stands_there(
    folder: Path, read: Callable[[Path], Any], kind: str
) -> None:
    found = 0
    for values, formulas in read(folder / f"lists.{kind}"):
        own = [bool(formula) for formula in formulas]
        for line, formula in enumerate(formulas):
            if formula:
                match = re.fullmatch(
                    r"(?:of:)?=SUBTOTAL\((9|3)[,;]\[?\.?([A-Z])(\d+):\.?\2(\d+)\]?\)", formula
                )
                assert match, formula
                first, last = int(match[3]) - 1, int(match[4])
                assert first < last <= line, "it covers cells above it"
                part = slice(first, last)
                assert int(values[line]) == subtotal(match[1], values[part], own[part])
                found += 1
    rolls = [roll for roll in rolls_of(small_allocation()) if roll.rows]
    assert found > sum(len(roll.sums) + bool(roll.counted) for roll in rolls)


def test_the_grand_total_is_what_was_awarded(folder: Path, allocation: Allocation) -> None:
    sheet = openpyxl.load_workbook(folder / "lists.xlsx", data_only=True)["核定名冊"]
    rows = list(sheet.iter_rows(values_only=True))
    [total] = [row for row in rows if "總計" in row]
    assert total[-1] == allocation.spent and str(total[6 - 1]) == str(
        int(allocation.decision.fund.sum())
    )


# ---- ready to print ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_is_ready_to_print_and_sign(tmp_path: Path, language: Any) -> None:
    allocation = small_allocation().in_language(language)
    write_published(allocation, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "published" / "lists.xlsx")
    assert book.sheetnames == [title.say(language) for title in ROLLS.values()]
    for name, sheet in zip(ROLLS, book.worksheets, strict=True):
        header = int(sheet.freeze_panes[1:]) - 1
        assert sheet.print_title_rows == f"${header}:${header}"
        assert (
            sheet.page_setup.orientation == "landscape" and str(sheet.page_setup.paperSize) == "9"
        )
        widths = [column.width for column in sheet.column_dimensions.values()]
        assert sum(widths) <= WIDEST + len(widths), "else a page would be shrunk below 9 points"
        fonts = [cell.font.sz for row in sheet.iter_rows() for cell in row]
        assert min(fonts) >= 9
        assert allocation.seal in sheet.oddFooter.left.text
        assert {"&P", "&N"} <= set(re.findall("&[PN]", sheet.oddFooter.right.text))
        assert sheet["A1"].value == f"測試計畫　{sheet.title}"
        last = int(re.findall(r"\d+", sheet.print_area)[-1])
        assert last == sheet.max_row
        signs = [cell.value for cell in sheet[sheet.max_row] if cell.value]
        assert len(signs) == (0 if name == "rules" else 4) or name == "rules"


def test_the_open_document_prints_alike(folder: Path) -> None:
    with zipfile.ZipFile(folder / "lists.ods") as archive:
        content, styles = archive.read("content.xml").decode(), archive.read("styles.xml").decode()
    assert content.count("table:print-ranges=") == content.count("<table:table ") == len(ROLLS)
    assert content.count("<table:table-header-rows>") == len(ROLLS)
    assert styles.count("<text:page-number>") == styles.count("<text:page-count>") == len(ROLLS)
    looks = set(re.findall(r'<table:table table:name="[^"]*" table:style-name="(\w+)"', content))
    pages = dict(
        re.findall(
            r'style:name="(paper\d+)" style:family="table" style:master-page-name="(\w+)"', content
        )
    )
    assert set(pages) == looks
    assert set(pages.values()) <= set(re.findall(r'<style:master-page style:name="(\w+)"', styles))


def test_a_list_that_can_be_read_on_one_page_is_signed_there() -> None:
    paper = Paper(("各區統計", "103 年度"), signatures=("承辦人", "首長"))
    columns = (
        SheetColumn(CellKind.LONG, "行政區", 11),
        SheetColumn(CellKind.MONEY, "核定金額", 11),
    )

    def sheet(rows: int) -> Sheet:
        return Sheet("各區統計", columns, tuple(("中區", n) for n in range(rows)), paper=paper)

    assert (sheet(35).pages_down, sheet(60).pages_down) == (1, 0)
    assert replace(sheet(35), paper=None).pages_down == 0
    for rows, down in ((35, True), (60, False)):
        with zipfile.ZipFile(io.BytesIO(to_xlsx([sheet(rows)]))) as archive:
            page = archive.read("xl/worksheets/sheet1.xml").decode()
        assert (
            "<pageSetUpPr fitToPage=" in page
        )  # on one page across and down, unless said otherwise
        assert ('fitToHeight="0"' in page) is not down and "fitToWidth" not in page
        with zipfile.ZipFile(io.BytesIO(to_ods([sheet(rows), sheet(99)]))) as archive:
            styles = archive.read("styles.xml").decode()
        [page] = re.findall(r'style:name="paper0" style:page-layout-name="([\w-]+)"', styles)
        layout = styles[styles.index(f'<style:page-layout style:name="{page}"') :]
        assert re.search(r'style:scale-to-Y="(\d)"', layout)[1] == str(int(down))  # type: ignore[index]


def test_signatures_share_the_width(allocation: Allocation) -> None:
    from optimizer.report.roll_sheets import roll_sheets

    for sheet in roll_sheets(allocation, rolls_of(allocation)):
        blocks = [place for first, last in sheet.blocks for place in range(first, last + 1)]
        if blocks:
            assert blocks == list(range(len(sheet.columns)))


# ---- words and safety -------------------------------------------------------------------------


def test_csv_headers_are_words_that_a_case_understands(folder: Path) -> None:
    headers = read_rows(folder / "awarded.csv")[0]
    assert headers == [
        "序號",
        "行政區",
        "學制",
        "學校代碼",
        "學校名稱",
        "申請編號",
        "社群名稱",
        "申請金額",
        "核定金額",
    ]
    assert SCHOOLS.find("行政區") and APPLICATIONS.find("申請編號")
    assert {row[2] for row in read_rows(folder / "awarded.csv")[1:]} <= {"國小", "國中"}


def test_hostile_names_are_whole_and_harmless(tmp_path: Path) -> None:
    case = small_case()
    schools, applications = case.records.schools.copy(), case.records.applications.copy()
    schools.loc[: len(NASTY[:5]) - 1, "name"] = NASTY[:5]
    applications.loc[: len(NASTY) - 1, "title"] = NASTY
    case = replace(case, records=replace(case.records, schools=schools, applications=applications))
    write_published(allocate(case), tmp_path)
    place = tmp_path / "published"
    lists = ("awarded", "not_awarded", "ineligible")
    cells = {c for name in lists for row in read_rows(place / f"{name}.csv") for c in row}
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
    read = {unsteered(name) for name in NASTY}  # for people: no mark turns what follows it
    assert read <= {unescape(cell) for cell in cells}
    for columns in (xlsx_columns(place / "lists.xlsx"), ods_columns(place / "lists.ods")):
        values, formulas = zip(*columns, strict=True)
        assert read <= {str(value) for column in values for value in column}
        said = {formula for column in formulas for formula in column if formula}
        assert all("SUBTOTAL" in formula or formula in read for formula in said)
    types = openpyxl.load_workbook(place / "lists.xlsx")["核定名冊"]
    assert {cell.data_type for row in types.iter_rows() for cell in row if cell.value in read} <= {
        "s",
        "f",
    }
    with zipfile.ZipFile(place / "lists.xlsx") as archive:
        sheets = [archive.read(n) for n in archive.namelist() if "worksheets" in n]
    assert not [sheet for sheet in sheets if b"HYPERLINK" in sheet]


# ---- verify -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("result") / "out"
    write_result(small_allocation(), target, parts=["published"])
    return target


def test_verify_knows_the_published_files(result: Path) -> None:
    assert sorted(FILES) == sorted(VERIFIED["published"])
    assert all((result / name).is_file() for name in FILES)
    assert verify_result(result, small_case(), quick=True) == []


def _member(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            parts = {info: archive.read(info) for info in archive.infolist()}
        assert any(old in data for info, data in parts.items() if info.filename == name)
        with zipfile.ZipFile(path, "w") as archive:
            for info, data in parts.items():
                archive.writestr(info, data.replace(old, new, 1) if info.filename == name else data)

    return edit


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "other versions"])
@pytest.mark.parametrize(
    ("file", "edit"),
    [
        ("lists.xlsx", _member("xl/worksheets/sheet1.xml", b"SUBTOTAL(9,", b"SUBTOTAL(2,")),
        ("lists.ods", _member("content.xml", b"SUBTOTAL(9;", b"SUBTOTAL(2;")),
        (
            "awarded.csv",
            lambda path: path.write_bytes(path.read_bytes().replace(b"1000", b"1001", 1)),
        ),
    ],
    ids=["xlsx", "ods", "csv"],
)
def test_verify_finds_another_formula_and_another_cell(
    result: Path, tmp_path: Path, file: str, edit: Callable[[Path], None], elsewhere: bool
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(result, folder)
    edit(folder / "published" / file)
    if elsewhere:
        path = folder / "summary.json"
        document = json.loads(path.read_bytes())
        document["versions"]["xlsxwriter"] = "1.0"
        path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    reseal(folder)
    found = verify_result(folder, small_case(), quick=True)
    assert {problem.file for problem in found} == {f"published/{file}"}


def test_verify_finds_what_does_not_belong_there(result: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    shutil.copytree(result, folder)
    (folder / "published" / "more.csv").write_text("x")
    [problem] = verify_result(folder, small_case(), quick=True)
    assert problem.file == "published/more.csv"


# ---- one dictionary ---------------------------------------------------------------------------


def test_the_dictionary_has_every_column_of_every_table(allocation: Allocation) -> None:
    said = [(entry.file, entry.column) for entry in dictionary()]
    assert len(said) == len(set(said))
    for name in TABLES:
        columns = list(getattr(allocation, name).columns)
        assert list(COLUMNS_OF[name]) == columns
        assert [column for file, column in said if file == f"{name}.csv"] == columns
    for entry in dictionary():
        assert entry.meaning.zh and entry.meaning.en and entry.words.zh and entry.table.zh
    for roll in rolls_of(allocation):
        named = [e for e in dictionary() if e.file == f"published/{roll.name}.csv"]
        assert {e.column.removesuffix("_LEVEL") for e in named} == {
            re.sub("_(elementary|junior_high)$", "", key) for key in roll.keys
        }


def test_codes_of_the_dictionary_are_all_there_are(example: Path) -> None:
    from optimizer.case.case import read_case

    awards = allocate(read_case(example)).awards
    codes = {e.column: {c for c, _ in e.codes} for e in dictionary() if e.file == "awards.csv"}
    for column in ("level", "status", "certainty"):
        assert set(awards[column].dropna().astype(str)) <= codes[column]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_cut_in_part_is_said_to_be_and_by_which_rule(language: Any) -> None:
    award = {"mode": "partial", "least_share": "60%", "reference": "六(一)"}
    found = small_allocation(award=award, pool={"amount": 3_300, "unit": 100})
    found = found.in_language(language)
    rules = by_name(found)["rules"]
    [said] = [s for s in rules.column("sentence") if "60%" in str(s)]
    assert "六(一)" in rules.column("reference")
    assert "60%" not in str(by_name(small_allocation())["rules"].rows)
    table = found.awards
    less = (table["award"] > 0) & (table["award"] < table["requested"])
    assert less.any() and said
    for award_, asked, reason in table.loc[less, ["award", "requested", "reason"]].itertuples(
        index=False
    ):
        assert f"{award_:,}" in reason and f"{asked:,}" in reason and "六(一)" in reason
    whole = table[table["award"] == table["requested"]]
    assert not whole["reason"].str.contains("六(一)", regex=False).any()
