"""More money, or less of it held back."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimizer.clauses.pool import PoolLimit
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.edit import Edits
from optimizer.diagnose.levers.base import Lever
from optimizer.diagnose.parts import Part
from optimizer.diagnose.repair import Repair
from optimizer.exact import IntArray
from optimizer.program import Additive
from optimizer.text import Text, money


@dataclass(frozen=True)
class PoolLever(Lever):
    """More money."""

    rule: PoolLimit

    @property
    def key(self) -> str:
        """The key in the policy."""
        return "pool.amount"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The inequality it relaxes."""
        return ((self.rule.section, self.rule.label, "<="),)

    def loosest(self, bench: Bench) -> int:
        """Return enough for everybody."""
        requested = bench.scored.screened.records.applications["requested"]
        return max(self.rule.amount, self.rule.contingency + sum(int(r) for r in requested))

    def options(self, bench: Bench, edits: Edits) -> list[int]:
        """Return the least that can be spent, and the contingency."""
        spent = least_spent(bench, {**edits, self.key: self.loosest(bench)})
        return [] if spent is None else [spent + self.rule.contingency]

    def back(self, bench: Bench, value: int) -> list[int]:
        """Return one NT$ less."""
        return [value - 1]

    def repair(self, bench: Bench, value: int) -> Repair:
        """Say how much more money it takes."""
        old, more = self.rule.amount, value - self.rule.amount
        return Repair(
            "raise_pool",
            self.key,
            old,
            value,
            Fraction(more),
            "NT$",
            Text(
                f"將經費總額由 {money(old)} 元提高為 {money(value)} 元（增加 {money(more)} 元）",
                f"raise the pool from NT${money(old)} to NT${money(value)} (NT${money(more)} more)",
            ),
            self.rule.label,
        )


@dataclass(frozen=True)
class ContingencyLever(Lever):
    """Less money held back."""

    rule: PoolLimit

    @property
    def key(self) -> str:
        """The key in the policy."""
        return "pool.contingency"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The inequality it relaxes."""
        return ((self.rule.section, self.rule.label, "<="),)

    def loosest(self, bench: Bench) -> int:
        """Return nothing held back."""
        return 0

    def options(self, bench: Bench, edits: Edits) -> list[int]:
        """Return what the least spending leaves of the pool."""
        spent = least_spent(bench, {**edits, self.key: 0})
        return [] if spent is None else [self.rule.amount - spent]

    def back(self, bench: Bench, value: int) -> list[int]:
        """Return one NT$ more."""
        return [value + 1]

    def repair(self, bench: Bench, value: int) -> Repair:
        """Say how much less is held back."""
        old, less = self.rule.contingency, self.rule.contingency - value
        return Repair(
            "lower_contingency",
            self.key,
            old,
            value,
            Fraction(less),
            "NT$",
            Text(
                f"將預備金由 {money(old)} 元降為 {money(value)} 元（減少 {money(less)} 元）",
                f"lower the contingency from NT${money(old)} to NT${money(value)} "
                f"(NT${money(less)} less)",
            ),
            self.rule.label,
        )


def least_spent(bench: Bench, edits: Edits) -> int | None:
    """``min sum_a award_a`` under a policy, in NT$; None if nothing obeys it."""
    program = bench.under(edits).program
    none: IntArray = np.zeros(program.size, dtype=np.int64)
    answer = bench.best(program, Additive(none, none - 1, program.unit))
    return None if answer.value is None else -answer.value * program.unit
