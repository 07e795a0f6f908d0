"""Minimum points on single criteria: applications below any of them are not eligible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Clause, Finding, Rounded, Ruling, key
from optimizer.clauses.screen import named
from optimizer.foundation.exact import below
from optimizer.language.text import Text
from optimizer.language.words import exact_points, figure, points
from optimizer.plain import Application, Score, spellings
from optimizer.problems.errors import Severity
from optimizer.tables.round import Round
from optimizer.tables.schema import CRITERIA
from optimizer.tables.settings import Points


@dataclass(frozen=True, kw_only=True)
class MinimumPoints(Clause):
    """Mean points below the policy's ``[review] minimum_points`` on a criterion are refused.

    Beyond the plan's own text, on its six criteria (§柒一–六). Not written as a ``[[clause]]``: it
    applies from the ``[review]`` table.
    """

    kind: ClassVar[str] = "minimum_points"
    section: ClassVar[str] = "review"
    title: ClassVar[Text] = Text("各項及格分數", "Minimum points")
    fault: ClassVar[Text] = Text("單項未達及格分數", "below the minimum points")
    later: ClassVar[Text] = Text(
        "請充實該項內容，使平均分數達最低標準（{asked}）",
        "improve the plan in this until it has the points ({asked})",
    )

    points: Mapping[str, Points] = key(
        "各審查項目的最低平均分數", "least mean points on each criterion"
    )

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        zh = "、".join(
            f"「{named(name, CRITERIA).zh}」{exact_points(least)} 分"
            for name, least in self.points.items()
        )
        en = ", ".join(
            f"{named(name, CRITERIA).en} {exact_points(least)}"
            for name, least in self.points.items()
        )
        return Text(
            f"各項平均分數未達下列者不符資格：{zh}。",
            f"Applications whose mean points on a criterion are below these are not eligible: {en}.",
        )

    def screen_merit(self, round_: Round) -> Iterable[Finding]:
        """Refuse ``mean_r points_arc < minimum_c``, compared in integers."""
        if round_.points is None:
            return
        for ordinal, name in enumerate(round_.settings.review.criteria):
            if name in self.points:
                yield from self._below(round_, ordinal, name, Fraction(self.points[name]))

    def _below(self, round_: Round, ordinal: int, name: str, least: Fraction) -> Iterable[Finding]:
        assert round_.points is not None
        mean, denominator = round_.points[:, ordinal], round_.points_denominator
        asked = exact_points(least)
        for a in np.flatnonzero(below(mean, denominator, least)):
            own, word = Fraction(int(mean[a]), denominator), named(name, CRITERIA)
            got, gap = points(own, least), figure(least - own)
            yield Finding(
                int(round_.position[a]),
                Severity.REFUSAL,
                message=Text(
                    f"「{word.zh}」平均 {got} 分，未達 {asked} 分",
                    f"mean points on {word.en} are {got}, below {asked}",
                ),
                expected=Text(
                    f"「{word.zh}」至少 {asked} 分，尚差 {gap} 分",
                    f"at least {asked} points on {word.en}, {gap} more",
                ),
                column=name,
                value=got,
            )

    def unscored(self, finding: Finding) -> Text:
        """Say what was found without the points themselves."""
        name = finding.column
        asked, word = exact_points(Fraction(self.points[name])), named(name, CRITERIA)
        return Text(
            f"「{word.zh}」平均未達 {asked} 分", f"its mean points on {word.en} are below {asked}"
        )

    def audit_merit(self, application: Application, score: Score, most: int) -> Iterable[Ruling]:
        """Compare the mean of the marks on each criterion, blanks left out unless they are zeros."""
        for place, name in enumerate(score.review.criteria):
            if name in self.points:
                marks = [mine[place] for mine in score.marks.values()]
                given = [mark for mark in marks if mark is not None]
                count = len(marks if score.review.missing == "zero" else given)
                mean = Fraction(sum(given), (count or 1) * score.scale)
                if mean < self.points[name]:
                    word, least = spellings(name, CRITERIA), Rounded(Fraction(self.points[name]))
                    yield Ruling(Severity.REFUSAL, (Rounded(mean), least, word), less=True)
