"""Priority: kinds of activity as even as possible (plan §柒六(三))."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from optimizer.clauses.base import key, told_apart
from optimizer.clauses.named_columns import coded, unknown_column
from optimizer.clauses.priority import Priority
from optimizer.language.text import Text
from optimizer.problems.errors import Problem
from optimizer.program.objectives import Even, Objective
from optimizer.program.rows import Decision
from optimizer.tables.case_words import column_name, column_term
from optimizer.tables.records import Records
from optimizer.tables.round import Round


def _kinds(cell: Any) -> tuple[str, ...]:
    return cell if isinstance(cell, tuple) else (str(cell),)


@dataclass(frozen=True, kw_only=True)
class Balance(Priority):
    """The funded as evenly over the kinds of activity as can be (§柒六(三)).

    Least ``sum_k |K n_k - N|`` over the K kinds that have an eligible application; n_k is how many
    funded applications are of (or use) kind k, and N their sum.
    """

    kind: ClassVar[str] = "balance"
    title: ClassVar[Text] = Text("類型均衡", "Balance")
    worse_by: ClassVar[Text] = Text(
        "獲補助的各類型件數會較不平均",
        "the kinds of activity would be less even",
    )
    minimised: ClassVar[bool] = True

    column: str = key(
        "要均衡的欄位：type 或 methods", "the column to spread: type or methods", "type"
    )

    def unit(self) -> Text:
        """Say the unit people read its value in."""
        return Text("各類型件數差異（愈小愈均衡）", "deviation (less is more even)")

    @property
    def spoken(self) -> Text:
        """The title, with the column if it is not the usual one."""
        return told_apart(self.title, [] if self.column == "type" else [column_name(self.column)])

    def sentence(self) -> Text:
        """Say the priority in one sentence."""
        word = column_term(self.column)
        return Text(
            f"使各{word.zh}的獲補助件數最為平均。", f"Spread the funded over {word.en} evenly."
        )

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse a column that no table has."""
        return unknown_column(self, self.column, records)

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """State ``min sum_k |K * n_k - N|``."""
        cells, codes = coded(round_.table[self.column])
        kinds = sorted({kind for cell in cells for kind in _kinds(cell)})
        uses = np.array(
            [[kind in _kinds(cell) for cell in cells] for kind in kinds], dtype=np.int64
        )
        return [Even(uses.reshape(len(kinds), len(cells))[:, codes])]

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Count the funded of each kind and add up the deviations."""
        cells = list(round_.table[self.column])
        counts = {kind: 0 for cell in cells for kind in _kinds(cell)}
        for a in np.flatnonzero(decision.fund):
            for kind in dict.fromkeys(_kinds(cells[int(a)])):
                counts[kind] += 1
        total = sum(counts.values())
        return (-sum(abs(len(counts) * n_k - total) for n_k in counts.values()),)
