"""Decisions fixed by hand, with who decided and why, kept in the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from optimizer.clauses.base import Clause, Finding, Ruling, Violation, key
from optimizer.foundation.exact import exact
from optimizer.language.text import Text
from optimizer.plain import Application, Papers
from optimizer.problems.errors import Problem, Severity
from optimizer.program.rows import Decision, Rows, Shortage
from optimizer.reading.look_alikes import Known
from optimizer.tables.records import Records
from optimizer.tables.round import Round

LISTED = 10  # decisions of one conflict that are named


@dataclass(frozen=True, kw_only=True)
class Fixed(Clause):
    """These applications are funded, those are not, whatever the priorities say.

    Beyond the plan's own text: the bureau's own decisions, kept in the record with who and why.
    """

    kind: ClassVar[str] = "fixed"
    title: ClassVar[Text] = Text("人工核定", "Decision by hand")
    sample: ClassVar[Mapping[str, Any]] = {"fund": ["A017"], "reason": "…", "decided_by": "…"}

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
        return Text(
            f"{'；'.join(said_zh) or '未指定任何申請'}（{self.grounds.zh}）。",
            f"{'; '.join(said_en) or 'No application is named'} ({self.grounds.en}).",
        )

    def narrowed(self, about: tuple[Text, ...], sense: str, whole: bool) -> Text:
        """Name the decisions, the first of them where there are many."""
        fund = self.asked_for(about)
        refuse = tuple(i for i in self.refuse if _must_not(i) in about)
        zh, en = (
            replace(self, fund=_few(fund, rest), refuse=_few(refuse, rest)).sentence()
            for rest in ("…（另 {} 件）", "… ({} more)")
        )
        return Text(zh.zh, en.en)

    def asked_for(self, about: tuple[Text, ...]) -> tuple[str, ...]:
        """Return those on the one list that are meant."""
        return tuple(i for i in self.fund if _must(i) in about)

    @property
    def grounds(self) -> Text:
        """Who decided, and why."""
        if not (self.decided_by or self.reason):
            return Text("未載明決定者與理由", "nobody named, no reason given")
        return Text(
            f"{self.decided_by or '未載明決定者'}：{self.reason or '未載明理由'}",
            f"{self.decided_by or 'nobody named'}: {self.reason or 'no reason given'}",
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
                    yield self.wrong(
                        "look_alike" if twin else "unknown_application",
                        twin.message
                        if twin
                        else Text(
                            "人工核定所列申請編號不存在", "a decision by hand names no application"
                        ),
                        expected=Text(
                            "申請資料中的申請編號", "a number of the table of applications"
                        ),
                        hint=twin.hint if twin else known.meant(application_id),
                        key=column,
                        value=application_id[:80],
                    )
        for application_id in sorted(set(self.fund) & set(self.refuse)):
            yield self.wrong(
                "contradiction",
                Text(
                    "同一申請同時指定補助與不補助",
                    "the same application is both funded and refused",
                ),
                value=application_id,
            )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Note each decision beside the application it concerns."""
        row_of = {a: row for row, a in enumerate(records.applications["application_id"])}
        grounds = self.grounds
        for ids, zh, en in ((self.fund, "補助", "funded"), (self.refuse, "不補助", "not funded")):
            for application_id in ids:
                yield Finding(
                    row_of[application_id],
                    Severity.FLAG,
                    Text(
                        f"人工核定{zh}（{grounds.zh}）",
                        f"{en} by hand ({grounds.en})",
                    ),
                )

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Each time that the decision names the application."""
        who = (self.decided_by,) if self.decided_by else ("未載明決定者", "nobody named")
        for application_id in (*self.fund, *self.refuse):
            if application_id == application.application_id:
                yield Ruling(Severity.FLAG, (who, self.reason))

    def no_room(self, shortage: Shortage) -> Text:
        """Say who refused it and why."""
        why = self.grounds
        return Text(f"人工核定不予補助（{why.zh}）", f"refused by hand ({why.en})")

    def accounts_for(self, round_: Round, decision: Decision) -> Mapping[int, Text]:
        """Say who decided it and why, of both lists."""
        why, ordinal = self.grounds, {i: a for a, i in enumerate(round_.ids)}
        funded = Text(f"人工核定（{why.zh}）", f"decided by hand ({why.en})")
        said = {ordinal[i]: funded for i in self.fund if i in ordinal}
        return {**self.stands_against(round_, decision), **said}

    def rows(self, round_: Round) -> Sequence[Rows]:
        """State ``fund_a >= 1`` for the one list and ``fund_a <= 0`` for the other.

        An application that must be funded but is not eligible makes ``0 >= 1``: no solution.
        """
        ordinal = {application_id: a for a, application_id in enumerate(round_.ids)}
        must = [_must(i) for i in self.fund]
        found = []
        if self.fund:
            present = [(r, ordinal[i]) for r, i in enumerate(self.fund) if i in ordinal]
            found.append(self._rows(present, ">=", len(self.fund), rhs=1, labels=tuple(must)))
        refused = [ordinal[i] for i in self.refuse if i in ordinal]
        if refused:
            labels = tuple(_must_not(round_.ids[a]) for a in refused)
            found.append(
                self._rows(list(enumerate(refused)), "<=", len(refused), rhs=0, labels=labels)
            )
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
            row=row,
            app=app,
            coefficient=np.ones(len(pairs), dtype=np.int64),
            sense=sense,  # type: ignore[arg-type]
            rhs=exact([rhs] * count),
            labels=labels,
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


def _must(application_id: str) -> Text:
    return Text(f"指定補助 {application_id}", f"{application_id} must be funded")


def _must_not(application_id: str) -> Text:
    return Text(f"指定不補助 {application_id}", f"{application_id} must not be funded")


def _few(ids: tuple[str, ...], rest: str) -> tuple[str, ...]:
    """Return the first of many, and how many others there are."""
    return ids if len(ids) <= LISTED else (*ids[:LISTED], rest.format(len(ids) - LISTED))
