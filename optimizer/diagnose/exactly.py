"""An exact number of a quota moved to the nearest that can be had."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from optimizer.clauses.bounds import say_bound
from optimizer.clauses.column_sums import all_of
from optimizer.diagnose.attainable import Figure
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.bound import QuotaLever, joined
from optimizer.diagnose.explain import amount
from optimizer.diagnose.lever import At
from optimizer.diagnose.parts import Part, Stated
from optimizer.diagnose.repair import Repair
from optimizer.foundation.exact import times
from optimizer.language.text import EMPTY, Text
from optimizer.program.program import Program
from optimizer.program.rows import Rows


@dataclass(frozen=True)
class ExactLever(QuotaLever):
    """Another exact number, lower or higher; the price is how far it is from the old one.

    While the search goes on, a price allows every number no farther: a band around the old one.
    """

    @property
    def field(self) -> str:
        """The clause's own key."""
        return "exactly"

    @property
    def parts(self) -> tuple[Part, ...]:
        """Both inequalities."""
        return tuple((self.rule.section, self.rule.label, sense) for sense in (">=", "<="))

    def span(self, bench: Bench) -> Fraction:
        """Return how far off the farthest number is: none, or all."""
        records = bench.scored.screened.records
        return Fraction(max(self.now, all_of(records, self.rule.measure) - self.now))

    def at(self, price: Fraction) -> int | None:
        """Return the old number, or none at all: which one it is instead is not told by the price."""
        return None if price else int(self.now)

    def rows(self, stated: Stated, price: Fraction) -> list[Rows]:
        """State ``b - p <= sum_{a in group} w_a * x_a <= b + p``."""
        if not price:
            return []
        return self._between(stated, self.now - int(price), self.now + int(price))

    def _between(self, stated: Stated, low: int, high: int) -> list[Rows]:
        own = self.group(stated.scored.round).own
        both: tuple[tuple[Literal[">=", "<="], int], ...] = ((">=", low), ("<=", high))
        return [
            Rows.single(self.rule.label, self.rule.on, own, sense=sense, rhs=bound, label=EMPTY)
            for sense, bound in both
        ]

    def _within(self, stated: Stated, low: int, high: int) -> Program:
        rows = self._between(stated, low, high)
        return replace(stated.program, rows=(*stated.program.rows, *rows))

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Return how far the nearest number is: the most up to the old one, the least from it on."""
        span = self.span(bench)
        stated, end = at(span), self.now + int(span)
        own = self.group(stated.scored.round).own
        below = self.most(bench, self._within(stated, 0, self.now), own)
        over = self.most(bench, self._within(stated, self.now, end), times(own, -1))
        away = [abs(self.now - abs(most)) for most in (below, over) if most is not None]
        return Fraction(min(away)) if away else None

    def values(self, bench: Bench, at: At, price: Fraction, most: int) -> list[int]:
        """Return the lower and the higher number of this price, as far as they can be had."""
        stated = at(self.span(bench))
        numbers = (n for n in self._numbers(price) if bench.possible(self._within(stated, n, n)))
        return list(numbers)[:most]

    def _numbers(self, price: Fraction) -> list[int]:
        """Return the numbers so far away from the old one."""
        away = int(price)
        return [n for n in dict.fromkeys((self.now - away, self.now + away)) if n >= 0]

    def less(self, bench: Bench, at: At, price: Fraction, value: int) -> list[int]:
        """Return the two numbers one nearer; that none nearer does is what the optima prove."""
        return self._numbers(price - 1)

    def told(self, bench: Bench, price: Fraction) -> int:
        """Return the number that can be had, the lower one if both can."""
        return self._mending(bench, price)[0]

    def _mending(self, bench: Bench, price: Fraction) -> list[int]:
        numbers = self._numbers(price)
        return [n for n in numbers if not price or bench.mends({self.key: n})] or numbers

    def figure(self, bench: Bench, price: Fraction | None, settled: bool) -> Figure:
        """Return the nearest number, and say both where two are equally near."""
        figure = super().figure(bench, price, settled)
        if figure.value is None or price is None:
            return figure
        said = [amount(number, self.unit) for number in self._mending(bench, price)]
        both = Text("或 ".join(one.zh for one in said), " or ".join(one.en for one in said))
        nearest = Text(
            f"最接近而可行的是 {both.zh}", f"the nearest that can be reached is {both.en}"
        )
        return replace(figure, said=nearest)

    def repair(self, bench: Bench, price: Fraction, value: int) -> Repair:
        """Say the new number and how far it is from the old."""
        unit, said = self.said(price)
        old, new = (say_bound(n, self.rule.measure) for n in (self.now, value))
        group = self.rule.group
        how = Text("減少", "less") if value < self.now else Text("增加", "more")
        text = Text(
            f"將{group.zh}{joined('恰', old.zh)}改為{joined('恰', new.zh)}（{how.zh} {said.zh}）",
            f"for {group.en}, ask for exactly {new.en} instead of {self._short()} "
            f"({said.en} {how.en})",
        )
        return self.change("move_quota", value, price=price, unit=unit, text=text)
