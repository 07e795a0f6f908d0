"""Why each application got what it got: the short reason, the same wherever it is said.

For who got nothing it is the first that applies: not eligible; no list can fund it whatever the
others get; another one of its school holds its place (who, before the cap: a cap does not choose;
and why, where its award is kept or decided by hand); no list can fund it beside what rules ask of
the others; others come first; the draw. That an earlier decision is kept is said of those alone whom the best
list without it would fund (`Certified.kept_out`). Each is a fact of the list itself, that can be checked from
the tables alone; what the best list with it would be, and what would have had to differ, is solved
(`optimizer.explain.because`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from optimizer.clauses import Clause
from optimizer.explain.deciding import NOT_HEAVIER, Deciding
from optimizer.explain.impossible import held_by_sisters
from optimizer.explain.in_part import in_part
from optimizer.explain.naming import Naming
from optimizer.explain.possible import NOBODY, granted_by_name, never_funded, unfit
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import IntArray
from optimizer.foundation.frozen import kept_with
from optimizer.language.text import EMPTY, Text, joined as in_a_row, sentences
from optimizer.language.words import each, how_many, points
from optimizer.program.rows import Decision

Why = Literal["ineligible", "impossible", "sister", "others", "draw", "unsettled", "funded"]

Filled = Mapping[tuple[int, str], tuple[int, ...]]  # who fills it, by the application and the rule

_INELIGIBLE = Text("不符資格", "not eligible")
WON = Text("條件相同，經抽籤獲選", "equally good lists leave it out; the draw chose this one")
LOST = Text("條件相同，經抽籤未獲選", "equally good lists fund it; the draw chose another")
_BEHIND = Text(
    "加入本案不違反任何規則，但整體在優先順序上不如現有名單",
    "no rule stands against it, but by the priorities the list would be worse with it added",
)
_INSTEAD = Text(
    "以本案取代他案，整體名單在優先順序上較差",
    "with it in the place of others the list would be worse by the priorities",
)
OTHERS = Text("依優先順序由他案獲補助", "others come first by the priorities")
_TO_OTHERS = Text("經費已依優先順序核給他案", OTHERS.en)
_OPEN = Text(
    "加入本案不違反任何規則；求解未完成，尚不能斷定應否獲補助",
    "no rule stands against it; solving did not finish, so it may belong on the list",
)


_KEPT = Text("已公布之核定不收回；", "published awards are not taken back; ")
_ON_MERIT = Text("依審查分數獲補助", "funded on its merit")
_NEVER = Text("任何合於規則的名單都不能補助本案", "no list that obeys the rules can fund it")


@dataclass(frozen=True)
class Reason:
    """Why one application got what it got.

    Parameters
    ----------
    code
        Short and stable: of a rule, its kind.
    clause
        The reason in a few words, which awards.csv, passed_over.csv and explanations share.
    why
        Which of the reasons it is, as explanations call it.
    standing
        Its merit and rank; empty where the clause says it, or where they do not matter.
    head
        What the clause says before it goes into figures; empty where it has none.
    sisters
        The funded of its own school that hold its place, by ordinal.
    rule
        The rule that it names; None where it names none.
    heavier
        In a few words, how sisters of less merit count for more; empty where they do not.
    sums
        The same with its sums, for who works them out again.
    less
        Why its award is less than its request; empty where it is not.
    """

    code: str
    clause: Text
    why: Why
    standing: Text = EMPTY
    head: Text = EMPTY
    sisters: tuple[int, ...] = ()
    rule: Clause | None = None
    heavier: Text = EMPTY
    sums: Text = EMPTY
    less: Text = EMPTY

    @property
    def brief(self) -> Text:
        """The reason without its figures, for where room is short."""
        return self.head or self.clause

    @property
    def text(self) -> Text:
        """The whole sentence."""
        return sentences([self.clause, self.less, self.standing])


@kept_with
def reasons(facts: Certified) -> list[Reason]:
    """Return one reason for every application, in application_id order."""
    return list(each_reason(facts))


def each_reason(facts: Certified) -> Iterator[Reason]:
    """Yield the reasons one by one, for who may want to hear no more of them; see `reasons`."""
    eligible = {int(row): a for a, row in enumerate(facts.scored.round.position)}
    for row in range(len(facts.case.records.applications)):
        if (a := eligible.get(row)) is not None:
            yield reason_of(facts, a)
        elif row in facts.refusals:
            first, *_ = facts.refusals[row]
            yield Reason(first.clause, first.finding.message, "ineligible")
        else:
            yield Reason("ineligible", _INELIGIBLE, "ineligible")


def reason_of(facts: Certified, a: int) -> Reason:
    """Return the reason of one eligible application, by ordinal, and leave the others alone."""
    return _asked_once(facts).of(a)


def not_worked_out(facts: Certified) -> int:
    """Return how many questions about the list were not worked out within their effort, of those that reasons ask.

    Of each application, whether any list funds it; and who would be on the list were no earlier decision kept.
    """
    return len(_asked_once(facts).closed.open) + facts.kept_out_open


@kept_with
def _asked_once(facts: Certified) -> _Facts:
    return _Facts(facts)


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
        self.fund, self.optimal = decision.fund, facts.solution.optimal
        self.known: dict[int, Reason] = {}
        self.less = in_part(facts)
        self.rank = ranks(round_.merit)
        self.naming = Naming(facts)
        self.merit = each(round_.merit, round_.merit_denominator, points)
        rules = sorted(policy.clauses, key=lambda rule: rule.section != "clause")
        self.against = [(rule, rule.stands_against(round_, decision)) for rule in rules]
        self.alone = _first((rule, rule.accounts_for(round_, decision)) for rule in policy.rules)
        program = facts.program
        self.sisters, self.deciding = (
            held_by_sisters(program, decision, round_.school),
            Deciding(facts),
        )
        self.kept_out, self.premise = facts.kept_out, facts.premise
        self.closed = never_funded(program, decision) if self.optimal else NOBODY
        self.never = _whatever_is_kept(facts, self.closed.never)
        self.unfit = unfit(program) if self.never else {}
        self.promised, self.by_hand = (
            granted_by_name(program, decision, {rule.label for rule in some})
            for some in ([r for r in rules if r.premise()], [r for r in rules if r.by_hand])
        )
        kept = Decision.of(np.maximum(self.promised.award, self.by_hand.award))
        self.kept = held_by_sisters(program, kept, round_.school) if self.never else {}

    def of(self, a: int) -> Reason:
        """Return the reason of one of them."""
        if a not in self.known:
            self.known[a] = (
                replace(self.funded(a), less=self.less(a)) if self.fund[a] else self.not_funded(a)
            )
        return self.known[a]

    def funded(self, a: int) -> Reason:
        """Say what speaks for a funded application."""
        if a in self.alone:
            return self._funded_alone(a, *self.alone[a])
        if self._drawn(a):
            return Reason("draw", WON, "draw", self._rank(a))
        if needing := self.deciding.needed.get(a):
            title = needing.spoken
            text = Text(f"少了本案即不符「{title.zh}」", f'without it "{title.en}" would be broken')
            return Reason(needing.kind, text, "funded", self._rank(a), rule=needing)
        return self._preferred(a)

    def _funded_alone(self, a: int, rule: Clause, text: Text) -> Reason:
        """Say what one rule alone decided; of a priority, that it comes first, too."""
        clause, title = text, rule.spoken
        if rule.section == "priority":
            by = Text(f"，依「{title.zh}」優先", f' (put first by "{title.en}")')
            clause = Text(f"{text.zh}{by.zh}", f"{text.en}{by.en}")
        return Reason(rule.kind, clause, "funded", self._rank(a), head=text, rule=rule)

    def _preferred(self, a: int) -> Reason:
        """Say which priority decided for a funded application, where it is known."""
        priority = self.deciding.priority(a) if self.optimal else None
        if priority is None:
            return Reason("merit", self._rank(a), "funded")
        if self.deciding.by_merit(priority):
            without = Text(f"若不補助本案，{priority.worse.zh}", f"without it {priority.worse.en}")
            said = _and_why(_ON_MERIT, without)
            return Reason("merit", said, "funded", self._rank(a), head=_ON_MERIT, rule=priority)
        title = priority.spoken
        said = Text(
            f"條件相當，依「{title.zh}」獲補助", f'conditions being equal, funded by "{title.en}"'
        )
        return Reason(priority.kind, said, "funded", self._rank(a), rule=priority)

    def not_funded(self, a: int) -> Reason:
        """Say the first reason that applies to an application that got nothing."""
        if a in self.alone:
            rule, text = self.alone[a]
            return Reason(rule.kind, text, "impossible", rule=rule)
        if a in self.never:
            return self._never(a)
        if not self.optimal:
            return self._unsettled(a)
        if self._drawn(a):
            return Reason("draw", LOST, "draw", self._rank(a))
        return self._sister(a, self.sisters) or self._others(a)

    def _never(self, a: int) -> Reason:
        """Say why no list funds it: by itself, by a sister that stays whatever happens, by the others."""
        if a in self.unfit:
            return self._impossible(a, self.unfit[a])
        return self._sister(a, self.kept) or self._impossible(a, self.never[a])

    def _impossible(self, a: int, label: str | None) -> Reason:
        """Name the rule that it would break in every list, if one alone says so."""
        never = _NEVER
        if a in self.kept_out:
            never = Text(f"以{self.premise.zh}為前提，{never.zh}", f"{never.en}, {self.premise.en}")
        for rule, said in self.against:
            if rule.label == label and a in said:
                clause, rank = _and_why(never, said[a]), self._rank(a)
                return Reason(rule.kind, clause, "impossible", rank, head=never, rule=rule)
        return Reason("impossible", never, "impossible", self._rank(a))

    def _unsettled(self, a: int) -> Reason:
        rule, text = self._first_against(a)
        code = rule.kind if rule else "unsettled"
        return Reason(code, text or _OPEN, "unsettled", self._rank(a), rule=rule)

    def _sister(self, a: int, filled: Filled) -> Reason | None:
        """Name the funded of its own school that fill a rule: a cap does not choose, the list does."""
        for rule, said in self.against:
            sure = filled.get((a, rule.label), ())
            if sure and a in said:
                mine = self.sisters.get((a, rule.label), sure)
                named, kept = self._funded_sisters(mine), self._kept(a)
                head = Text(f"{kept.zh}同校 {named.zh}", f"{kept.en}{named.en}")
                heavier = self.deciding.heavier(a, mine) if filled is self.sisters else NOT_HEAVIER
                return Reason(
                    rule.kind,
                    sentences([_and_why(head, said[a]), heavier.full]),
                    "sister",
                    self._rank(a),
                    head=head,
                    sisters=mine,
                    rule=rule,
                    heavier=heavier.in_short,
                    sums=heavier.sums,
                )
        return None

    def _funded_sisters(self, mine: Iterable[int]) -> Text:
        """Name them, those apart whom the bureau funded by hand."""
        said = []
        for by_hand, zh, en in (
            (True, "經人工核定獲補助", "funded by hand"),
            (False, "已獲補助", "funded"),
        ):
            some = [s for s in mine if self._by_hand(s) is by_hand]
            if some:
                named, are = self.naming.awarded(some), "is" if len(some) == 1 else "are"
                said.append(Text(f"{named.zh}{zh}", f"{named.en} of its own school {are} {en}"))
        return in_a_row(said)

    def _by_hand(self, a: int) -> bool:
        return bool(self.by_hand.fund[a] and not self.promised.fund[a])

    def _kept(self, a: int) -> Text:
        """Say that what was published is not taken back, where that decides."""
        return _KEPT if a in self.kept_out else EMPTY

    def _others(self, a: int) -> Reason:
        """Say what leaves no room, and that to make room for it is worse: nobody was simply late."""
        rule, text = self._first_against(a)
        if rule is None:
            return Reason("priority", _BEHIND, "others", self._rank(a))
        first = _TO_OTHERS if rule.section == "pool" else OTHERS
        kept = self._kept(a)
        head = Text(f"{kept.zh}{first.zh}", f"{kept.en}{first.en}")
        standing = sentences([self._worse(a), self._rank(a)])
        return Reason(rule.kind, _and_why(head, text), "others", standing, head=head, rule=rule)

    def _worse(self, a: int) -> Text:
        """Say that every list with it is worse, where that is proved and there is one, or may be."""
        none = self.certainty is not None and self.certainty[a] == "none"
        if not none or a in self.closed.never:
            return EMPTY
        return _not_told(self.closed.questions) if a in self.closed.open else _INSTEAD

    def _first_against(self, a: int) -> tuple[Clause | None, Text]:
        return next(((rule, said[a]) for rule, said in self.against if a in said), (None, EMPTY))

    def _drawn(self, a: int) -> bool:
        return self.certainty is not None and self.certainty[a] == "some"

    def _rank(self, a: int) -> Text:
        merit, rank, count = self.merit[a], self.rank[a], len(self.rank)
        return Text(
            f"審查分數 {merit} 分，符合資格之 {count} 件中第 {rank} 名",
            f"merit {merit}, rank {rank} of {count} eligible applications",
        )


def _and_why(head: Text, why: Text) -> Text:
    return Text(f"{head.zh}：{why.zh}", f"{head.en}: {why.en}")


def _not_told(questions: int) -> Text:
    """Say that a list with it would be worse, and that so many questions did not tell whether there is one."""
    return Text(
        f"含本案之名單在優先順序上均較差；是否有合於規則者，求解 {questions} 次未能斷定",
        "any list with it is worse by the priorities; whether there is one that obeys the rules was not "
        f"worked out within {how_many(questions, 'solve')}",
    )


def _whatever_is_kept(
    facts: Certified, closed: Mapping[int, str | None]
) -> Mapping[int, str | None]:
    """Leave out whom an earlier decision keeps off every list, but not off the best one without it.

    It decides nothing for them: they have the reason that they would have had anyway.
    """
    if not facts.premise or not closed:
        return closed
    anyway = never_funded(facts.unkept, facts.decision).never
    return {**{a: label for a, label in closed.items() if a in facts.kept_out}, **anyway}


def _first(
    said: Iterable[tuple[Clause, Mapping[int, Text]]],
) -> Mapping[int, tuple[Clause, Text]]:
    """Return what the first rule that has a word on it says of each application."""
    found: dict[int, tuple[Clause, Text]] = {}
    for rule, mine in said:
        found = {a: (rule, text) for a, text in mine.items()} | found
    return found
