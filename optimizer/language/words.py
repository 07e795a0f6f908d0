"""The words of the program in both languages: terms, points, shares."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.language.text import Text

TERMS: dict[str, Text] = {
    "district": Text("行政區", "district"),
    "level": Text("學制", "level"),
    "elementary": Text("國小", "elementary"),
    "junior_high": Text("國中", "junior high"),
    "disadvantage": Text("弱勢類別", "disadvantage"),
    "remote": Text("偏遠", "remote"),
    "special_remote": Text("特偏", "specially remote"),
    "extreme_remote": Text("極偏", "extremely remote"),
    "type": Text("社群類型", "type of community"),
    "grade": Text("年級別", "grade"),
    "subject": Text("學科/領域/學群", "subject"),
    "school_task": Text("學校任務", "school task"),
    "professional_topic": Text("專業發展主題", "professional topic"),
    "other": Text("其他", "other"),
    "methods": Text("實施方式", "methods"),
    "fields": Text("領域", "fields"),
    "partners": Text("合作學校", "partner schools"),
    "members": Text("成員人數", "members"),
    "meetings": Text("活動次數", "meetings"),
    "requested": Text("申請金額", "requested amount"),
    "school_id": Text("學校代碼", "school"),
    "evaluation_programme": Text("參與評鑑計畫", "evaluation programme"),
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
    "needs": Text("需求評估", "needs"),
    "planning": Text("整體規劃", "planning"),
    "goals": Text("目標達成", "goals"),
    "team": Text("召集人及成員", "team"),
    "budget": Text("經費合理", "budget"),
}
_CODES = {text.zh: code for code, text in TERMS.items()}


def term(code: str) -> Text:
    """Return the words for a code of the data; a word of the bureau's own stands for itself."""
    return TERMS.get(code, Text(code, code))


def code_of(word: str) -> str:
    """Return the code of a Chinese word of the data (偏遠 gives ``remote``), or the word itself."""
    return _CODES.get(word, word)


def points(value: Fraction, below: Fraction | None = None) -> str:
    """Write points for reading, to the hundredth; `exact_points` writes what decides.

    Where they are said to be `below` a number, with as many digits as show it.
    """
    digits = 2
    while below is not None and Fraction(round(value * 10**digits), 10**digits) >= below > value:
        digits += 1
    return exact_points(Fraction(round(value * 10**digits), 10**digits))


def figure(value: Fraction) -> str:
    """Write a number for reading: thousands separated, to the hundredth; only nothing is 0."""
    digits = 2
    while value and not round(value * 10**digits):
        digits += 1
    return f"{Decimal(exact_points(Fraction(round(value * 10**digits), 10**digits))):,f}"


def exact_points(value: Fraction) -> str:
    """Write points exactly: a finite decimal, or a fraction such as ``247/3``."""
    text = decimal(value)
    return text if text is not None else f"{value.numerator}/{value.denominator}"


def each(
    numerators: npt.NDArray[Any], denominator: int, say: Callable[[Fraction], str]
) -> list[str]:
    """Write many fractions over one denominator, each different one only once."""
    different, place = np.unique(numerators, return_inverse=True)
    said = [say(Fraction(int(value), denominator)) for value in different]
    return [said[i] for i in place.tolist()]


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
