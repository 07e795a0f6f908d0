"""Decisions by hand withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Literal

import numpy as np

from optimizer.clauses.by_hand import Decided
from optimizer.clauses.fixed import Fixed
from optimizer.diagnose.attainable import Figure
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.lever import At, Lever, SidedLever
from optimizer.diagnose.repair import Repair
from optimizer.foundation.exact import IntArray, exact
from optimizer.language.text import EMPTY, Text
from optimizer.program.objectives import Additive
from optimizer.program.program import Program
from optimizer.program.rows import Rows

ALTERNATIVES = 5  # how many single decisions by hand are listed when any one of them would do


Decisions = list[str | dict[str, str]]  # ids, or tables with grounds of their own


def ids_of(value: Decisions) -> set[str]:
    """Return the applications on a list."""
    return {one if isinstance(one, str) else one["id"] for one in value}


def levers(rule: Fixed) -> list[Lever]:
    """Return the levers of decisions by hand: one for each list that is not empty."""
    lists = ((rule.fund, True), (rule.refuse, False))
    return [DecisionLever(rule, fund) for ids, fund in lists if ids]


@dataclass(frozen=True)
class DecisionLever(SidedLever):
    """Decisions by hand withdrawn; values are the lists that are left, prices how many are not.

    The decisions to fund ask for ``>=``, those to refuse for ``<=``.
    """

    rule: Fixed

    @property
    def field(self) -> str:
        """The clause's own key."""
        return "fund" if self.is_least else "refuse"

    @property
    def _entries(self) -> dict[str, Decided]:
        """The decisions there are by application, each once."""
        return {entry.id: entry for entry in reversed(getattr(self.rule, self.field))}

    @property
    def ids(self) -> list[str]:
        """The applications decided on, each once."""
        return list(dict.fromkeys(entry.id for entry in getattr(self.rule, self.field)))

    @property
    def old(self) -> Decisions:
        """The decisions as the policy has them, each once."""
        return self._written(self.ids)

    def _written(self, ids: Iterable[str]) -> Decisions:
        """Write decisions as the policy has them, with the grounds that are their own."""
        return [self._entries[i].written for i in ids]

    def span(self, bench: Bench) -> Fraction:
        """Return how many decisions there are."""
        return Fraction(len(self.ids))

    def at(self, price: Fraction) -> Decisions:
        """Return all decisions, or none: which are left is not told by their number."""
        return [] if price else self.old

    def _named(self, program: Program) -> list[int]:
        """Return the eligible ones among those decided on, in the order of the list."""
        position = {i: a for a, i in enumerate(program.ids)}
        return [position[i] for i in self.ids if i in position]

    def _worth(self, program: Program) -> IntArray:
        worth: IntArray = np.zeros(program.size, dtype=np.int64)
        worth[self._named(program)] = 1 if self.is_least else -1
        return worth

    def rows(self, program: Program, price: Fraction) -> list[Rows]:
        """State how many are obeyed: ``sum_{a on the list} fund_a >= n - k``, or ``<= k``."""
        if price in (0, len(self.ids)):
            return []
        sense: Literal["<=", ">="] = ">=" if self.is_least else "<="
        bound = len(self.ids) - int(price) if self.is_least else int(price)
        coefficients = abs(self._worth(program))
        return [
            Rows.single(self.rule.label, "fund", coefficients, sense=sense, rhs=bound, label=EMPTY)
        ]

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Return the fewest that must be withdrawn."""
        program = at(self.span(bench)).program
        answer = bench.best(program, Additive(self._worth(program)))
        if answer.value is None:
            return None
        return Fraction(len(self.ids) - answer.value if self.is_least else -answer.value)

    def values(self, bench: Bench, at: At, price: Fraction, most: int) -> list[Decisions]:
        """Return lists with so many withdrawn.

        If one is enough, every decision that does is an alternative; if not, those earlier in the
        list are kept as far as possible.
        """
        if price == 1 and most > 1:
            singles = ([other for other in self.ids if other != gone] for gone in self.ids)
            mending = islice((s for s in singles if self._mends(bench, at, s)), most)
            return [self._written(kept) for kept in mending]
        program = at(self.span(bench)).program
        decision = bench.first(program, self._worth(program), self._named(program))
        if decision is None:
            return []
        funded = {i for i, got in zip(program.ids, decision.fund, strict=True) if got}
        return [self._written(i for i in self.ids if (i in funded) == self.is_least)]

    def _mends(self, bench: Bench, at: At, kept: list[str]) -> bool:
        """Say whether the decisions that are kept can be obeyed."""
        program = at(self.span(bench)).program
        position = {i: a for a, i in enumerate(program.ids)}
        named = [position[i] for i in kept if i in position]
        if self.is_least and len(named) < len(kept):
            return False
        rows = _all_of(self.rule.label, program.size, named, self.is_least)
        return bench.possible(replace(program, rows=(*program.rows, rows)))

    def less(self, bench: Bench, at: At, price: Fraction, value: Decisions) -> list[Decisions]:
        """Return lists with one of the withdrawn decisions back in them, for the first few.

        That no other list of that length does either is what the maximum proves.
        """
        kept = ids_of(value)
        gone = [i for i in self.ids if i not in kept][:ALTERNATIVES]
        return [self._written(i for i in self.ids if i in kept or i == again) for again in gone]

    def figure(self, bench: Bench, price: Fraction | None, settled: bool) -> Figure:
        """Return how many of the decisions can be obeyed."""
        return self.wanted(bench, "decisions", price, settled=settled)

    def told(self, bench: Bench, price: Fraction) -> int:
        """Return how many are left."""
        return len(self.ids) - int(price)

    def reached(self, value: int) -> Text:
        """Say how many of how many."""
        if not value:
            return Text(
                "此項人工核定無法照辦", "none of the decisions of this rule can be carried out"
            )
        count = len(self.ids)
        return Text(
            f"此項人工核定共 {count} 件，最多只能照辦 {value} 件",
            f"at most {value} of the {count} decisions of this rule can be carried out",
        )

    def repair(self, bench: Bench, price: Fraction, value: Decisions) -> Repair:
        """Say which decisions are withdrawn."""
        kept = ids_of(value)
        gone = [i for i in self.ids if i not in kept]
        what_zh, what_en = ("指定補助", "fund") if self.is_least else ("指定不補助", "not to fund")
        what_en = f"to {what_en}" if self.is_least else what_en
        plural = "s" if len(gone) > 1 else ""
        text = Text(
            f"撤回{what_zh} {'、'.join(gone)} 的人工核定（{len(gone)} 件）",
            f"withdraw the decision{plural} {what_en} {', '.join(gone)} "
            f"({len(gone)} decision{plural})",
        )
        return self.change("withdraw_decision", value, price=price, unit="decisions", text=text)


def _all_of(label: str, size: int, named: list[int], fund: bool) -> Rows:
    """``fund_a >= 1`` for every one of some applications, or ``fund_a <= 0``."""
    return Rows(
        label,
        "fund",
        row=np.arange(len(named), dtype=np.int64),
        app=np.array(named, dtype=np.int64),
        coefficient=np.ones(len(named), dtype=np.int64),
        sense=">=" if fund else "<=",
        rhs=exact([1 if fund else 0] * len(named)),
        labels=(EMPTY,) * len(named),
    )
