"""Why one application got nothing, or what it brings: the first reason that applies.

Compared are the values of all priorities in their order, with the application funded and without.
One of the two is the certified list; the other is the best list there is if it were otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.clauses import Clause
from optimizer.explain.asking import Asked, Asking
from optimizer.explain.explanation import Statement
from optimizer.explain.inversions import Exchanges
from optimizer.explain.naming import Naming, joined, nt, short
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Severity
from optimizer.scoring.screening import Remark

_UNSETTLED = Text(
    "求解未在時限內完成，尚不能說明原因",
    "solving did not finish in time: the reason is not known yet",
)


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
        """Say every rule that refused it, with the values and what is required."""
        facts = self.asking.facts
        refusals = [
            remark
            for remark in facts.scored.remarks
            if remark.finding.application == row and remark.finding.severity is Severity.REFUSAL
        ]
        said = joined(self._refusal(remark) for remark in refusals)
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
        zh = f"，規定為{asked.zh}" if asked else ""
        en = f"; required: {asked.en}" if asked else ""
        return Text(f"{finding.message.zh}{zh}{where}", f"{finding.message.en}{en}{where_en}")

    # --- not funded -----------------------------------------------------------------------------

    def not_funded(self, a: int) -> Statement:
        """Say why an eligible application got nothing."""
        with_it = self.asking.forced(a, True)
        if not with_it.settled or not self.asking.now.settled:
            return Statement("unsettled", _UNSETTLED, _UNSETTLED, _UNSETTLED)
        if with_it.solution is None:
            return self._impossible(a)
        if self._fate(a) == "some":
            return self._drawn(a)
        sisters = self._sisters_out(a, with_it)
        return self._sister(a, with_it, sisters) if sisters else self._others(a, with_it)

    def _fate(self, a: int) -> str:
        classes = self.asking.facts.certainty
        return classes[a] if classes else "none"

    def _impossible(self, a: int) -> Statement:
        """Say which rules leave no list at all that funds it."""
        rules = self.conflict(a)
        said = joined(rule.narrowed((), "", True) for rule in rules)
        zh, en = said.zh.replace("。", ""), said.en
        titles = "、".join(rule.spoken.zh for rule in rules)
        text = Text(
            f"任何合於規則的名單都不能補助本案：{zh}",
            f"no list that obeys the rules can fund it: {en}",
        )
        return Statement(
            "impossible",
            text,
            text,
            short(
                text.en,
                f"依規則（{titles}），任何名單都不能補助本案",
                "依規則，任何名單都不能補助本案",
            ),
        )

    def conflict(self, a: int) -> list[Clause]:
        """Return rules that cannot be obeyed together with funding it, none of which can be left out."""
        one = self.asking.forced(a, True).program.rows
        kept = list(range(len(one)))
        for block in range(len(one) - 1):
            trial = [n for n in kept if n != block]
            if not self.asking.possible(one[n] for n in trial):
                kept = trial
        names = {one[n].clause for n in kept}
        return [rule for rule in self.asking.policy.clauses if rule.label in names]

    def _drawn(self, a: int) -> Statement:
        """Say that the draw decided, and how to replay it."""
        facts = self.asking.facts
        place = int(np.flatnonzero(facts.draw_order == a)[0]) + 1
        count, seed = facts.scored.round.size, facts.case.policy.settings.draw.seed
        equal = facts.solution.optima
        many = (
            (f"同樣好的名單共 {equal} 份，", f"{equal} lists are equally good; ")
            if equal
            else ("", "")
        )
        full = Text(
            f"條件相同，{many[0]}由抽籤決定：本案籤序為 {count} 件中第 {place}"
            f"（以種子「{seed}」與申請編號之 SHA-256 由小至大排序，任何人可重算）",
            f"equal conditions: {many[1]}the draw decided. Its place in the draw is {place} of {count} "
            f'(SHA-256 of the seed "{seed}" and the application\'s number, least first; anybody can '
            "work it out again)",
        )
        said = short(full.en, f"條件相同，經抽籤未獲選（籤序第 {place}）")
        return Statement("draw", full, full, said)

    def _sisters_out(self, a: int, with_it: Asked) -> list[int]:
        """Return the funded of its own school that would get less if it were funded."""
        facts = self.asking.facts
        school = facts.scored.round.school
        then = with_it.solution
        assert then is not None
        less = then.decision.award < facts.decision.award
        return np.flatnonzero(less & (school == school[a]) & facts.decision.fund).tolist()

    def _sister(self, a: int, with_it: Asked, sisters: Sequence[int]) -> Statement:
        """Say that another one of its own school holds the place, and what the other choice costs."""
        facts, named = self.asking.facts, self.naming.all_of(sisters)
        award = nt(sum(int(facts.decision.award[s]) for s in sisters))
        cost, mine = self._cost(with_it), self.naming.merit(a)
        text = Text(
            f"本校經費已核給同校之 {named.zh}（核定 {award.zh}）；本案 {mine} 分，若改補助本案，"
            f"整體結果較差：{cost.zh}",
            f"its school's money goes to {named.en} of the same school ({award.en}); this one has "
            f"{mine} points, and with it instead the list would be worse: {cost.en}",
        )
        first = facts.scored.round.ids[sisters[0]]
        said = short(
            text.en,
            f"本校已補助 {first}（{self.naming.merit(sisters[0])} 分），本案 {mine} 分",
            f"本校經費已由同校 {first} 使用",
        )
        title = self.naming.goal(self._differs(with_it))
        discreet = Text(
            f"本校經費已核給同校之 {named.zh}；本案 {mine} 分，若改補助本案，整體名單的「{title.zh}」較差",
            f"its school's money goes to {named.en} of the same school; this one has {mine} points, and "
            f'with it instead the list would be worse by "{title.en}"',
        )
        return Statement("sister", text, discreet, said)

    def _others(self, a: int, with_it: Asked) -> Statement:
        """Say at which priority the list would lose by it, and who would have to leave."""
        cost, title = self._cost(with_it), self.naming.goal(self._differs(with_it))
        then = with_it.solution
        assert then is not None
        fund = self.asking.facts.decision.fund
        leave = np.flatnonzero(fund & ~then.decision.fund).tolist()
        enter = [n for n in np.flatnonzero(~fund & then.decision.fund).tolist() if n != a]
        out, others = self.naming.all_of(leave), self.naming.all_of(enter)
        taken = nt(then.decision.award[a])
        also = (
            Text(f"，並改補助 {others.zh}", f" and {others.en} would come in") if enter else EMPTY
        )
        full = Text(
            f"若補助本案（{self.naming.merit(a)} 分，{taken.zh}），須由 {out.zh} 退出{also.zh}，"
            f"整體結果較差：{cost.zh}",
            f"to fund it ({self.naming.merit(a)} points, {taken.en}), {out.en} would have to leave"
            f"{also.en}, and the list would be worse: {cost.en}",
        )
        discreet = Text(
            f"若補助本案，須由其他 {len(leave)} 件申請退出，整體名單的「{title.zh}」較差",
            f"to fund it, {len(leave)} other application(s) would have to leave, and the list would be "
            f'worse by "{title.en}"',
        )
        if not leave:
            full = discreet = Text(
                f"若補助本案，整體結果較差：{cost.zh}",
                f"with it the list would be worse: {cost.en}",
            )
        said = short(
            discreet.en,
            f"其他申請在先；補助本案須由他案 {len(leave)} 件退出，「{title.zh}」較差",
            "依優先順序，其他申請在先",
        )
        return Statement("others", full, discreet, said)

    def _differs(self, other: Asked) -> int:
        pairs = zip(self.asking.now.values, other.values, strict=True)
        return next((n for n, (now, then) in enumerate(pairs) if then < now), 0)

    def _cost(self, other: Asked) -> Text:
        """Say the first priority that would be worse, and by how much."""
        place = self._differs(other)
        now, then = self.asking.now.values[place], other.values[place]
        return self.naming.change(place, now, then)

    def _exchange(self, other: Asked) -> Text:
        """Say who would leave the list and who would enter it."""
        fund = self.asking.facts.decision.fund
        then = other.solution
        assert then is not None
        leave = self.naming.all_of(np.flatnonzero(fund & ~then.decision.fund).tolist())
        enter = self.naming.all_of(np.flatnonzero(~fund & then.decision.fund).tolist())
        return Text(
            "，".join(
                filter(None, [leave.zh and f"退出：{leave.zh}", enter.zh and f"進入：{enter.zh}"])
            ),
            ", ".join(
                filter(
                    None,
                    [leave.en and f"leaving: {leave.en}", enter.en and f"entering: {enter.en}"],
                )
            ),
        )

    @cached_property
    def exchanges(self) -> Exchanges:
        """What forces each exchange."""
        facts = self.asking.facts
        return Exchanges(self.asking.program, facts.decision, self.asking.round.merit, facts.steps)

    def lower_funded(self, a: int) -> Statement:
        """Say which of the funded have a lower score, and what required that."""
        worse = self.exchanges.worse(a)
        if not worse:
            none = Text(
                "沒有分數低於本案的申請獲補助", "no application with a lower score was funded"
            )
            return Statement("lower", none, none, none)
        causes = self.exchanges.causes(a, stop=worse)
        said = self.naming.causes(Counter(causes.tolist()), self.asking.program.rows)
        text = Text(
            f"分數低於本案而獲補助者 {len(causes)} 件，由本案取代時不可行或較差的原因：{said.zh}",
            f"{len(causes)} applications with a lower score were funded; what stands against taking "
            f"their place: {said.en}",
        )
        return Statement("lower", text, text, EMPTY)

    # --- funded ---------------------------------------------------------------------------------

    def funded(self, a: int) -> Statement:
        """Say what a funded application brings: what the list would lose without it, and to whom."""
        without = self.asking.forced(a, False)
        if not without.settled or not self.asking.now.settled:
            return Statement("unsettled", _UNSETTLED, _UNSETTLED, _UNSETTLED)
        if without.solution is None:
            said = Text("任何合於規則的名單都補助本案", "every list that obeys the rules funds it")
            return Statement("brings", said, said, said)
        if self._fate(a) == "some":
            drawn = self._drawn(a)
            won = Text("條件相同，經抽籤獲選", "equal conditions; the draw chose it")
            return Statement("draw", drawn.full, drawn.discreet, won)
        cost, exchange = self._cost(without), self._exchange(without)
        text = Text(
            f"若不補助本案，整體結果較差：{cost.zh}",
            f"without it the list would be worse: {cost.en}",
        )
        title = self.naming.goal(self._differs(without))
        discreet = Text(
            f"若不補助本案，整體名單的「{title.zh}」較差",
            f'without it the list would be worse by "{title.en}"',
        )
        said = short(discreet.en, discreet.zh, "若不補助本案，整體結果較差")
        return Statement("brings", joined([text, exchange]), discreet, said)

    def amount(self, a: int) -> Statement | None:
        """Say why its amount is less than what was asked for; None if it is not."""
        facts, round_ = self.asking.facts, self.asking.round
        row = int(round_.position[a])
        asked = int(facts.case.records.applications["requested"].iloc[row])
        award, most = int(facts.decision.award[a]), int(round_.most[a])
        if award >= asked:
            return None
        cuts = [
            r.finding.message
            for r in facts.scored.remarks
            if r.finding.application == row
            and (r.finding.limit is not None or r.clause in ("unit", "award"))
        ]
        if award < most:
            cuts.append(self._partly(a))
        said = joined(cuts) or Text("未載明", "not stated")
        head = Text(
            f"申請 {nt(asked).zh}，核定 {nt(award).zh}：", f"{nt(award).en} of {nt(asked).en}: "
        )
        text = Text(head.zh + said.zh, head.en + said.en)
        return Statement(
            "amount", text, text, short(text.en, f"申請 {asked:,} 元，核定 {award:,} 元")
        )

    def _partly(self, a: int) -> Text:
        """Say what stands against one more unit for it."""
        facts, unit = self.asking.facts, self.asking.program.unit
        award = facts.decision.award.tolist()
        award[a] += unit
        more = facts.decision.of(award)
        for rule in self.asking.policy.clauses:
            for rows in self.asking.program.rows:
                if rows.clause == rule.label and min(rows.slack(more), default=0) < 0:
                    return Text(
                        f"再多 {unit:,} 元即違反「{rule.spoken.zh}」",
                        f'NT${unit:,} more would break "{rule.spoken.en}"',
                    )
        return Text(
            "再多給本案，其他優先順序將較差", "more for it would make another priority worse"
        )

    def firm(self, a: int) -> Statement:
        """Say whether every best list decides the same about it."""
        fate, chances = self._fate(a), self.asking.facts.solution.chances
        if fate != "some":
            said = Text("結果確定，與抽籤無關", "the decision is firm: no draw had a part in it")
            return Statement("firm", said, said, EMPTY)
        chance = f"{float(chances[a]) * 100:.0f}%" if chances else ""
        zh = f"；依所有可能的籤序，獲補助的機會為 {chance}" if chance else ""
        en = f"; over all orders of the draw its chance is {chance}" if chance else ""
        said = Text(f"由抽籤決定{zh}", f"the draw decided{en}")
        return Statement("firm", said, said, EMPTY)
