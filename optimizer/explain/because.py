"""Why one application got nothing, or what it brings: the first reason that applies.

Compared are the values of all priorities in their order, with the application funded and without.
One of the two is the certified list; the other is the best list there is if it were otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.clauses import Clause
from optimizer.explain.answer import Asked
from optimizer.explain.asking import Asking
from optimizer.explain.deciding import NOT_HEAVIER, Deciding, Weighed
from optimizer.explain.explanation import Statement
from optimizer.explain.lower_funded import LowerFunded
from optimizer.explain.naming import Naming, nt, short
from optimizer.explain.other_list import OtherList
from optimizer.explain.reasons import LOST, OTHERS, WON, Reason, reason_of
from optimizer.language.text import EMPTY, Text, run_on, sentences
from optimizer.program.rows import Decision
from optimizer.scoring.screening import Remark

_UNSETTLED = Text(
    "求解未在限度內完成，尚不能說明原因",
    "solving did not finish within its limit: the reason is not known yet",
)
_PERHAPS_FEWER = Text(
    "其中是否有可不論者，未試算", "whether one of them could be left out was not worked out"
)
_THEN = Text("最佳的替代名單：", "the best list would be: ")


@dataclass(frozen=True)
class Because:
    """The reasons of one round.

    Parameters
    ----------
    asking
        Who is asked.
    naming
        What things are called.
    """

    asking: Asking
    naming: Naming

    # --- the ineligible -------------------------------------------------------------------------

    def ineligible(self, row: int) -> Statement:
        """Say that it has withdrawn, or every rule that refused it, with the values and what is required."""
        facts = self.asking.facts
        refusals = facts.refusals.get(row, ())
        if row in facts.withdrawn:
            gone = refusals[0].finding.message
            return Statement("withdrawn", gone, gone, gone)
        said = sentences(self._refusal(remark) for remark in refusals)
        first = refusals[0].finding.message if refusals else Text("不符資格", "not eligible")
        title = self._title(refusals[0]) if refusals else first
        return Statement(
            "ineligible", said or first, said or first, short(first.en, first.zh, title.zh)
        )

    def _title(self, remark: Remark) -> Text:
        rules = {rule.label: rule.fault or rule.spoken for rule in self.asking.policy.rules}
        return rules.get(remark.clause, Text("不符資格", "not eligible"))

    def _refusal(self, remark: Remark) -> Text:
        finding = remark.finding
        where = f"（{remark.reference}）" if remark.reference else ""
        where_en = f" ({remark.reference})" if remark.reference else ""
        asked = finding.expected
        zh = f"，{run_on('規定為', asked.zh)}" if asked else ""
        en = f"; required: {asked.en}" if asked else ""
        return Text(f"{finding.message.zh}{zh}{where}", f"{finding.message.en}{en}{where_en}")

    # --- not funded -----------------------------------------------------------------------------

    def _reason(self, a: int) -> Reason:
        return reason_of(self.asking.facts, a)

    def not_funded(self, a: int) -> Statement:
        """Say why an eligible application got nothing: the short reason, and what it rests on."""
        reason, with_it = self._reason(a), self.asking.forced(a, True)
        if with_it.solution is None:
            return self._impossible(a, reason)
        if not with_it.settled or not self.asking.now.settled:
            return Statement("unsettled", _UNSETTLED, _UNSETTLED, _UNSETTLED)
        return self._drawn(a) if reason.why == "draw" else self._worse(a, with_it, reason)

    def _fate(self, a: int) -> str:
        classes = self.asking.facts.certainty
        return classes[a] if classes else "none"

    def _impossible(self, a: int, reason: Reason) -> Statement:
        """Say which rules leave no list at all that funds it."""
        facts = self.asking.facts
        if reason.why != "impossible" and facts.premise and a not in facts.kept_out:
            why = reason.clause  # an earlier decision is kept, and decides nothing about it
            forms = self._sisters_in_short(a, reason) if reason.sisters else [why.zh, OTHERS.zh]
            return Statement(reason.why, why, why, short(why.en, *forms))
        rules, needed = self.conflict(a)
        open_ = () if needed else (_PERHAPS_FEWER,)
        text, discreet = (
            sentences([reason.clause, _these(said(rule, about) for rule, about in rules), *open_])
            for said in (_whole, _without_names)
        )
        if reason.why == "sister":
            forms = [reason.brief.zh, *self._sisters_in_short(a, reason)]
            return Statement("sister", text, discreet, short(text.en, *forms))
        titles = "、".join(rule.spoken.zh for rule, _ in rules)
        return Statement(
            "impossible",
            text,
            discreet,
            short(
                text.en,
                reason.clause.zh,
                f"依規則（{titles}），任何名單都不能補助本案",
                "依規則，任何名單都不能補助本案",
            ),
        )

    def conflict(self, a: int) -> tuple[list[tuple[Clause, tuple[Text, ...]]], bool]:
        """Return rules that cannot be obeyed together with funding it, and whether none can be left out.

        That is not known where a question was not worked out within its limit: the rule then stays. Beside
        a rule stands what its inequalities on the application itself are about: one rule by hand
        may name many others.
        """
        one = self.asking.forcing(a, True).rows
        kept, needed = list(range(len(one))), True
        for block in range(len(one) - 1):
            trial = [n for n in kept if n != block]
            there_is = self.asking.possible(one[n] for n in trial)
            needed = needed and there_is is not None
            if there_is is False:
                kept = trial
        about: dict[str, list[Text]] = {one[n].clause: [] for n in kept}
        for n in kept:
            rows = one[n].row[one[n].app == a]
            about[one[n].clause] += [one[n].labels[row] for row in rows.tolist()]
        rules = self.asking.policy.clauses
        return [(r, tuple(about[r.label])) for r in rules if r.label in about], needed

    def _drawn(self, a: int) -> Statement:
        """Say that the draw decided, and how to replay it."""
        facts = self.asking.facts
        place = int(np.flatnonzero(facts.draw_order == a)[0]) + 1
        count, seed = facts.scored.round.size, facts.case.policy.settings.draw.seed
        equal, said = facts.solution.optima, WON if facts.decision.fund[a] else LOST
        many = Text(f"，同樣好的名單共 {equal} 份", f" among {equal} lists") if equal else EMPTY
        full = Text(
            f"{said.zh}{many.zh}：本案籤序為 {count} 件中第 {place}"
            f"（以種子「{seed}」與申請編號之 SHA-256 由小至大排序，任何人可重算）",
            f"{said.en}{many.en}: its place in the draw is {place} of {count} "
            f'(SHA-256 of the seed "{seed}" and the application\'s number, least first; anybody can '
            "work it out again)",
        )
        return Statement("draw", full, full, short(full.en, f"{said.zh}（籤序第 {place}）"))

    def _worse(self, a: int, with_it: Asked, reason: Reason) -> Statement:
        """Say what the best list with it would be, and at which priority that is worse."""
        then, instead = with_it.solution, Text("改", " instead") if reason.sisters else EMPTY
        assert then is not None
        other = OtherList(self.asking, self.naming, with_it)
        moves, taken = other.moves(a), nt(then.decision.award[a])
        first = Text(f"{_THEN.zh}{moves.zh}；", f"{_THEN.en}{moves.en}; ") if moves else EMPTY
        cost, place = other.cost(), other.place
        heavier = NOT_HEAVIER if reason.heavier else self._heavier(a, reason, then.decision)
        titled = reason.heavier or heavier  # the priority has been named
        named = self.naming.worse_alone(place) if titled else self.naming.worse(place)
        full = Text(
            f"若{instead.zh}補助本案（{self.naming.merit(a)} 分，{taken.zh}），{first.zh}{cost.zh}",
            f"with it{instead.en} ({self.naming.merit(a)} points, {taken.en}) {first.en}{cost.en}",
        )
        discreet = Text(f"若{instead.zh}補助本案，{named.zh}", f"with it{instead.en}, {named.en}")
        return Statement(
            reason.why,
            sentences([reason.clause, heavier.full, full]),
            sentences([reason.clause, heavier.full, discreet]),
            self._in_short(a, reason, discreet, place),
        )

    def sums(self, a: int) -> list[Statement]:
        """Work out for the official how sisters of no more merit count for more, where they do."""
        reason, with_it = self._reason(a), self.asking.forced(a, True)
        if reason.why != "sister" or with_it.solution is None or not with_it.settled:
            return []
        said = reason.sums or self._heavier(a, reason, with_it.solution.decision).sums
        return [Statement("sums", said, said)] if said else []

    def _heavier(self, a: int, reason: Reason, then: Decision) -> Weighed:
        """Say of sisters of no more merit that they count for more, where only solving shows it."""
        merit = self.asking.round.merit
        no_better = any(merit[s] <= merit[a] for s in reason.sisters)
        return Deciding(self.asking.facts).weighed(a, then) if no_better else NOT_HEAVIER

    def _in_short(self, a: int, reason: Reason, discreet: Text, place: int) -> Text:
        """Say the short reason in fewer and fewer words: the sisters, what counts before merit, equal scores."""
        if reason.sisters:
            hold = "holds" if len(reason.sisters) == 1 else "hold"
            named = self.naming.with_merit(reason.sisters).en
            en = f"{named} of its own school {hold} its place"
            more = f": {reason.heavier.en}" if reason.heavier else ""
            return short(en + more, *self._sisters_in_short(a, reason))
        if not self._by_merit(place):
            whole, worse = self.naming.worse(place), self.naming.worse_alone(place)
            return short(
                f"with it {whole.en}", f"若補助本案，{whole.zh}", f"若補助本案，{worse.zh}"
            )
        if not self.lower.same(a):
            return short(sentences([reason.clause, discreet]).en, reason.clause.zh, OTHERS.zh)
        equals, brief = self.lower.equals_in_short(a), reason.brief
        both = f"{brief.zh}；{equals.zh}"
        return short(f"{brief.en}; {equals.en}", both, equals.zh, brief.zh)

    def _sisters_in_short(self, a: int, reason: Reason) -> list[str]:
        ids = "、".join(self.asking.round.ids[s] for s in reason.sisters)
        scores, awarded = (
            named(reason.sisters).zh for named in (self.naming.with_merit, self.naming.awarded)
        )
        if reason.heavier:
            why = (reason.heavier.zh, reason.heavier.zh.partition(" ")[0] + "較高而獲補助")
            return [f"同校 {who}{said}" for said in why for who in (awarded, scores, f"{ids} ")]
        beyond = f"，合計逾「{reason.rule.spoken.zh}」" if reason.rule else ""
        rule = f"（{reason.rule.spoken.zh}）" if reason.rule else ""
        return [
            f"同校 {awarded}已獲補助{beyond}",
            f"同校 {scores}已獲補助{beyond}",
            f"同校 {scores}已獲補助{rule}",
            f"同校 {ids} 已獲補助{beyond}",
            f"同校 {ids} 已獲補助",
            "同校另案已獲補助",
        ]

    @cached_property
    def lower(self) -> LowerFunded:
        """Which of the funded have no higher a score."""
        return LowerFunded(self.asking, self.naming)

    def _by_merit(self, place: int) -> bool:
        facts = self.asking.facts
        return Deciding(facts).by_merit(facts.goal_priority(facts.steps[place].goal))

    # --- funded ---------------------------------------------------------------------------------

    def funded(self, a: int) -> Statement:
        """Say what a funded application brings: what the list would lose without it, and to whom."""
        without = self.asking.forced(a, False)
        if without.solution is None:
            return self._granted(a)
        if not without.settled or not self.asking.now.settled:
            return Statement("unsettled", _UNSETTLED, _UNSETTLED, _UNSETTLED)
        if self._fate(a) == "some":
            return self._drawn(a)
        other, clause = OtherList(self.asking, self.naming, without), self._reason(a).clause
        moves, place = other.moves(a), other.place
        named, worse = self.naming.worse(place), self.naming.worse_alone(place)
        if worse.zh in clause.zh:
            text, discreet = other.change(), EMPTY
        else:
            cost = other.cost()
            text = Text(f"若不補助本案，{cost.zh}", f"without it {cost.en}")
            discreet = Text(f"若不補助本案，{named.zh}", f"without it {named.en}")
        said = short(
            f"without it {named.en}", f"若不補助本案，{named.zh}", f"若不補助本案，{worse.zh}"
        )
        then = _had_it_not_been(moves) if moves else EMPTY
        command = f"subsidy revise --withdraw {self.asking.round.ids[a]}"
        return Statement(
            "brings",
            sentences([clause, text, then]),
            sentences([clause, discreet]),
            said,
            how=Text(command, command) if then else EMPTY,
        )

    def _granted(self, a: int) -> Statement:
        """Say which rule funds it by name, where one does: that no list goes without it is its doing."""
        reason = self._reason(a)
        rule = reason.rule
        if rule and (rule.by_hand or rule.premise()):
            said = reason.clause
            return Statement("brings", said, said, short(said.en, said.zh, rule.spoken.zh))
        said = Text("任何合於規則的名單都補助本案", "every list that obeys the rules funds it")
        return Statement("brings", said, said, said)

    def firm(self, a: int) -> Statement:
        """Say whether every best list decides the same about it."""
        fate, chances = self._fate(a), self.asking.facts.solution.chances
        if fate != "some":
            said = Text("本次結果與抽籤無關", "the decision is firm: no draw had a part in it")
            return Statement("firm", said, said, EMPTY)
        chance = f"{float(chances[a]) * 100:.0f}%" if chances else ""
        zh = f"；依所有可能的籤序，獲補助的機會為 {chance}" if chance else ""
        en = f"; over all orders of the draw its chance is {chance}" if chance else ""
        said = Text(f"由抽籤決定{zh}", f"the draw decided{en}")
        return Statement("firm", said, said, EMPTY)


def _had_it_not_been(moves: Text) -> Text:
    """Say what the best list would have been; who comes in on a withdrawal is another question."""
    return Text(
        f"自始不補助本案之最佳名單：{moves.zh}（公布後如撤回，由誰遞補另以修正計算）",
        f"had it never been funded, {_THEN.en}{moves.en} (who comes in if it withdraws after publication "
        "is another question, which a revision answers)",
    )


def _these(rules: Iterable[Text]) -> Text:
    """Say that these are the rules that it is about."""
    said = sentences(rules)
    return Text(f"相關規則：{said.zh.replace('。', '')}", f"the rules: {said.en}")


def _whole(rule: Clause, about: tuple[Text, ...]) -> Text:
    """Say a rule; of decisions by hand those on the application, where there are any."""
    return rule.narrowed(about if rule.by_hand else (), "", True)


def _without_names(rule: Clause, about: tuple[Text, ...]) -> Text:
    """Say a rule, or only what it is called where it names applications."""
    title = rule.spoken
    return Text(f"「{title.zh}」", f'"{title.en}"') if rule.by_hand else _whole(rule, about)
