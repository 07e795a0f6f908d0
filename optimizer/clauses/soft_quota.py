"""Priority: a quota that is kept as far as it can be, and never stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import ClassVar

from optimizer.clauses.bounded import Bounded
from optimizer.clauses.bounds import missing
from optimizer.clauses.column_sums import AMOUNT, COUNT
from optimizer.clauses.priority import Priority
from optimizer.foundation.exact import times
from optimizer.language.text import Text
from optimizer.program.objectives import Objective, Shortfall
from optimizer.program.rows import Decision, Rows
from optimizer.tables.case_words import column_term
from optimizer.tables.round import Round


@dataclass(frozen=True, kw_only=True)
class SoftQuota(Priority, Bounded):
    """Least shortfall from a quota, over all its groups: what is missing or too much.

    Beyond the plan's own text, as hard quotas are.
    """

    kind: ClassVar[str] = "quota"
    title: ClassVar[Text] = Text("彈性配額", "Soft quota")
    worse_by: ClassVar[Text] = Text(
        "彈性配額的差額會更大",
        "the soft quota would be missed by more",
    )

    minimised: ClassVar[bool] = True

    def unit(self) -> Text:
        """Say the unit people read its value in."""
        words = {
            COUNT: Text("件", "applications"),
            AMOUNT: Text("元", "NT$"),
        }.get(self.measure, column_term(self.measure))
        return Text(
            f"{words.zh}（與目標之差距，0 為達成）",
            f"{words.en} short of it (0 = met)",
        )

    def sentence(self) -> Text:
        """Say the priority in one sentence."""
        said = self.said_limits()
        return Text(
            f"{self.group.zh}儘可能{said.zh}；無法達到時，使差距最小。",
            f"For {self.group.en}: {said.en}, or as near to it as can be.",
        )

    def scale(self, round_: Round) -> int:
        """Return how many integers make one application or one NT$: the shares' denominator."""
        return lcm(*(bound.denominator for bound, _ in self.limits))

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """State ``min sum_i max(0, rhs_i - left_i)`` over rows that all read ``left_i >= rhs_i``.

        A row ``left <= rhs`` is turned round into ``-left >= -rhs``; all rows are multiplied to
        the common denominator of the shares.
        """
        stated, labels = [], []
        for group in self.groups(round_):
            for bound, sense in self.limits:
                coefficients, rhs = self.inequality(round_, group, bound)
                factor = self.scale(round_) // bound.denominator * (1 if sense == ">=" else -1)
                stated.append((times(coefficients, factor), rhs * factor))
                labels.append(group.about)
        return [
            Shortfall(Rows.stacked(self.label, self.on, stated, sense=">=", labels=tuple(labels)))
        ]

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Measure the groups and add up what is missing from, or too much for, each bound."""
        short = Fraction(0)
        for group in self.measured(round_, decision):
            for limit in self.limits:
                short += max(Fraction(0), missing(group.ours, group.total, *limit))
        return (-int(short * self.scale(round_)),)
