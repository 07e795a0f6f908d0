"""A lower minimum award."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from optimizer.clauses.minimum_award import MinimumAward
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.lever import At, Lever, lowest
from optimizer.diagnose.parts import Part
from optimizer.diagnose.repair import Repair
from optimizer.language.text import EMPTY, Text, money


def levers(rule: MinimumAward) -> list[Lever]:
    """Return the levers of a minimum award."""
    return [AwardLever(rule)] if rule.amount else []


@dataclass(frozen=True)
class AwardLever(Lever):
    """A lower minimum award; a whole number of units below the old one, as awards are."""

    rule: MinimumAward
    moves_bounds: ClassVar[bool] = True

    field = "amount"

    @property
    def old(self) -> int:
        """The amount there is."""
        return self.rule.amount

    @property
    def parts(self) -> tuple[Part, ...]:
        """No inequality: it only widens who may get how much."""
        return ()

    def span(self, bench: Bench) -> Fraction:
        """Return all of it: no minimum is left."""
        return Fraction(self.rule.amount)

    def at(self, price: Fraction) -> int:
        """Return the amount so much lower."""
        return self.rule.amount - int(price)

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Halve the units below the old amount: a lower minimum allows all that a higher one does."""
        unit = bench.scored.round.settings.pool.unit

        most = (self.rule.amount - 1) // unit
        dearer = lowest(
            most,
            lambda n: bench.possible(at(Fraction(self.rule.amount - (most - n) * unit)).program),
        )
        return None if dearer is None else Fraction(self.rule.amount - (most - dearer) * unit)

    def back(self, bench: Bench, at: At, price: Fraction) -> Fraction:
        """Return the price of one unit more."""
        return max(Fraction(0), price - bench.scored.round.settings.pool.unit)

    def repair(self, bench: Bench, price: Fraction, value: int) -> Repair:
        """Say how much lower the minimum is."""
        old, less = self.rule.amount, self.rule.amount - value
        gone = EMPTY if value else Text("，等於沒有下限", ": no minimum then")
        text = Text(
            f"將每案最低補助由 {money(old)} 元降為 {money(value)} 元（減少 {money(less)} 元{gone.zh}）",
            f"lower the minimum award from NT${money(old)} to NT${money(value)} "
            f"(NT${money(less)} less{gone.en})",
        )
        return self.change("lower_minimum_award", value, price=price, unit="NT$", text=text)
