"""The school cap: what one lead school may receive in all (plan §捌二(1), (4), (5))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from optimizer.clauses.base import Clause, Finding, Ruling, Violation, key
from optimizer.foundation.exact import exact, grouped
from optimizer.language.text import Text, money, run_on
from optimizer.plain import Application, Papers
from optimizer.problems.errors import Problem, Severity, defect
from optimizer.program.rows import Decision, Rows, Shortage
from optimizer.tables.records import Records
from optimizer.tables.round import Round
from optimizer.tables.settings import PositiveMoney, Settings


@dataclass(frozen=True, kw_only=True)
class SchoolCap(Clause):
    """No lead school receives more than the cap; a joint application counts against its lead.

    NT$5,000 in the plan (§捌二(1), (4), (5)). A single request above the cap is refused; where the
    policy says ``cut = true``, it is admissible up to the cap, and flagged.
    """

    kind: ClassVar[str] = "school_cap"
    title: ClassVar[Text] = Text("每校上限", "School cap")
    later: ClassVar[Text] = Text(
        "請確認{asked}（每校上限）", "ask for {asked} (the cap of a school)"
    )
    leaves_out_slack: ClassVar[bool] = True
    sample: ClassVar[Mapping[str, Any]] = {"amount": 5_000}

    amount: PositiveMoney = key("每校補助上限（元）", "the most one lead school may receive, NT$")
    cut: bool = key(
        "單件申請超過上限時：true 減至上限，false 不符資格",
        "a single request above the cap: true cuts it to the cap, false refuses it",
        False,
    )

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        above = Text("減至此數", "cut to it") if self.cut else Text("不符資格", "not eligible")
        return Text(
            f"每一學校（聯合申請以主辦學校計）補助合計不超過 {money(self.amount)} 元；"
            f"單件申請超過者{above.zh}。",
            f"One school (the lead school of a joint application) receives at most "
            f"NT${money(self.amount)} in all; a single request above it is {above.en}.",
        )

    def narrowed(self, about: tuple[Text, ...], sense: str, whole: bool) -> Text:
        """Name the schools, even if there are no others."""
        return self.sentence_of(about)

    def out_of_reach(self, settings: Settings) -> Iterable[Problem]:
        """Hold the cap against one unit."""
        unit = settings.pool.unit
        if self.amount < unit:
            yield defect(
                "out_of_reach",
                Text(
                    f"每校上限小於核定單位 {unit} 元，無法補助任何一件",
                    f"the cap is less than one unit of NT${unit}: nothing can be awarded",
                ),
                column="amount",
                value=str(self.amount),
                expected=Text(
                    f"至少 {unit}，或將 [pool] 的 unit 改小",
                    f"{unit} at least, or a smaller [pool] unit",
                ),
            )

    @property
    def for_sisters(self) -> Text:
        """Let the school put its applications in order, or ask for no more than the cap in all."""
        cap = money(self.amount)
        return Text(
            f"同校各案合計受每校上限 {cap} 元之限；次年度可由學校自行排定優先順序，或合計申請金額以不逾"
            "每校上限為宜",
            f"the cap of NT${cap} holds for all applications of a school together; next year the school "
            "may put them in an order of its own, or ask for no more than the cap in all",
        )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Refuse requests above the cap, or cut them to it."""
        requested = records.applications["requested"].to_numpy(dtype=np.int64)
        for row in np.flatnonzero(requested > self.amount):
            asked = int(requested[row])
            yield Finding(
                int(row),
                Severity.FLAG if self.cut else Severity.REFUSAL,
                message=self._above(asked),
                expected=Text(
                    f"申請不超過 {money(self.amount)} 元", f"at most NT${money(self.amount)}"
                ),
                column="requested",
                value=str(asked),
                limit=self.amount if self.cut else None,
            )

    def _above(self, asked: int) -> Text:
        """Say what becomes of a request above the cap."""
        request, cap = money(asked), money(self.amount)
        if self.cut:
            return Text(
                f"申請 {request} 元高於每校上限，最多核給 {cap} 元",
                f"asks for NT${request}, above the school cap: at most NT${cap} is admissible",
            )
        return Text(
            f"申請 {request} 元高於每校上限 {cap} 元，計畫未訂得減至上限",
            f"asks for NT${request}, above the school cap of NT${cap}, to which the policy cuts no "
            "request",
        )

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Grant a request above the cap nothing, or the cap at most."""
        asked, cap = application.requested, self.amount
        if asked > cap and not self.cut:
            yield Ruling(Severity.REFUSAL, (asked, cap))
        elif asked > cap:
            yield Ruling(Severity.FLAG, (asked, cap), limit=cap)

    @property
    def apart(self) -> bool:
        """Awards of a school are added up, whoever asked for more."""
        return True

    def rows(self, round_: Round) -> Sequence[Rows]:
        """State, for each lead school s, ``sum_{a of s} award_a <= cap``.

        A school whose applications together ask for no more than the cap needs no inequality.
        """
        asked = grouped(round_.most, round_.school, len(round_.records.schools))
        capped = np.flatnonzero(asked > self.amount)
        ordinal = np.full(len(asked), -1, dtype=np.int64)
        ordinal[capped] = np.arange(len(capped))
        app = np.flatnonzero(ordinal[round_.school] >= 0)
        names = round_.records.schools["name"].to_numpy()[capped]
        return [
            Rows(
                self.label,
                "award",
                row=ordinal[round_.school[app]],
                app=app,
                coefficient=np.ones(len(app), dtype=np.int64),
                sense="<=",
                rhs=exact(np.full(len(capped), self.amount, dtype=np.int64)),
                labels=tuple(Text(str(name), str(name)) for name in names),
            )
        ]

    def no_room(self, shortage: Shortage) -> Text:
        """Add what it takes to what its school receives, and compare."""
        received, needs = shortage.now, shortage.then - shortage.now
        return Text(
            f"該校已獲 {money(received)} 元，加上本案 {money(needs)} 元將超過每校上限 "
            f"{money(self.amount)} 元",
            f"its school receives NT${money(received)}; NT${money(needs)} more would exceed the "
            f"cap of NT${money(self.amount)}",
        )

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Add the awards up by lead school and compare."""
        received: dict[int, int] = {}
        for school, amount in zip(round_.school, decision.award, strict=True):
            received[int(school)] = received.get(int(school), 0) + int(amount)
        for school, total in received.items():
            if total > self.amount:
                name = str(round_.records.schools["name"].iloc[school])
                yield Violation(
                    self.label,
                    Text(
                        run_on(
                            name,
                            f"核定合計 {money(total)} 元，超過每校上限 {money(self.amount)} 元",
                        ),
                        f"{name} receives NT${money(total)}, above the cap of "
                        f"NT${money(self.amount)}",
                    ),
                )
