"""Whether a sentence is true: it states every figure of a ruling, and no figure besides."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from optimizer.clauses.base import Figure, Rounded, Ruling
from optimizer.language.text import Text

_TOKEN = re.compile(r"-?\d(?:[\d,]*\d)?(?:\.\d+|/\d+)?…?", re.ASCII)


def is_true(sentence: Text, ruling: Ruling) -> bool:
    """Return whether a sentence says what a ruling says, in both languages."""
    return all(_states(said, ruling) for said in (sentence.zh, sentence.en))


def _states(said: str, ruling: Ruling) -> bool:
    words = [_spelt(figure) for figure in ruling.figures if not isinstance(figure, int | Rounded)]
    numbers = [figure for figure in ruling.figures if isinstance(figure, int | Rounded)]
    rest = said
    for spellings in sorted(words, key=lambda names: -max(map(len, names))):
        found = max((name for name in spellings if name in rest), key=len, default=None)
        if found is None:
            return False
        rest = rest.replace(found, " ", 1)
    tokens = _TOKEN.findall(rest)
    shown = [_take(number, tokens) for number in numbers]
    if tokens or None in shown:
        return False
    return not ruling.less or _value(str(shown[0])) < _value(str(shown[1]))


def _spelt(figure: Figure) -> tuple[str, ...]:
    """Return the ways to write a word or a date."""
    if isinstance(figure, date):
        year, rest = figure.year - 1911, f"{figure.month}月{figure.day}日"
        return (str(figure), f"{year}年{rest}", f"{year} 年 {rest}")
    return figure if isinstance(figure, tuple) else (str(figure),)


def _take(figure: int | Rounded, tokens: list[str]) -> str | None:
    """Take the number that shows a figure out of those of a sentence."""
    if isinstance(figure, int):
        found = next((token for token in (f"{figure:,}", str(figure)) if token in tokens), None)
    else:
        found = min(tokens, key=lambda token: abs(_value(token) - figure.value), default=None)
        found = found if found and _shows(found, figure) else None
    if found is not None:
        tokens.remove(found)
    return found


def _shows(token: str, figure: Rounded) -> bool:
    """Return whether a number is a figure itself, or a right rounding of it that may stand for it."""
    if not (away := abs(_value(token) - figure.value)):
        return True
    _, _, decimals = token.rstrip("…").partition(".")
    shown = max(len(decimals), figure.decimals)
    return bool(2 * away * 10**shown <= 1)


def _value(token: str) -> Fraction:
    return Fraction(token.rstrip("…").replace(",", ""))
