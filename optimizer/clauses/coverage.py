"""Priority: as many districts as possible take part (plan §柒六(一))."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from optimizer.clauses.base import Priority, key
from optimizer.clauses.columns import coded, unknown_column
from optimizer.errors import Problem, Severity
from optimizer.program import Covered, Decision, Objective
from optimizer.records import Records
from optimizer.round import Round
from optimizer.text import Text
from optimizer.words import term


@dataclass(frozen=True, kw_only=True)
class Coverage(Priority):
    """Most districts, or other groups, with at least one funded application (§柒六(一))."""

    kind: ClassVar[str] = "coverage"
    title: ClassVar[Text] = Text("區域平衡", "Coverage")

    column: str = key("要顧及的欄位", "the column to cover", "district")

    @property
    def unit(self) -> Text:  # type: ignore[override]
        """The unit people read its value in."""
        return Text("區", "districts") if self.column == "district" else term(self.column)

    def sentence(self) -> Text:
        """Say the priority in one sentence."""
        word = term(self.column)
        return Text(
            f"使有獲補助者的{word.zh}最多。",
            f"At least one funded application for every {word.en}, for as many as possible.",
        )

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse a column that no table has, and one whose cells are lists."""
        yield from unknown_column(self, self.column, records)
        if self.column in ("methods", "partners", "fields"):
            yield Problem(
                Severity.ERROR,
                "list_column",
                Text(
                    "此欄一格可有多個值，不能用於區域平衡",
                    "a cell of this column may hold several values",
                ),
                Text(
                    "每格一個值的欄位，如 district", "a column with one value a cell, e.g. district"
                ),
                file="policy.toml",
                column=f"{self.section}.{self.label}.column",
                value=self.column,
            )

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """State ``max sum_d covered_d`` with ``covered_d <= sum_{a in d} fund_a``."""
        values, codes = coded(round_.table[self.column].astype(str))
        return [Covered(codes, len(values))]

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Count the different values among the funded."""
        cells = round_.table[self.column]
        return (len({str(c) for c, got in zip(cells, decision.fund, strict=True) if got}),)
