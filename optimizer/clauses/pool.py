"""The pool: all awards together stay within the money there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Clause, Violation, key
from optimizer.language.text import EMPTY, Text, money
from optimizer.program.rows import Decision, Rows, Shortage
from optimizer.tables.round import Round
from optimizer.tables.settings import Money


@dataclass(frozen=True, kw_only=True)
class PoolLimit(Clause):
    """Awards never exceed the pool less the contingency.

    Beyond the plan's own text: there is only so much money. Not written as a
    ``[[clause]]``: it stands in the policy's ``[pool]`` table and always applies.
    """

    kind: ClassVar[str] = "pool"
    section: ClassVar[str] = "pool"
    title: ClassVar[Text] = Text("經費總額", "Pool")

    amount: Money = key("經費總額（元）", "the whole pool, NT$")
    contingency: Money = key("預備金（元）", "NT$ held back from the pool", 0)

    @property
    def available(self) -> int:
        """NT$ that may be awarded."""
        return max(0, self.amount - self.contingency)

    def sentence(self) -> Text:
        """Say the rule in one sentence: the limit that holds, then what it is made of."""
        pool, held = money(self.amount), money(self.contingency)
        of = Text(
            f"（經費總額 {pool} 元，保留預備金 {held} 元）",
            f" (a pool of NT${pool}, of which NT${held} is held back)",
        )
        limit, made_of = money(self.available), of if self.contingency else EMPTY
        return Text(
            f"補助總額不超過 {limit} 元{made_of.zh}。",
            f"All awards together stay within NT${limit}{made_of.en}.",
        )

    @property
    def apart(self) -> bool:
        """Awards are added up, whoever asked for more."""
        return True

    def rows(self, round_: Round) -> Sequence[Rows]:
        """State ``sum_a award_a <= pool - contingency``."""
        everyone = np.ones(round_.size, dtype=np.int64)
        label = Text("經費總額", "the pool")
        return [
            Rows.single(self.label, "award", everyone, sense="<=", rhs=self.available, label=label)
        ]

    def no_room(self, shortage: Shortage) -> Text:
        """Compare what is left with what it takes."""
        left, needs = shortage.bound - shortage.now, shortage.then - shortage.now
        least = shortage.may_get_more
        return Text(
            f"經費餘額 {money(left)} 元不足本案{'至少' if least else ''}所需 {money(needs)} 元",
            f"NT${money(left)} of the pool is left, less than the NT${money(needs)} it would take"
            f"{' at the least' if least else ''}",
        )

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Add the awards up and compare."""
        spent = sum(int(amount) for amount in decision.award)
        if spent > self.available:
            yield Violation(
                self.label,
                Text(
                    f"核定合計 {money(spent)} 元，超過可用經費 {money(self.available)} 元",
                    f"awards add up to NT${money(spent)}, more than the NT${money(self.available)} "
                    "available",
                ),
            )
