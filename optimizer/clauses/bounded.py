"""One group of applications with least and most: what hard and soft quotas have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from optimizer.clauses.base import Clause, key, told_apart
from optimizer.clauses.named_columns import has_value, unknown_column, unknown_value
from optimizer.foundation.exact import BoolArray, IntArray, plus, times, total
from optimizer.foundation.limits import check_size
from optimizer.language.text import Text, money
from optimizer.language.words import decimal, exact_points
from optimizer.problems.errors import Problem
from optimizer.program.rows import Decision
from optimizer.tables.case_words import term
from optimizer.tables.records import Records
from optimizer.tables.round import Round
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
On = Literal["fund", "award"]
_SPEAK_FOR_THEMSELVES = ("district", "level")  # a value of these needs no column beside it


@dataclass(frozen=True, kw_only=True)
class Bounded(Clause):
    """At least or at most so many applications or NT$, or such a share, for one group.

    Parameters
    ----------
    column, value
        The group: the applications with that value in that column (or, in a list, among others).
    measure
        Whether applications are counted or awards added up.
    at_least, at_most
        Absolute, or a share of all that is funded.
    """

    sample: ClassVar[Mapping[str, Any]] = {
        "column": "level",
        "value": "junior_high",
        "at_least": 40,
    }

    column: str = key(
        "欄位，如 level、district、type", "column of schools or applications, e.g. level"
    )
    value: str = key("欄位值，如 junior_high", "value in that column, e.g. junior_high")
    measure: Literal["count", "amount"] = key(
        "計件數 count 或金額 amount", "count applications or add up the amount", "count"
    )
    at_least: Bound = key('下限：數字或 "40%"', 'least: a number or "40%" of the total', None)
    at_most: Bound = key('上限：數字或 "40%"', 'most: a number or "40%" of the total', None)

    @property
    def label(self) -> str:
        """The name that results use, e.g. ``quota.level.junior_high``."""
        return self.name or f"{self.kind}.{self.column}.{self.value}"

    @property
    def spoken(self) -> Text:
        """The title with the group."""
        return told_apart(self.title, [self.group])

    @property
    def group(self) -> Text:
        """The group in words."""
        column, value = term(self.column), term(self.value)
        plain = self.column in _SPEAK_FOR_THEMSELVES
        zh = value.zh if plain else f"{column.zh}「{value.zh}」"
        return Text(zh, f'{column.en} "{value.en}"')

    @property
    def limits(self) -> list[tuple[int | Fraction, Sense]]:
        """The bounds that are set, each with its direction."""
        both: tuple[tuple[int | Fraction | None, Sense], ...] = (
            (self.at_least, ">="),
            (self.at_most, "<="),
        )
        return [(bound, sense) for bound, sense in both if bound is not None]

    def said_limits(self) -> Text:
        """Say the bounds in words, e.g. *at least 40 funded applications*."""
        zh, en = [], []
        for bound, sense in self.limits:
            said = say_bound(bound, self.measure)
            blank = "" if isinstance(bound, Fraction) else " "
            zh.append(f"{'至少' if sense == '>=' else '至多'}補助{blank}{said.zh}")
            en.append(f"{'at least' if sense == '>=' else 'at most'} {said.en}")
        return Text("、".join(zh) or "不限", " and ".join(en) or "no bound")

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse a column that no table has, and bounds that are missing or contradict each other."""
        yield from unknown_column(self, self.column, records)
        if not self.limits:
            yield self.wrong(
                "no_bound",
                Text("配額未設上下限", "the quota has neither at_least nor at_most"),
                expected=Text("at_least 或 at_most", "at_least or at_most"),
            )
        least, most = self.at_least, self.at_most
        alike = least is not None and most is not None and type(least) is type(most)
        if alike and least > most:  # type: ignore[operator]
            yield self.wrong(
                "contradiction",
                Text("下限高於上限", "at_least is above at_most"),
                expected=Text("at_least 不高於 at_most", "at_least no higher than at_most"),
                value=f"{_short(least)}, {_short(most)}",
            )
        yield from unknown_value(self, self.column, self.value, records)

    def inequality(
        self, round_: Round, bound: int | Fraction, sense: Sense | None = None
    ) -> tuple[IntArray, int]:
        """Return coefficients and right-hand side over x = fund (count) or award (amount).

        Absolute: ``sum_{a in group} x_a`` against b. Share p/q of the total:
        ``q * sum_{a in group} x_a - p * sum_a x_a`` against 0. With a sense, the share is the nearest
        of those that can occur: the row holds for the same decisions, with the smallest factors.
        """
        inside = belongs(round_, self.column, self.value)
        if isinstance(bound, Fraction):
            bound = bound if sense is None else nearest(bound, self._greatest(round_), sense)
            return plus(times(inside, bound.denominator), -bound.numerator), 0
        return inside.astype(np.int64), bound

    def _greatest(self, round_: Round) -> int:
        """Return how many applications, or units of money, all of them together come to."""
        if self.measure == "count":
            return round_.size
        return total(round_.most) // round_.settings.pool.unit

    @property
    def on(self) -> On:
        """Which decisions it bounds."""
        return "fund" if self.measure == "count" else "award"

    def measured(self, round_: Round, decision: Decision) -> tuple[int, int]:
        """Count or add up, one by one: the group's part and the total."""
        size = [1 if self.measure == "count" else int(amount) for amount in decision.award]
        inside = belongs(round_, self.column, self.value)
        funded = [a for a in range(round_.size) if decision.fund[a]]
        return sum(size[a] for a in funded if inside[a]), sum(size[a] for a in funded)


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


def _short(bound: int | Fraction | None) -> str:
    return f"{exact_points(100 * bound)}%" if isinstance(bound, Fraction) else str(bound)


def say_bound(bound: int | Fraction, measure: str) -> Text:
    """Say a bound with its unit."""
    if isinstance(bound, Fraction):
        percent = f"{decimal(bound * 100) or bound * 100}%"
        what = Text("件數", "funded applications") if measure == "count" else Text("金額", "awards")
        return Text(f"總{what.zh}的 {percent}", f"{percent} of all {what.en}")
    if measure == "count":
        return Text(f"{bound} 件", f"{bound} funded application{'' if bound == 1 else 's'}")
    return Text(f"{money(bound)} 元", f"NT${money(bound)}")


def belongs(round_: Round, column: str, value: str) -> BoolArray:
    """Return which eligible applications have (or, for a list, include) a value. Shape (n,)."""
    return has_value(round_.table[column], value)
