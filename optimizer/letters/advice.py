"""What a school that got nothing is told for its next application: only what it can act upon itself.

What is true and helps nobody, such as the one small sum that would just have fitted, a larger pool
or a rule to be waived, stays on the official's page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from optimizer.clauses import Clause
from optimizer.explain.explanation import Explanation, Need, Statement
from optimizer.explain.naming import joined
from optimizer.explain.need_words import DRAWN, SURE
from optimizer.explain.reasons import Reason
from optimizer.language.text import Text

if TYPE_CHECKING:
    from optimizer.facts.certified import Certified

_NOTHING = Text(
    "在本次申請與評分結果下，提高本案分數或減少申請金額，均無法獲補助",
    "by the requests and the reviews of this round, neither a better score nor a smaller request would "
    "have had it funded",
)


class Advice:
    """What the schools of one round are told.

    Parameters
    ----------
    facts
        The certified result.
    reasons
        The short reason of every application, in the order of their rows.
    others
        Whether other schools may be named.
    """

    def __init__(self, facts: Certified, reasons: list[Reason], others: bool) -> None:
        self._facts, self._reasons, self._others = facts, reasons, others
        table = facts.case.records.applications
        self._school = dict(zip(table["application_id"], table["school"], strict=True))
        self._row = {str(own_id): row for row, own_id in enumerate(table["application_id"])}

    def to(self, explanation: Explanation) -> list[Statement]:
        """Return what is said to the school of an application; nothing unless it is eligible."""
        if explanation.status != "not_funded":
            return []
        needs = {need.code: need for need in explanation.needs}
        return [*self._changes(explanation, needs), *self._sisters(explanation)]

    def _changes(self, one: Explanation, needs: Mapping[str, Need]) -> Iterator[Statement]:
        """Yield what would have helped; that nothing would have, only where nothing at all would."""
        merit, request, rivals = needs.get("merit"), needs.get("request"), needs.get("rivals")
        if merit and request and _hopeless(merit) and _hopeless(request):
            yield Statement("nothing", _NOTHING, _NOTHING)
        else:
            yield from (need for need in (merit, request) if need and _to_be_said(need))
        if rivals and rivals.helps:
            yield from self._without(one.application_id, rivals)

    def _without(self, own_id: str, rivals: Need) -> Iterator[Statement]:
        """Name those of its own school in whose absence it might have been funded."""
        mine = [
            those
            for those in rivals.rivals
            if {self._school[one] for one in those} == {self._school[own_id]}
        ]
        if self._others:
            yield rivals
        elif mine:
            sure = [those for those in mine if those not in rivals.drawn]
            drawn = [those for those in mine if those in rivals.drawn]
            said = joined(
                _alone(some, then, bool(self._facts.premise))
                for some, then in ((sure, SURE), (drawn, DRAWN))
                if some
            )
            yield Statement("rivals", said, said)

    def _sisters(self, one: Explanation) -> Iterator[Statement]:
        """Yield what a rule tells a school whose own application holds the place."""
        if one.because.code == "sister":
            for rule in rules_behind(self._facts, self._reasons[self._row[one.application_id]]):
                if rule.for_sisters:
                    yield Statement("sisters", rule.for_sisters, rule.for_sisters)


def _alone(sets: Collection[Collection[str]], then: Text, kept: bool) -> Text:
    """Say what would be had the school not also applied with any one of some sets."""
    zh, en = "或".join(map("、".join, sets)), " or ".join(map(" and ".join, sets))
    if kept:
        return Text(f"若貴校撤回 {zh}，本案{then.zh}", f"{then.en} if your school withdrew {en}")
    return Text(
        f"若當初貴校未另申請 {zh}，本案{then.zh}",
        f"{then.en} had your school not also applied with {en}",
    )


def _hopeless(need: Need) -> bool:
    """Return whether it is proved that nothing of its kind funds the application."""
    return need.certain and not need.helps


def _to_be_said(need: Need) -> bool:
    """Return whether a school is told of a measure: what helps and can be advised, or that nothing does."""
    return (need.advised and need.helps) or _hopeless(need)


def rules_behind(facts: Certified, reason: Reason) -> list[Clause]:
    """Return the rules that a short reason rests on: the one that it names, else those of its kind."""
    if reason.rule:
        return [reason.rule]
    return [rule for rule in facts.case.policy.rules if rule.kind == reason.code]
