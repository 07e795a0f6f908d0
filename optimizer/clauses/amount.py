"""Priority: as much of the pool as possible is used (plan §柒六(三))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from optimizer.clauses.priority import Priority
from optimizer.language.text import Text
from optimizer.program.objectives import Additive, Objective
from optimizer.program.rows import Decision
from optimizer.tables.round import Round


@dataclass(frozen=True, kw_only=True)
class Amount(Priority):
    """Most money awarded, so that as much of the pool as possible is put to use (§柒六(三))."""

    kind: ClassVar[str] = "amount"
    title: ClassVar[Text] = Text("經費運用", "Amount awarded")
    worse_by: ClassVar[Text] = Text(
        "核給的經費總額會較少",
        "less money would be awarded in all",
    )

    def unit(self) -> Text:
        """Say the unit people read its value in."""
        return Text("元", "NT$")

    def sentence(self) -> Text:
        """Say the priority in one sentence."""
        return Text("使核定補助總額最高。", "Award as much of the pool as possible.")

    @property
    def apart(self) -> bool:
        """Awards are added up."""
        return True

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """State ``max sum_a award_a``, counted in units."""
        ones = np.ones(round_.size, dtype=np.int64)
        return [Additive(np.zeros_like(ones), ones, round_.settings.pool.unit)]

    def scale(self, round_: Round) -> Fraction:
        """Return how many of the objective's integers (units) make one NT$."""
        return Fraction(1, round_.settings.pool.unit)

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Add the awards up."""
        return (sum(int(a) for a in decision.award) // round_.settings.pool.unit,)
