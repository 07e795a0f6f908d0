"""Notes in headers and units above tables: what is not known to be harmless is refused.

「申請金額(千元)」 that is read as NT$ is wrong by a factor of 1,000 and nobody sees it.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from checks.defects import rename
from helpers.files import CRITERIA, Rows, in_chinese, settings, tables, write, write_ods, write_xlsx
from helpers.told import problems_of
from hypothesis import given, strategies as st

from optimizer.plain import UnreadableError, read_papers
from optimizer.plain.layout import TableRows as PlainRows
from optimizer.reading import read_records
from optimizer.reading.any_file import parse_table
from optimizer.reading.header_notes import unknown_notes
from optimizer.tables.originals import Original
from optimizer.tables.schema import REVIEWS_LONG, TOTALS, Column, Table, case_tables

FULL = {key: Fraction(full) for key, full in CRITERIA.items()}
TABLES = (*case_tables(FULL), REVIEWS_LONG, TOTALS)
COLUMNS = [(table, column) for table in TABLES for column in table.columns]
MONEY = [(t, c) for t, c in COLUMNS if c.key in ("requested", "own_funds", "amount", "unit_price")]
BRACKETS = ("({})", "（{}）", " [{}]", "\n（{}）", "【{}】", "(必填)({})")
UNKNOWN = (
    "千元",
    "仟元",
    "萬元",
    "單位：千元",
    "thousands",
    "百人",
    "美元",
    "去年",
    "不含稅",
    "k",
    "x3",
)


def refused(table: Table, header: str, above: str = "") -> bool:
    """Return whether the reading refuses a header, and see that the second reading agrees."""
    text = f"{above}\r\n{header}\r\n" if above else f"{header}\r\n"
    raw = parse_table("x.csv", text.encode(), table)
    problems = list(unknown_notes(raw, table))
    assert raw.header_row == 1 + bool(above)
    assert all(p.row and p.hint.zh and p.hint.en for p in problems)
    try:
        PlainRows(Original("x.csv", text), table)
    except UnreadableError:
        assert problems
    else:
        assert not problems
    return bool(problems)


@pytest.mark.parametrize("note", UNKNOWN)
def test_an_unknown_note_is_refused_in_every_column(note: str) -> None:
    for table, column in COLUMNS:
        for name in column.names:
            for form in BRACKETS:
                header = f'"{name}{form.format(note)}"'
                assert refused(table, header), (table.key, header)


@given(
    st.sampled_from(COLUMNS),
    st.text(
        st.sampled_from("千萬百元人次分年月日必填是/否可複選()新臺幣k"), min_size=1, max_size=12
    ),
)
def test_both_readings_agree_on_any_note(place: tuple[Table, Column], note: str) -> None:
    table, column = place
    refused(table, f"{column.zh}({note})")


def test_harmless_notes_are_taken_in_every_column() -> None:
    for table, column in COLUMNS:
        for note in ("必填", "選填", "required", column.key, column.zh):
            assert not refused(table, f"{column.zh}（{note}）"), (table.key, column.key, note)


def test_money_may_say_that_it_is_in_dollars() -> None:
    notes = ("元", "新臺幣元", "NT$", "單位：元", "單位：新台幣元", "新臺幣：元", "元，必填")
    for table, column in MONEY:
        for note in notes:
            assert not refused(table, f"{column.zh}（{note}）"), (table.key, column.key, note)


@pytest.mark.parametrize("header", ["{}千元", "{}：千元", "{}/萬元", "{}（單位：新臺幣千元）"])
def test_money_in_other_units_is_told_to_be_converted(header: str) -> None:
    for table, column in MONEY:
        raw = parse_table("x.csv", header.format(column.zh).encode(), table)
        (problem,) = unknown_notes(raw, table)
        assert problem.code == "header_note"
        assert "元" in problem.expected.zh and "換算" in problem.hint.zh


@pytest.mark.parametrize(
    "header",
    [
        *(
            "成員人數(人)",
            "活動次數（次）",
            "送件日期（民國）",
            "送件日期(年/月/日)",
            "學制(國小/國中)",
        ),
        *("送件日期(yyyy-mm-dd)", "實施方式（可複選）", "學校代碼（六碼）", "requested (申請金額)"),
    ],
)
def test_what_people_write_in_brackets(header: str) -> None:
    assert not refused(TABLES[1], header)


@pytest.mark.parametrize(
    ("note", "right"),
    [
        *(("滿分20分", True), ("20%", True), ("20 分", True), ("0-20", True), ("配分：20", True)),
        *(("滿分25分", False), ("25%", False), ("100", False), ("1-20", False)),
    ],
)
def test_a_full_mark_must_be_the_policys(note: str, right: bool) -> None:
    raw = parse_table("reviews.csv", f"申請編號,審查委員,需求評估（{note}）".encode(), TABLES[2])
    problems = list(unknown_notes(raw, TABLES[2]))
    assert [p.code for p in problems] == ([] if right else ["header_note"])
    assert right or ("20" in problems[0].expected.zh and "criteria" in problems[0].hint.en)


@pytest.mark.parametrize(
    ("above", "wrong"),
    [
        *(("單位：千元", True), ("（單位：新臺幣千元）", True), ("申請彙整表,,單位：,萬元", True)),
        *(("申請彙整表（仟元）", True), ("金額以千元計", True), ("Unit: NT$ thousand", True)),
        *(("單位：元", False), ("單位：新臺幣元", False), ("填報單位：萬里國中", False)),
        *(("103 年度申請彙整表（每案上限3萬元）", False), ("總經費 59 萬元", False)),
    ],
)
def test_a_unit_above_a_table(above: str, wrong: bool) -> None:
    header = "申請編號,學校代碼,申請金額"
    assert refused(TABLES[1], header, above) is wrong


def noted(case: dict[str, Rows]) -> dict[str, Rows]:
    rename("申請", "申請金額", "申請金額（千元）")(case)
    case["申請"].insert(0, ["103 年度申請彙整表", "", "單位：千元"])
    return case


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_amounts_in_thousands_are_refused_in_every_format(form: str, tmp_path: Path) -> None:
    case = noted(in_chinese(tables()))
    path = {"csv": write, "xlsx": write_xlsx, "ods": write_ods}[form](tmp_path / f"x.{form}", case)
    unit, header = problems_of(path)
    assert (unit.code, unit.row) == ("unit_above", 1)
    assert (header.code, header.row, header.column) == ("header_note", 2, "申請金額（千元）")


def test_a_note_in_a_later_part_of_the_reviews_counts_too(tmp_path: Path) -> None:
    case = tables()
    first, second = case["reviews"][:5], [case["reviews"][0], *case["reviews"][5:]]
    second[0] = [f"{h}(滿分25分)" if h == "needs" else h for h in second[0]]
    del case["reviews"]
    (problem,) = problems_of(write(tmp_path, {**case, "評分1": first, "評分2": second}))
    assert (problem.code, problem.file) == ("header_note", "評分2.csv")


def test_harmless_notes_change_nothing(tmp_path: Path) -> None:
    case = in_chinese(tables())
    rename("申請", "申請金額", "申請金額 （新臺幣元）")(case)
    rename("評分", "需求評估", "需求評估（滿分20分）")(case)
    case["申請"].insert(0, ["單位：元"])
    records, _ = read_records(write(tmp_path, case), settings())
    assert [a.requested for a in read_papers(records).applications] == [5000, 4800, 5000, 3200]
    assert records.applications["requested"].tolist() == [5000, 4800, 5000, 3200]
