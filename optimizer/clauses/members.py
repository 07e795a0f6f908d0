"""How many members a community has (plan §伍二, §捌二(2), 附件一)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Clause, Finding, Ruling, key
from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.plain import Application, Papers
from optimizer.problems.errors import Severity
from optimizer.tables.records import Records
from optimizer.tables.settings import Count


@dataclass(frozen=True, kw_only=True)
class Members(Clause):
    """Below the minimum (3 in the form's table) refused, below the principle (6) flagged (§伍二)."""

    kind: ClassVar[str] = "members"
    title: ClassVar[Text] = Text("成員人數", "Members")
    fault: ClassVar[Text] = Text("成員人數不足", "too few members")
    asks_for: ClassVar[tuple[str, ...]] = ("members",)
    later: ClassVar[Text] = Text("請確認社群成員為 {asked}", "have {asked} members")

    minimum: Count = key("最少人數，未達者不符資格", "refused below this", 3)
    recommended: Count = key("原則人數，未達者僅註記", "flagged below this", 6)

    def sentence(self) -> Text:
        """Say the rule in one sentence, without a principle that asks for no more than the minimum."""
        if self.recommended <= self.minimum:
            return Text(
                f"社群成員至少 {self.minimum} 人，不足者不符資格。",
                f"A community has at least {how_many(self.minimum, 'member')}; fewer are refused.",
            )
        return Text(
            f"社群成員以 {self.recommended} 人以上為原則（未達者註記），少於 {self.minimum} 人者不符資格。",
            f"A community should have {self.recommended} members or more (fewer are flagged); "
            f"fewer than {self.minimum} are refused.",
        )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Compare the number of members with both figures; an unknown number is refused."""
        members = records.applications["members"].fillna(-1).to_numpy(dtype=np.int64)
        for row in np.flatnonzero(members < max(self.minimum, self.recommended)):
            count = int(members[row])
            refused = count < self.minimum
            least = self.minimum if refused else self.recommended
            said = Text(f"成員 {count} 人", how_many(count, "member"))
            if count < 0:
                said = Text("未填成員人數", "number of members not given")
            yield Finding(
                int(row),
                Severity.REFUSAL if refused else Severity.FLAG,
                message=Text(f"{said.zh}，少於 {least} 人", f"{said.en}, fewer than {least}"),
                expected=Text(f"{least} 人以上", f"{least} or more"),
                column="members",
                value="" if count < 0 else str(count),
            )

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Take a number that is not given for too few."""
        count = application.members
        if count is None:
            yield Ruling(Severity.REFUSAL, (self.minimum,))
        elif count < self.minimum:
            yield Ruling(Severity.REFUSAL, (count, self.minimum), less=True)
        elif count < self.recommended:
            yield Ruling(Severity.FLAG, (count, self.recommended), less=True)
