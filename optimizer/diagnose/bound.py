"""A bound of a quota that gives way: a lower least or a higher most, of one group, absolute."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from optimizer.clauses.bounded import Bounded, Group
from optimizer.clauses.bounds import say_bound
from optimizer.clauses.column_sums import AMOUNT, COUNT, all_of
from optimizer.diagnose.attainable import Figure
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.explain import amount
from optimizer.diagnose.lever import At, SidedLever
from optimizer.diagnose.repair import Repair
from optimizer.foundation.exact import IntArray, times, total
from optimizer.language.text import EMPTY, Text, money
from optimizer.program.objectives import Additive
from optimizer.program.program import Program
from optimizer.tables.round import Round


@dataclass(frozen=True)
class QuotaLever(SidedLever):
    """A lower least, or a higher most; whole applications or NT$."""

    rule: Bounded

    @property
    def field(self) -> str:
        """The clause's own key."""
        return "at_least" if self.is_least else "at_most"

    @property
    def now(self) -> Any:
        """The bound there is."""
        return getattr(self.rule, self.field)

    @property
    def old(self) -> Any:
        """The bound as the policy has it."""
        return self.written(self.now)

    def span(self, bench: Bench) -> Fraction:
        """Return how far off is a bound that holds nobody back."""
        if self.is_least:
            return Fraction(self.now)
        records = bench.scored.screened.records
        return Fraction(max(0, all_of(records, self.rule.measure) - self.now))

    def at(self, price: Fraction) -> Any:
        """Return the bound so much looser."""
        return self.now - int(price) if self.is_least else self.now + int(price)

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Return what the most (or least) that the group can have is away from the bound."""
        stated, sign = at(self.span(bench)), 1 if self.is_least else -1
        own = times(self.group(stated.scored.round).own, sign)
        most = self.most(bench, stated.program, own)
        return None if most is None else Fraction(max(0, sign * self.now - most))

    def most(self, bench: Bench, program: Program, own: IntArray) -> int | None:
        """Return ``max sum_a own_a * x_a``, in NT$ where money is counted; None if nothing obeys."""
        money = self.rule.on == "award"
        unit = program.unit if money else 1
        worth = Additive(np.zeros_like(own), own, unit) if money else Additive(own)
        value = bench.best(program, worth).value
        return None if value is None else value * unit

    def group(self, round_: Round) -> Group:
        """Return the one group that it bounds."""
        return next(iter(self.rule.groups(round_)))

    @property
    def unit(self) -> str:
        """What a number is of: ``applications``, ``NT$``, or the column that is added up."""
        return {COUNT: "applications", AMOUNT: "NT$"}.get(self.rule.measure, self.rule.measure)

    def figure(self, bench: Bench, price: Fraction | None, settled: bool) -> Figure:
        """Return the most that the group can have, or the least that it must."""
        figure = self.wanted(bench, self.unit, price, settled=settled)
        return replace(figure, supply=self._supply(bench)) if self.is_least else figure

    def reached(self, value: Any) -> Text:
        """Say the most there can be, or the least there must be."""
        said = amount(value, self.unit)
        if self.is_least:
            return Text(f"最多只能有 {said.zh}", f"at most {said.en} can be reached")
        return Text(f"至少須有 {said.zh}", f"at least {said.en} would be needed")

    def _supply(self, bench: Bench) -> int | None:
        """Return what the eligible of the group come to; None if that is enough."""
        round_ = bench.scored.round
        own = self.group(round_).own
        supply = total(times(own, round_.most) if self.rule.on == "award" else own)
        return supply if supply < self.now else None

    def said(self, price: Fraction) -> tuple[str, Text]:
        """Return the unit of a price, and the price in words."""
        if self.rule.measure == COUNT:
            return self.unit, Text(f"{price} 件", f"{price}")
        if self.rule.measure == AMOUNT:
            return self.unit, Text(f"{money(int(price))} 元", f"NT${money(int(price))}")
        return self.unit, Text(money(int(price)), money(int(price)))

    def bound(self, value: Any) -> int | Fraction:
        """Return the value as a bound of the clause."""
        return int(value)

    def repair(self, bench: Bench, price: Fraction, value: Any) -> Repair:
        """Say the new bound and how far it is from the old."""
        unit, said = self.said(price)
        old = say_bound(self.now, self.rule.measure)
        new = say_bound(self.bound(value), self.rule.measure)
        group = self.rule.group
        zh, en = ("至少", "at least") if self.is_least else ("至多", "at most")
        how_zh, how_en = ("降低", "less") if self.is_least else ("提高", "more")
        gone = self._gone(self.bound(value))
        text = Text(
            f"將{group.zh}{joined(zh, old.zh)}改為{joined(zh, new.zh)}"
            f"（{how_zh} {said.zh}{gone.zh}）",
            f"for {group.en}, ask for {en} {new.en} instead of {self._short()} "
            f"({said.en} {how_en}{gone.en})",
        )
        kind = "lower_quota" if self.is_least else "raise_quota"
        return self.change(kind, value, price=price, unit=unit, text=text)

    def _gone(self, new: int | Fraction) -> Text:
        """Say so if no bound is left."""
        if self.is_least and not new:
            return Text("，等於沒有下限", ": no minimum then")
        if not self.is_least and isinstance(new, Fraction) and new == 1:
            return Text("，等於沒有上限", ": no maximum then")
        return EMPTY

    def _short(self) -> str:
        """Return the old bound without what it is a number of, which the new one says."""
        plain = str(self.old)
        return plain if "%" in plain else self.said(self.now)[1].en

    def written(self, bound: int | Fraction) -> Any:
        """Write a bound as the policy does."""
        return bound


def joined(word: str, figure: str) -> str:
    """Put a blank between a Chinese word and a digit only."""
    return f"{word} {figure}" if figure[:1].isdigit() else word + figure
