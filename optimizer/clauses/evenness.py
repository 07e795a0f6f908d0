"""Priority: with partial awards, the smallest share granted is as large as can be (plan §捌二(5))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import ClassVar

import numpy as np

from optimizer.clauses.priority import Priority
from optimizer.language.text import Text
from optimizer.program.objectives import LeastShare, Objective
from optimizer.program.rows import Decision
from optimizer.tables.round import Round


@dataclass(frozen=True, kw_only=True)
class Evenness(Priority):
    """Most ``min_{a funded} award_a / admissible_a``, an exact rational.

    The bureau may adjust amounts to the applications and the review (plan §捌二(5)); this makes
    it do so evenly. It decides something only where ``[award] mode`` is ``partial``.
    """

    for_authors: ClassVar[Text] = Text(
        "只在 [award] mode 為 partial 時有作用。",
        "It decides something only where [award] mode is partial.",
    )
    kind: ClassVar[str] = "evenness"
    title: ClassVar[Text] = Text("核給比例均衡", "Evenness")
    worse_by: ClassVar[Text] = Text(
        "核給比例最低者的比例會更低",
        "the smallest share of a request that is awarded would be smaller",
    )

    def unit(self) -> Text:
        """Say the unit people read its value in."""
        return Text("%（最低核給比例）", "% (the smallest share granted)")

    def sentence(self) -> Text:
        """Say the priority in one sentence."""
        return Text(
            "部分補助時，使各獲補助者中最低的核給比例最高。",
            "With partial awards, make the smallest share of the admissible amount as large as "
            "possible.",
        )

    def _denominator(self, round_: Round) -> int:
        return lcm(*(int(most) for most in np.unique(round_.most)))

    def scale(self, round_: Round) -> Fraction:
        """Return how many of the objective's integers make one per cent."""
        return Fraction(self._denominator(round_), 100)

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """State ``max min_{a funded} award_a / most_a`` over the common multiple of all most_a."""
        return [LeastShare(round_.most, self._denominator(round_))]

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Compare the shares one by one as fractions; 100% if nobody is funded."""
        funded = [a for a in range(round_.size) if decision.fund[a]]
        shares = [Fraction(int(decision.award[a]), int(round_.most[a])) for a in funded]
        return (int(min(shares, default=Fraction(1)) * self._denominator(round_)),)
