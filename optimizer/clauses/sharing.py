"""Priority: cross-school and cross-subject communities are encouraged (plan §柒六(四))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optimizer.clauses.priority import Priority
from optimizer.language.text import Text
from optimizer.program.objectives import Additive, Objective
from optimizer.program.rows import Decision
from optimizer.tables.round import Round


@dataclass(frozen=True, kw_only=True)
class Sharing(Priority):
    """Most funded applications with partner schools or with two fields or more (§柒六(四))."""

    kind: ClassVar[str] = "sharing"
    reads: ClassVar[tuple[str, ...]] = ("partners", "fields")
    title: ClassVar[Text] = Text("跨校跨領域", "Sharing")
    worse_by: ClassVar[Text] = Text(
        "獲補助的跨校、跨領域社群會較少",
        "fewer communities across schools or fields would be funded",
    )

    def unit(self) -> Text:
        """Say the unit people read its value in."""
        return Text("件", "applications")

    def sentence(self) -> Text:
        """Say the priority in one sentence."""
        return Text(
            "鼓勵跨校或跨領域社群：獲補助件數最多。",
            "Most funded communities that share across schools or subjects.",
        )

    @property
    def apart(self) -> bool:
        """Only the funded are counted."""
        return True

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """State ``max sum_{a shares} fund_a``."""
        partners, fields = round_.table["partners"].to_list(), round_.table["fields"].to_list()
        shares = [bool(p) or len(f) >= 2 for p, f in zip(partners, fields, strict=True)]
        return [Additive(np.array(shares, dtype=np.int64))]

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Count the funded that have partners or two fields."""
        partners, fields = round_.table["partners"].to_list(), round_.table["fields"].to_list()
        funded = [a for a in range(round_.size) if decision.fund[a]]
        return (sum(1 for a in funded if partners[a] or len(fields[a]) > 1),)
