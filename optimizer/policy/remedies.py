"""What to write in place of a key or a value of a policy that is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from optimizer.clauses import Clause, registry
from optimizer.language.policy_words import english_key
from optimizer.language.text import EMPTY, Text
from optimizer.language.written_numbers import spoken_share
from optimizer.problems.errors import Problem, shorten
from optimizer.problems.likeness import closest, did_you_mean
from optimizer.reading.toml_syntax import iso_day, number_literal, right_value
from optimizer.tables.schema import fold


def without_followers(problems: Sequence[Problem]) -> list[Problem]:
    """Leave out a missing key where a misspelt one beside it was said to mean it."""
    meant = {
        (p.column.rpartition(".")[0], p.hint.en.rstrip("?").rpartition(" ")[2])
        for p in problems
        if p.code in ("unknown_key", "unknown_table") and p.hint
    }
    return [
        p
        for p in problems
        if p.code != "missing_key" or tuple(p.column.rpartition(".")[::2]) not in meant
    ]


def shown(value: Any) -> str:
    """Return a value as a message shows it, however hostile it is."""
    try:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, a bottomless list
        return "…"
    return shorten(type(value).__name__ if " at 0x" in text else text)


def remedy(detail: Any, path: Sequence[str]) -> Text:
    """Return the line to write instead, where the value plainly means something."""
    value, said = detail.get("input"), raised(detail) or detail["type"]
    right = _right(value, said, detail)
    if right is None:
        return EMPTY
    line = right if path[-1].isdigit() else f"{path[-1]} = {right}"
    return Text(f"請寫成 {line}", f"Write {line}")


def _right(value: Any, said: str, detail: Any) -> str | None:
    if said in ("date", "unlikely_year"):
        day = iso_day(shown(value))
        return f'"{day}"' if day else None
    if said in ("tuple_type", "list_type", "frozen_set_type") and isinstance(value, str):
        return f'["{value}"]' if value.isprintable() and len(value) < 80 else None
    if said == "string_type" and isinstance(value, int | date):
        return f'"{shown(value)}"'
    if said in _OF_NUMBERS and isinstance(value, str):
        share = spoken_share(value)
        wanted = number_literal(value) if said != "bound" or share is None else f'"{share}"'
        whole_wanted = said.startswith("whole")
        return None if wanted is None or (whole_wanted and "." in wanted) else wanted
    if said in _OF_NUMBERS and isinstance(value, Decimal):
        return _whole(value, said)
    if said == "bound" and isinstance(value, Fraction) and 0 < value < 1:
        percent = str(100 * value)
        return f'"{percent}%"' if len(percent) < 40 else None
    if said == "literal_error" and isinstance(value, str):
        return literal_meant(value, re.findall(r"'([^']*)'", detail["ctx"]["expected"]))
    if said in ("bool_type", "bool_parsing"):
        return right_value(shown(value)) if shown(value) in ("是", "否") else None
    return None


def literal_meant(word: str, known: Sequence[str]) -> str | None:
    """Return the accepted word that a misspelt or Chinese one means, as a policy writes it."""
    plain = _CHINESE_VALUES.get(word.strip(), word.strip().lower().replace("-", "_"))
    near = closest(plain, known, cutoff=0.8)
    return f'"{near}"' if near else None


_CHINESE_VALUES = {
    "平均": "mean",
    "中位數": "median",
    "去極端平均": "trimmed_mean",
    "全額": "full",
    "部分": "partial",
    "分級": "graded",
    "件數": "count",
    "金額": "amount",
    "註記": "flag",
    "不予受理": "refusal",
}
_OF_NUMBERS = ("exact_number", "whole_money", "whole_number", "bound")


def _whole(value: Decimal, said: str) -> str | None:
    if not value.is_finite() or abs(value.adjusted()) > 15:
        return None
    if value == int(value):
        return f"{int(value):_}"
    if said == "bound" and 0 < value < 1 and len(value.as_tuple().digits) < 19:
        return f'"{(value * 100).normalize():f}%"'
    return None


def raised(detail: Any) -> str:
    """Return the code of what a reader of values raised, if one did."""
    error = detail.get("ctx", {}).get("error")
    return str(error) if error is not None else ""


def key_meant(word: str, known: Collection[str]) -> Text:
    """Suggest the key that a Chinese or misspelt one means."""
    key = english_key(word)
    if key in known:
        return Text(f"請寫成 {key}", f"Write {key}")
    return did_you_mean(closest(word, known)) or _rule_meant(key or word)


def _rule_meant(key: str) -> Text:
    """Say that a word that is no key is a rule with a table of its own."""
    section = next((section for section, kind in registry() if kind == key), "")
    table = f'[[{section}]] kind = "{key}"'
    said = Text(f"這是一條規則，請另寫 {table}", f"It is a rule of its own: write {table}")
    return said if section in ("clause", "priority") else EMPTY


def kind_meant(word: Any, kinds: Mapping[str, type[Clause]]) -> Text:
    """Suggest the kind of rule that a title or a misspelt name means, or that does what it says."""
    if isinstance(word, str) and (said := _said_otherwise(word)):
        return said
    titles = {rule.title.zh: kind for kind, rule in kinds.items()}
    kind = titles.get(str(word)) if isinstance(word, str) else None
    if kind is not None:
        return Text(f'請寫成 kind = "{kind}"', f'Write kind = "{kind}"')
    return did_you_mean(closest(word, kinds)) if isinstance(word, str) else EMPTY


def _said_otherwise(word: str) -> Text:
    """Show the rule, with its keys, that does what a word says."""
    for rule in registry().values():
        if keys := rule.said_otherwise.get(fold(word)):
            said = f'[[{rule.section}]] kind = "{rule.kind}", {keys}'
            title = rule.title
            return Text(f"即「{title.zh}」，請寫成 {said}", f'It is a "{title.en}": write {said}')
    return EMPTY
