"""Why each application got what it got: statements of fact about the allocation itself.

Every sentence can be checked from the tables alone. What *would* have had to differ is another
question, answered by solving again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optimizer.clauses.coverage import Coverage
from optimizer.clauses.fixed import Fixed
from optimizer.clauses.school_cap import SchoolCap
from optimizer.errors import Severity
from optimizer.exact import IntArray, grouped
from optimizer.text import Text, money
from optimizer.words import each, points, term

if TYPE_CHECKING:
    from optimizer.allocation import Allocation


@dataclass(frozen=True)
class Reason:
    """A short stable code and the sentence for people."""

    code: str
    text: Text


def reasons(allocation: Allocation) -> list[Reason]:
    """Return one reason for every application, in application_id order."""
    count = len(allocation.case.records.applications)
    found: list[Reason | None] = [None] * count
    refused = _Facts(allocation)
    for a, row in enumerate(allocation.scored.round.position):
        found[int(row)] = (
            refused.funded(a) if allocation.decision.fund[a] else refused.not_funded(a)
        )
    for remark in allocation.scored.remarks:
        finding = remark.finding
        if finding.severity is Severity.REFUSAL and found[finding.application] is None:
            found[finding.application] = Reason(remark.clause, finding.message)
    missing = Reason("ineligible", Text("不符資格", "not eligible"))
    return [reason or missing for reason in found]


def ranks(merit: IntArray) -> list[int]:
    """Return competition ranks: 1 + the number of strictly better ones."""
    ordered = np.sort(merit)
    better = len(ordered) - np.searchsorted(ordered, merit, side="right")
    return [count + 1 for count in better.tolist()]


def _covered(column: str, value: str) -> Text:
    """Name a covered value; a district needs no word before its name."""
    word, said = term(column), term(value)
    if column == "district":
        return said
    return Text(f"{word.zh}「{said.zh}」", f"{word.en} {said.en}")


class _Facts:
    """Figures of the allocation that reasons refer to, worked out once."""

    def __init__(self, allocation: Allocation) -> None:
        self.allocation = allocation
        self.round = allocation.scored.round
        self.decision = allocation.decision
        self.certainty = allocation.certainty
        self.left = allocation.available - allocation.spent
        clauses = allocation.case.policy.clauses
        self.cap = min(
            (c for c in clauses if isinstance(c, SchoolCap)), key=lambda c: c.amount, default=None
        )
        self.by_hand = {
            application_id: clause
            for clause in clauses
            if isinstance(clause, Fixed)
            for application_id in (*clause.fund, *clause.refuse)
        }
        schools = len(self.round.records.schools)
        self.received = grouped(self.decision.award, self.round.school, schools)
        self.alone = self._alone()
        self.rank = ranks(self.round.merit)
        self.merit = each(self.round.merit, self.round.merit_denominator, points)

    def _alone(self) -> dict[int, Text]:
        """Return what each funded application alone keeps covered, such as its district."""
        found: dict[int, Text] = {}
        for priority in self.allocation.case.policy.priorities:
            if isinstance(priority, Coverage):
                cells = self.round.table[priority.column].astype(str).to_numpy()
                values, first, counts = np.unique(
                    cells[self.decision.fund], return_index=True, return_counts=True
                )
                funded = np.flatnonzero(self.decision.fund)
                for value, i, n in zip(values, first, counts, strict=True):
                    if n == 1:
                        found.setdefault(int(funded[i]), _covered(priority.column, str(value)))
        return found

    def _standing(self, a: int) -> Text:
        merit, rank, count = self.merit[a], self.rank[a], self.round.size
        return Text(
            f"審查分數 {merit} 分，符合資格之 {count} 件中第 {rank} 名",
            f"merit {merit}, rank {rank} of {count} eligible applications",
        )

    def funded(self, a: int) -> Reason:
        """Say what speaks for a funded application."""
        application_id = self.round.ids[a]
        standing = self._standing(a)
        if application_id in self.by_hand:
            grounds = self.by_hand[application_id].grounds
            return Reason(
                "decision",
                Text(
                    f"人工核定補助（{grounds.zh}）；{standing.zh}",
                    f"funded by hand ({grounds.en}); {standing.en}",
                ),
            )
        if a in self.alone:
            of = self.alone[a]
            return Reason(
                "coverage",
                Text(
                    f"{of.zh}唯一獲補助者；{standing.zh}",
                    f"the only funded application of {of.en}; {standing.en}",
                ),
            )
        if self.certainty is not None and self.certainty[a] == "some":
            return Reason(
                "draw",
                Text(
                    f"條件相同，經抽籤獲選；{standing.zh}",
                    f"equally good lists leave it out; the draw chose this one; {standing.en}",
                ),
            )
        return Reason("merit", standing)

    def not_funded(self, a: int) -> Reason:
        """Say which room is missing for an application that got nothing."""
        application_id, needs = self.round.ids[a], int(self.round.least[a])
        standing = self._standing(a)
        if application_id in self.by_hand:
            grounds = self.by_hand[application_id].grounds
            return Reason(
                "decision",
                Text(f"人工核定不補助（{grounds.zh}）", f"not funded by hand ({grounds.en})"),
            )
        if self.certainty is not None and self.certainty[a] == "some":
            return Reason(
                "draw",
                Text(
                    f"條件相同，經抽籤未獲選；{standing.zh}",
                    f"equally good lists fund it; the draw chose another; {standing.en}",
                ),
            )
        if self.cap is not None:
            received = int(self.received[self.round.school[a]])
            if received + needs > self.cap.amount:
                return Reason(
                    "school_cap",
                    Text(
                        f"該校已獲 {money(received)} 元，加上本案 {money(needs)} 元將超過每校上限 "
                        f"{money(self.cap.amount)} 元；{standing.zh}",
                        f"its school receives NT${money(received)}; NT${money(needs)} more would "
                        f"exceed the cap of NT${money(self.cap.amount)}; {standing.en}",
                    ),
                )
        if self.left < needs:
            return Reason(
                "pool",
                Text(
                    f"經費餘額 {money(self.left)} 元不足本案所需 {money(needs)} 元；{standing.zh}",
                    f"NT${money(self.left)} of the pool is left, less than the NT${money(needs)} "
                    f"it would take; {standing.en}",
                ),
            )
        return Reason("priority", self._kept_out(standing))

    def _kept_out(self, standing: Text) -> Text:
        """Say why money is left and yet not given; only what is proved is called impossible."""
        if self.certainty is None:
            return Text(
                f"經費有餘，惟本名單尚未定案，未列本案；{standing.zh}",
                f"there is money left, but this list, which is not settled, leaves it out; "
                f"{standing.en}",
            )
        return Text(
            f"經費有餘，但補助本案將牴觸規則或有損優先順序；{standing.zh}",
            f"there is money left, but funding it would break a rule or cost a priority; "
            f"{standing.en}",
        )
