"""A lower least or a higher most: absolute, or as a share."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from optimizer.clauses.bounded import Bounded, say_bound
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.edit import Edits
from optimizer.diagnose.levers.base import Lever
from optimizer.diagnose.parts import Part, Stated
from optimizer.diagnose.repair import Repair
from optimizer.program import Additive, Decision
from optimizer.text import Text, money
from optimizer.words import decimal, exact_points

GRID = 1000  # shares are lowered and raised by tenths of a percentage point


@dataclass(frozen=True)
class QuotaLever(Lever):
    """A lower least, or a higher most; whole applications or NT$."""

    rule: Bounded
    least: bool

    @property
    def field(self) -> str:
        """The clause's own key."""
        return "at_least" if self.least else "at_most"

    @property
    def key(self) -> str:
        """The key in the policy."""
        return f"clause.{self.rule.label}.{self.field}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The inequality it relaxes."""
        return ((self.rule.section, self.rule.label, ">=" if self.least else "<="),)

    @property
    def old(self) -> Any:
        """The bound there is."""
        return self.rule.at_least if self.least else self.rule.at_most

    def loosest(self, bench: Bench) -> Any:
        """Return a bound that holds nobody back."""
        if self.least:
            return 0
        applications = bench.scored.screened.records.applications
        if self.rule.measure == "count":
            return max(self.old, len(applications))
        return max(self.old, sum(int(r) for r in applications["requested"]))

    def options(self, bench: Bench, edits: Edits) -> list[Any]:
        """Return the most (or least) that the group can have under everything else."""
        stated = bench.under(self.open(bench, edits))
        inside, _ = self.rule.inequality(stated.scored.round, 0)
        none, sign = np.zeros_like(inside), 1 if self.least else -1
        count = self.rule.measure == "count"
        unit = stated.program.unit
        worth = Additive(sign * inside) if count else Additive(none, sign * inside, unit)
        answer = bench.best(stated.program, worth)
        return [] if answer.value is None else [sign * answer.value * (1 if count else unit)]

    def back(self, bench: Bench, value: Any) -> list[Any]:
        """Return one application (or NT$) towards the old bound."""
        return [value + 1 if self.least else value - 1]

    def price(self, value: Any) -> tuple[Fraction, str, Text]:
        """Return what is given up, its unit, and both in words."""
        away = abs(value - self.old)
        if self.rule.measure == "count":
            return Fraction(away), "applications", Text(f"{away} 件", f"{away}")
        return Fraction(away), "NT$", Text(f"{money(away)} 元", f"NT${money(away)}")

    def bound(self, value: Any) -> int | Fraction:
        """Return the value as a bound of the clause."""
        return int(value)

    def repair(self, bench: Bench, value: Any) -> Repair:
        """Say the new bound and how far it is from the old."""
        price, unit, said = self.price(value)
        old = say_bound(self.old, self.rule.measure)
        new = say_bound(self.bound(value), self.rule.measure)
        group = self.rule.group
        zh, en = ("至少", "at least") if self.least else ("至多", "at most")
        how_zh, how_en = ("降低", "less") if self.least else ("提高", "more")
        return Repair(
            f"{'lower' if self.least else 'raise'}_quota",
            self.key,
            self.written(self.old),
            value,
            price,
            unit,
            Text(
                f"將{group.zh}{_joined(zh, old.zh)}改為{_joined(zh, new.zh)}（{how_zh} {said.zh}）",
                f"for {group.en}, ask for {en} {new.en} instead of {old.en} ({said.en} {how_en})",
            ),
            self.rule.label,
        )

    def written(self, bound: int | Fraction) -> Any:
        """Write a bound as the policy does."""
        return bound


@dataclass(frozen=True)
class ShareLever(QuotaLever):
    """A lower least share, or a higher most share; values are texts such as ``33.3%``."""

    def loosest(self, bench: Bench) -> str:
        """Return none, or all."""
        return "0%" if self.least else "100%"

    def options(self, bench: Bench, edits: Edits) -> list[str]:
        """Go up from what is reached, a tenth of a point beyond it at a time (Dinkelbach 1967).

        ``max sum_{a in group} q * x_a - p * sum_a x_a`` tells whether p/q can be reached, and the
        decision that it finds often reaches more.
        """
        stated = bench.under(self.open(bench, edits))
        good = self._grid(self._ratio(stated, bench.ask(stated.program).decision))
        step = 1 if self.least else -1
        while good is not None:
            answer = bench.best(stated.program, self._towards(stated, good + step))
            if answer.value is None or answer.value < 0:
                return [percent(good)]
            good = self._grid(self._ratio(stated, answer.decision))
        return []

    def _towards(self, stated: Stated, thousandths: int) -> Additive:
        """Return what is not negative where the group has this share, and the most if it is far."""
        sign = 1 if self.least else -1
        inside, _ = self.rule.inequality(stated.scored.round, 0)
        worth = sign * (GRID * inside - thousandths)
        if self.rule.measure == "count":
            return Additive(worth)
        return Additive(np.zeros_like(worth), worth, stated.program.unit)

    def _ratio(self, stated: Stated, decision: Decision | None) -> Fraction | None:
        """Return the share that the group has; the old bound's where nobody is funded."""
        if decision is None:
            return None
        ours, total = self.rule.measured(stated.scored.round, decision)
        return Fraction(ours, total) if total else Fraction(self.old)

    def _grid(self, share: Fraction | None) -> int | None:
        if share is None:
            return None
        return int(share * GRID // 1) if self.least else int(-(-share * GRID // 1))

    def back(self, bench: Bench, value: str) -> list[str]:
        """Return a tenth of a percentage point towards the old bound, no further than that."""
        step = Fraction(1, GRID) if self.least else Fraction(-1, GRID)
        next_ = self.bound(value) + step
        return [self.written(min(next_, self.old) if self.least else max(next_, self.old))]

    def price(self, value: Any) -> tuple[Fraction, str, Text]:
        """Return the difference in percentage points."""
        away = abs(self.bound(value) - self.old) * 100
        return (
            away,
            "percentage points",
            Text(f"{exact_points(away)} 個百分點", f"{exact_points(away)} percentage points"),
        )

    def bound(self, value: Any) -> Fraction:
        """Return the value as a bound of the clause."""
        return Fraction(value[:-1]) / 100

    def written(self, bound: int | Fraction) -> str:
        """Write a share as the policy does."""
        share = Fraction(bound) * 100
        return f"{decimal(share) or share}%"


def _joined(word: str, figure: str) -> str:
    """Put a blank between a Chinese word and a digit only."""
    return f"{word} {figure}" if figure[:1].isdigit() else word + figure


def percent(thousandths: int) -> str:
    """Write a number of tenths of a percentage point."""
    return f"{decimal(Fraction(thousandths * 100, GRID))}%"
