"""The minimum award: nobody gets less than this, or nothing (plan §捌二(5))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from optimizer.clauses.base import Clause, Finding, Ruling, Violation, key
from optimizer.language.text import Text, money
from optimizer.plain import Application, Score
from optimizer.problems.errors import Severity
from optimizer.program.rows import Decision
from optimizer.tables.round import Round
from optimizer.tables.settings import Money


@dataclass(frozen=True, kw_only=True)
class MinimumAward(Clause):
    """Whoever is funded gets so much at the least; who may not get that much is not eligible.

    Beyond the plan's own text, which lets the bureau adjust amounts (§捌二(5)): an award too small to
    do anything with helps nobody. With partial awards it also raises the least that each may be cut to.
    """

    for_authors: ClassVar[Text] = Text(
        '部分核給（mode = "partial"）時，各案至少核給的金額也不低於此數。',
        "With partial awards it also raises the least that each may be cut to.",
    )
    kind: ClassVar[str] = "minimum_award"
    title: ClassVar[Text] = Text("每案最低補助", "Minimum award")
    fault: ClassVar[Text] = Text("低於每案最低補助", "below the minimum award")
    later: ClassVar[Text] = Text(
        "請確認可核給之金額達每案最低補助（{asked}）",
        "see that what may be granted reaches the minimum award ({asked})",
    )
    sample: ClassVar[Mapping[str, Any]] = {"amount": 3_000}

    amount: Money = key("每案最低補助金額（元）", "the least that a funded application gets, NT$")

    @property
    def smallest_award(self) -> int:
        """NT$: no award is smaller."""
        return self.amount

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        return Text(
            f"獲補助者每案至少 {money(self.amount)} 元，可核金額不足此數者不予補助。",
            f"Whoever is funded gets at least NT${money(self.amount)}; an application that may not get "
            "that much is not funded.",
        )

    def screen_merit(self, round_: Round) -> Iterable[Finding]:
        """Refuse ``most_a < amount``; where it is nothing at all, other rules have said so."""
        requested = round_.table["requested"].to_numpy(dtype=np.int64)
        for ordinal in np.flatnonzero((round_.most < self.amount) & (round_.most > 0)):
            most, least = money(int(round_.most[ordinal])), money(self.amount)
            yield Finding(
                int(round_.position[ordinal]),
                Severity.REFUSAL,
                message=Text(
                    f"最多只能核給 {most} 元，低於每案最低補助 {least} 元",
                    f"may get NT${most} at most, less than the minimum award of NT${least}",
                ),
                expected=Text(f"{least} 元以上", f"NT${least} or more"),
                column="requested",
                value=str(int(requested[ordinal])),
            )

    def audit_merit(self, application: Application, score: Score, most: int) -> Iterable[Ruling]:
        """Hold the most that it may get against the amount."""
        if 0 < most < self.amount:
            yield Ruling(Severity.REFUSAL, (most, self.amount), less=True)

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Look at every award."""
        for application_id, award in zip(round_.ids, decision.award.tolist(), strict=True):
            if 0 < award < self.amount:
                least = money(self.amount)
                yield Violation(
                    self.label,
                    Text(
                        f"{application_id} 核定 {money(award)} 元，低於每案最低補助 {least} 元",
                        f"{application_id} gets NT${money(award)}, less than the minimum award of "
                        f"NT${least}",
                    ),
                    application_id,
                )
