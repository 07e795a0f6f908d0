"""Amounts in the numerals of Chinese documents, which nobody can change with a stroke: 伍仟元整."""

from __future__ import annotations

_DIGITS = "零壹貳參肆伍陸柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "萬", "億", "兆", "京")
_COUNTED = "○一二三四五六七八九"


def in_capitals(amount: int) -> str:
    """Write whole NT$ in formal Chinese numerals.

    Examples
    --------
    >>> in_capitals(5_000), in_capitals(10_305), in_capitals(1_000_020)
    ('伍仟元整', '壹萬零參佰零伍元整', '壹佰萬零貳拾元整')
    """
    groups, rest = [], amount
    while rest:
        rest, group = divmod(rest, 10_000)
        groups.append(group)
    written = ""
    for place, group in reversed(list(enumerate(groups))):
        if group:
            gap = bool(written) and (group < 1_000 or groups[place + 1] == 0)
            written += "零" * gap + _group(group) + _GROUPS[place]
    return f"{written or '零'}元整"


def _group(number: int) -> str:
    """Write a number below ten thousand."""
    written, gap = "", False
    for place, digit in reversed(list(enumerate(map(int, reversed(str(number)))))):
        if digit:
            written += "零" * gap + _DIGITS[digit] + _PLACES[place]
        gap = not digit and bool(written)
    return written


def numeral(number: int) -> str:
    """Write a number from 1 to 99 as the items of a document are counted: 一, 十二, 二十."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _COUNTED[tens]) + "十" if tens else ""
    return ten + (_COUNTED[ones] if ones else "")
