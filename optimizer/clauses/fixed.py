"""Decisions fixed by hand, with who decided and why, kept in the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Clause, Finding, Ruling, Violation, key
from optimizer.errors import Problem, Severity
from optimizer.exact import exact
from optimizer.plain import Application, Papers
from optimizer.program import Decision, Rows
from optimizer.reading.alikes import Known
from optimizer.records import Records
from optimizer.round import Round
from optimizer.text import Text


@dataclass(frozen=True, kw_only=True)
class Fixed(Clause):
    """These applications are funded, those are not, whatever the priorities say.

    Beyond the plan's own text: the bureau's own decisions, kept in the record with who and why.
    """

    kind: ClassVar[str] = "fixed"
    title: ClassVar[Text] = Text("人工核定", "Decision by hand")

    fund: tuple[str, ...] = key("指定補助之申請編號", "applications that must be funded", ())
    refuse: tuple[str, ...] = key(
        "指定不補助之申請編號", "applications that must not be funded", ()
    )
    reason: str = key("理由", "why", "")
    decided_by: str = key("決定者", "who decided", "")

    def sentence(self) -> Text:
        """Say the decision in one sentence."""
        said_zh, said_en = [], []
        if self.fund:
            said_zh.append(f"指定補助 {'、'.join(self.fund)}")
            said_en.append(f"{', '.join(self.fund)} must be funded")
        if self.refuse:
            said_zh.append(f"指定不補助 {'、'.join(self.refuse)}")
            said_en.append(f"{', '.join(self.refuse)} must not be funded")
        why_zh = f"（{self.decided_by or '未載明決定者'}：{self.reason or '未載明理由'}）"
        why_en = f" ({self.decided_by or 'nobody named'}: {self.reason or 'no reason given'})"
        if not (self.decided_by or self.reason):
            why_zh, why_en = "（未載明決定者與理由）", " (nobody named, no reason given)"
        return Text(
            f"{'；'.join(said_zh) or '無指定'}{why_zh}。",
            f"{'; '.join(said_en) or 'Nothing'}{why_en}.",
        )

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse ids that no application has, and ids on both lists."""
        table = records.applications
        lines = dict(zip(table["application_id"], map(int, table["row"]), strict=True))
        known = Known(lines, Text("申請資料", "table of applications"))
        for column, ids in (("fund", self.fund), ("refuse", self.refuse)):
            for application_id in ids:
                if application_id not in lines:
                    twin = known.twin(application_id)
                    yield Problem(
                        Severity.ERROR,
                        "look_alike" if twin else "unknown_application",
                        twin.message
                        if twin
                        else Text(
                            "人工核定所列申請編號不存在", "a decision by hand names no application"
                        ),
                        Text("申請資料中的申請編號", "a number of the table of applications"),
                        twin.hint if twin else known.meant(application_id),
                        file="policy.toml",
                        column=f"clause.{self.label}.{column}",
                        value=application_id[:80],
                    )
        for application_id in sorted(set(self.fund) & set(self.refuse)):
            yield Problem(
                Severity.ERROR,
                "contradiction",
                Text(
                    "同一申請同時指定補助與不補助",
                    "the same application is both funded and refused",
                ),
                file="policy.toml",
                column=f"clause.{self.label}",
                value=application_id,
            )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Note each decision beside the application it concerns."""
        row_of = {a: row for row, a in enumerate(records.applications["application_id"])}
        who = Text(self.decided_by or "未載明決定者", self.decided_by or "nobody named")
        for ids, zh, en in ((self.fund, "補助", "funded"), (self.refuse, "不補助", "not funded")):
            for application_id in ids:
                yield Finding(
                    row_of[application_id],
                    Severity.FLAG,
                    Text(
                        f"人工核定{zh}（{who.zh}：{self.reason}）",
                        f"{en} by decision ({who.en}: {self.reason})",
                    ),
                )

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Each time that the decision names the application."""
        who = (self.decided_by,) if self.decided_by else ("未載明決定者", "nobody named")
        for application_id in (*self.fund, *self.refuse):
            if application_id == application.application_id:
                yield Ruling(Severity.FLAG, (who, self.reason))

    def rows(self, round_: Round) -> Sequence[Rows]:
        """State ``fund_a >= 1`` for the one list and ``fund_a <= 0`` for the other.

        An application that must be funded but is not eligible makes ``0 >= 1``: no solution.
        """
        ordinal = {application_id: a for a, application_id in enumerate(round_.ids)}
        must = [Text(f"指定補助 {i}", f"{i} must be funded") for i in self.fund]
        found = []
        if self.fund:
            present = [(r, ordinal[i]) for r, i in enumerate(self.fund) if i in ordinal]
            found.append(self._rows(present, ">=", len(self.fund), 1, tuple(must)))
        refused = [ordinal[i] for i in self.refuse if i in ordinal]
        if refused:
            labels = tuple(
                Text(f"指定不補助 {round_.ids[a]}", f"{round_.ids[a]} must not be funded")
                for a in refused
            )
            found.append(self._rows(list(enumerate(refused)), "<=", len(refused), 0, labels))
        return found

    def _rows(
        self,
        pairs: list[tuple[int, int]],
        sense: str,
        count: int,
        rhs: int,
        labels: tuple[Text, ...],
    ) -> Rows:
        row = np.array([r for r, _ in pairs], dtype=np.int64)
        app = np.array([a for _, a in pairs], dtype=np.int64)
        return Rows(
            self.label,
            "fund",
            row,
            app,
            np.ones(len(pairs), dtype=np.int64),
            sense,  # type: ignore[arg-type]
            exact([rhs] * count),
            labels,
        )

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Look both lists up among the funded."""
        funded = {i for i, got in zip(round_.ids, decision.fund, strict=True) if got}
        for application_id in self.fund:
            if application_id not in funded:
                yield Violation(
                    self.label,
                    Text(
                        f"{application_id} 指定補助而未獲補助",
                        f"{application_id} must be funded and is not",
                    ),
                )
        for application_id in self.refuse:
            if application_id in funded:
                yield Violation(
                    self.label,
                    Text(
                        f"{application_id} 指定不補助而獲補助",
                        f"{application_id} must not be funded and is",
                    ),
                )
