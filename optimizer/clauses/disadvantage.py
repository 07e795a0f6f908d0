"""Priority: conditions being equal, schools with fewer resources first (plan §柒六(二))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from optimizer.clauses.base import Priority, key
from optimizer.clauses.columns import coded
from optimizer.errors import Problem, Severity
from optimizer.exact import exact
from optimizer.program import Additive, Decision, Objective
from optimizer.records import Records
from optimizer.round import Round
from optimizer.text import Text
from optimizer.words import code_of, term


@dataclass(frozen=True, kw_only=True)
class Disadvantage(Priority):
    """Most total weight of the funded applications' lead schools (§柒六(二))."""

    kind: ClassVar[str] = "disadvantage"
    title: ClassVar[Text] = Text("弱勢學校優先", "Disadvantaged schools")
    unit: ClassVar[Text] = Text("權重", "weight")

    weights: Mapping[str, Annotated[int, Field(ge=0, le=10**6)]] = key(
        "各弱勢類別的權重", "weight of each category of disadvantage"
    )

    def sentence(self) -> Text:
        """Say the priority in one sentence."""
        zh = "、".join(f"{term(c).zh} {w}" for c, w in self.weights.items())
        en = ", ".join(f"{term(c).en} {w}" for c, w in self.weights.items())
        return Text(
            f"條件相當時，資源較少之學校優先（權重：{zh}）。",
            f"Conditions being equal, schools with fewer resources first (weights: {en}).",
        )

    def check(self, records: Records) -> Iterable[Problem]:
        """Flag categories in the schools table that have no weight."""
        known = {code_of(category) for category in self.weights}
        for category in sorted(set(records.schools["disadvantage"]) - {""}):
            if code_of(category) not in known:
                yield Problem(
                    Severity.FLAG,
                    "no_weight",
                    Text(
                        "此弱勢類別在計畫中沒有權重，視為 0",
                        "this category has no weight: it counts 0",
                    ),
                    Text(
                        f"其中之一：{'、'.join(self.weights)}", f"one of: {', '.join(self.weights)}"
                    ),
                    file="schools",
                    column="disadvantage",
                    value=category,
                    reference=self.reference,
                )

    def _weight_of(self, category: str) -> int:
        weights = {code_of(name): weight for name, weight in self.weights.items()}
        return weights.get(code_of(category), 0)

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """State ``max sum_a weight(school_a) * fund_a``."""
        categories, codes = coded(round_.table["disadvantage"])
        weights = np.array([self._weight_of(category) for category in categories], dtype=np.int64)
        return [Additive(exact(weights[codes]))]

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Add up the weights of the funded applications' schools."""
        categories = round_.records.schools["disadvantage"].to_list()
        schools = [int(s) for s, got in zip(round_.school, decision.fund, strict=True) if got]
        counts = Counter(str(categories[school]) for school in schools)
        return (sum(self._weight_of(category) * n for category, n in counts.items()),)
