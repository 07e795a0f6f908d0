"""A higher cap for every school."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from optimizer.clauses.school_cap import SchoolCap
from optimizer.diagnose.bench import Bench, widened
from optimizer.diagnose.edit import Edits
from optimizer.diagnose.levers.base import Lever
from optimizer.diagnose.parts import Part
from optimizer.diagnose.repair import Repair
from optimizer.exact import grouped, largest
from optimizer.text import Text, money


@dataclass(frozen=True)
class CapLever(Lever):
    """A higher cap for every school."""

    rule: SchoolCap
    moves_bounds: ClassVar[bool] = True
    moves_least: ClassVar[bool] = True

    @property
    def key(self) -> str:
        """The key in the policy."""
        return f"clause.{self.rule.label}.amount"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The inequalities it relaxes."""
        return ((self.rule.section, self.rule.label, "<="),)

    def loosest(self, bench: Bench) -> int:
        """Return the most that one school asks for."""
        applications = bench.scored.screened.records.applications
        schools = applications["school"].to_numpy(dtype=np.int64)
        requested = applications["requested"].to_numpy(dtype=np.int64)
        asked = grouped(requested, schools, int(schools.max(initial=-1)) + 1)
        return max([self.rule.amount, *(int(amount) for amount in asked)])

    def options(self, bench: Bench, edits: Edits) -> list[int]:
        """Return the lowest cap above the present one that mends the policy."""
        unit = bench.scored.round.settings.pool.unit
        low, high = self.rule.amount // unit + 1, self.loosest(bench) // unit
        found = self._lowest(bench, edits, low, high) if low <= high else None
        return [] if found is None else [found * unit]

    def _lowest(self, bench: Bench, edits: Edits, low: int, high: int) -> int | None:
        """Return the least cap of ``low .. high`` units that mends.

        Raising the cap also raises what large requests may (and, if all or nothing, must) get, so
        a higher cap need not be a looser one: an interval is given up only when a program looser
        than all of it cannot be obeyed.
        """
        unit = bench.scored.round.settings.pool.unit
        first = bench.under({**edits, self.key: low * unit}).program
        last = bench.under({**edits, self.key: high * unit}).program
        answer = bench.ask(widened(first, last))
        if answer.decision is None:
            return None
        if first.ids == last.ids and (first.most == last.most).all():
            schools = bench.scored.round.records.applications["school"].to_numpy()
            position = bench.under({**edits, self.key: high * unit}).scored.round.position
            received = grouped(answer.decision.award, schools[position], int(schools.max()) + 1)
            high = min(high, max(low, -(-largest(received) // unit)))
        if low >= high:
            return low
        middle = (low + high) // 2
        found = self._lowest(bench, edits, low, middle)
        return found if found is not None else self._lowest(bench, edits, middle + 1, high)

    def back(self, bench: Bench, value: int) -> list[int]:
        """Return one NT$ less."""
        return [value - 1]

    def repair(self, bench: Bench, value: int) -> Repair:
        """Say how much higher the cap is."""
        old, more = self.rule.amount, value - self.rule.amount
        return Repair(
            "raise_cap",
            self.key,
            old,
            value,
            Fraction(more),
            "NT$",
            Text(
                f"將每校上限由 {money(old)} 元提高為 {money(value)} 元（增加 {money(more)} 元）",
                f"raise the school cap from NT${money(old)} to NT${money(value)} "
                f"(NT${money(more)} more)",
            ),
            self.rule.label,
        )
