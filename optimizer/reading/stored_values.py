"""How workbooks store numbers and days, turned back into what people typed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?(\d{1,400}\.?\d{0,400}|\.\d{1,400})([eE][+-]?\d{1,4})?", re.ASCII)
_LARGE = 2**53  # from here on not every whole number can be stored
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|e[+-]|general')
_PERCENT_FORMATS = frozenset((9, 10))
_DATE_FORMATS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_MULTIPLE = "[百千萬万億佰仟]|thousand|million"
_UNIT_FORMAT = re.compile(rf'{_MULTIPLE}|"\s*k\s*"')
_UNIT_SHOWN = re.compile(rf"\d\s*(?:{_MULTIPLE}|k\b)")
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_DAYS = range(61, 2_958_466)  # from March 1900 to the year 9999


def number_text(stored: str) -> str:
    """Return a stored number as the shortest decimal that means the same number.

    A workbook keeps binary fractions: 17.1 may stand in it as 17.100000000000001.
    """
    if stored.isdecimal() and stored.isascii():
        return stored
    if not _NUMBER.fullmatch(stored):
        return stored
    value = float(stored)
    if value.is_integer() and abs(value) < _LARGE:
        return str(int(value))
    shortest = repr(value)
    return format(Decimal(shortest), "f") if "e-" in shortest else shortest


def percent_text(stored: str) -> str:
    """Return a number stored under a percentage format as it is shown: 0.85 as 85%."""
    if not _NUMBER.fullmatch(stored):
        return stored
    return f"{(100 * Decimal(number_text(stored))).normalize():f}%"


def day_text(stored: str, since_1904: bool) -> str:
    """Return a stored day number as a date, or as it stands if it is none."""
    if not _NUMBER.fullmatch(stored) or int(float(stored)) not in _DAYS:
        return stored
    seconds = round(float(stored) * 86_400)
    moment = (_EPOCH_1904 if since_1904 else _EPOCH) + timedelta(seconds=seconds)
    return moment.isoformat(sep=" ").removesuffix(" 00:00:00")


def is_date_format(number: int, code: str) -> bool:
    """Return whether a number format shows a date.

    Parameters
    ----------
    number
        Its number; those below 164 are built in.
    code
        Its code where it is not: ``yyyy/m/d``, or ``[$-404]e/m/d`` for years of the Republic.
    """
    bare = _LITERAL.sub("", code.lower())
    return number in _DATE_FORMATS or any(letter in bare for letter in "yde")


def is_percent_format(number: int, code: str) -> bool:
    """Return whether a number format shows a percentage; see `is_date_format`."""
    return number in _PERCENT_FORMATS or "%" in _LITERAL.sub("", code.lower())


def is_unit_format(_: int, code: str) -> bool:
    """Return whether a number format shows thousands or the like: 0"千元"; see `is_date_format`."""
    return _UNIT_FORMAT.search(code.lower()) is not None


def shows_unit(shown: str) -> bool:
    """Return whether a number is shown in thousands or the like: 3千元."""
    return _UNIT_SHOWN.search(shown.lower()) is not None
