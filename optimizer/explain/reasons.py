"""Why each application got what it got: statements of fact about the allocation itself.

Every sentence can be checked from the tables alone. What *would* have had to differ is another
question, answered by solving again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.clauses import Clause
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import IntArray
from optimizer.language.text import Text
from optimizer.language.words import each, points
from optimizer.problems.errors import Severity

_INELIGIBLE = Text("不符資格", "not eligible")
_WON = Text("條件相同，經抽籤獲選", "equally good lists leave it out; the draw chose this one")
_LOST = Text("條件相同，經抽籤未獲選", "equally good lists fund it; the draw chose another")
_BEHIND = Text(
    "加入本案不違反任何規則，但整體在優先順序上不如現有名單",
    "no rule stands against it, but by the priorities the list would be worse with it added",
)
_OPEN = Text(
    "加入本案不違反任何規則；求解未完成，尚不能斷定應否獲補助",
    "no rule stands against it; solving did not finish, so it may belong on the list",
)


@dataclass(frozen=True)
class Reason:
    """A short stable code (of a rule: its kind) and the sentence for people."""

    code: str
    text: Text


def reasons(facts: Certified) -> list[Reason]:
    """Return one reason for every application, in application_id order."""
    found: list[Reason | None] = [None] * len(facts.case.records.applications)
    said = _Facts(facts)
    for a, row in enumerate(facts.scored.round.position):
        found[int(row)] = said.funded(a) if facts.decision.fund[a] else said.not_funded(a)
    for remark in facts.scored.remarks:
        finding = remark.finding
        if finding.severity is Severity.REFUSAL and found[finding.application] is None:
            found[finding.application] = Reason(remark.clause, finding.message)
    return [reason or Reason("ineligible", _INELIGIBLE) for reason in found]


def ranks(merit: IntArray) -> list[int]:
    """Return competition ranks: 1 + the number of strictly better ones."""
    ordered = np.sort(merit)
    better = len(ordered) - np.searchsorted(ordered, merit, side="right")
    return [count + 1 for count in better.tolist()]


class _Facts:
    """What every rule says of the allocation, asked once."""

    def __init__(self, facts: Certified) -> None:
        round_, decision = facts.scored.round, facts.decision
        policy, self.certainty = facts.case.policy, facts.certainty
        self.optimal = facts.solution.optimal
        self.rank = ranks(round_.merit)
        self.ids, self.school = round_.ids, round_.school
        self.funded_of: dict[int, list[int]] = {}
        for a in np.flatnonzero(decision.fund).tolist():
            self.funded_of.setdefault(int(self.school[a]), []).append(a)
        self.merit = each(round_.merit, round_.merit_denominator, points)
        rules = sorted(policy.clauses, key=lambda rule: rule.section != "clause")
        self.against = _first((rule, rule.stands_against(round_, decision)) for rule in rules)
        self.alone = _first((rule, rule.accounts_for(round_, decision)) for rule in policy.rules)

    def funded(self, a: int) -> Reason:
        """Say what speaks for a funded application."""
        if a in self.alone:
            return self._standing(self.alone[a], a)
        if self._drawn(a):
            return self._standing(Reason("draw", _WON), a)
        return Reason("merit", self._rank(a))

    def not_funded(self, a: int) -> Reason:
        """Say which rule keeps out an application that got nothing, or what else came first."""
        if a in self.alone:
            return self.alone[a]
        if self._drawn(a):
            return self._standing(Reason("draw", _LOST), a)
        behind = Reason("priority", _BEHIND if self.optimal else _OPEN)
        return self._standing(self._sisters(a, self.against.get(a, behind)), a)

    def _sisters(self, a: int, reason: Reason) -> Reason:
        """Name the funded of its own school: a cap does not choose, the list does."""
        mine = self.funded_of.get(int(self.school[a]), [])
        if not mine:
            return reason
        named = [(self.ids[s], self.merit[s]) for s in mine]
        zh = "、".join(f"{i}（{merit} 分）" for i, merit in named)
        en = ", ".join(f"{i} ({merit} points)" for i, merit in named)
        return Reason(
            reason.code,
            Text(
                f"{reason.text.zh}；同校獲補助：{zh}",
                f"{reason.text.en}; funded of its school: {en}",
            ),
        )

    def _drawn(self, a: int) -> bool:
        return self.certainty is not None and self.certainty[a] == "some"

    def _standing(self, reason: Reason, a: int) -> Reason:
        said, rank = reason.text, self._rank(a)
        return Reason(reason.code, Text(f"{said.zh}；{rank.zh}", f"{said.en}; {rank.en}"))

    def _rank(self, a: int) -> Text:
        merit, rank, count = self.merit[a], self.rank[a], len(self.rank)
        return Text(
            f"審查分數 {merit} 分，符合資格之 {count} 件中第 {rank} 名",
            f"merit {merit}, rank {rank} of {count} eligible applications",
        )


def _first(said: Iterable[tuple[Clause, Mapping[int, Text]]]) -> dict[int, Reason]:
    """Return what the first rule that has a word on it says of each application."""
    found: dict[int, Reason] = {}
    for rule, mine in said:
        found = {a: Reason(rule.kind, text) for a, text in mine.items()} | found
    return found
