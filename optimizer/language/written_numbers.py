"""Numbers as people write them (18萬, ５０００, NT$4,600, 70分), to say what to write instead.

Nothing is read by this into a case: it only makes the suggestion of a message.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

_BEFORE = re.compile(r"^(?:NT\$?|TWD|\$|新[臺台]幣|約)\s*", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?:元整?|圓整?|整|分|人|次|節|件|校|區|名|位|小時)$")
_DIGITS = "一二三四五六七八九壹貳參肆伍陸柒捌玖兩叁参"
_UNITS = {"億": 10**8, "萬": 10**4, "千": 10**3, "百": 10**2, "十": 10}
_PLAIN = str.maketrans(_DIGITS + "〇零万仟佰拾", "12345678912345678923300萬千百十")
_TWO = re.compile(rf"[\d{_DIGITS}][{_DIGITS}]|[{_DIGITS}]\d")  # 三五萬 is 30,000 or 50,000
_FIGURE = re.compile(r"\d{1,16}(?:\.\d{1,16})?", re.ASCII)
_ROUGHLY = re.compile(rf"[\d{_DIGITS}〇零億萬万千仟百佰十拾幾數多餘來至到~\s.,-]+")


def plain_form(text: str) -> str:
    """Return a text with full-width forms made plain and without a currency or a unit."""
    bare = unicodedata.normalize("NFKC", text[:80]).strip().strip("\"'“”‘’「」").strip()
    bare = re.sub(r"(?<=\d),(?=\d{3})", "", bare)
    return _AFTER.sub("", _BEFORE.sub("", bare)).strip()


def spoken_number(text: str) -> Fraction | None:
    """Return the number that a text plainly means, or None.

    Examples
    --------
    >>> spoken_number("18萬"), spoken_number("NT$4,600元整"), spoken_number("1億2,000萬")
    (Fraction(180000, 1), Fraction(4600, 1), Fraction(120000000, 1))
    >>> spoken_number("一百二十萬"), spoken_number("3 萬 5 千"), spoken_number("壹拾萬元")
    (Fraction(1200000, 1), Fraction(35000, 1), Fraction(100000, 1))
    """
    bare = plain_form(text)
    if _TWO.search(bare):
        return None
    return _value(re.sub(r"\s*([億萬千百十])\s*", r"\1", bare.translate(_PLAIN)), tuple(_UNITS))


def is_roughly_number(text: str) -> bool:
    """Return whether a text is an amount, though perhaps one that nobody can tell: 五十多萬."""
    return _ROUGHLY.fullmatch(plain_form(text)) is not None


def _value(text: str, units: Sequence[str]) -> Fraction | None:
    """Return the number of a text with these units, the largest first."""
    if _FIGURE.fullmatch(text):
        return Fraction(text)
    for at, unit in enumerate(units):
        head, found, tail = text.partition(unit)
        if found:
            times = _value(head or "1" * (unit == "十"), units[at + 1 :])
            more = _below(tail, _UNITS[unit], units[at + 1 :])
            return None if times is None or more is None else times * _UNITS[unit] + more
    return None


def _below(text: str, size: int, units: Sequence[str]) -> Fraction | None:
    """Return what follows a unit: 1萬8 is 18,000 to some and 10,008 to others, 1萬零8 is plain."""
    if text.isdecimal() and text[0] != "0" and len(text) != len(str(size)) - 1:
        return None
    value = _value(text, units) if text else Fraction(0)
    if value is None and text[0] == "0":
        value = _value(text.lstrip("0"), units)
    return value if value is not None and value.denominator == 1 and value < size else None


def spoken_share(text: str) -> str | None:
    """Return a share as a policy writes it (``"40%"``), if a text plainly means one."""
    bare = unicodedata.normalize("NFKC", text[:80]).strip()
    match = re.fullmatch(r"(?:百分之)?\s*(\d{1,3}(?:\.\d{1,16})?)\s*%?", bare)
    return f"{match[1]}%" if match and ("%" in bare or "百分之" in bare) else None
