"""After publication: who keeps what was published, who has withdrawn, what is paid already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from optimizer.clauses.base import Clause, Finding, Ruling, Violation, key
from optimizer.foundation.exact import exact
from optimizer.language.text import Text, money
from optimizer.language.words import how_many
from optimizer.plain import Application, Papers
from optimizer.problems.errors import Problem, Severity, defect
from optimizer.program.rows import Decision, Rows, Shortage
from optimizer.tables.records import Records
from optimizer.tables.round import Round
from optimizer.tables.settings import Money

_WITHDRAWN = Text("已撤回：公布後撤回申請", "has been withdrawn")


@dataclass(frozen=True, kw_only=True)
class Promise(Clause):
    """What was published is kept: whoever was funded and is still eligible stays funded.

    Beyond the plan's own text. It is stated by ``subsidy revise``, not by hand: the withdrawn are
    refused, a reduced award is at most what it was reduced to, every other published award is at
    least what was published, and money paid to those who are no longer funded is not free again.
    """

    for_authors: ClassVar[Text] = Text(
        "由 subsidy revise 產生，不必自行撰寫。",
        "It is stated by subsidy revise, not by hand.",
    )
    kind: ClassVar[str] = "promise"
    title: ClassVar[Text] = Text("公布後維持原核定", "Published awards kept")
    fault: ClassVar[Text] = Text("公布後之異動", "changed since publication")
    withdraws: ClassVar[bool] = True
    each_alone: ClassVar[bool] = True
    sample: ClassVar[Mapping[str, Any]] = {"kept": {"A017": 3_000}, "withdrawn": ["A020"]}

    kept: Mapping[str, Money] = key("保留者及其核定金額下限", "who keeps at least how much, NT$")
    withdrawn: tuple[str, ...] = key("撤回者", "who has withdrawn", ())
    reduced: Mapping[str, Money] = key(
        "減列者及其金額上限", "reduced to at most, NT$", factory=dict
    )
    paid: Mapping[str, Money] = key("已撥付金額", "paid already, NT$", factory=dict)
    parent: str = key("前次公布結果之查核碼", "seal of the result that was published", "")

    def sentence(self) -> Text:
        """Say the promise in one sentence."""
        after = (
            Text(f"（查核碼 {self.parent}）", f" ({self.parent})") if self.parent else Text("", "")
        )
        gone = len(self.withdrawn)
        return Text(
            f"前次公布{after.zh}獲補助之 {len(self.kept)} 件，資格仍符者一律保留，金額不低於公布數"
            f"{'（減列者，不低於減列後之數）' if self.reduced else ''}{f'；{gone} 件已撤回' if gone else ''}。",
            f"Every award of the published list{after.en}, {len(self.kept)} in all, stays at what was "
            f"published{' (or reduced to)' if self.reduced else ''} or more while its application is "
            f"eligible{f'; {gone} withdrew' if gone else ''}.",
        )

    def premise(self) -> Text:
        """Say that what was published is kept."""
        return Text(
            f"保留前次公布之 {len(self.kept)} 件核定",
            f"with {how_many(len(self.kept), 'published award')} kept",
        )

    def misstated(self) -> Iterable[Problem]:
        """Refuse who both keeps an award and has withdrawn."""
        for both in sorted(set(self.kept) & set(self.withdrawn)):
            message = Text("同一申請既保留又撤回", "one application both keeps and has withdrawn")
            yield defect("contradiction", message, column="withdrawn", value=both[:80])

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse ids that no application has."""
        known = set(records.applications["application_id"])
        for column in ("kept", "withdrawn", "reduced", "paid"):
            for one in getattr(self, column):
                if one not in known:
                    message = Text(
                        "申請資料中沒有此編號；撤回者亦請保留於申請資料",
                        "no application has this number; keep even the withdrawn in the table",
                    )
                    yield self.wrong("unknown_application", message, key=column, value=one[:80])

    def screen(self, records: Records) -> Iterable[Finding]:
        """Refuse the withdrawn; hold the reduced to what they were reduced to."""
        row_of = {a: row for row, a in enumerate(records.applications["application_id"])}
        for one in self.withdrawn:
            yield Finding(row_of[one], Severity.REFUSAL, _WITHDRAWN)
        for one, most in self.reduced.items():
            if one not in self.withdrawn:
                said = Text(f"核定後減列為 {money(most)} 元", f"reduced to NT${money(most)} since")
                yield Finding(row_of[one], Severity.FLAG, said, limit=most)

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Look the application up among both."""
        mine = application.application_id
        if mine in self.withdrawn:
            yield Ruling(Severity.REFUSAL)
        elif mine in self.reduced:
            yield Ruling(Severity.FLAG, (self.reduced[mine],), limit=self.reduced[mine])

    def gone(self, ids: Iterable[str]) -> int:
        """Return NT$ paid to others than these, or beyond what these were reduced to."""
        there = set(ids)
        return sum(
            max(0, amount - self.reduced.get(one, amount)) if one in there else amount
            for one, amount in self.paid.items()
        )

    def rows(self, round_: Round) -> Sequence[Rows]:
        """State ``award_a >= kept_a`` (at most what it may get, NT$1 at least), and the money gone.

        An award is above nothing only where its application is funded: no row of its own says that.
        What is left of the pool is the pool: by its name the engines know that nothing else is like it.
        """
        floors = self._floors(round_)
        app = [a for a, one in enumerate(round_.ids) if one in floors]
        found = []
        if floors:
            found.append(
                Rows(
                    self.label,
                    "award",
                    row=np.arange(len(app)),
                    app=np.array(app, dtype=np.int64),
                    coefficient=np.ones(len(app), dtype=np.int64),
                    sense=">=",
                    rhs=exact(list(floors.values())),
                    labels=tuple(_label(one) for one in floors),
                )
            )
        if self.gone(round_.ids):
            everyone = np.ones(round_.size, dtype=np.int64)
            label = Text("扣除已撥付後之經費", "the pool less what is paid to others")
            most = round_.settings.pool.available - self.gone(round_.ids)
            found.append(Rows.single("pool", "award", everyone, sense="<=", rhs=most, label=label))
        return found

    def _floors(self, round_: Round) -> dict[str, int]:
        """Return what each that is still eligible keeps; no more than it may get at all."""
        most = zip(round_.ids, round_.most.tolist(), strict=True)
        return {i: max(1, min(self.kept[i], int(top))) for i, top in most if i in self.kept}

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Look up what everyone keeps, and add up what is spent beside what does not come back."""
        spent, gone, there = 0, 0, set(round_.ids)
        for a, one in enumerate(round_.ids):
            award, least = int(decision.award[a]), min(self.kept.get(one, 0), int(round_.most[a]))
            spent += award
            if award < least or (one in self.kept and not decision.fund[a]):
                yield Violation(self.label, _broken(one, award, least), one)
        for one, amount in self.paid.items():
            of_the_award = min(amount, self.reduced.get(one, amount)) if one in there else 0
            gone += amount - of_the_award
        available = round_.settings.pool.available
        if gone and spent + gone > available:
            said = Text(
                f"核定 {money(spent)} 元，連同已撥付而未能收回之 {money(gone)} 元，"
                f"超過可用經費 {money(available)} 元",
                f"awards of NT${money(spent)} and NT${money(gone)} paid to others exceed the "
                f"NT${money(available)} available",
            )
            yield Violation(self.label, said)

    def no_room(self, shortage: Shortage) -> Text:
        """Say what is left of the pool, less what is not given back: nothing else of it keeps one out."""
        left = money(shortage.bound - shortage.now)
        needs, least = money(shortage.then - shortage.now), shortage.may_get_more
        return Text(
            f"經費扣除已撥付而未收回者後，餘額 {left} 元不足本案{'至少' if least else ''}所需 {needs} 元",
            f"NT${left} of the pool is left, less what was paid and not given back, and this one needs "
            f"NT${needs}{' at the least' if least else ''}",
        )

    def accounts_for(self, round_: Round, decision: Decision) -> Mapping[int, Text]:
        """Say who keeps what was published, and of whom that is another amount now."""
        awards = zip(round_.ids, decision.award.tolist(), strict=True)
        return {a: self._kept_words(i, now) for a, (i, now) in enumerate(awards) if i in self.kept}

    def _kept_words(self, one: str, now: int) -> Text:
        """Say what became of an award that was published; to what it was reduced, its amount says."""
        was, least, award = self.kept[one], money(self.kept[one]), money(now)
        if self.reduced.get(one) == was == now:
            return Text("減列後仍予補助", "stays funded after its reduction")
        if now > was:
            return Text(
                f"本次異動後由前次公布之 {least} 元調高為 {award} 元",
                f"raised from the published NT${least} to NT${award} after the changes of this revision",
            )
        if now < was:
            return Text(
                f"更正後由前次公布之 {least} 元調降為 {award} 元",
                f"lowered from the published NT${least} to NT${award} after a correction",
            )
        return Text(f"保留前次公布之 {least} 元", f"keeps the published NT${least}")


def _label(one: str) -> Text:
    return Text(f"{one} 保留公布之核定", f"{one} keeps its published award")


def _broken(one: str, award: int, least: int) -> Text:
    return Text(
        f"{one} 應至少保留 {money(least)} 元，而為 {money(award)} 元",
        f"{one} keeps at least NT${money(least)} and gets NT${money(award)}",
    )
