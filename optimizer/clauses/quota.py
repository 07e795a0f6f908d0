"""Quotas: least or most count, amount or share of either, for any value of any column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar, Self

import numpy as np

from optimizer.clauses.base import Violation
from optimizer.clauses.bounded import Bounded
from optimizer.clauses.bounds import missing
from optimizer.clauses.column_sums import AMOUNT, COUNT, sizes_again
from optimizer.clauses.shares_together import contradictions
from optimizer.language.text import EMPTY, Text, money, some
from optimizer.problems.errors import Problem
from optimizer.program.rows import Decision, Rows
from optimizer.tables.case_words import term
from optimizer.tables.records import Records
from optimizer.tables.round import Round

EACH_AT_MOST = 'column = "application_id", for_each = true, measure = "amount", at_most = 8_000'


@dataclass(frozen=True, kw_only=True)
class Quota(Bounded):
    """At least, at most or exactly so many applications, NT$ or anything else, for any group.

    Beyond the plan's own text: a bureau sets quotas for levels, districts, types ... as it needs.
    The plan's wish for many districts (§柒六(一)) may be made hard in this way.
    """

    kind: ClassVar[str] = "quota"
    title: ClassVar[Text] = Text("配額", "Quota")
    for_authors: ClassVar[Text] = Text(
        f"{Bounded.for_authors.zh}每案至多 8,000 元：{EACH_AT_MOST}；至少須核給之數高於此者不能補助，"
        "school_cap 之 cut 不適用。",
        f"{Bounded.for_authors.en} No application gets more than NT$8,000: {EACH_AT_MOST}. One whose "
        "least award is above that cannot be funded; the cut of a school_cap does not apply to it.",
    )
    said_otherwise: ClassVar[Mapping[str, str]] = dict.fromkeys(
        (
            *("maximum_award", "max_award", "maximum", "max", "award_cap", "application_cap"),
            *("每案上限", "每案最高補助", "每案補助上限", "最高補助"),
        ),
        EACH_AT_MOST,
    )

    @classmethod
    def check_together(cls, rules: Sequence[Self], records: Records) -> Iterable[Problem]:
        """Find shares that only an empty list can have."""
        return contradictions(rules, records)

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        return self._of(self.group)

    def _of(self, group: Text) -> Text:
        said = self.said_limits()
        return Text(f"{group.zh}{said.zh}。", f"For {group.en}: {said.en}.")

    def narrowed(self, about: tuple[Text, ...], sense: str, whole: bool) -> Text:
        """Say one bound only, and of which groups."""
        if whole or not about:
            return self.sentence()
        one = self
        if self.exactly is None:
            one = replace(self, at_most=None) if sense == ">=" else replace(self, at_least=None)
        return one._of(some(about)) if self.for_each else one.sentence()

    def rows(self, round_: Round) -> Sequence[Rows]:
        """State the bounds over x = fund, or award where money is counted; one row for each group.

        Absolute: ``sum_{a in group} w_a * x_a >= b``. Share p/q of the total:
        ``q * sum_{a in group} w_a * x_a - p * sum_a w_a * x_a >= 0``. At most: the same with ``<=``;
        exactly: both. Whatever the decimals of the share, q is no greater than all that can be funded.
        """
        values = self.values(round_.records)
        labels = tuple(map(term, values)) if self.for_each else (self.sentence(),)
        found = []
        for bound, sense in self.limits:
            stated = (self.inequality(round_, g, bound, sense) for g in self.groups(round_))
            found.append(Rows.stacked(self.label, self.on, stated, sense=sense, labels=labels))
        return found

    def stands_against(self, round_: Round, decision: Decision) -> Mapping[int, Text]:
        """Measure each group and the total with each of the others added, and compare as fractions."""
        sizes = sizes_again(round_, self.measure, round_.least)
        others = np.flatnonzero(~decision.fund).tolist()
        shares = any(isinstance(bound, Fraction) for bound, _ in self.limits)
        found: dict[int, Text] = {}
        for group in self.measured(round_, decision):
            members = set(group.members)
            for a in (a for a in others if shares or a in members):
                more = sizes[a] if a in members else 0
                then = group.ours + more, group.total + sizes[a]
                if a not in found and any(missing(*then, *limit) > 0 for limit in self.limits):
                    now = self._comes_to(*then)
                    above = more and not shares and self._may_get_more(round_, a)
                    least = Text("至少", " at least") if above else EMPTY
                    said = self._of(group.about) if self.for_each else self.sentence()
                    found[a] = Text(
                        f"{said.zh}加上本案即為{least.zh} {now.zh}",
                        f"{said.en} With this one it is{least.en} {now.en}",
                    )
        return found

    def _may_get_more(self, round_: Round, a: int) -> bool:
        """Whether what it adds is the least of several amounts."""
        return self.measure == AMOUNT and bool(round_.least[a] < round_.most[a])

    def _comes_to(self, ours: int, total: int) -> Text:
        """Say what a group comes to, in its unit; where a share is asked for, of how much in all, too."""
        unit = {COUNT: Text(" 件", ""), AMOUNT: Text(" 元", "NT$")}.get(self.measure, EMPTY)
        said, whole = (Text(f"{money(n)}{unit.zh}", f"{unit.en}{money(n)}") for n in (ours, total))
        if not any(isinstance(bound, Fraction) for bound, _ in self.limits):
            return said
        return Text(
            f"{said.zh}（全部獲補助者合計 {whole.zh}）",
            f"{said.en}, of {whole.en} for all that are funded",
        )

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Count or add up each group and the total, and compare as fractions."""
        for group in self.measured(round_, decision):
            said = self._of(group.about) if self.for_each else self.sentence()
            for limit in self.limits:
                if missing(group.ours, group.total, *limit) > 0:
                    now = self._comes_to(group.ours, group.total)
                    text = Text(f"{said.zh}實際為 {now.zh}", f"{said.en} It is {now.en}.")
                    yield Violation(self.label, text)
