"""What to write in place of a line that is no TOML: what officials write, and its right form."""

from __future__ import annotations

import re
from functools import partial

from optimizer.language.policy_words import english_key
from optimizer.language.text import Text
from optimizer.language.words import decimal
from optimizer.language.written_numbers import (
    is_roughly_number,
    plain_form,
    spoken_number,
    spoken_share,
)
from optimizer.problems.errors import Problem, defect
from optimizer.reading.cells import day
from optimizer.reading.findings import BadCell

_LINE = re.compile(r"\s*([^=＝:：\[\]#]+?)\s*([=＝:：])\s*(.*?)\s*", re.DOTALL)
_TABLE = re.compile(r"\s*(\[\[?|［［?|【)\s*([^\[\]］【】]+?)\s*(\]\]?|］］?|】)\s*(?:#.*)?")
_BARE = re.compile(r"[A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*", re.ASCII)
_WORD = re.compile(r"[^\W\d][^\[\]{}\"'“”「」]*")
_INNER = re.compile(r"[{,]\s*([^\s\"'{},=\x00-\x7f]+)\s*=")
_FORM = Text("每行應為：鍵 = 值。", "Each line is: key = value.")
_unreadable = partial(defect, "unreadable")
_NO_AMOUNT = _unreadable(
    Text("看不出是多少", "has a number that cannot be told"),
    expected=Text("應為阿拉伯數字，如 500_000。", "It is written in figures, like 500_000."),
)
_TRUTH = {"true": "true", "是": "true", "false": "false", "否": "false"}
_NO_TOML = Text("這一行不合 TOML 格式", "is a line that is no TOML")


def advice(line: str, said: str) -> Problem:
    """Return what to say of a line that the parser refused with `said`."""
    if "overwrite" in said or "twice" in said or "Cannot declare" in said:
        return _unreadable(
            Text("這個鍵或表格已經寫過", "is a key or a table that stands above already"),
            hint=Text("請只留一處。", "Keep one of them."),
        )
    table = _TABLE.fullmatch(line[:400])
    if table is not None:
        return _table(table)
    match = _LINE.fullmatch(line[:4000])
    if match is None:
        return _unreadable(_NO_TOML, expected=_FORM)
    return _pair(match[1], match[2], _without_comment(match[3]))


def _table(table: re.Match[str]) -> Problem:
    name = english_key(table[2].strip()) or table[2].strip()
    double = table[1] in ("[[", "［［") or name in ("clause", "priority", "scenario")
    if not _BARE.fullmatch(name):
        return _unreadable(
            Text("表格名稱須用英文", "is a table whose name is not in English"),
            expected=Text(
                "[plan]、[pool]、[review]、[award]、[draw]、[[clause]]、[[priority]] 之一。",
                "One of [plan], [pool], [review], [award], [draw], [[clause]], [[priority]].",
            ),
        )
    return _unreadable(_NO_TOML, hint=_write(f"[[{name}]]" if double else f"[{name}]"))


def _pair(key: str, sign: str, value: str) -> Problem:
    name = key.strip() if _BARE.fullmatch(key.strip()) else english_key(key)
    if name is None:
        return _unreadable(
            Text(f"鍵「{key[:40]}」須用英文", f"has the key {key[:40]!r}, which is not in English"),
            expected=Text(
                "各規則的鍵見 subsidy clauses。", "subsidy clauses lists the keys of every rule."
            ),
        )
    right = right_value(value)
    if right is not None:
        return _unreadable(
            _reason(key, name, sign, right),
            hint=_write(f"{name} = {right}"),
        )
    if is_roughly_number(value):
        return _NO_AMOUNT
    word = _INNER.search(value)
    if word is not None:
        right = f'{value[: word.start(1)]}"{word[1]}"{value[word.end(1) :]}'
        return _unreadable(
            Text("大括號內的中文鍵須加引號", "has a Chinese key without quotes in braces"),
            hint=_write(f"{name} = {right}"),
        )
    if name != key.strip() or sign != "=":
        return _unreadable(
            _reason(key, name, sign, value),
            hint=_write(f"{name} = …"),
        )
    return _unreadable(
        Text("值的寫法不合 TOML 格式", "has a value that is no TOML"),
        expected=Text(
            '數字不加引號，文字與日期加半形引號，如 70、"40%"、"2014-02-01"。',
            'Numbers stand without quotes, words and dates in straight quotes: 70, "40%", '
            '"2014-02-01".',
        ),
    )


def _reason(key: str, name: str, sign: str, right: str) -> Text:
    if name != key.strip():
        return Text("鍵須用英文", "has a key that is not in English")
    if sign != "=":
        return Text("鍵與值之間須用半形等號", "needs a plain = between key and value")
    if right.startswith('"'):
        return Text("文字、日期與百分比須加半形引號", "has words, a date or a share without quotes")
    return Text("數字的寫法不合 TOML 格式", "has a number that is no TOML")


def _write(right: str) -> Text:
    return Text(f"請寫成 {right}", f"Write {right}")


def _without_comment(value: str) -> str:
    if value[:1] in "\"'“「『":
        end = re.search(r"""["'”」』]\s*#""", value[1:])
        return value if end is None else value[: end.start() + 2]
    return value.partition("#")[0].strip()


def right_value(value: str) -> str | None:
    """Return what a value should have been written as, or None if nobody can tell."""
    bare = value.strip()
    if not bare or bare[0] in "[{":
        return None
    if bare[0] in "\"'“”「『＂‘’" and len(bare) > 1:
        inner = bare.strip("\"'“”「」『』＂‘’")
        plain = not set('"\\“”「」') & set(inner) and inner.isprintable()
        return f'"{inner}"' if plain else None
    if (date := iso_day(bare)) is not None:
        return f'"{date}"'
    if (share := spoken_share(bare)) is not None:
        return f'"{share}"'
    if (number := number_literal(bare)) is not None:
        return number
    if (truth := _TRUTH.get(plain_form(bare).lower())) is not None:
        return truth
    is_word = _WORD.fullmatch(bare) and bare.isprintable() and not is_roughly_number(bare)
    return f'"{bare}"' if is_word else None


def iso_day(text: str) -> str | None:
    """Return a day as a policy writes it, if a text plainly means one."""
    if re.fullmatch(r"(?:19|20)\d{6}", text, re.ASCII):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    try:
        return day(text).isoformat()
    except BadCell:
        return None


def number_literal(text: str) -> str | None:
    """Return a number as a policy writes it (``180_000``), if a text plainly means one."""
    number = spoken_number(text)
    if number is None:
        return None
    return f"{int(number):_}" if number.denominator == 1 else decimal(number)
