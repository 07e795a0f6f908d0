"""A policy made in Python, brought into the form that policy.toml gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from numbers import Rational, Real
from typing import Any, get_args, get_type_hints

from optimizer.clauses import Clause
from optimizer.foundation.frozen import same
from optimizer.foundation.limits import MOST_DEPTH
from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.problems.arguments import NOT_SO_DEEP, Unfit, given, is_bool, whole
from optimizer.tables.settings import Settings


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
        raise Unfit(NOT_SO_DEEP)
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


# ---- back from values to a document -------------------------------------------------------------


def tables_of(settings: Settings) -> dict[str, Any]:
    """Return the tables of a policy as a document that nobody else holds, defaults left out."""
    said = {table.name: _said(getattr(settings, table.name)) for table in fields(settings)}
    return {name: table for name, table in said.items() if table}


def entry_of(rule: Clause) -> dict[str, Any]:
    """Return a rule as its entry in a document, defaults left out."""
    return {"kind": rule.kind, **_said(rule)}


def _said(owner: Any) -> dict[str, Any]:
    """Return what a table or rule says by its keys, each in the form that a policy is read from."""
    return {key.name: said_under(owner, key.name) for key in fields(owner) if differs(owner, key)}


def said_under(owner: Any, key: str) -> Any:
    """Return what a table or rule says under one key, its default included."""
    own: Any = type(owner)
    return _written(getattr(owner, key), key in share_keys(own))


def _written(value: Any, share: bool = False) -> Any:
    own = getattr(value, "written", None)  # of a part that says itself how policy.toml has it
    if own is not None:
        return own
    if isinstance(value, Fraction) and share:
        return f"{exact_points(100 * value)}%"
    if isinstance(value, Mapping):
        return {key: _written(inner) for key, inner in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _said(value)
    if isinstance(value, list | tuple | frozenset):
        return [_written(inner) for inner in value]
    return value


def differs(owner: Any, key: Field[Any]) -> bool:
    """Return whether a key says something else than its default."""
    usual = key.default if key.default_factory is MISSING else key.default_factory()
    if usual is MISSING:
        return True
    held = getattr(owner, key.name)
    equal = held == usual
    return not (equal if isinstance(equal, bool) else same(held, usual))


@cache
def share_keys(owner: Any) -> frozenset[str]:
    """Return the keys under which a fraction is a share, as a whole number can stand there too.

    So a share of 100% is not the number 1.
    """
    hints = get_type_hints(owner)
    return frozenset(name for name, hint in hints.items() if {int, Fraction} <= {*get_args(hint)})
