"""What a ``.pb`` file says of a single vote: how many projects it may name, and how many points it may give.

META names them ``min_…`` and ``max_…``, as https://pabulib.org/format has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.pabulib.sections import Complaints

Meta = Mapping[str, tuple[int | None, str]]
"""The value of each key of META, with its line."""
NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?", re.ASCII)
NO_NUMBER = Text("不是數字", "is no number")

_MEASURES = {
    "length": ("vote", Text("所投的項目數", "the number of projects of a vote")),
    "sum_cost": ("vote", Text("所投項目的成本合計", "the cost of all projects of a vote")),
    "points": ("points", Text("給一個項目的分數", "the points that a vote gives to a project")),
    "sum_points": ("points", Text("一票給分的合計", "the points of a vote, added up")),
}
_TOO_FEW = Text("低於檔案所訂的下限", "is less than the file allows")
_TOO_MANY = Text("超過檔案所訂的上限", "is more than the file allows")


@dataclass(frozen=True)
class VoteLimits:
    """The bounds that a file states; a bound that it does not state is missing.

    Parameters
    ----------
    bounds
        By key of META, ``min_length`` …
    costs
        Of the projects.
    """

    bounds: Mapping[str, Fraction]
    costs: Mapping[str, Fraction]

    @staticmethod
    def of(meta: Meta, costs: Mapping[str, Fraction], complaints: Complaints) -> VoteLimits:
        """Read them; what is no number is complained of."""
        found = {}
        for key in (f"{end}_{measure}" for measure in _MEASURES for end in ("min", "max")):
            line, said = meta.get(key, (None, ""))
            if NUMBER.fullmatch(said):
                found[key] = Fraction(said)
            elif said:
                complaints.add("not_a_number", line, NO_NUMBER, column=key, value=said[:80])
        return VoteLimits(found, costs)

    @property
    def most_projects(self) -> int:
        """How many projects a vote may name: all, where the file does not say."""
        return int(self.bounds.get("max_length", len(self.costs)))

    def check(
        self, line: int, named: Sequence[str], points: Sequence[Fraction], complaints: Complaints
    ) -> None:
        """Complain of a vote that breaks them; points are empty where votes give none of their own."""
        for measure, value in self._measured(named, points):
            column, of = _MEASURES[measure]
            least, most = (self.bounds.get(f"{end}_{measure}") for end in ("min", "max"))
            for key, bound, wrong, said in (
                (f"min_{measure}", least, least is not None and value < least, _TOO_FEW),
                (f"max_{measure}", most, most is not None and value > most, _TOO_MANY),
            ):
                if bound is not None and wrong:
                    allowed = exact_points(bound)
                    expected = Text(
                        f"META 的 {key} = {allowed}（{of.zh}）",
                        f"{key} = {allowed} stands in META ({of.en})",
                    )
                    complaints.add(
                        "outside_limits",
                        line,
                        said,
                        column=column,
                        value=exact_points(value),
                        expected=expected,
                    )

    def _measured(
        self, named: Sequence[str], points: Sequence[Fraction]
    ) -> Iterator[tuple[str, Fraction]]:
        yield "length", Fraction(len(named))
        yield "sum_cost", sum((self.costs[name] for name in named), Fraction(0))
        if points:
            yield "points", min(points)
            if max(points) != min(points):
                yield "points", max(points)
            yield "sum_points", sum(points, Fraction(0))
