"""Decisions by hand withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import numpy as np

from optimizer.clauses.fixed import Fixed
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.edit import Edits
from optimizer.diagnose.levers.base import Lever
from optimizer.diagnose.parts import Part
from optimizer.diagnose.repair import Repair
from optimizer.exact import IntArray
from optimizer.text import Text

ALTERNATIVES = 5  # how many single decisions by hand are listed when any one of them would do


@dataclass(frozen=True)
class DecisionLever(Lever):
    """Decisions by hand withdrawn; values are the lists that are left."""

    rule: Fixed
    fund: bool

    @property
    def key(self) -> str:
        """The key in the policy."""
        return f"clause.{self.rule.label}.{'fund' if self.fund else 'refuse'}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The inequalities it relaxes."""
        return ((self.rule.section, self.rule.label, ">=" if self.fund else "<="),)

    @property
    def old(self) -> list[str]:
        """The decisions there are, each once."""
        return list(dict.fromkeys(self.rule.fund if self.fund else self.rule.refuse))

    def loosest(self, bench: Bench) -> list[str]:
        """Return no decision."""
        return []

    def options(self, bench: Bench, edits: Edits) -> list[list[str]]:
        """Return the lists with the fewest withdrawn.

        If one is enough, every decision that does is an alternative; if not, those earlier in the
        list are kept as far as possible.
        """
        stated = bench.under(self.open(bench, edits))
        position = {i: a for a, i in enumerate(stated.program.ids)}
        named = [position[i] for i in self.old if i in position]
        worth: IntArray = np.zeros(stated.program.size, dtype=np.int64)
        worth[named] = 1 if self.fund else -1
        decision = bench.first(stated.program, worth, named)
        if decision is None:
            return []
        funded = {i for i, a in position.items() if decision.fund[a]}
        kept = [i for i in self.old if (i in funded) == self.fund]
        if len(kept) < len(self.old) - 1:
            return [kept]
        singles = ([other for other in self.old if other != gone] for gone in self.old)
        mending = (left for left in singles if bench.mends({**edits, self.key: left}))
        return list(islice(mending, ALTERNATIVES))

    def back(self, bench: Bench, value: list[str]) -> list[list[str]]:
        """Return lists with one of the withdrawn decisions back in them, for the first few.

        That no other list of that length does either is what the maximum proves.
        """
        gone = [i for i in self.old if i not in value][:ALTERNATIVES]
        return [[i for i in self.old if i in value or i == again] for again in gone]

    def repair(self, bench: Bench, value: list[str]) -> Repair:
        """Say which decisions are withdrawn."""
        gone = [i for i in self.old if i not in value]
        what_zh, what_en = ("指定補助", "fund") if self.fund else ("指定不補助", "not to fund")
        what_en = f"to {what_en}" if self.fund else what_en
        plural = "s" if len(gone) > 1 else ""
        return Repair(
            "withdraw_decision",
            self.key,
            self.old,
            value,
            Fraction(len(gone)),
            "decisions",
            Text(
                f"撤回{what_zh} {'、'.join(gone)} 的人工核定（{len(gone)} 件）",
                f"withdraw the decision{plural} {what_en} {', '.join(gone)} "
                f"({len(gone)} decision{plural})",
            ),
            self.rule.label,
        )
