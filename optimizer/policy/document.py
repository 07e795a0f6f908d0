"""A policy made in Python, brought into the form that policy.toml gives."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from numbers import Rational, Real
from typing import Any

from optimizer.foundation.limits import MOST_DEPTH
from optimizer.language.text import Text
from optimizer.problems.arguments import Unfit, given, is_bool, whole


def exact_numbers(
    value: Any, place: str = "", floats: dict[str, float] | None = None, depth: int = 0
) -> Any:
    """Return a document with its numbers as policy.toml would give them.

    Whole numbers of any exact type become `int`. A float is not exact: it is put down in `floats`
    under its place, and read as its shortest decimal so that all else can be checked too.

    Raises
    ------
    Unfit
        If it has a key that is no text, or is nested too deep (as what holds itself is).
    """
    if depth > MOST_DEPTH:
        raise Unfit(
            Text(
                f"至多 {MOST_DEPTH} 層的表格（也不可包含自己）",
                f"tables nested at most {MOST_DEPTH} deep, none of which holds itself",
            )
        )
    if isinstance(value, Mapping):
        return {
            key: exact_numbers(inner, f"{place}.{key}" if place else key, floats, depth + 1)
            for key, inner in zip(map(_text, value), value.values(), strict=True)
        }
    if isinstance(value, list | tuple):
        return [
            exact_numbers(inner, f"{place}[{n}]", floats, depth + 1)
            for n, inner in enumerate(value, start=1)
        ]
    return _exact(value, place, floats)


def _text(key: Any) -> str:
    if isinstance(key, str):
        return key
    shown = given(key)
    raise Unfit(
        Text(f"鍵都是文字的表格（其中有鍵 {shown}）", f"tables whose keys are text, not {shown}")
    )


def _exact(value: Any, place: str, floats: dict[str, float] | None) -> Any:
    if is_bool(value):
        return bool(value)
    exact = whole(value)
    if exact is not None:
        return exact
    if isinstance(value, Real) and not isinstance(value, Rational):
        number = float(value)
        if floats is not None:
            floats[place] = number
        return int(number) if number.is_integer() else Decimal(repr(number))
    return value
