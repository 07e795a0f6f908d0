"""Figures as people read them: points, shares, decimals."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer.language.text import Text

if TYPE_CHECKING:
    import numpy.typing as npt


def points(value: Fraction, below: Fraction | None = None) -> str:
    """Write points for reading, to the hundredth; `exact_points` writes what decides.

    Where they are said to be `below` a number, with as many digits as show it.
    """
    digits = 2
    while below is not None and Fraction(_nearest(value, digits), 10**digits) >= below > value:
        digits += 1
    return _trimmed(_nearest(value, digits), digits)


def figure(value: Fraction) -> str:
    """Write a number for reading: thousands separated, to the hundredth; only nothing is 0."""
    digits = 2
    while value and not _nearest(value, digits):
        digits += 1
    return _trimmed(_nearest(value, digits), digits, ",")


def _nearest(value: Fraction, digits: int) -> int:
    """Round to so many digits, a half to the even neighbour; in units of the last digit."""
    scale: int = 10**digits
    whole, rest = divmod(value.numerator * scale, value.denominator)
    return whole + (2 * rest + whole % 2 > value.denominator)


def _trimmed(units: int, digits: int, separator: str = "") -> str:
    """Write a number given in units of its last digit, without zeros at the end."""
    whole, part = divmod(abs(units), 10**digits)
    return f"{'-' * (units < 0)}{whole:{separator}}.{part:0{digits}d}".rstrip("0").rstrip(".")


_COUNTED = (
    "甲乙丙丁戊己庚辛壬癸",
    "一二三四五六七八九十",
)  # in Unicode 丙 is before 乙, 三 before 二
_AS_COUNTED = str.maketrans(
    {word: chr(0x4E00 + place) for words in _COUNTED for place, word in enumerate(words)}
)


def as_counted(name: str) -> tuple[str, str]:
    """Return the place of a name in a list for reading, as a key to sort by: 甲, 乙, 丙; 2 before 10.

    Examples
    --------
    >>> sorted(["委員丙", "委員乙", "委員甲"], key=as_counted)
    ['委員甲', '委員乙', '委員丙']
    >>> sorted(["R10", "R2", "R1"], key=as_counted)
    ['R1', 'R2', 'R10']
    """
    numbered = re.sub(r"[0-9]+", lambda digits: digits[0].zfill(9), name)
    return numbered.translate(_AS_COUNTED), name


def exact_points(value: Fraction) -> str:
    """Write points exactly: a finite decimal, or a fraction such as ``247/3``."""
    text = decimal(value)
    return text if text is not None else f"{value.numerator}/{value.denominator}"


def percent(share: Fraction) -> str:
    """Write an exact share: 3/5 is 60%."""
    return f"{exact_points(share * 100)}%"


def each(
    numerators: npt.NDArray[Any], denominator: int, say: Callable[[Fraction], str]
) -> list[str]:
    """Write many fractions over one denominator, each different one only once."""
    import numpy as np  # `subsidy --help` says no figures

    different, place = np.unique(numerators, return_inverse=True)
    said = [say(Fraction(int(value), denominator)) for value in different]
    return [said[i] for i in place.tolist()]


def how_many(count: int, one: str, several: str = "") -> str:
    """Write how many of something there are, in English: ``1 rule``, ``2 rules``, ``1,200 are``."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def duration(seconds: float) -> Text:
    """Say how long something takes, as people say it: no more than the two largest of h, min and s.

    From ten minutes on the seconds are left out.

    Examples
    --------
    >>> duration(17_342).zh, duration(95).en
    ('4 小時 49 分', '1 min 35 s')
    """
    whole = round(seconds)
    if whole >= _COARSE:
        whole = (whole + 30) // 60 * 60
    minutes, left = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    counted = [(hours, "小時", "h"), (minutes, "分", "min"), (left, "秒", "s")]
    said = [one for one in counted if one[0]] or counted[2:]
    return Text(
        " ".join(f"{count} {zh}" for count, zh, _ in said),
        " ".join(f"{count} {en}" for count, _, en in said),
    )


_COARSE = 600  # seconds from which whole minutes are told


def decimal(value: Fraction) -> str | None:
    """Write a fraction as a finite decimal, or return None if it has none."""
    digits = max(_power(value.denominator, 2), _power(value.denominator, 5))
    scaled = value * 10**digits
    if scaled.denominator != 1:
        return None
    whole, part = divmod(abs(scaled.numerator), 10**digits)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"


def _power(number: int, prime: int) -> int:
    power = 0
    while number % prime == 0:
        number, power = number // prime, power + 1
    return power
