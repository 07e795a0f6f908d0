"""An upper bound that counts applications, raised: the lever of a rule that says no more of itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

from optimizer.clauses import Clause
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.lever import At, BoundLever, lowest
from optimizer.diagnose.repair import Repair
from optimizer.language.text import Text


@dataclass(frozen=True)
class RaiseLever(BoundLever):
    """A rule's own upper bound (`Clause.gives_way`), so many applications higher."""

    rule: Clause
    unit: ClassVar[str] = "applications"

    @property
    def field(self) -> str:
        """The clause's own key."""
        return self.rule.gives_way

    def span(self, bench: Bench) -> Fraction:
        """Return how far off is a bound that holds nobody back."""
        everyone = len(bench.scored.screened.records.applications)
        return Fraction(max(0, everyone - self.old))

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Halve the span: a higher bound allows all that a lower one does."""
        low = lowest(
            int(self.span(bench)), lambda price: bench.possible(at(Fraction(price)).program)
        )
        return None if low is None else Fraction(low)

    def reached(self, value: int) -> Text:
        """Say the least that the bound must be."""
        [own] = [f for f in self.rule.policy_keys() if f.name == self.field]
        named: Text = own.metadata["help"]
        return Text(f"「{named.zh}」至少須為 {value}", f"{named.en} must be at least {value}")

    def repair(self, bench: Bench, price: Fraction, value: int) -> Repair:
        """Say the rule as it would then be."""
        old = self.rule.sentence()
        changes: dict[str, Any] = {self.field: value}
        new = replace(self.rule, **changes).sentence()
        text = Text(f"將規則「{old.zh}」改為「{new.zh}」", f'change "{old.en}" to "{new.en}"')
        return self.change("raise_bound", value, price, unit=self.unit, text=text)
