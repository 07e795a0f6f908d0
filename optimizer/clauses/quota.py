"""Quotas: least or most count, amount or share of either, for any value of any column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BeforeValidator

from optimizer.clauses.base import Clause, Violation, key
from optimizer.clauses.columns import unknown_column
from optimizer.errors import Problem, Severity
from optimizer.program import BoolArray, Decision, IntArray, Rows, exact
from optimizer.records import Records
from optimizer.round import Round
from optimizer.settings import to_fraction
from optimizer.text import Text, money
from optimizer.words import term


def to_bound(value: object) -> int | Fraction | None:
    """Read a bound: a whole number is absolute, ``"40%"`` is a share of the total.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    if isinstance(value, str) and value.strip().endswith("%"):
        share = to_fraction(value)
        if 0 <= share <= 1:
            return share
    raise ValueError("bound")


Bound = Annotated[int | Fraction | None, BeforeValidator(to_bound)]


def say_bound(bound: int | Fraction, measure: str) -> Text:
    """Say a bound with its unit."""
    if isinstance(bound, Fraction):
        percent = f"{float(bound * 100):g}%"
        what = Text("件數", "funded applications") if measure == "count" else Text("金額", "awards")
        return Text(f"總{what.zh}的 {percent}", f"{percent} of all {what.en}")
    if measure == "count":
        return Text(f"{bound} 件", f"{bound} funded applications")
    return Text(f"{money(bound)} 元", f"NT${money(bound)}")


def belongs(round_: Round, column: str, value: str) -> BoolArray:
    """Return which eligible applications have (or, for a list, include) a value. Shape (n,)."""
    cells = round_.table[column]
    return np.fromiter(
        (value in cell if isinstance(cell, tuple) else as_word(cell) == value for cell in cells),
        dtype=bool,
        count=round_.size,
    )


def as_word(cell: object) -> str:
    """Write a cell the way a policy names it (yes/no, plain numbers)."""
    if isinstance(cell, bool | np.bool_):
        return "yes" if cell else "no"
    return str(cell)


@dataclass(frozen=True, kw_only=True)
class Quota(Clause):
    """At least or at most so many applications or NT$, or such a share, for one group."""

    kind: ClassVar[str] = "quota"
    title: ClassVar[Text] = Text("配額", "Quota")

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
    def group(self) -> Text:
        """The group in words."""
        column, value = term(self.column), term(self.value)
        return Text(f"{column.zh}「{value.zh}」", f'{column.en} "{value.en}"')

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        bounds_zh, bounds_en = [], []
        for bound, zh, en in (
            (self.at_least, "至少", "at least"),
            (self.at_most, "至多", "at most"),
        ):
            if bound is not None:
                said = say_bound(bound, self.measure)
                bounds_zh.append(f"{zh} {said.zh}")
                bounds_en.append(f"{en} {said.en}")
        return Text(
            f"{self.group.zh}獲補助者{'、'.join(bounds_zh) or '不限'}。",
            f"For {self.group.en}: {' and '.join(bounds_en) or 'no bound'}.",
        )

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse a column that no table has and a quota without any bound."""
        yield from unknown_column(self, self.column, records)
        if self.at_least is None and self.at_most is None:
            yield Problem(
                Severity.ERROR,
                "no_bound",
                Text("配額未設上下限", "the quota has neither at_least nor at_most"),
                Text("at_least 或 at_most", "at_least or at_most"),
                file="policy.toml",
                column=f"{self.section}.{self.label}",
            )

    def rows(self, round_: Round) -> Sequence[Rows]:
        """State the bounds over x = fund (count) or award (amount).

        Absolute: ``sum_{a in group} x_a >= b``. Share p/q of the total:
        ``q * sum_{a in group} x_a - p * sum_a x_a >= 0``. At most: the same with ``<=``.
        """
        inside = belongs(round_, self.column, self.value).astype(np.int64)
        on: Literal["fund", "award"] = "fund" if self.measure == "count" else "award"
        found = []
        for bound, sense in ((self.at_least, ">="), (self.at_most, "<=")):
            if bound is None:
                continue
            coefficients: IntArray = inside
            rhs = bound
            if isinstance(bound, Fraction):
                coefficients = bound.denominator * inside - bound.numerator
                rhs = 0
            found.append(
                Rows.single(
                    self.label,
                    on,
                    exact(coefficients),
                    sense,
                    int(rhs),  # type: ignore[arg-type]
                    self.sentence(),
                )
            )
        return found

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Count or add up the group and the total, and compare as fractions."""
        size = [1 if self.measure == "count" else int(amount) for amount in decision.award]
        inside = belongs(round_, self.column, self.value)
        funded = [a for a in range(round_.size) if decision.fund[a]]
        total = sum(size[a] for a in funded)
        ours = sum(size[a] for a in funded if inside[a])
        for bound, least in ((self.at_least, True), (self.at_most, False)):
            if bound is None:
                continue
            target = bound * total if isinstance(bound, Fraction) else bound
            if (ours < target) if least else (ours > target):
                yield Violation(
                    self.label,
                    Text(
                        f"{self.sentence().zh}實際為 {money(ours)}（總計 {money(total)}）",
                        f"{self.sentence().en} It is {money(ours)} of {money(total)} in all.",
                    ),
                )
