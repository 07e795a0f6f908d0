"""A clause taken out whole."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from optimizer.clauses import Clause
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.edit import DROP
from optimizer.diagnose.lever import At, Lever
from optimizer.diagnose.parts import Part
from optimizer.diagnose.repair import Repair
from optimizer.language.text import Text


@dataclass(frozen=True)
class DropLever(Lever):
    """Any other clause taken out whole."""

    rule: Clause
    field = ""  # the clause as a whole
    old = None

    @property
    def key(self) -> str:
        """The clause, as a scenario's ``drop`` names it."""
        return f"clause.{self.rule.label}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """All its inequalities."""
        return tuple((self.rule.section, self.rule.label, sense) for sense in ("<=", ">="))

    def span(self, bench: Bench) -> Fraction:
        """Return that it can only be there or not."""
        return Fraction(1)

    def at(self, price: Fraction) -> str:
        """Return that it is gone."""
        return DROP

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Return whether it must go."""
        prices = (Fraction(0), Fraction(1))
        return next((price for price in prices if bench.possible(at(price).program)), None)

    def back(self, bench: Bench, at: At, price: Fraction) -> Fraction:
        """Return that it is there: there is no half of it."""
        return Fraction(0)

    def less(self, bench: Bench, at: At, price: Fraction, value: str) -> list[str]:
        """Return nothing to write in its place."""
        return []

    def repair(self, bench: Bench, price: Fraction, value: str) -> Repair:
        """Say that the clause goes."""
        said = self.rule.sentence()
        text = Text(f"刪除規則「{said.zh}」", f'drop the rule "{said.en}"')
        return self.change("drop_clause", DROP, price=price, unit="clauses", text=text)
