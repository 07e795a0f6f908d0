"""Priority: a quota that is kept as far as it can be, and never stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import ClassVar

import numpy as np

from optimizer.clauses.bounded import Bounded, On, missing
from optimizer.clauses.priority import Priority
from optimizer.foundation.exact import IntArray, exact, times
from optimizer.language.text import Text
from optimizer.program.objectives import Objective, Shortfall
from optimizer.program.rows import Decision, Rows
from optimizer.tables.round import Round


@dataclass(frozen=True, kw_only=True)
class SoftQuota(Priority, Bounded):
    """Least shortfall from a quota: how many applications or NT$ are missing or too many.

    Beyond the plan's own text, as hard quotas are.
    """

    kind: ClassVar[str] = "quota"
    title: ClassVar[Text] = Text("彈性配額", "Soft quota")

    minimised: ClassVar[bool] = True

    def unit(self) -> Text:
        """Say the unit people read its value in."""
        if self.measure == "count":
            return Text(
                "件（與目標之差距，以負數表示）", "applications (0 = met, else minus the shortfall)"
            )
        return Text("元（與目標之差距，以負數表示）", "NT$ (0 = met, else minus the shortfall)")

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
        stated = []
        for bound, sense in self.limits:
            coefficients, rhs = self.inequality(round_, bound)
            factor = self.scale(round_) // bound.denominator * (1 if sense == ">=" else -1)
            stated.append((times(coefficients, factor), rhs * factor))
        return [Shortfall(_stack(self.label, self.on, stated, self.sentence()))]

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Measure the group and add up what is missing from, or too much for, each bound."""
        ours, total = self.measured(round_, decision)
        short = sum(
            (max(Fraction(0), missing(ours, total, *limit)) for limit in self.limits), Fraction(0)
        )
        return (-int(short * self.scale(round_)),)


def _stack(label: str, on: On, stated: Sequence[tuple[IntArray, int]], said: Text) -> Rows:
    """Put dense rows ``coefficients . x >= rhs`` under one another."""
    matrix = np.stack([coefficients for coefficients, _ in stated])
    row, app = np.nonzero(matrix)
    rhs = exact([rhs for _, rhs in stated])
    return Rows(
        label,
        on,
        row=row,
        app=app,
        coefficient=matrix[row, app],
        sense=">=",
        rhs=rhs,
        labels=(said,) * len(stated),
    )
