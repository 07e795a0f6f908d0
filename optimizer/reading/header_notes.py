"""What a header says beside its column's name, and the unit above a table: harmless, or refused.

申請金額(元) is 申請金額; 申請金額(千元) would be wrong by a factor of 1,000. So a note that is not known
to be harmless for its kind of column is an error, whatever it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice

from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.problems.errors import Problem, defect, shorten
from optimizer.reading.raw_table import RawTable
from optimizer.tables.schema import MULTIPLE, REVIEWS_LONG, Column, Kind, Table, fold

_CURRENCY = r"(?:新?台幣|nt\$?|ntd|twd)?"
_MONEY = re.compile(rf"{_CURRENCY}[_:/,]*(?:元整?|圓整?)|(?:新?台幣|nt\$?|ntd|twd|\$|整數)")
_COUNTED = re.compile(r"整數|人次|小時|[人位名次時節堂場班校件份本式]")
_POINTS = re.compile(r"分|points?")
_CODE = re.compile(r"[0-9一二三四五六七八九十]+碼|(?:學校)?代碼|代號|姓名|編號")
_SEVERAL = re.compile(r"可?複選|可?多選|可多項")
_DAY = re.compile(r"民國年?|西元年?|年[/_.]?月[/_.]?日|y{3,4}[/_.年]?mm?[/_.月]?dd?日?")
_NAME = re.compile(r"全名|全銜|姓名")
_ANY = re.compile(r"必填|必填欄位|選填|非必填|可?免填|可(?:留)?空白|required|optional|\*")
_OF_KIND = {
    Kind.MONEY: _MONEY,
    Kind.COUNT: _COUNTED,
    Kind.DECIMAL: _COUNTED,
    Kind.POINTS: _POINTS,
    Kind.ID: _CODE,
    Kind.ID_LIST: _CODE,
    Kind.LIST: _SEVERAL,
    Kind.DATE: _DAY,
    Kind.TEXT: _NAME,
    Kind.CHOICE: re.compile("單選|擇一"),
    Kind.YES_NO: re.compile("是非"),
}
_OF_COLUMN = {"unit_price": _MONEY, "merit": _POINTS}
_FULL = re.compile(
    r"(?:滿分|配分|總分|占|佔|最高|max|out_of|0[_~])?[:_]*(\d{1,6}(?:\.\d{1,6})?)(?:_?分|%|_?points?)?"
)
_PIECES = re.compile(r"[^()\[\]{}<>【】〔〕〖〗〈〉《》「」『』]+")
_ABOVE = re.compile(
    rf"(?:單位|units?)[_:]{{0,3}}{_CURRENCY}[_:,/]{{0,3}}{MULTIPLE}|{MULTIPLE}(?:為單位|計)"
    rf"|[(\[【〔][_:]{{0,3}}{_CURRENCY}[_:,/]{{0,3}}{MULTIPLE}[)\]】〕]|\bunits?[_:]+(?:nt\$_?)?thousands?"
    r"|(?<![^\W_])in_(?:nt\$_?)?thousands?"
)


def unknown_notes(raw: RawTable, table: Table) -> Iterator[Problem]:
    """Yield the headers with a note that may change what their cells mean, and units above them."""
    tables = (table, REVIEWS_LONG) if table.key == REVIEWS_LONG.key else (table,)
    yield from _units(raw, table)
    for header in raw.header:
        known = next((t for t in tables if t.find(header)), table)
        column, note = known.find(header), known.note(header)
        if column is not None and note and not is_harmless(note, column):
            yield _refused(raw, header, column, note)


def is_harmless(note: str, column: Column) -> bool:
    """Return whether a note, folded, changes nothing in how the cells of a column are read."""
    return all(
        _fits(piece, column) or all(_fits(part, column) for part in re.split("[,;、]", piece))
        for piece in _pieces(note)
    )


def _pieces(note: str) -> list[str]:
    bare = (piece.strip("_:/,、") for piece in _PIECES.findall(note))
    return [re.sub("^(?:單位[_:]*|unit_?:_?)", "", piece) for piece in bare if piece]


def _fits(piece: str, column: Column) -> bool:
    known = _OF_COLUMN.get(column.key, _OF_KIND[column.kind])
    return (
        bool(_ANY.fullmatch(piece) or known.fullmatch(piece))
        or piece in map(fold, column.names)
        or _lists_values(piece, column)
        or _is_full_mark(piece, column)
    )


def _lists_values(piece: str, column: Column) -> bool:
    """Return whether a note lists values of the column: 學制(國小/國中)."""
    values = {fold(name) for value in column.values for name in value.names}
    named = [part.strip("_") for part in re.split("[/或]|_or_", piece)]
    return len(named) > 1 and values.issuperset(named)


def _is_full_mark(piece: str, column: Column) -> bool:
    """Return whether a note says the full mark: of a criterion the policy's, of a total any."""
    said = _FULL.fullmatch(piece)
    return said is not None and (column.key == "merit" or Fraction(said[1]) == column.full)


