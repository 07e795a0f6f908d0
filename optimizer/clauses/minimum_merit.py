"""Minimum merit: applications scored below it are not eligible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Clause, Finding, Rounded, Ruling, key
from optimizer.foundation.exact import below
from optimizer.language.text import Text
from optimizer.language.words import exact_points, figure, points
from optimizer.plain import Application, Score
from optimizer.problems.errors import Severity
from optimizer.tables.round import Round
from optimizer.tables.settings import Points


@dataclass(frozen=True, kw_only=True)
class MinimumMerit(Clause):
    """Merit below the policy's ``[review] minimum_merit`` is refused.

    Beyond the plan's own text, on its scale of 100 points (§柒一–六). Not written as a
    ``[[clause]]``: it applies from the ``[review]`` table.
    """

    kind: ClassVar[str] = "minimum_merit"
    section: ClassVar[str] = "review"
    title: ClassVar[Text] = Text("及格分數", "Minimum merit")
    fault: ClassVar[Text] = Text("未達及格分數", "below the minimum merit")
    later: ClassVar[Text] = Text(
        "請充實計畫內容，使審查分數達及格分數（{asked}）",
        "improve the plan until its merit reaches the minimum ({asked})",
    )

    points: Points = key("及格分數", "least merit, in points")

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        least = exact_points(self.points)
        return Text(
            f"審查分數未達及格分數 {least} 分者，不符資格。",
            f"Applications with a merit below {least} points are not eligible.",
        )

    def screen_merit(self, round_: Round) -> Iterable[Finding]:
        """Refuse ``merit_a < minimum``, compared in integers over the common denominator."""
        refused = below(round_.merit, round_.merit_denominator, self.points)
        least = exact_points(self.points)
        for ordinal in np.flatnonzero(refused):
            own = round_.merit_of(int(ordinal))
            merit, gap = points(own, self.points), figure(self.points - own)
            yield Finding(
                int(round_.position[ordinal]),
                Severity.REFUSAL,
                message=Text(
                    f"審查分數 {merit} 分，未達及格分數 {least} 分",
                    f"merit {merit} is below {least} points",
                ),
                expected=Text(
                    f"至少 {least} 分，尚差 {gap} 分", f"at least {least} points, {gap} more"
                ),
                column="merit",
                value=merit,
            )

    def unscored(self, finding: Finding) -> Text:
        """Say what was found without the merit itself."""
        least = exact_points(self.points)
        return Text(f"審查分數未達及格分數 {least} 分", f"its merit is below {least} points")

    def audit_merit(self, application: Application, score: Score, most: int) -> Iterable[Ruling]:
        """Compare two fractions."""
        if score.merit < self.points:
            yield Ruling(Severity.REFUSAL, (Rounded(score.merit), Rounded(self.points)), less=True)
