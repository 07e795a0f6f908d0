"""Bounds of a quota: numbers or shares, how they are read, compared and said."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from optimizer.clauses.column_sums import AMOUNT, COUNT, measured_words
from optimizer.foundation.limits import check_size
from optimizer.language.text import EMPTY, Text, money
from optimizer.language.words import decimal, percent
from optimizer.tables.case_words import column_term
from optimizer.tables.settings import to_fraction


def to_bound(value: object) -> int | Fraction | None:
    """Read a bound: a whole number is absolute, ``"40%"`` is a share of the total.

    A fraction is refused: 7/2 applications and 350% of them look the same.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if value is None:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        check_size(value)
        return value
    if isinstance(value, str) and value.strip().endswith("%"):
        share = to_fraction(value)
        if 0 <= share <= 1:
            return share
    raise ValueError("bound")


_Absolute = Annotated[int, Field(ge=0)]
_Part = Annotated[Fraction, Field(ge=0, le=1)]
Bound = Annotated[_Absolute | _Part | None, BeforeValidator(to_bound)]
Sense = Literal["<=", ">="]


def nearest(share: Fraction, greatest: int, sense: Sense) -> Fraction:
    """Return the nearest fraction that bounds the same ones of denominators up to `greatest`.

    ``x / y <= share`` for integers 0 <= x <= y <= greatest if and only if ``x / y`` is at most the
    greatest such fraction not above the share; for ``>=`` the least not below. Both are neighbours
    of the share in the Stern-Brocot tree (Graham, Knuth, Patashnik, Concrete Mathematics, §4.5).
    """
    close = share.limit_denominator(max(greatest, 1))
    if close == share or (close < share) == (sense == "<="):
        return close
    return _neighbour(close, max(greatest, 1), sense)


def _neighbour(of: Fraction, greatest: int, sense: Sense) -> Fraction:
    """Return the next fraction below (``<=``) or above one, of denominators up to `greatest`."""
    p, q = of.numerator, of.denominator
    step = -1 if sense == "<=" else 1
    # x q - p y = step with the greatest y: y = -step / p modulo q
    least = pow(-step * p, -1, q) if q > 1 else 0
    y = least + (greatest - least) // q * q
    return Fraction(p * y + step, q * y)


def missing(ours: int, total: int, bound: int | Fraction, sense: Sense) -> Fraction:
    """Return how far a group is from its bound; 0 or less if the bound is met."""
    target = Fraction(bound * total if isinstance(bound, Fraction) else bound)
    return target - ours if sense == ">=" else ours - target


LEAST, MOST = Text("至少", "at least"), Text("至多", "at most")
EXACTLY = Text("恰", "exactly")


def said_bound(bound: int | Fraction, measure: str, how: Text) -> Text:
    """Say one bound: *at least 40 funded applications*, *members of the funded add up to at least 9*."""
    said = say_bound(bound, measure)
    if measure in (COUNT, AMOUNT):
        blank = "" if isinstance(bound, Fraction) else " "
        return Text(f"{how.zh}補助{blank}{said.zh}", f"{how.en} {said.en}")
    word = column_term(measure)
    figure = percent(bound) if isinstance(bound, Fraction) else money(bound)
    of = Text("占全體的", " of all") if isinstance(bound, Fraction) else EMPTY
    return Text(
        f"獲補助者之{word.zh}合計{how.zh}{of.zh} {figure}",
        f"{word.en} of the funded add up to {how.en} {figure}{of.en}",
    )


def say_bound(bound: int | Fraction, measure: str) -> Text:
    """Say a bound with its unit."""
    if isinstance(bound, int):
        return measured_words(bound, measure)
    percent = f"{decimal(bound * 100) or bound * 100}%"
    what = {
        COUNT: Text("件數", "funded applications"),
        AMOUNT: Text("金額", "awards"),
    }.get(measure, column_term(measure))
    return Text(f"總{what.zh}的 {percent}", f"{percent} of all {what.en}")