def _refused(raw: RawTable, header: str, column: Column, note: str) -> Problem:
    said = _said(header, note)
    return defect(
        "header_note",
        Text(f"標題註明「{said}」，無法照此讀入", f"says {said!r}, which cannot be followed"),
        expected=_expected(column),
        hint=_hint(column),
        **raw.heading(header),
    )


def _said(header: str, note: str) -> str:
    """Return a note as it was written, without the brackets around it."""
    written = header[-len(note) :] if fold(header[-len(note) :]) == note else note
    return written.strip(" _:/,、：，／()（）[]［］【】〔〕")


def _expected(column: Column) -> Text:
    if is_money(column):
        return Text("這一欄以元計。", "This column is in NT$ (元).")
    if column.full is not None:
        full = exact_points(column.full)
        return Text(f"計畫訂的滿分為 {full} 分。", f"The policy's full mark is {full}.")
    return Text(f"這一欄應為：{column.help.zh}。", f"This column holds: {column.help.en}.")


def _hint(column: Column) -> Text:
    if is_money(column):
        return Text(
            f"金額若不是以元計，請先將整欄換算成元；再將標題改為「{column.zh}(元)」。",
            f"If the amounts are not in NT$, convert the whole column first; then make the header "
            f"{column.key}.",
        )
    if column.full is not None:
        return Text(
            f"請改正 policy.toml [review] 的 criteria，或將標題改為「{column.zh}」並確認各分數。",
            f"Mend criteria under [review] in policy.toml, or make the header {column.key} and look "
            "at the marks again.",
        )
    return Text(
        f"內容若是如此，請將標題改為「{column.zh}」；若是別的內容，請換算或改用其他欄名。",
        f"If its cells are that, make the header {column.key}; if not, convert them or give the "
        "column another name.",
    )


def is_money(column: Column) -> bool:
    """Return whether a column holds amounts in NT$."""
    return column.kind is Kind.MONEY or column.key == "unit_price"


def _units(raw: RawTable, table: Table) -> Iterator[Problem]:
    """Yield the lines above a table that say another unit than NT$ for its amounts."""
    for original in raw.originals:
        for line, row in enumerate(islice(original.rows(), raw.header_row), start=1):
            cells = row if line < raw.header_row else [c for c in row if table.find(c) is None]
            if found := other_unit(raw, table, line, cells):
                yield found


def other_unit(raw: RawTable, table: Table, line: int, cells: Iterable[str]) -> Problem | None:
    """Return what is wrong with a line above or below a table that says another unit than NT$."""
    text = " ".join(" ".join(cells).split())
    has_money = any(column.kind is Kind.MONEY for column in table.columns)
    found = _ABOVE.search(fold(text)) if has_money else None
    return None if found is None else _unit(raw, line, text, found[0])


def _unit(raw: RawTable, line: int, text: str, unit: str) -> Problem:
    return defect(
        "unit_above",
        Text("註明的金額單位不是元", "says another unit of money than NT$"),
        expected=Text("金額一律以元計。", "All amounts are read in NT$ (元)."),
        hint=Text(
            "請將這個表的金額換算成元，再刪去這個註明。",
            "Convert the amounts of this table to NT$, then take this away.",
        ),
        file=raw.file,
        row=line,
        value=shorten(text if len(text) <= 40 else unit),
    )
