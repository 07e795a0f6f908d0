"""A clause taken out whole."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from optimizer.clauses import Clause
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.edit import DROP, Edits
from optimizer.diagnose.levers.base import Lever
from optimizer.diagnose.parts import Part
from optimizer.diagnose.repair import Repair
from optimizer.text import Text


@dataclass(frozen=True)
class DropLever(Lever):
    """Any other clause taken out whole."""

    rule: Clause

    @property
    def key(self) -> str:
        """The clause, as a scenario's ``drop`` names it."""
        return f"clause.{self.rule.label}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """All its inequalities."""
        return tuple((self.rule.section, self.rule.label, sense) for sense in ("<=", ">="))

    def loosest(self, bench: Bench) -> str:
        """Return that it is gone."""
        return DROP

    def options(self, bench: Bench, edits: Edits) -> list[str]:
        """Return that it is gone, if that mends."""
        return [DROP] if bench.mends(self.open(bench, edits)) else []

    def back(self, bench: Bench, value: str) -> list[str]:
        """Return nothing: there is no half of it."""
        return []

    def repair(self, bench: Bench, value: str) -> Repair:
        """Say that the clause goes."""
        said = self.rule.sentence()
        return Repair(
            "drop_clause",
            self.key,
            None,
            DROP,
            Fraction(1),
            "clauses",
            Text(f"刪除規則「{said.zh}」", f'drop the rule "{said.en}"'),
            self.rule.label,
        )
