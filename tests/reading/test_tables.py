"""Reading single tables and single cells."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from helpers.files import tables, to_text, write_ods_rows
from hypothesis import given, strategies as st

from optimizer.language.text import Text
from optimizer.problems.errors import CaseError
from optimizer.reading import RawTable, cells, columns, delimited, encoding, layout, read_table
from optimizer.reading.findings import BadCell
from optimizer.tables import schema
from optimizer.tables.schema import Kind, fold

FULL_WIDTH = str.maketrans("0123456789.,-/", "０１２３４５６７８９．，－／")


def table_of(text: str, tmp_path: Path) -> RawTable:
    (tmp_path / "t.csv").write_bytes(text.encode())
    return read_table(tmp_path / "t.csv")


# ---- cells -----------------------------------------------------------------------------------


@given(st.decimals(0, 10**9, places=4))
def test_decimals_come_back_exactly(value: Decimal) -> None:
    for text in (str(value), f"{value:,}", f" {value}　", str(value).translate(FULL_WIDTH)):
        assert cells.fraction(text) == Fraction(value)


@given(st.integers(0, 10**15))
def test_whole_numbers_come_back_exactly(value: int) -> None:
    for text in (str(value), f"{value:,}", f"NT$ {value:,}", f"{value}元", f"{value}.00"):
        assert cells.whole(text) == value
        assert cells.whole(text.translate(FULL_WIDTH)) == value


@given(st.dates(date(1991, 1, 1), date(2110, 12, 31)))
def test_dates_come_back(day: date) -> None:
    roc = day.year - 1911
    forms = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{roc}/{day.month}/{day.day}",
        f"{roc:03}.{day.month:02}.{day.day:02}",
        f"民國{roc}年{day.month}月{day.day}日",
        f"{roc:03}{day.month:02}{day.day:02}",
        f"{day.isoformat()} 00:00:00",
        f"{roc:04}-{day.month:02}-{day.day:02}",
    ]
    for text in forms:
        assert cells.day(text) == day
        assert cells.day(text.translate(FULL_WIDTH)) == day


@given(st.text())
def test_any_text_is_a_value_or_a_bad_cell(text: str) -> None:
    for read in (cells.whole, cells.fraction, cells.day, cells.chooser(schema.LEVELS)):
        try:
            value = read(text)
        except BadCell as failure:
            assert failure.code
            assert isinstance(failure.hint, Text)
        else:
            assert value is not None


@pytest.mark.parametrize("text", ["", ".", "1.2.3", "1,00", "٣", "²", "0x10", "1_000", "½", "--1"])
def test_not_numbers(text: str) -> None:
    with pytest.raises(BadCell):
        cells.number(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a;b", ("a", "b")), ("a、b；a", ("a", "b")), (" - ", ()), ("a\nb;", ("a", "b"))],
)
def test_lists(text: str, expected: tuple[str, ...]) -> None:
    assert cells.lister(str)(text) == expected


def test_every_name_of_every_value_is_read() -> None:
    for values in (schema.LEVELS, schema.TYPES, schema.ITEMS, schema.OUTCOMES, schema.YES_NO):
        choose = cells.chooser(values)
        for value in values:
            assert {choose(name) for name in value.names} == {value.key}
            assert {choose(f" {name.upper()}　") for name in value.names} == {value.key}


# ---- the schema ------------------------------------------------------------------------------

ALL_TABLES = (*schema.case_tables(tuple(v.key for v in schema.CRITERIA)), schema.REVIEWS_LONG)


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: f"{table.key}-{len(table.columns)}")
def test_headers_are_told_apart(table: schema.Table) -> None:
    names = [fold(name) for column in table.columns for name in set(map(fold, column.names))]
    assert len(names) == len(set(names))
    for column in table.columns:
        assert column.help.zh
        assert column.help.en
        assert column.kind is not Kind.CHOICE or column.values
        for name in column.names:
            assert table.find(f"  {name.upper()} ") is column
            assert table.find(f"{name}（說明）") is column  # and is refused: test_header_notes.py


@pytest.mark.parametrize(
    "header",
    ["申請\n金額", "申 請　金額", "申請金額（元）", "ＲＥＱＵＥＳＴＥＤ", "\ufeff申請金額"],
)
def test_headers_as_people_write_them(header: str) -> None:
    assert schema.APPLICATIONS.find(header) is schema.APPLICATIONS.column("requested")


def test_canonical_values() -> None:
    assert schema.canonical("偏遠", schema.DISADVANTAGES) == "remote"
    assert schema.canonical(" 新住民重點 ", schema.DISADVANTAGES) == "新住民重點"


# ---- encodings -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp950", "cp950"), ("utf-16", "utf-16")],
)
def test_the_order_of_trials(codec: str, name: str) -> None:
    text = to_text(tables()["schools"])
    assert encoding.decode(text.encode(codec), "t.csv") == (text, name)


def test_characters_of_hong_kong_fall_back(tmp_path: Path) -> None:
    text = "name\n" + "".join(chr(c) for c in range(0x4E00, 0x9FFF)).encode(
        "big5hkscs", "ignore"
    ).decode("big5hkscs")
    data = text.encode("big5hkscs")
    with pytest.raises(UnicodeDecodeError):
        data.decode("cp950")
    assert encoding.decode(data, "t.csv") == (text, "big5hkscs")


@given(st.binary(max_size=200))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        text, _ = encoding.decode(data, "t.csv")
    except CaseError as error:
        assert error.problems[0].file == "t.csv"
    else:
        assert "\0" not in text


# ---- layout ----------------------------------------------------------------------------------

plain_cells = st.text(st.characters(exclude_characters='",\r\n\0\x01', codec="utf-8"), max_size=5)


@st.composite
def grids(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(1, 5))
    row = st.lists(plain_cells, min_size=width, max_size=width)
    return [[f"h{n}" for n in range(width)], *draw(st.lists(row, min_size=1, max_size=8))]


@given(grids())
def test_the_quick_way_agrees_with_the_general_one(grid: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in grid) + "\n"
    plain = layout.lay_out_plain("t", text, ",", None, "")
    if plain is not None:
        general = layout.lay_out("t", delimited.split_rows(text, "t", ","), None)
        assert plain.header == general.header
        assert plain.rows.tolist() == general.rows.tolist()
        assert plain.to_frame().equals(general.to_frame())


def test_columns_of_digits_stay_text(tmp_path: Path) -> None:
    table = table_of("code,x\n064601,1.0\n000001,True\n", tmp_path)
    assert table.to_frame().to_numpy().tolist() == [["064601", "1.0"], ["000001", "True"]]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(delimiter: str, tmp_path: Path) -> None:
    text = "title of the table\n" + delimiter.join("abc") + "\n" + delimiter.join(["1", "x y", "3"])
    table = table_of(text, tmp_path)
    assert table.header == ("a", "b", "c")
    assert (table.header_row, table.rows.tolist()) == (2, [3])


def test_quoted_cells_keep_delimiters_quotes_and_lines(tmp_path: Path) -> None:
    table = table_of('a,b\r\n"1,527","say ""hi""\nthere"\r\n2,"3"\r\n', tmp_path)
    assert table.to_frame()["a"].tolist() == ["1,527", "2"]
    assert table.to_frame()["b"].tolist() == ['say "hi"\nthere', "3"]
    assert table.rows.tolist() == [2, 3]


def test_lines_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    table = table_of("a,b\n\n1,2\n,\n3,4\n", tmp_path)
    assert table.rows.tolist() == [3, 5]


def test_a_table_of_titles_only(tmp_path: Path) -> None:
    assert len(table_of("nothing here\n", tmp_path)) == 0


def test_serial_numbers_of_days_are_hinted_at() -> None:
    serial = (date(2014, 2, 1) - date(1899, 12, 30)) // timedelta(days=1)
    with pytest.raises(BadCell) as caught:
        cells.day(str(serial))
    assert "spreadsheet" in caught.value.hint.en


@pytest.mark.parametrize("text", ["", "#REF!", "NaN", "x", "1e3", "(5)", "\x01"])
def test_no_refusal_of_a_cell_is_raised_twice(text: str) -> None:
    """One that is would keep hold of the frames, and so of the tables, of every time before."""
    read = columns.reader_of(schema.APPLICATIONS.column("requested"))
    caught = []
    for _ in range(2):
        with pytest.raises(BadCell) as one:
            read(text)
        caught.append(one.value)
    assert caught[0] is not caught[1]
    assert caught[0].args[:3] == caught[1].args[:3]


# ---- .ods cells ------------------------------------------------------------------------------


def ods_frame(tmp_path: Path, rows: str) -> RawTable:
    head = '<table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>b</text:p></table:table-cell></table:table-row>'  # fmt: skip
    return read_table(write_ods_rows(tmp_path / "t.ods", "s", head + rows))


def text_cell(inner: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}>{inner}</table:table-cell>'


def ods_row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


COVERED = "<table:covered-table-cell/>"


def test_merged_cells_of_an_ods(tmp_path: Path) -> None:
    table = ods_frame(
        tmp_path,
        ods_row(
            text_cell("<text:p>x</text:p>", 'table:number-rows-spanned="2"'),
            text_cell("<text:p>1</text:p>"),
        )
        + ods_row(COVERED, text_cell("<text:p>2</text:p>"))
        + ods_row(text_cell("<text:p>y</text:p>", 'table:number-columns-spanned="2"'), COVERED),
    )
    assert table.to_frame()["a"].tolist() == ["x", "x", "y"]
    assert table.suspects == {(3, 0): "merged_down", (4, 1): "merged_cells"}


def test_repeated_rows_and_cells_of_an_ods(tmp_path: Path) -> None:
    cell = text_cell("<text:p>z</text:p>", 'table:number-columns-repeated="2"')
    blank = ods_row("<table:table-cell/>", attributes='table:number-rows-repeated="3"')
    table = ods_frame(tmp_path, blank + ods_row(cell, attributes='table:number-rows-repeated="2"'))
    assert table.rows.tolist() == [5, 6]
    assert table.to_frame().to_numpy().tolist() == [["z", "z"], ["z", "z"]]


CELL_TEXTS = [
    (text_cell("<text:p>one</text:p><text:p>two</text:p>"), "one\ntwo"),
    (text_cell('<text:p>a<text:s text:c="3"/>b<text:tab/>c</text:p>'), "a   b\tc"),
    (text_cell("<text:p>a<text:line-break/>b</text:p>"), "a\nb"),
    (text_cell("<office:annotation><text:p>note</text:p></office:annotation><text:p>v</text:p>"), "v"),
    ('<table:table-cell office:value-type="float" office:value="17.100000000000001"/>', "17.1"),
    ('<table:table-cell office:value-type="currency" office:value="5E3"/>', "5000"),
    ('<table:table-cell office:value-type="date" office:date-value="2014-02-01T00:00:00"/>', "2014-02-01"),
    ('<table:table-cell office:value-type="boolean" office:boolean-value="true"/>', "true"),
    ('<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>', "2"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "text"), CELL_TEXTS)
def test_texts_of_ods_cells(cell: str, text: str, tmp_path: Path) -> None:
    table = ods_frame(tmp_path, ods_row(text_cell("<text:p>k</text:p>"), cell))
    assert table.to_frame()["b"].tolist() == [text]
    assert not table.suspects


def test_an_ods_with_a_password_is_refused(tmp_path: Path) -> None:
    path = write_ods_rows(tmp_path / "t.ods", "s", "")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<m><manifest:encryption-data/></m>")
    with pytest.raises(CaseError, match="password"):
        read_table(path)
