"""Priority: the money to its greatest effect, by review merit (plan §柒六(三))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np

from optimizer.clauses.base import key, told_apart
from optimizer.clauses.priority import Priority
from optimizer.foundation.exact import IntArray, share_of
from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.problems.errors import Problem, defect
from optimizer.program.objectives import Additive, Objective
from optimizer.program.rows import Decision
from optimizer.tables.round import Round
from optimizer.tables.settings import Points, Settings


@dataclass(frozen=True, kw_only=True)
class MeritPriority(Priority):
    """Most total merit of the funded, in bands or exact; or ranked from the top (§柒六(三))."""

    kind: ClassVar[str] = "merit"
    for_authors: ClassVar[Text] = Text(
        '可並列數項，例如先依級距、最後再依原始分數。per = "application" 會使幾件小額申請勝過一件分數較高的大額申請；範本採用 per = "amount"。',
        'There may be several, such as one in bands and a later one by exact scores. With per = "application" a few cheap applications win over a better, dearer one; the templates have per = "amount".',
    )
    title: ClassVar[Text] = Text("審查分數", "Merit")
    sample: ClassVar[Mapping[str, Any]] = {"per": "amount"}

    band: Points = key(
        "同分級距（分）；0 為原始分數",
        "width of a band within which merits count as equal, in points; 0 = merit itself",
        Fraction(0),
    )
    per: Literal["application", "amount"] = key(
        "amount 每一元依其所補助社群的分數計；application 每件社群計一次",
        "amount: each NT$ counts by the merit of what it pays for; application: each community "
        "counts once",
        "application",
    )
    form: Literal["total", "ranked"] = key(
        "total 總分最高；ranked 由高分依序",
        "total: most merit in all; ranked: from the top",
        "total",
    )

    @property
    def spoken(self) -> Text:
        """The title, with the form and the band that tell one such priority from another."""
        title = self.title
        if self.by_amount:
            title = Text("每元經費所得分數", "Merit of each NT$")
        ranked = [Text("由高分依序", "from the top")] if self.form == "ranked" else []
        points = exact_points(self.band)
        band = [Text(f"每 {points} 分為一級距", f"in bands of {points}")] if self.band else []
        return told_apart(title, [*ranked, *band])

    @property
    def worse(self) -> Text:
        """What a worse list is like, in the way that merit is counted."""
        if self.form == "ranked":
            return Text(
                "由最高分起依序比較，獲補助者的分數會較低",
                "from the top down, the merit of the funded would be lower",
            )
        if self.by_amount:
            return Text(
                "各補助案分數乘以金額之合計會較低",
                "merit times money, added up over the funded, would be lower",
            )
        return Text(
            "獲補助各案的分數合計會較低",
            "the merit of all that are funded, added up, would be lower",
        )

    @property
    def by_amount(self) -> bool:
        """Whether each NT$ counts by the merit of what it pays for."""
        return self.per == "amount"

    def out_of_reach(self, settings: Settings) -> Iterable[Problem]:
        """Hold the band against the full marks, and the form against what is counted."""
        if self.by_amount and self.form == "ranked":
            yield defect(
                "out_of_reach",
                Text(
                    '由高分依序（form = "ranked"）只看件，不計金額，per = "amount" 沒有作用',
                    'has no effect with form = "ranked", which goes through applications from the '
                    "top, whatever they cost",
                ),
                column="per",
                value=self.per,
                expected=Text("刪去 per 或 form 其中之一", "only one of per and form"),
            )
        full = settings.review.full
        if full is not None and self.band > full:
            most = exact_points(full)
            yield defect(
                "out_of_reach",
                Text(
                    "級距大於各項滿分合計，所有申請都在同一級，此項不起作用",
                    "is wider than the full marks of all criteria: all are in one band, and the "
                    "priority decides nothing",
                ),
                column="band",
                value=exact_points(self.band),
                expected=Text(f"不超過 {most}", f"at most {most}"),
            )

    def unit(self) -> Text:
        """Say the unit people read its value in."""
        if self.form == "ranked":
            return Text("件", "applications")
        if self.by_amount:
            return Text("分", "points")
        if self.band:
            return Text(f"級（每級 {self._width.zh}）", f"bands of {self._width.en}")
        return Text("分", "points")

    @property
    def _width(self) -> Text:
        width = exact_points(self.band)
        return Text(f"{width} 分", f"{width} point" if self.band == 1 else f"{width} points")

    def sentence(self) -> Text:
        """Say the priority in one sentence."""
        if self.form == "ranked":
            return Text(
                "依分數由高至低：較高分者優先，不以兩件較低分者取代。",
                "From the top of the ranking down: a better application is never passed over for "
                "two cheaper ones.",
            )
        if self.by_amount:
            return self._money_sentence()
        if self.band:
            return Text(
                f"使獲補助者的級數合計最高（每 {self._width.zh}為一級距，同一級距內視為條件相當）。",
                f"Most merit in all, in bands of {self._width.en} (equal conditions within a band).",
            )
        return Text("使獲補助者的審查分數總和最高。", "Most merit in all, by exact scores.")

    def _money_sentence(self) -> Text:
        band = Text(
            f"（每 {self._width.zh}為一級距，同一級距內視為條件相當）",
            f", in bands of {self._width.en} (equal conditions within a band)",
        )
        zh, en = (band.zh, band.en) if self.band else ("", ", by exact scores")
        return Text(
            f"使經費用於分數最高的申請：每一元依其所補助社群的分數計，合計最高{zh}。",
            f"The money goes to where merit is highest: each NT$ counts by the merit of what it pays "
            f"for{en}.",
        )

    def level(self, round_: Round) -> IntArray:
        """Return each application's worth: ``floor(merit_a / band)``, or the merit's numerator."""
        if not self.band:
            return round_.merit
        return share_of(round_.merit, 1 / (self.band * round_.merit_denominator))

    def alike(self, round_: Round) -> IntArray | None:
        """Return the bands."""
        return self.level(round_)

    def scale(self, round_: Round) -> int | Fraction:
        """Return how many integers make one point (or one band), or one point of one NT$."""
        if self.by_amount:
            points = 1 / self.band if self.band else round_.merit_denominator
            return Fraction(points) / round_.settings.pool.unit
        return 1 if self.band or self.form == "ranked" else round_.merit_denominator

    @property
    def apart(self) -> bool:
        """A total looks at the funded alone; a ranking goes through everybody's merits."""
        return self.form == "total"

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """State ``max sum_a floor(merit_a / band) * fund_a``. With a band of 0, merit_a itself counts.

        By amount: ``max sum_a floor(merit_a / band) * award_a / unit`` (cost satisfaction; Talmon,
        Faliszewski 2019, "A framework for approval-based budgeting methods", arXiv 1809.04382).
        Ranked: for each different level from the top, ``max sum_{a of that level} fund_a``.
        """
        level = self.level(round_)
        if self.by_amount:
            return [Additive(np.zeros_like(level), level, round_.settings.pool.unit)]
        if self.form == "total":
            return [Additive(level)]
        tops = sorted({int(value) for value in level}, reverse=True)
        return [Additive((level == top).astype(np.int64)) for top in tops]

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Add up (or count, level by level) the funded, each different merit once as a fraction."""
        numerators, denominator = round_.merit.tolist(), round_.merit_denominator
        level = {
            numerator: int(Fraction(numerator, denominator) // self.band)
            if self.band
            else numerator
            for numerator in set(numerators)
        }
        if self.by_amount:
            unit, paid = round_.settings.pool.unit, decision.award.tolist()
            return (sum(level[m] * (nt // unit) for m, nt in zip(numerators, paid, strict=True)),)
        funded = [level[m] for m, got in zip(numerators, decision.fund, strict=True) if got]
        if self.form == "total":
            return (sum(funded),)
        counts = Counter(funded)
        return tuple(counts[top] for top in sorted(set(level.values()), reverse=True))
