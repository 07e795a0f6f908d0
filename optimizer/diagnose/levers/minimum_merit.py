"""A lower minimum merit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from optimizer.clauses.minimum_merit import MinimumMerit
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.lever import At, Lever, lowest
from optimizer.diagnose.repair import Repair
from optimizer.language.text import Text
from optimizer.language.words import decimal, exact_points
from optimizer.tables.round import Round


def levers(rule: MinimumMerit) -> list[Lever]:
    """Return the levers of the minimum merit."""
    return [MeritLever(rule)] if rule.points else []


@dataclass(frozen=True)
class MeritLever(Lever):
    """A lower minimum merit; values are exact points as the policy writes them."""

    rule: MinimumMerit
    moves_bounds: ClassVar[bool] = True

    field = "minimum_merit"
    key = "review.minimum_merit"
    parts = ()  # no inequality: it only widens who is eligible

    @property
    def old(self) -> Decimal | str:
        """The minimum there is."""
        return exactly(self.rule.points)

    def span(self, bench: Bench) -> Fraction:
        """Return all points: no minimum is left."""
        return self.rule.points

    def at(self, price: Fraction) -> Decimal | str:
        """Return the minimum so many points lower, exactly."""
        return exactly(self.rule.points - price)

    def _steps(self, open_: Round) -> list[Fraction]:
        """Return the merits at which somebody becomes eligible, highest first."""
        merits = {open_.merit_of(a) for a in range(open_.size)}
        return sorted((m for m in merits if m < self.rule.points), reverse=True)

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Bisect over the merits that applications have."""
        steps = self._steps(at(self.rule.points).scored.round)

        def mends(step: int) -> bool:
            return bench.possible(at(self.rule.points - steps[step]).program)

        low = lowest(len(steps) - 1, mends)
        if low is None:
            return None
        below = steps[low + 1] if low + 1 < len(steps) else Fraction(-1)
        return self.rule.points - roundest(below, steps[low])

    def back(self, bench: Bench, at: At, price: Fraction) -> Fraction:
        """Return the price of the next merit above at which fewer are eligible, or nothing."""
        value = self.rule.points - price
        higher = [m for m in self._steps(at(self.rule.points).scored.round) if m >= value]
        return self.rule.points - higher[-2] if len(higher) > 1 else Fraction(0)

    def repair(self, bench: Bench, price: Fraction, value: Any) -> Repair:
        """Say the new minimum and who becomes eligible by it."""
        now = set(bench.scored.round.ids)
        fresh = [i for i in bench.under({self.key: value}).program.ids if i not in now]
        old, new = exact_points(self.rule.points), exact_points(Fraction(value))
        more = len(fresh) - 5
        rest_zh, rest_en = (f" 等 {len(fresh)} 件", f" and {more} more") if more > 0 else ("", "")
        text = Text(
            f"將及格分數由 {old} 分降為 {new} 分（{'、'.join(fresh[:5])}{rest_zh} 因此符合資格）",
            f"lower the minimum merit from {old} to {new} points "
            f"({', '.join(fresh[:5])}{rest_en} become{'' if len(fresh) > 1 else 's'} eligible)",
        )
        return self.change("lower_minimum_merit", value, price=price, unit="points", text=text)


def exactly(value: Fraction) -> Decimal | str:
    """Write points so that the policy reads them exactly: ``69.5``, or ``"208/3"``."""
    finite = decimal(value)
    return f"{value.numerator}/{value.denominator}" if finite is None else Decimal(finite)


def roundest(below: Fraction, most: Fraction) -> Fraction:
    """Return `most` if it is a finite decimal, else the one with the fewest digits under it.

    It stays above `below`, so nobody else becomes eligible.
    """
    if decimal(most) is not None:
        return most
    rounded = (Fraction(most * 10**digits // 1, 10**digits) for digits in range(12))
    return next((value for value in rounded if value > below), most)
