"""What one cell says. A cell that cannot be read stops the second reading: nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from optimizer.plain.names import alike, half_width, key_of
from optimizer.tables.schema import RECUSED, Column, Kind

Number = int | Fraction
SCALE = 10**20  # marks are numerators over this: more decimals than any reviewer gives

_DASHES = ("-", "–", "—", "─")
_BEFORE = re.compile(r"^(新[臺台]幣|nt\$?|twd|\$)\s*", re.IGNORECASE)
_AFTER = re.compile(r"\s*(元整?|圓整?|分|人次|[人位名次節場班校件份本式]|小時|時)$")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+|\d+/\d+)", re.ASCII)
_ITEMS = re.compile("[;；、\n]")


class UnreadableError(ValueError):
    """A cell that says nothing the second reading understands.

    Parameters
    ----------
    text
        What stands in it.
    place
        Where: file, row, column.
    """

    def __init__(self, text: str, place: tuple[str, int, str] = ("", 0, "")) -> None:
        super().__init__(text, place)
        self.text = text
        self.place = place


def number(text: str) -> Number | None:
    """Read an exact number, an integer where it is whole; None for a blank or a dash."""
    bare = half_width(text)
    if not bare or bare in _DASHES:
        return None
    digits = _AFTER.sub("", _BEFORE.sub("", bare)).replace(",", "")
    if not _NUMBER.fullmatch(digits):
        raise UnreadableError(text)
    return int(digits) if digits.isdecimal() else as_number(Fraction(digits))


def as_number(value: Fraction) -> Number:
    """Return a number as an integer where it is whole, which is quicker to reckon with."""
    return value.numerator if value.denominator == 1 else value


def whole(text: str) -> int | None:
    """Read a whole number; None for a blank."""
    value = number(text)
    if isinstance(value, Fraction):
        raise UnreadableError(text)
    return value


def mark(text: str) -> int | str | None:
    """Read a mark, as a numerator over `SCALE`: points, a blank, or that the reviewer is recused."""
    if alike(text) in map(alike, RECUSED.names):
        return RECUSED.key
    points = number(text)
    if points is None:
        return None
    if isinstance(scaled := as_number(Fraction(points) * SCALE), Fraction):
        raise UnreadableError(text)
    return scaled


def day(text: str) -> date | None:
    """Read a date, the year first, in the Gregorian or the ROC calendar."""
    bare = half_width(text)
    if not bare or bare in _DASHES:
        return None
    groups = re.findall(r"\d+", bare)
    if len(groups) == 1 and len(bare) == 7:
        groups = [bare[:3], bare[3:5], bare[5:]]
    if len(groups) < 3:
        raise UnreadableError(text)
    year, month, day_ = map(int, groups[:3])
    try:
        return date(year if year > 1000 else year + 1911, month, day_)
    except ValueError:
        raise UnreadableError(text) from None


def items(text: str) -> tuple[str, ...]:
    """Read a list; what stands in it twice counts once."""
    parts = (part.strip() for part in _ITEMS.split(text))
    return tuple(dict.fromkeys(part for part in parts if part and part not in _DASHES))


def parser(column: Column) -> Callable[[str], object]:
    """Return how the cells of a column are read."""
    if column.kind is Kind.LIST:
        return lambda text: tuple(
            dict.fromkeys(key_of(item, column.values) for item in items(text))
        )
    if column.kind in (Kind.TEXT, Kind.CHOICE, Kind.YES_NO):
        return lambda text: key_of(text.strip(" \t\r\n\u3000\ufeff\u200b"), column.values)
    read = _PARSERS[column.kind]
    if column.dash_is_zero:
        return lambda text: 0 if half_width(text) in _DASHES else read(text)
    return read


_PARSERS: dict[Kind, Callable[[str], object]] = {
    Kind.ID: half_width,
    Kind.MONEY: whole,
    Kind.COUNT: whole,
    Kind.DECIMAL: number,
    Kind.POINTS: mark,
    Kind.DATE: day,
    Kind.ID_LIST: lambda text: tuple(dict.fromkeys(map(half_width, items(text)))),
}
