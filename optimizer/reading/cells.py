"""What one cell means: exact numbers, dates, names of values. Text in, value out, or `BadCell`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from optimizer.foundation.limits import MOST
from optimizer.language.text import EMPTY, Text
from optimizer.language.words import decimal as decimal_text
from optimizer.language.written_numbers import spoken_number
from optimizer.problems.likeness import closest, is_it
from optimizer.reading.findings import BadCell
from optimizer.reading.raw_table import trim
from optimizer.tables.schema import RECUSED, Value, fold

Parser = Callable[[str], object]

_NUMBER = re.compile(
    r"([+-]?)(?:(\d{1,3}(?:,\d{3})+|\d{1,40})(?:\.(\d{0,40}))?|\.(\d{1,40}))", re.ASCII
)
_SCIENTIFIC = re.compile(r"[+-]?[\d.]+e[+-]?\d+", re.ASCII | re.IGNORECASE)
_BEFORE = re.compile(r"^(?:NT\$?|TWD|\$|新[臺台]幣)\s*", re.IGNORECASE)
_MONEY = ("元", "元整", "圓", "圓整")
_THINGS = (*"人位名次節場班校件時份本式", "小時", "人次")
POINTS = ("分",)
_ANY = (*_MONEY, *_THINGS, "分")
_UNIT = re.compile(rf"\s*({'|'.join(sorted(_ANY, key=len, reverse=True))})$")
_DASHES = frozenset("-－–—─")
_NOT_FINITE = frozenset(("nan", "inf", "infinity", "null", "none", "n/a"))
_SERIAL = range(20_000, 80_000)  # days since 1900 that spreadsheets store dates as
_FULL_WIDTH = {0xFF01 + at: 0x21 + at for at in range(94)} | {0x3000: 0x20}


def plain(text: str) -> str:
    """Return a text with full-width forms made plain and blanks cut."""
    if text.isascii():
        return text.strip()
    return trim(text.translate(_FULL_WIDTH))


def is_dash(text: str) -> bool:
    """Return whether a cell holds nothing but the dash of published tables."""
    return text in _DASHES


def number(text: str, units: Collection[str] = _ANY) -> Fraction:
    """Read an exact decimal.

    It may be counted in one of `units`: ``4,600元整``, ``6人``.

    Raises
    ------
    BadCell
        If it is anything else than digits, with or without thousands separators and decimals.
    """
    bare, unit = _without_unit(plain(text))
    match = _NUMBER.fullmatch(bare)
    if match is None:
        raise _not_a_number(bare, units)
    if unit and unit not in units:
        raise _wrong_unit(unit, units)
    sign, whole, decimals, only_decimals = match.groups()
    part = decimals or only_decimals or ""
    numerator = int(sign + (whole or "0").replace(",", "") + part)
    return Fraction(numerator, 10 ** len(part))


def _without_unit(text: str) -> tuple[str, str]:
    """Part a number from its unit; an amount in NT$ may say so in front."""
    if text.isascii() and text[:1].isdecimal():
        return text, ""
    bare = _BEFORE.sub("", text)
    match = _UNIT.search(bare)
    if match is None:
        return bare, "元" if bare != text else ""
    return bare[: match.start()], match[1]


def _wrong_unit(unit: str, units: Collection[str]) -> BadCell:
    some = tuple(units)[:3]
    return BadCell(
        "wrong_unit",
        Text(f"這一欄不以「{unit}」計", f"is in {unit}, which does not go with this column"),
        Text(f"應為數字，或以 {'、'.join(some)} 計。", "A plain number was expected."),
        Text("是否填錯欄？", "Does it belong in another column?"),
    )


def _not_a_number(text: str, units: Collection[str]) -> BadCell:
    expected = Text("應為數字。", "A number was expected.")
    for is_so, code, message, hint in _NO_NUMBERS:
        if is_so(text):
            return BadCell(code, message, expected, hint)
    meant = None if units == POINTS else spoken_number(text)  # nobody marks in 萬
    written = "" if meant is None else decimal_text(meant)
    hint = Text(f"請寫成 {written}", f"Write {written}") if written else EMPTY
    return BadCell("not_a_number", Text("不是數字", "is not a number"), expected, hint)


_NEGATIVE = Text("是負數", "is negative")
_NO_NUMBERS: tuple[tuple[Callable[[str], object], str, Text, Text], ...] = (
    (
        lambda text: text.lower().lstrip("+-") in _NOT_FINITE,
        "not_finite",
        Text("不是有限的數", "is not a finite number"),
        Text("沒有資料請留空白。", "Leave the cell blank if there is none."),
    ),
    (
        _SCIENTIFIC.fullmatch,
        "scientific",
        Text("是科學記號", "is in scientific notation"),
        Text("請寫出全部數字。", "Write all the digits."),
    ),
    (
        lambda text: text.endswith(("%", "％")),
        "percentage",
        Text("是百分比", "is a percentage"),
        Text(
            "請直接填入應有的數字；只改儲存格格式，試算表裡的 85% 會變成 0.85。",
            "Type the number that is meant: if only the format of the cell is changed, a "
            "spreadsheet makes 0.85 of 85%.",
        ),
    ),
    (
        lambda text: text.startswith("="),
        "formula",
        Text("是公式，不是數字", "is a formula, not a number"),
        Text("請存成值。", "Save the value in its place."),
    ),
    (lambda text: text.startswith("(") and text.endswith(")"), "negative", _NEGATIVE, EMPTY),
)


@dataclass(frozen=True)
class Percent:
    """A percentage that stands where points should: a share of the full mark, or a slip."""

    share: Fraction


def percent(text: str) -> Percent | None:
    """Return the share that a percentage states, None if it is more than all."""
    bare = plain(text).rstrip("%").strip()
    match = _NUMBER.fullmatch(bare)
    if match is None or match[1] == "-":
        return None
    share = number(bare) / 100
    return Percent(share) if share <= 1 else None


def _too_large() -> BadCell:
    most = Text(f"至多 {MOST:,}。", f"At most {MOST:,}.")
    return BadCell("too_large_number", Text("數字太大", "is too large"), most)


def count(text: str) -> int:
    """Read a whole number of things: 6, 6人, 8次."""
    return whole(text, _THINGS)


def whole(text: str, units: Collection[str] = _MONEY) -> int:
    """Read a whole number that is not negative; of NT$ unless other units are named."""
    value = number(text, units)
    if value.denominator > 1:
        expected = Text("應為整數。", "A whole number was expected.")
        raise BadCell("not_whole", Text("不是整數", "is not a whole number"), expected)
    if value < 0:
        least = Text("應為 0 以上的整數。", "A whole number from 0 was expected.")
        raise BadCell("negative", _NEGATIVE, least)
    if value > MOST:
        raise _too_large()
    return int(value)


def fraction(text: str, most_decimals: int = 15, units: Collection[str] = _ANY) -> Fraction:
    """Read an exact decimal that is not negative."""
    value = number(text, units)
    if value < 0:
        least = Text("應為 0 以上的數。", "A number from 0 was expected.")
        raise BadCell("negative", _NEGATIVE, least)
    if 10**most_decimals % value.denominator:
        raise BadCell(
            "too_many_decimals",
            Text("小數位數太多", "has too many decimals"),
            Text(f"至多 {most_decimals} 位小數。", f"At most {most_decimals} decimals."),
            Text("若為公式算出的值，請先四捨五入。", "If a formula made it, round it first."),
        )
    if value > MOST:
        raise _too_large()
    return value


_DAY = re.compile(
    r"(?:民國|西元)?\s*(\d{2,4})(?:\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日|([-/.])(\d{1,2})\4(\d{1,2}))"
    r"(?:[ T]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
    re.ASCII,
)
_ROC_DIGITS = re.compile(r"(\d{3})(\d{2})(\d{2})", re.ASCII)
_ROC_YEARS = range(80, 200)
_YEARS = range(1991, 2111)
_DATE = Text(
    "應為如 2014-02-01 或 103/2/1 的日期。", "A date like 2014-02-01 or 103/2/1 was expected."
)


def day(text: str) -> date:
    """Read a date in ISO or ROC form: 2014-02-01, 103/2/1, 103.02.01, 103年2月1日.

    Raises
    ------
    BadCell
        If it is not a date, or no day of the calendar.
    """
    bare = plain(text)
    match = _DAY.fullmatch(bare)
    if match is not None:
        parts = [group for group in match.groups() if group and group.isdigit()]
    elif (digits := _ROC_DIGITS.fullmatch(bare)) is not None:
        parts = list(digits.groups())
    else:
        raise BadCell("bad_date", Text("不是日期", "is not a date"), _DATE, _date_hint(bare))
    return _calendar_day(*map(int, parts))


def _calendar_day(year: int, month: int, day_: int) -> date:
    if year in _ROC_YEARS:
        year += 1911
    if year not in _YEARS:
        raise BadCell(
            "bad_date",
            Text("年份不合理", "has an unlikely year"),
            _DATE,
            Text("順序應為年、月、日。", "The order is year, month, day."),
        )
    try:
        return date(year, month, day_)
    except ValueError:
        message = Text("沒有這一天", "is no day of the calendar")
        raise BadCell("no_such_day", message, _DATE) from None


def _date_hint(text: str) -> Text:
    serial = text.isascii() and text.isdigit() and len(text) < 9 and int(text) in _SERIAL
    stored = "It looks like the number a spreadsheet stores a date as."
    return Text("看起來是試算表存日期用的序號。", stored) if serial else EMPTY


def chooser(values: Sequence[Value]) -> Callable[[str], str]:
    """Return a parser that takes one of some values, by any of its names."""
    names = _keys(values)

    def choose(text: str) -> str:
        key = names.get(fold(text))
        if key is None:
            raise BadCell(
                "unknown_value",
                Text("內容有誤", "is not one of the values"),
                _one_of(values),
                lambda: is_it(_meant(text, values)),
            )
        return key

    return choose


def _meant(text: str, values: Sequence[Value]) -> Text | None:
    """Return what people call the value that a text is most like, if it is like any."""
    of = {name: Text(value.zh, value.key) for value in values for name in value.names}
    near = closest(text, of)
    return of[near] if near else None


def _keys(values: Sequence[Value]) -> dict[str, str]:
    return {fold(name): value.key for value in values for name in value.names}


def _one_of(values: Sequence[Value]) -> Text:
    return Text(
        f"請填{_choice([f'「{value.zh}」' for value in values])}。",
        f"One of {', '.join(value.key for value in values)} was expected.",
    )


def _choice(words: Sequence[str]) -> str:
    """Join what may be filled in: 「是」或「否」; 「甲」、「乙」或「丙」."""
    return "或".join(part for part in ("、".join(words[:-1]), words[-1]) if part)


def translator(values: Sequence[Value]) -> Callable[[str], str]:
    """Return a parser that gives known names their key and keeps any other text."""
    if not values:
        return str
    names = _keys(values)
    return lambda text: names.get(fold(text), text)


_SEPARATORS = re.compile(r"[;、；\n]")


def lister(item: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    """Return a parser of lists, each item read by `item`; an item named twice counts once."""

    def split(text: str) -> tuple[str, ...]:
        parts = (part.strip() for part in _SEPARATORS.split(text))
        return tuple(dict.fromkeys(item(part) for part in parts if part and not is_dash(part)))

    return split


_RECUSED = frozenset(map(fold, RECUSED.names))


def is_recused(text: str) -> bool:
    """Return whether a mark is a conflict of interest."""
    return fold(text) in _RECUSED


def identifier(text: str) -> str:
    """Read a code: plain characters without blanks around or invisible marks inside."""
    if text.isascii():
        return text.strip()
    return plain(text.replace("\ufeff", "").replace("\u200b", ""))
