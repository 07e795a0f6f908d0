"""What is told of an application that got nothing, by letter and by telephone: the same to both.

What would have had it funded, as far as it lies with the school: its score, what it asked for, what
else the school handed in. A larger pool or a rule to be waived is not for the asking, and is told by
`optimizer.explain` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from optimizer.clauses import Clause
from optimizer.explain.explanation import Explanation, Need, Statement
from optimizer.explain.naming import short
from optimizer.explain.need_words import DRAWN, SURE
from optimizer.explain.reasons import Reason, ranks
from optimizer.language.text import Text, sentences
from optimizer.language.words import each, points

if TYPE_CHECKING:
    from optimizer.facts.certified import Certified

_NOTHING = Text(
    "在本次申請與評分結果下，提高本案分數或減少申請金額，均無法獲補助",
    "by the requests and the reviews of this round, neither a better score nor a smaller request would "
    "have had it funded",
)
_IN_SHORT = Text(
    "提高分數或減少申請金額，均無法獲補助",
    "neither a better score nor a smaller request would have had it funded",
)
_FEW = 3  # of any school: of more, none had a part in it that its school should be told by name
Sets = Sequence[Sequence[str]]


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
        return [*self.needs(explanation), *self.later(explanation), *self._sisters(explanation)]

    def later(self, explanation: Explanation) -> list[Statement]:
        """Return whether it may still come in after publication, in the words of the telephone."""
        return [one for one in explanation.more if one.code in ("waiting", "behind")]

    def needs(self, explanation: Explanation) -> list[Statement]:
        """Return what would have had an eligible one funded; that nothing would have, where nothing would."""
        if explanation.status != "not_funded":
            return []
        return list(self._changes({need.code: need for need in explanation.needs}, explanation))

    def _changes(self, needs: Mapping[str, Need], one: Explanation) -> Iterator[Statement]:
        merit, request, rivals = needs.get("merit"), needs.get("request"), needs.get("rivals")
        if merit and request and _hopeless(merit) and _hopeless(request):
            yield Statement("nothing", _NOTHING, _NOTHING, _IN_SHORT)
        else:
            yield from (n for n in (merit, request) if n and (n.helps or _hopeless(n)))
        if rivals and rivals.helps:
            yield from self._without(one.application_id, rivals)
        if "more" in needs and needs["more"].helps:
            yield needs["more"]

    def _without(self, own_id: str, rivals: Need) -> Iterator[Statement]:
        """Name those without whom it might have been funded: its own school's, or few where others may be named."""
        if self._others and len(rivals.rivals) <= _FEW:
            yield rivals
            return
        mine = [those for those in rivals.rivals if self._own(own_id, those)]
        pairs = (
            ([those for those in mine if (those in rivals.drawn) is drawn], then)
            for drawn, then in ((False, SURE), (True, DRAWN))
        )
        said = sentences(
            _alone(some, then, bool(self._facts.premise)) for some, then in pairs if some
        )
        if said:
            yield Statement("rivals", said, said, short(said.en, said.zh))

    def _own(self, own_id: str, those: Sequence[str]) -> bool:
        """Return whether they all are of its own school."""
        return {self._school[one] for one in those} == {self._school[own_id]}

    def _sisters(self, one: Explanation) -> Iterator[Statement]:
        """Yield what a rule tells a school whose own application holds the place."""
        if one.because.code == "sister":
            for rule in rules_behind(self._facts, self._reasons[self._row[one.application_id]]):
                if rule.for_sisters:
                    yield Statement("sisters", rule.for_sisters, rule.for_sisters)


def _alone(sets: Sets, then: Text, kept: bool) -> Text:
    """Say what would be had the school not also applied with any one of some sets."""
    zh, en = "、或 ".join(map(" 及 ".join, sets)), " or ".join(map(" and ".join, sets))
    if len(sets) > 1 and len(sets[0]) == 1:
        several = [one for [one] in sets]
        zh, en = f"{'、'.join(several)} 其中任一件", f"any one of {', '.join(several)}"
    if kept:
        return Text(
            f"試算：本次修正時如無貴校 {zh}，本案{then.zh}",
            f"by calculation, {then.en} without {en} of your school at this revision",
        )
    return Text(
        f"若當初貴校未另申請 {zh}，本案{then.zh}",
        f"{then.en} had your school not also applied with {en}",
    )


def _hopeless(need: Need) -> bool:
    """Return whether it is proved that nothing of its kind funds the application."""
    return need.certain and not need.helps


def rules_behind(facts: Certified, reason: Reason) -> list[Clause]:
    """Return the rule that a short reason rests on: the one that it names, else the only one of its kind."""
    if reason.rule:
        return [reason.rule]
    alike = [rule for rule in facts.case.policy.rules if rule.kind == reason.code]
    return alike if len(alike) == 1 else []


def standings(facts: Certified) -> dict[str, Text]:
    """Return the merit and the rank of every eligible application, in short."""
    round_ = facts.scored.round
    told = zip(
        each(round_.merit, round_.merit_denominator, points), ranks(round_.merit), strict=True
    )
    return {
        own_id: Text(
            f"{merit} 分，{round_.size} 件中第 {rank} 名",
            f"merit {merit}, rank {rank} of {round_.size}",
        )
        for own_id, (merit, rank) in zip(round_.ids, told, strict=True)
    }
