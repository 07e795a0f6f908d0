"""Priority: conditions being equal, schools with fewer resources first (plan §柒六(二))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from optimizer.clauses.base import key
from optimizer.clauses.named_columns import coded
from optimizer.clauses.priority import Priority
from optimizer.foundation.exact import IntArray, exact
from optimizer.language.text import Text
from optimizer.language.toml_text import toml_key
from optimizer.problems.errors import Problem, defect
from optimizer.problems.likeness import closest, is_it
from optimizer.program.objectives import Additive, Objective
from optimizer.program.rows import Decision
from optimizer.tables.case_words import code_of, term
from optimizer.tables.records import Records
from optimizer.tables.round import Round
from optimizer.tables.settings import Settings, Weight

_NOT = "非不無未"  # a category that begins so is none of those that it names


@dataclass(frozen=True, kw_only=True)
class Disadvantage(Priority):
    """Most total weight of the funded applications' lead schools (§柒六(二))."""

    kind: ClassVar[str] = "disadvantage"
    reads: ClassVar[tuple[str, ...]] = ("disadvantage",)
    title: ClassVar[Text] = Text("弱勢學校優先", "Disadvantaged schools")
    worse_by: ClassVar[Text] = Text(
        "獲補助的弱勢學校（依弱勢類別計點）會較少",
        "disadvantaged schools, counted by their weights, would get fewer grants",
    )
    for_authors: ClassVar[Text] = Text(
        "資料中每一種弱勢類別都須訂權重，不加權者訂為 0；空白不必訂。",
        "Every category in the data needs a weight, 0 where it counts nothing; a blank needs none.",
    )
    sample: ClassVar[Mapping[str, Any]] = {
        "weights": {"remote": 1, "special_remote": 2, "extreme_remote": 3}
    }

    weights: Mapping[str, Weight] = key(
        "各弱勢類別的權重", "weight of each category of disadvantage"
    )

    def out_of_reach(self, settings: Settings) -> Iterable[Problem]:
        """Want one weight above 0."""
        if self.weights and not any(self.weights.values()):
            yield defect(
                "out_of_reach",
                Text("權重都是 0，此項不起作用", "all weights are 0: the priority decides nothing"),
                column="weights",
                value=", ".join(f"{name} = {weight}" for name, weight in self.weights.items()),
                expected=Text(
                    "至少一個權重大於 0，或刪去這一項",
                    "one weight above 0 at least, or no such priority",
                ),
            )

    def unit(self) -> Text:
        """Say the unit people read its value in."""
        return Text("點（依弱勢類別計）", "points of disadvantage")

    def sentence(self) -> Text:
        """Say the priority in one sentence."""
        zh = "、".join(f"{term(c).zh} {w}" for c, w in self.weights.items())
        en = ", ".join(f"{term(c).en} {w}" for c, w in self.weights.items())
        return Text(
            f"條件相當時，資源較少之學校優先（每件計點：{zh}）。",
            f"Conditions being equal, schools with fewer resources first (weights: {en}).",
        )

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse categories of the schools table that have no weight: none counts 0 unsaid."""
        known = {code_of(category) for category in self.weights}
        cells = records.schools["disadvantage"].to_list()
        for category in sorted(set(cells) - {""}):
            if code_of(category) not in known:
                yield self._no_weight(category, records.school_line(cells.index(category)))

    def _no_weight(self, category: str, line: int | None) -> Problem:
        zh = "、".join(term(name).zh for name in self.weights)
        meant = self._meant(category)
        near = is_it(Text(term(meant).zh, meant) if meant else None)
        asked = Text(near.zh, near.en + " " * bool(meant))
        return defect(
            "no_weight",
            Text("計畫未訂這個弱勢類別的權重", "is a category without a weight in the policy"),
            expected=Text(
                f"有權重的類別：{zh}", f"categories with a weight: {', '.join(self.weights)}"
            ),
            hint=Text(
                f"{asked.zh}若為誤寫，請改正；若不加權，請在 policy.toml 的 weights 加上 {toml_key(category)} = 0。",
                f"{asked.en}If it is misspelt, mend it; if it is to count nothing, add "
                f"{toml_key(category)} = 0 to weights in policy.toml.",
            ),
            file="schools",
            row=line,
            column="disadvantage",
            value=category,
            reference=self.reference,
        )

    def _meant(self, category: str) -> str | None:
        """Return the category that another way of writing it means: 偏遠地區, remot."""
        known = code_of(category) != category or term(category).zh != category
        if known or category[0] in _NOT:
            return None  # another one, which the policy forgot; or the contrary of one
        names = {said: name for name in self.weights for said in (name, term(name).zh)}
        begun = [said for said in names if category.startswith(said)]
        near = max(begun, key=len, default=None) or closest(category, names)
        return names[near] if near else None

    def _weight_of(self, category: str) -> int:
        weights = {code_of(name): weight for name, weight in self.weights.items()}
        return weights.get(code_of(category), 0)

    @property
    def apart(self) -> bool:
        """Only the funded are counted."""
        return True

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """State ``max sum_a weight(school_a) * fund_a``."""
        return [Additive(self.favours(round_))]

    def favours(self, round_: Round) -> IntArray:
        """Return the weight of each application's school."""
        categories, codes = coded(round_.table["disadvantage"])
        weights = np.array([self._weight_of(category) for category in categories], dtype=np.int64)
        return exact(weights[codes])

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Add up the weights of the funded applications' schools."""
        categories = round_.records.schools["disadvantage"].to_list()
        schools = [int(s) for s, got in zip(round_.school, decision.fund, strict=True) if got]
        counts = Counter(str(categories[school]) for school in schools)
        return (sum(self._weight_of(category) * n for category, n in counts.items()),)
