"""Quotas: least or most count, amount or share of either, for any value of any column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from optimizer.clauses.base import Violation
from optimizer.clauses.bounded import Bounded, belongs, missing
from optimizer.clauses.shares_together import contradictions
from optimizer.language.text import Text, money
from optimizer.problems.errors import Problem
from optimizer.program.rows import Decision, Rows
from optimizer.tables.records import Records
from optimizer.tables.round import Round


@dataclass(frozen=True, kw_only=True)
class Quota(Bounded):
    """At least or at most so many applications or NT$, or such a share, for one group.

    Beyond the plan's own text: a bureau sets quotas for levels, districts, types ... as it needs.
    The plan's wish for many districts (§柒六(一)) may be made hard in this way.
    """

    kind: ClassVar[str] = "quota"
    title: ClassVar[Text] = Text("配額", "Quota")

    @classmethod
    def check_together(cls, rules: Sequence[Self], records: Records) -> Iterable[Problem]:
        """Find shares that only an empty list can have."""
        return contradictions(rules, records)

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        said = self.said_limits()
        return Text(f"{self.group.zh}{said.zh}。", f"For {self.group.en}: {said.en}.")

    def narrowed(self, about: tuple[Text, ...], sense: str, whole: bool) -> Text:
        """Say one bound only."""
        if whole:
            return self.sentence()
        if sense == ">=":
            return replace(self, at_most=None).sentence()
        return replace(self, at_least=None).sentence()

    def rows(self, round_: Round) -> Sequence[Rows]:
        """State the bounds over x = fund (count) or award (amount).

        Absolute: ``sum_{a in group} x_a >= b``. Share p/q of the total:
        ``q * sum_{a in group} x_a - p * sum_a x_a >= 0``. At most: the same with ``<=``. Whatever the
        decimals of the share, q is no greater than all that can be funded.
        """
        found = []
        for bound, sense in self.limits:
            coefficients, rhs = self.inequality(round_, bound, sense)
            found.append(
                Rows.single(
                    self.label, self.on, coefficients, sense=sense, rhs=rhs, label=self.sentence()
                )
            )
        return found

    def stands_against(self, round_: Round, decision: Decision) -> Mapping[int, Text]:
        """Measure the group and the total with each of the others added, and compare as fractions."""
        ours, total = self.measured(round_, decision)
        inside = belongs(round_, self.column, self.value)
        found = {}
        for a in np.flatnonzero(~decision.fund).tolist():
            more = 1 if self.measure == "count" else int(round_.least[a])
            then = ours + more if inside[a] else ours, total + more
            if any(missing(*then, *limit) > 0 for limit in self.limits):
                found[a] = self._with_this_one(*then)
        return found

    def _with_this_one(self, ours: int, total: int) -> Text:
        said = self.sentence()
        return Text(
            f"{said.zh}加上本案即為 {money(ours)}（總計 {money(total)}）",
            f"{said.en} With this one it is {money(ours)} of {money(total)} in all",
        )

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Count or add up the group and the total, and compare as fractions."""
        ours, total = self.measured(round_, decision)
        for bound, sense in self.limits:
            if missing(ours, total, bound, sense) > 0:
                yield Violation(
                    self.label,
                    Text(
                        f"{self.sentence().zh}實際為 {money(ours)}（總計 {money(total)}）",
                        f"{self.sentence().en} It is {money(ours)} of {money(total)} in all.",
                    ),
                )
