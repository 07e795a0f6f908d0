"""Which notes in headers leave the cells below them as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable

from optimizer.plain.names import alike, split_note
from optimizer.tables.schema import Column, Kind

_UNITS = {
    Kind.MONEY: "元 元整 圓 圓整 整數",
    Kind.COUNT: "人 位 名 次 時 節 堂 場 班 校 件 份 本 式 人次 小時 整數",
    Kind.POINTS: "分 point points",
    Kind.LIST: "複選 可複選 多選 可多選 可多項",
    Kind.DATE: "民國 民國年 西元 西元年",
    Kind.TEXT: "全名 全銜 姓名",
    Kind.ID: "代碼 學校代碼 代號 姓名 編號",
    Kind.CHOICE: "單選 擇一",
    Kind.YES_NO: "是非",
}
_AS = {Kind.DECIMAL: Kind.COUNT, Kind.ID_LIST: Kind.ID}
_FOR_ALL = [
    "必填",
    "必填欄位",
    "選填",
    "非必填",
    "免填",
    "可免填",
    "空白",
    "可空白",
    "可留空白",
    "留空白",
    "required",
    "optional",
    "*",
]
_BETWEEN = ":/,、"
_FILLING = re.compile("^(?:單位:?|unit:)")
_DOLLARS = re.compile(r"^(?:新台幣|台幣|nt\$?|ntd|twd|\$)[:/,]*")
_CODE = re.compile("[0-9一二三四五六七八九十]+碼")
_DAY = re.compile("年[/.]?月[/.]?日|y{3,4}[/.年]?mm?[/.月]?dd?日?")
_MARK = re.compile(
    r"(?:滿分|配分|總分|占|佔|最高|max|outof|0~|0)?:?\d{1,6}(?:\.\d{1,6})?(?:分|%|points?)?"
)
_TENS = r"(?:\d[\d,]{1,12}|\d{0,12}[十百佰千仟萬億]{1,9})元"
_ABOVE = re.compile(
    rf"(?:單位|units?):?(?:新台幣|台幣|nt\$?|ntd|twd)?[:,/]*{_TENS}|{_TENS}(?:為單位|計)"
    rf"|[(\[【〔]:*(?:新台幣|台幣|nt\$?|ntd|twd)?[:,/]*{_TENS}[)\]】〕]|units?:(?:nt\$)?thousand"
)


def is_understood(header: str, column: Column) -> bool:
    """Return whether every note behind a header is one that changes nothing."""
    base, notes = split_note(header)
    whole = base in map(alike, column.names)
    return whole and all(
        not note.strip(_BETWEEN)
        or _says_nothing(note, column)
        or all(_says_nothing(part, column) for part in re.split("[,;、]", note))
        for note in notes
    )


def changes_units(cells: Iterable[str]) -> bool:
    """Return whether a line above a table says that its amounts are in thousands or the like."""
    return _ABOVE.search(alike(" ".join(cells))) is not None


def _says_nothing(note: str, column: Column) -> bool:
    note = _FILLING.sub("", note.strip(_BETWEEN))
    return (
        note in _FOR_ALL
        or note in map(alike, column.names)
        or _lists_values(note, column)
        or _is_of_kind(note, column)
    )


def _lists_values(note: str, column: Column) -> bool:
    words = [alike(name) for value in column.values for name in value.names]
    parts = re.split("[/或]|or", note)
    return len(parts) > 1 and all(part in words for part in parts)


def _is_of_kind(note: str, column: Column) -> bool:
    kind = _AS.get(column.kind, column.kind)
    if column.key == "unit_price":
        kind = Kind.MONEY
    if column.key == "merit":
        kind = Kind.POINTS
    if kind is Kind.MONEY and _DOLLARS.match(note):
        note = _DOLLARS.sub("", note) or "元"
    return (
        note in _UNITS[kind].split()
        or (kind is Kind.ID and _CODE.fullmatch(note) is not None)
        or (kind is Kind.DATE and _DAY.fullmatch(note) is not None)
        or (kind is Kind.POINTS and _MARK.fullmatch(note) is not None)
    )
