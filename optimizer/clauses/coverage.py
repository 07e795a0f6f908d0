"""Priority: as many districts as possible take part (plan §柒六(一))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import key, told_apart
from optimizer.clauses.named_columns import coded, unknown_column
from optimizer.clauses.priority import Priority
from optimizer.language.text import Text
from optimizer.problems.errors import Problem
from optimizer.program.objectives import Covered, Objective
from optimizer.program.rows import Decision
from optimizer.tables.case_words import column_name, column_term, term
from optimizer.tables.records import Records
from optimizer.tables.round import Round


@dataclass(frozen=True, kw_only=True)
class Coverage(Priority):
    """Most districts, or other groups, with at least one funded application (§柒六(一))."""

    kind: ClassVar[str] = "coverage"
    title: ClassVar[Text] = Text("區域平衡", "Coverage")

    column: str = key("要顧及的欄位", "the column to cover", "district")

    @property
    def spoken(self) -> Text:
        """The title, with the column if it is not the usual one."""
        return told_apart(
            self.title, [] if self.column == "district" else [column_name(self.column)]
        )

    @property
    def worse(self) -> Text:
        """Fewer of what is covered."""
        word = column_term(self.column)
        return Text(
            f"有獲補助者的{word.zh}會減少", f"fewer would have a funded application ({word.en})"
        )

    def unit(self) -> Text:
        """Say the unit people read its value in."""
        return Text("區", "districts") if self.column == "district" else column_term(self.column)

    def sentence(self) -> Text:
        """Say the priority in one sentence."""
        word = column_term(self.column)
        return Text(
            f"使有獲補助者的{word.zh}最多。",
            f"At least one funded application for every {word.en}, for as many as possible.",
        )

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse a column that no table has, and one whose cells are lists."""
        yield from unknown_column(self, self.column, records)
        if self.column in ("methods", "partners", "fields"):
            yield self.wrong(
                "list_column",
                Text(
                    "此欄一格可有多個值，不能用於區域平衡",
                    "a cell of this column may hold several values",
                ),
                expected=Text(
                    "每格一個值的欄位，如 district", "a column with one value a cell, e.g. district"
                ),
                key="column",
                value=self.column,
            )

    @property
    def apart(self) -> bool:
        """Only the funded are counted."""
        return True

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """State ``max sum_d covered_d`` with ``covered_d <= sum_{a in d} fund_a``."""
        values, codes = coded(round_.table[self.column].astype(str))
        return [Covered(codes, len(values))]

    def accounts_for(self, round_: Round, decision: Decision) -> Mapping[int, Text]:
        """Say which value a funded application alone keeps covered, such as its district."""
        values, codes = coded(round_.table[self.column].astype(str))
        funded = np.flatnonzero(decision.fund)
        count = np.bincount(codes[funded], minlength=len(values))
        return {int(a): self._only(values[codes[a]]) for a in funded if count[codes[a]] == 1}

    def _only(self, value: str) -> Text:
        """Name the value; a district needs no word before its name."""
        word, said = column_term(self.column), term(value)
        zh, en = f"{word.zh}「{said.zh}」", f"{word.en} {said.en}"
        if self.column == "district":
            zh, en = said.zh, said.en
        return Text(f"{zh}唯一獲補助者", f"the only funded application of {en}")

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Count the different values among the funded."""
        cells = round_.table[self.column]
        return (len({str(c) for c, got in zip(cells, decision.fund, strict=True) if got}),)
