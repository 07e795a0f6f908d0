"""More money, or less of it held back."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from optimizer.clauses.pool import PoolLimit
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.lever import AmountLever, At, Lever
from optimizer.diagnose.parts import Stated
from optimizer.diagnose.repair import Money
from optimizer.foundation.exact import IntArray
from optimizer.language.text import Text, money
from optimizer.program.objectives import Additive
from optimizer.tables.settings import Pool


def levers(rule: PoolLimit) -> list[Lever]:
    """Return the levers of the pool."""
    return [PoolLever(rule), *([ContingencyLever(rule)] if rule.contingency else [])]


@dataclass(frozen=True)
class _MoneyLever(AmountLever):
    """What the pool and the contingency have in common: both move what may be spent."""

    rule: PoolLimit

    @property
    def key(self) -> str:
        """The key in the policy."""
        return f"pool.{self.field}"

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Return what the least spending exceeds the money at hand by."""
        stated = at(self.span(bench))
        spent = least_spent(bench, stated)
        if spent is None:
            return None
        return max(Fraction(0), self.missing(stated.scored.screened.policy.settings.pool, spent))

    @abstractmethod
    def missing(self, pool: Pool, spent: int) -> Fraction:
        """Return the price at which so much can be spent; the other key as `pool` has it."""


@dataclass(frozen=True)
class PoolLever(_MoneyLever):
    """More money."""

    money: ClassVar[Money] = Money.MORE

    kind = "raise_pool"
    words = Text(
        "將經費總額由 {old} 元提高為 {new} 元（須另籌 {between} 元）",
        "raise the pool from NT${old} to NT${new} (needs NT${between} more money)",
    )

    def span(self, bench: Bench) -> Fraction:
        """Return what is missing for everybody to get what they ask for."""
        requested = bench.scored.screened.records.applications["requested"]
        enough = self.rule.contingency + sum(int(r) for r in requested)
        return Fraction(max(0, enough - self.rule.amount))

    def back(self, bench: Bench, at: At, price: Fraction) -> Fraction:
        """Return NT$1 less, or nothing more than there is: no policy has a pool below one unit."""
        step = super().back(bench, at, price)
        return step if self.at(step) >= bench.scored.round.settings.pool.unit else Fraction(0)

    def missing(self, pool: Pool, spent: int) -> Fraction:
        """Return what the pool lacks of the spending and the contingency."""
        return Fraction(spent + pool.contingency - self.rule.amount)

    def reached(self, value: int) -> Text:
        """Say the least pool."""
        held = self.rule.contingency
        return Text(
            f"經費總額至少須有 {money(value)} 元"
            + (f"（含預備金 {money(held)} 元）" if held else ""),
            f"the pool must be at least NT${money(value)}"
            + (f" (NT${money(held)} of it held back)" if held else ""),
        )


@dataclass(frozen=True)
class ContingencyLever(_MoneyLever):
    """Less money held back."""

    money: ClassVar[Money] = Money.RESERVE

    field = "contingency"
    kind = "lower_contingency"
    words = Text(
        "將預備金由 {old} 元降為 {new} 元（動用預備金 {between} 元）",
        "lower the contingency from NT${old} to NT${new} (spends NT${between} of the reserve)",
    )

    def span(self, bench: Bench) -> Fraction:
        """Return all that is held back."""
        return Fraction(self.rule.contingency)

    def at(self, price: Fraction) -> int:
        """Return the contingency with so much taken from it."""
        return self.rule.contingency - int(price)

    def missing(self, pool: Pool, spent: int) -> Fraction:
        """Return what the contingency has above what the spending leaves."""
        return Fraction(self.rule.contingency - (pool.amount - spent))

    def figure(self, bench: Bench, price: Fraction | None, settled: bool) -> None:
        """Return nothing: what is held back is no rule that could be met in part."""


def least_spent(bench: Bench, stated: Stated) -> int | None:
    """``min sum_a award_a`` under a policy, in NT$; None if nothing obeys it."""
    program = stated.program
    none: IntArray = np.zeros(program.size, dtype=np.int64)
    answer = bench.best(program, Additive(none, none - 1, program.unit))
    return None if answer.value is None else -answer.value * program.unit
