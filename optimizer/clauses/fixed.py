"""Decisions fixed by hand, with who decided and why, kept in the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self

import numpy as np

from optimizer.clauses.base import Clause, Finding, Ruling, Violation, key
from optimizer.clauses.by_hand import Decided, Entries, grounds, in_brackets, listed, must, must_not
from optimizer.foundation.exact import exact
from optimizer.language.text import EMPTY, Text
from optimizer.plain import Application, Papers
from optimizer.problems.errors import Problem, Severity, defect
from optimizer.program.rows import Decision, Rows, Shortage
from optimizer.reading.look_alikes import Known
from optimizer.tables.records import Records
from optimizer.tables.round import Round


@dataclass(frozen=True, kw_only=True)
class Fixed(Clause):
    """These applications are funded, those are not, whatever the priorities say.

    Beyond the plan's own text: the bureau's own decisions, kept in the record with who and why. An
    application stands on a list by its id, or as a table with a reason and a name of its own:
    ``{ id = "A017", reason = "…", decided_by = "…" }``.
    """

    for_authors: ClassVar[Text] = Text(
        '名單上的申請可只寫編號；或寫成 { id = "A017", reason = "…", decided_by = "…" }，各有自己的理由與決定者。',
        'An application stands on a list by its number alone, or with grounds of its own: { id = "A017", reason = "…", decided_by = "…" }.',
    )
    kind: ClassVar[str] = "fixed"
    title: ClassVar[Text] = Text("人工核定", "Decision by hand")
    by_hand: ClassVar[bool] = True
    sample: ClassVar[Mapping[str, Any]] = {"fund": ["A017"], "reason": "…", "decided_by": "…"}

    fund: Entries = key(
        "指定補助之申請編號；可逐案附 reason、decided_by",
        "applications that must be funded, each with a reason and decided_by of its own if you like",
        (),
    )
    refuse: Entries = key(
        "指定不補助之申請編號；同上", "applications that must not be funded, in the same way", ()
    )
    reason: str = key("理由", "why", "")
    decided_by: str = key("決定者", "who decided", "")

    def sentence(self) -> Text:
        """Say the decisions in one sentence, with who and why."""
        zh, en = [], []
        if self.fund:
            named = self._named(self.fund)
            zh.append(f"指定補助 {named.zh}")
            en.append(f"{named.en} must be funded")
        if self.refuse:
            named = self._named(self.refuse)
            zh.append(f"指定不補助 {named.zh}")
            en.append(f"{named.en} must not be funded")
        why = EMPTY if self._each_its_own else in_brackets(self.grounds)
        return Text(
            f"{'；'.join(zh) or '未指定任何申請'}{why.zh}。",
            f"{'; '.join(en) or 'No application is named'}{why.en}.",
        )

    @property
    def _each_its_own(self) -> bool:
        """Whether any entry has grounds of its own, so that all are named with theirs."""
        return any(entry.has_grounds for entry in (*self.fund, *self.refuse))

    def _named(self, entries: Iterable[Decided]) -> Text:
        """Name applications, with the grounds of each where they differ."""
        if not self._each_its_own:
            return listed(Text(entry.id, entry.id) for entry in entries)
        whys = ((entry.id, in_brackets(self.grounds_of(entry))) for entry in entries)
        return listed(Text(f"{i}{why.zh}", f"{i}{why.en}") for i, why in whys)

    def narrowed(self, about: tuple[Text, ...], sense: str, whole: bool) -> Text:
        """Name the decisions that are meant, the first of them where there are many."""
        if not about:
            return self.sentence()
        fund = tuple(entry for entry in self.fund if must(entry.id) in about)
        refuse = tuple(entry for entry in self.refuse if must_not(entry.id) in about)
        return replace(self, fund=fund, refuse=refuse).sentence()

    def asked_for(self, about: tuple[Text, ...]) -> tuple[str, ...]:
        """Return those on the one list that are meant."""
        return tuple(entry.id for entry in self.fund if must(entry.id) in about)

    @property
    def grounds(self) -> Text:
        """Who decided, and why."""
        return grounds(self.decided_by, self.reason)

    def grounds_of(self, entry: Decided) -> Text:
        """Say who decided on one application, and why; the rule's own where it says nothing."""
        return grounds(entry.decided_by or self.decided_by, entry.reason or self.reason)

    def unsigned(self) -> Iterable[tuple[Text, Text]]:
        """Leave out who decided: a school is told why, the record keeps both."""
        for entry in (*self.fund, *self.refuse):
            why = entry.reason or self.reason
            alone = in_brackets(Text(why, why)) if why else EMPTY
            yield in_brackets(self.grounds_of(entry)), alone

    def misstated(self) -> Iterable[Problem]:
        """Refuse ids on both lists."""
        for both in sorted({e.id for e in self.fund} & {e.id for e in self.refuse}):
            yield defect("contradiction", _BOTH, column="refuse", value=both[:80])

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse ids that no application has."""
        table = records.applications
        lines = dict(zip(table["application_id"], map(int, table["row"]), strict=True))
        known = Known(lines, Text("申請資料", "table of applications"))
        for column, entries in (("fund", self.fund), ("refuse", self.refuse)):
            for entry in entries:
                if entry.id not in lines:
                    yield self._unknown(entry.id, column, known)

    def _unknown(self, application_id: str, column: str, known: Known) -> Problem:
        twin = known.twin(application_id)
        return self.wrong(
            "look_alike" if twin else "unknown_application",
            twin.message
            if twin
            else Text("人工核定所列申請編號不存在", "a decision by hand names no application"),
            expected=Text("申請資料中的申請編號", "a number of the table of applications"),
            hint=twin.hint if twin else known.meant(application_id),
            key=column,
            value=application_id[:80],
        )

    @classmethod
    def check_together(cls, rules: Sequence[Self], records: Records) -> Iterable[Problem]:
        """Refuse an application that one rule funds and another does not, and say who decided each."""
        refused = {entry.id: (rule, entry) for rule in rules for entry in rule.refuse}
        for rule in rules:
            for entry in rule.fund:
                other, against = refused.get(entry.id, (rule, entry))
                if other is not rule:
                    yes, no = rule.grounds_of(entry), other.grounds_of(against)
                    yield defect(
                        "contradiction",
                        Text(
                            f"{_BOTH.zh}（補助，{yes.zh}；不補助，{no.zh}）",
                            f"{_BOTH.en} (funded, {yes.en}; refused, {no.en})",
                        ),
                        file="policy.toml",
                        column=f"clause.{rule.label}.fund, clause.{other.label}.refuse",
                        value=entry.id,
                    )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Note each decision beside the application it concerns."""
        row_of = {a: row for row, a in enumerate(records.applications["application_id"])}
        for entries, zh, en in (
            (self.fund, "補助", "funded"),
            (self.refuse, "不補助", "not funded"),
        ):
            for entry in entries:
                why = self.grounds_of(entry)
                message = Text(f"人工核定{zh}（{why.zh}）", f"{en} by hand ({why.en})")
                yield Finding(row_of[entry.id], Severity.FLAG, message)

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Each time that a decision names the application."""
        for entry in (*self.fund, *self.refuse):
            if entry.id == application.application_id:
                who = entry.decided_by if entry.decided_by else self.decided_by
                named = (who,) if who else ("未載明決定者", "nobody named")
                yield Ruling(Severity.FLAG, (named, entry.reason if entry.reason else self.reason))

    def no_room(self, shortage: Shortage) -> Text:
        """Say who refused it and why."""
        return self._refused(next(e for e in self.refuse if must_not(e.id) == shortage.about))

    def _refused(self, entry: Decided) -> Text:
        why = self.grounds_of(entry)
        return Text(f"人工核定不予補助（{why.zh}）", f"refused by hand ({why.en})")

    def accounts_for(self, round_: Round, decision: Decision) -> Mapping[int, Text]:
        """Say who decided it and why, of both lists."""
        ordinal = {i: a for a, i in enumerate(round_.ids)}
        said = dict(self.stands_against(round_, decision))
        for entry in self.fund:
            if entry.id in ordinal:
                why = self.grounds_of(entry)
                said[ordinal[entry.id]] = Text(
                    f"人工核定（{why.zh}）", f"decided by hand ({why.en})"
                )
        return said

    def rows(self, round_: Round) -> Sequence[Rows]:
        """State ``fund_a >= 1`` for the one list and ``fund_a <= 0`` for the other.

        An application that must be funded but is not eligible makes ``0 >= 1``: no solution.
        """
        ordinal = {application_id: a for a, application_id in enumerate(round_.ids)}
        wanted = [entry.id for entry in self.fund]
        refused = [entry.id for entry in self.refuse if entry.id in ordinal]
        return [
            *self._rows(wanted, ordinal, ">=", tuple(map(must, wanted))),
            *self._rows(refused, ordinal, "<=", tuple(map(must_not, refused))),
        ]

    def _rows(
        self,
        ids: Sequence[str],
        ordinal: Mapping[str, int],
        sense: Literal["<=", ">="],
        labels: tuple[Text, ...],
    ) -> Iterator[Rows]:
        if not ids:
            return
        row = np.array([r for r, i in enumerate(ids) if i in ordinal], dtype=np.int64)
        yield Rows(
            self.label,
            "fund",
            row=row,
            app=np.array([ordinal[ids[r]] for r in row.tolist()], dtype=np.int64),
            coefficient=np.ones(len(row), dtype=np.int64),
            sense=sense,
            rhs=exact([1 if sense == ">=" else 0] * len(ids)),
            labels=labels,
        )

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Look both lists up among the funded."""
        funded = {i for i, got in zip(round_.ids, decision.fund, strict=True) if got}
        for entry in self.fund:
            if entry.id not in funded:
                yield Violation(
                    self.label,
                    Text(f"{entry.id} 指定補助而未獲補助", f"{entry.id} must be funded and is not"),
                )
        for entry in self.refuse:
            if entry.id in funded:
                yield Violation(
                    self.label,
                    Text(f"{entry.id} 指定不補助而獲補助", f"{entry.id} must not be funded and is"),
                )


_BOTH = Text("同一申請同時指定補助與不補助", "the same application is both funded and refused")
