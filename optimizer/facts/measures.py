"""A list in nine figures, so that lists under different readings of a plan can stand side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np

from optimizer.facts.standing import FundingLine, lost_to_a_sister, passed_over
from optimizer.foundation.exact import dot, total
from optimizer.language.text import Text
from optimizer.language.words import figure
from optimizer.program.rows import Decision
from optimizer.tables.round import Round

Figure = int | Fraction | None

MEASURES: Mapping[str, Text] = {
    "funded": Text("獲補助", "Funded"),
    "mean_merit": Text("獲補助者平均分數", "Mean merit of the funded"),
    "merit_of_money": Text("每元平均分數", "Merit of a NT$"),
    "passed_over": Text("高於線而未獲補助", "Passed over"),
    "lost_to_sister": Text("同校低分案獲補助", "Lost to a sister"),
    "lowest_funded": Text("獲補助最低分", "Lowest funded"),
    "highest_not_funded": Text("未獲補助最高分", "Highest not funded"),
    "districts_covered": Text("獲補助行政區", "Districts covered"),
    "disadvantaged_funded": Text("弱勢學校獲補助", "Disadvantaged funded"),
}
_COUNT, _POINTS, _DISTRICTS = Text("件", "count"), Text("分", "points"), Text("區", "districts")
UNITS: Mapping[str, Text] = {
    **dict.fromkeys(MEASURES, _COUNT),
    **dict.fromkeys(("mean_merit", "merit_of_money"), _POINTS),
    **dict.fromkeys(("lowest_funded", "highest_not_funded"), _POINTS),
    "districts_covered": _DISTRICTS,
}
POINTS_OF = tuple(name for name, unit in UNITS.items() if unit is _POINTS)
LESS_IS_BETTER = frozenset({"passed_over", "lost_to_sister", "highest_not_funded"})
NEITHER_IS_BETTER = frozenset({"funded"})  # many small grants are not more good than a few large


@dataclass(frozen=True, repr=False)
class Measures:
    """What a list is like, exactly.

    Parameters
    ----------
    funded
        How many applications.
    mean_merit
        Points: the mean over the funded; None if there are none.
    merit_of_money
        Points: the mean over every NT$ awarded, each with the merit of what it pays for.
    passed_over
        How many at or above the line (`optimizer.facts.standing.FundingLine`) got nothing.
    lost_to_sister
        How many got nothing while the same school has a funded one of less merit.
    lowest_funded, highest_not_funded
        Points; None if there are none.
    districts_covered
        In how many districts somebody is funded.
    disadvantaged_funded
        How many of schools with a category of disadvantage.
    """

    funded: int
    mean_merit: Fraction | None
    merit_of_money: Fraction | None
    passed_over: int
    lost_to_sister: int
    lowest_funded: Fraction | None
    highest_not_funded: Fraction | None
    districts_covered: int
    disadvantaged_funded: int

    @staticmethod
    def of(round_: Round, decision: Decision, line: FundingLine) -> Measures:
        """Take them of one list."""
        fund, merit, points = decision.fund, round_.merit, round_.merit_denominator
        count, spent = int(fund.sum()), total(decision.award)
        disadvantaged = round_.table["disadvantage"].astype(str).to_numpy() != ""
        return Measures(
            funded=count,
            mean_merit=Fraction(total(merit[fund]), points * count) if count else None,
            merit_of_money=Fraction(dot(merit, decision.award), points * spent) if spent else None,
            passed_over=len(passed_over(line, decision)),
            lost_to_sister=len(lost_to_a_sister(round_, decision)),
            lowest_funded=Fraction(int(merit[fund].min()), points) if count else None,
            highest_not_funded=_highest(round_, ~fund),
            districts_covered=int(round_.table["district"][fund].nunique()),
            disadvantaged_funded=int((fund & disadvantaged).sum()),
        )

    @property
    def figures(self) -> dict[str, Figure]:
        """All of them by name, in the order of `MEASURES`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def _said(self) -> dict[str, str]:
        """All of them as people read them; a dash for what there is not."""
        return {n: "—" if v is None else figure(Fraction(v)) for n, v in self.figures.items()}

    def __repr__(self) -> str:
        said = (f"{name} {value}" for name, value in self._said.items())
        return f"<Measures: {', '.join(said)}>"

    def _repr_html_(self) -> str:
        """Show one row a figure in a notebook, in both languages."""
        rows = (
            f"<tr><th>{MEASURES[name].zh}</th><th>{MEASURES[name].en}</th><td>{value}</td></tr>"
            for name, value in self._said.items()
        )
        return f"<table>{''.join(rows)}</table>"


def _highest(round_: Round, some: np.ndarray) -> Fraction | None:
    merit = round_.merit[some]
    return Fraction(int(merit.max()), round_.merit_denominator) if len(merit) else None
