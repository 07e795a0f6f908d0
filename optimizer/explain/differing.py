"""How what would have had to differ is said: one sentence a measure, and few words for the telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from optimizer.explain.asking import Asking
from optimizer.explain.explanation import Need
from optimizer.explain.naming import LISTED, joined, nt, short
from optimizer.explain.need_words import (
    DRAWN,
    OTHER_RULES,
    SURE,
    not_settled,
    not_tried,
    plain,
    refused,
    told_how,
    turned,
)
from optimizer.explain.needs import Needs, Waiver
from optimizer.explain.patience import OutOfPatienceError
from optimizer.explain.refusing import RefusedRequest, refused_from
from optimizer.language.text import EMPTY, Text, joined as listed
from optimizer.language.words import points


@dataclass(frozen=True)
class Differing:
    """The measures of the applications of one round, put into words.

    Parameters
    ----------
    asking
        Who is asked.
    at
        Called with the measure that is being asked about.
    """

    asking: Asking
    at: Callable[[str], None]

    def to_come_in(self, needs: Needs) -> list[Need]:
        """Say what would have funded an application that got nothing."""
        merit = self._said("merit", "分數", lambda: self._merit(needs, better=True))
        rivals = self._said("rivals", "撤回", lambda: self._rivals(needs))
        with self.asking.patience.part(3):
            waiver = self._said("waiver", "規則", lambda: self._waivers(needs))
        with self.asking.patience.part(2):
            pool = self._said("pool", "經費總額", lambda: self._pool(needs))
        request = self._said("request", "申請金額", lambda: self._request(needs, better=True))
        return told_how([merit, request, pool, waiver, rivals])

    def to_lose_it(self, needs: Needs) -> list[Need]:
        """Say what would have lost a funded application its award."""
        return told_how(
            [
                self._said("lose_merit", "分數", lambda: self._merit(needs, better=False)),
                self._said("lose_request", "申請金額", lambda: self._request(needs, better=False)),
            ]
        )

    def _said(self, code: str, what: str, say: Callable[[], Need]) -> Need:
        """Say one measure, or that the limit came before it was settled."""
        self.at(f"explain_{code.removeprefix('lose_')}")
        try:
            return say()
        except OutOfPatienceError as end:
            if not self.asking.patience.counts:
                return not_settled(code, what)
            return not_tried(code, what, end.upto, self.asking.facts.available)

    def _merit(self, needs: Needs, better: bool) -> Need:
        code = "merit" if better else "lose_merit"
        turn = needs.merit(better)
        own, full = self.asking.round.merit_of(needs.a), self.asking.policy.settings.review.full
        if turn.value is None:
            top = f"（滿分 {points(full)} 分）" if full else ""
            zh = f"分數再高{top}亦不獲補助" if better else "只要仍達及格分數，分數再低仍獲補助"
            en = (
                "not even full marks would do"
                if better
                else "it would keep its award with any merit that is eligible"
            )
            return plain(code, Text(zh, en), zh)
        at, gap = points(Fraction(turn.value)), points(abs(Fraction(turn.value) - own))
        if better:
            zh, en = f"分數達 {at} 分（差 {gap} 分）", f"{at} points of merit ({gap} more)"
        else:
            zh, en = f"分數降至 {at} 分（低 {gap} 分）", f"{at} points of merit ({gap} less)"
        return turned(code, Text(zh, en), turn, better)

    def _request(self, needs: Needs, better: bool) -> Need:
        code = "request" if better else "lose_request"
        turn = needs.smaller_request() if better else needs.larger_request()
        advised = not better or turn.value is None or needs.sensible(int(turn.value))
        refusal = None if better else self.refusals.get(needs.a)
        if refusal and (turn.value is None or turn.value >= refusal.amount):
            return refused(code, refusal, self._held(needs.a, refusal.amount))
        if turn.value is None:
            zh = "減少申請金額亦不獲補助" if better else "增加申請金額不影響是否獲補助"
            en = (
                "no smaller request would do"
                if better
                else "a larger request would not lose it the award"
            )
            return plain(code, Text(zh, en), zh)
        amount = nt(int(turn.value))
        word = "減為" if better else "增為"
        only = Text("（其他金額未必）", " exactly (not every other amount)") if better else EMPTY
        head = Text(f"申請金額{word} {amount.zh}{only.zh}", f"a request of {amount.en}{only.en}")
        return replace(turned(code, head, turn, better), advised=advised)

    def _held(self, a: int, refused: int) -> bool:
        """Say whether the rules leave no more of any larger request that they do not refuse."""
        changed, most = self.asking.changed, refused - self.asking.program.unit
        now = int(self.asking.round.most[a])
        return most > changed.requested(a) and changed.most_for(a, most) <= now

    @cached_property
    def refusals(self) -> Mapping[int, RefusedRequest]:
        """From which request on each would be refused."""
        return refused_from(self.asking.facts)

    def _pool(self, needs: Needs) -> Need:
        turn = needs.pool()
        if turn.value is None:
            zh = "當初經費總額再多亦不獲補助"
            return plain("pool", Text(zh, "no larger pool at the outset would have done"), zh)
        more = nt(int(turn.value) - self.asking.facts.available)
        head = Text(
            f"可用經費恰增加 {more.zh}（更多時未必）",
            f"exactly {more.en} more to award (not every larger sum)",
        )
        return turned("pool", head, turn, better=True)

    def _waivers(self, needs: Needs) -> Need:
        found, rest = self._some_waivers(needs)
        if not found:
            zh = "免除任何單一規則（經費總額除外）亦不獲補助"
            en = "no waiver of a single rule other than the pool would do"
            return plain("waiver", Text(zh, en), zh)
        sure, drawn = (self._spoken(w for w in found if w.certain is c) for c in (True, False))
        parts = [
            *(
                [
                    Text(
                        f"免除下列任一規則即獲補助：{sure.zh}",
                        f"without any one of these rules it is funded: {sure.en}",
                    )
                ]
                if sure
                else []
            ),
            *(
                [
                    Text(
                        f"免除下列任一規則則由抽籤決定：{drawn.zh}",
                        f"without any one of these the draw would decide: {drawn.en}",
                    )
                ]
                if drawn
                else []
            ),
        ]
        text, names = joined([*parts, *rest]), tuple(w.label for w in found)
        told = short(
            text.en,
            text.zh,
            "免除某一規則即獲補助（見說明）" if sure else "免除某一規則則由抽籤決定（見說明）",
        )
        certain, tried = not drawn, not rest
        return Need("waiver", text, text, told, names=names, certain=certain, tried=tried)

    def _some_waivers(self, needs: Needs) -> tuple[list[Waiver], list[Text]]:
        """Return what was found, and that it may not be all where patience ended before."""
        try:
            return needs.waivers(), []
        except OutOfPatienceError as end:
            found = [waiver for waiver in end.found if isinstance(waiver, Waiver)]
            if not found or not self.asking.patience.counts:
                raise
            return found, [OTHER_RULES]

    def _spoken(self, waivers: Iterable[Waiver]) -> Text:
        """Name rules, each with what it is about."""
        spoken = {rule.label: rule.spoken for rule in self.asking.policy.rules}
        about: dict[str, list[Text]] = {}
        for waiver in waivers:
            about.setdefault(waiver.label, []).append(waiver.about)
        return listed(_waived(spoken[label], parts) for label, parts in about.items())

    def _rivals(self, needs: Needs) -> Need:
        found = needs.rivals()
        size, sets = found.size, found.sets
        if size is None:
            several = found.tried > 1
            zh = f"即使少了任{found.tried if several else '何一'}件獲補助的申請，本案仍不獲補助"
            en = f"it would not be funded without any {found.tried if several else 'one'} of the funded"
            return plain("rivals", Text(zh, en), zh)
        need = Need(
            "rivals",
            EMPTY,
            EMPTY,
            value=size,
            rivals=sets,
            drawn=found.drawn,
            certain=not found.drawn,
        )
        full = joined(
            _without(some, then) for some, then in ((need.sure, SURE), (need.drawn, DRAWN)) if some
        )
        then = SURE if need.sure else DRAWN
        discreet = Text(
            f"若當初少了某 {size} 件獲補助的申請，本案{then.zh}",
            f"{then.en} had certain {size} of the funded not been handed in",
        )
        told = short(discreet.en, discreet.zh)
        return replace(need, full=full, discreet=discreet, short=told)


def _without(sets: Sequence[Sequence[str]], then: Text) -> Text:
    """Say without which sets of others something would be, the first few of them by name."""
    named, more = [" + ".join(ids) for ids in sets[:LISTED]], len(sets) - LISTED
    what = "件" if len(sets[0]) == 1 else "組"
    zh = "、".join(named) + (f"等 {len(sets)} {what}" if more > 0 else "")
    en = ", ".join(named) + (f" and {more} more" if more > 0 else "")
    return Text(
        f"下列任一{what}若當初未提出申請，本案{then.zh}：{zh}",
        f"{then.en} had any one of these not been handed in: {en}",
    )


def _waived(title: Text, about: Sequence[Text]) -> Text:
    """Name a rule, and of what it would have to be waived; of everything where nothing is named."""
    named = listed(text for text in about if text)
    if not named:
        return Text(f"「{title.zh}」", f'"{title.en}"')
    whole = Text("全部，或僅", "all of it, or ") if EMPTY in about else Text("僅", "")
    return Text(
        f"「{title.zh}」（{whole.zh}{named.zh}）", f'"{title.en}" ({whole.en}only for {named.en})'
    )
