"""How what would have had to differ is said: one sentence a measure, and few words for the telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from optimizer.explain.asking import Asking
from optimizer.explain.explanation import Need
from optimizer.explain.naming import LISTED, Naming, nt, short
from optimizer.explain.need_words import (
    DRAWN,
    NOT_HANDED_IN,
    OTHER_RULES,
    SURE,
    WITHDREW,
    instead,
    kept,
    not_settled,
    not_tried,
    plain,
    told_how,
    turned,
)
from optimizer.explain.needs import Needs, Waiver
from optimizer.explain.patience import OutOfPatienceError
from optimizer.explain.possible import granted_by_name
from optimizer.language.text import EMPTY, Text, joined, sentences
from optimizer.language.words import points

LEAST_SHARE = 2  # smaller requests are told down to one such part of what it could get: less pays for something else
_MORE = Text("申請金額（經費明細一併增列）增為", "a request, with a budget to match, of")
_FAR = Text("、差距較大", ", a wide gap")
_NO_ADVICE = Text(
    "（此係計分方式使然，並非建議多申請）",
    " (that is how merit is counted, and no advice to ask for more)",
)
# which larger sum is meant, and what becomes of all others: of a first list, and of a revised one
_ANEW = Text("當初經費", "at the outset"), Text("全部重新分配", "everything awarded anew")
# what becomes of one whose award is kept: it is never lost, and no list may be left
_NO_LIST = Text(
    "，即逾規則所許：無任何名單能兼顧各項規則與已公布之核定",
    ": no list could obey every rule and keep what was published",
)
_NO_OFFER = Text("；僅為試算，並非承諾", "; a calculation, no offer")
_KEPT = (
    Text("本次修正時經費", "at this revision"),
    Text(
        "原公布之核定均保留，遞補者重新決定",
        "what had been published before being kept, and who comes in decided anew",
    ),
)


@dataclass(frozen=True)
class Differing:
    """The measures of the applications of one round, put into words.

    Parameters
    ----------
    asking, naming
        Who is asked, and what things are called.
    at
        Called with the measure that is being asked about.
    """

    asking: Asking
    naming: Naming
    at: Callable[[str], None]

    def to_come_in(self, needs: Needs) -> list[Need]:
        """Say what would have funded an application that got nothing."""
        merit = self._said("merit", "分數", lambda: self._merit(needs, better=True))
        rivals = self._said("rivals", "撤回", lambda: self._rivals(needs))
        with self.asking.patience.part(3):
            waiver = self._said("waiver", "規則", lambda: self._waivers(needs))
        with self.asking.patience.part(2):
            pool = self._said("pool", "經費總額", lambda: self._pool(needs))
        request = self._said("request", "申請金額", lambda: self._request(needs))
        return told_how([merit, request, pool, waiver, rivals, *self._more(needs)])

    def to_lose_it(self, needs: Needs) -> list[Need]:
        """Say what would have lost a funded application its award."""
        return told_how(
            [
                self._said("lose_merit", "分數", lambda: self._merit(needs, better=False)),
                self._said("lose_request", "申請金額", lambda: self._larger(needs)),
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
            far = EMPTY if needs.within_reach(Fraction(turn.value)) else _FAR
            zh, en = (
                f"分數達 {at} 分（差 {gap} 分{far.zh}）",
                f"{at} points of merit ({gap} more{far.en})",
            )
        else:
            zh, en = f"分數降至 {at} 分（低 {gap} 分）", f"{at} points of merit ({gap} less)"
        return turned(code, Text(zh, en), turn, better)

    def _request(self, needs: Needs) -> Need:
        turn = needs.smaller_request()
        if turn.value is None:
            zh = "減少申請金額亦不獲補助"
            return plain("request", Text(zh, "no smaller request would do"), zh)
        if turn.value * LEAST_SHARE < int(self.asking.round.most[needs.a]):
            zh = "申請金額即使減為一半，亦不獲補助"
            text = Text(zh, "not even half of what was asked for would do")
            return replace(plain("request", text, zh), value=turn.value, certain=turn.certain)
        amount = nt(int(turn.value))
        head = Text(
            f"申請金額減為 {amount.zh}（其他金額未必，並非建議）",
            f"a request of just {amount.en} (no advice)",
        )
        return turned("request", head, turn, better=True)

    def _more(self, needs: Needs) -> list[Need]:
        """Say that a larger request would have been funded, where it would: no advice, a fact to know."""
        said = self._said("more", "增加申請金額", lambda: self._asking_more(needs))
        return [said] if said.helps or not said.certain else []

    def _asking_more(self, needs: Needs) -> Need:
        turn = needs.more()
        if turn.value is None:
            return plain("more", EMPTY, "")
        amount = nt(int(turn.value))
        head, then = self._asking_for(needs.a, amount), SURE if turn.certain else DRAWN
        said = turned("more", head, turn, better=True)
        text = Text(said.full.zh + _NO_ADVICE.zh, said.full.en + _NO_ADVICE.en)
        more = Text("多申請至", "a request of")
        if self._cut(needs.a):
            more = Text("可核金額如達", "an admissible amount of")
        zh = f"{more.zh} {amount.zh}{'反可獲補助' if turn.certain else '則由抽籤決定'}"
        told = f"{head.en}: {then.en} (merit by the money; no advice)"
        forms = [f"{zh}（計分方式使然，並非建議）"]
        if gone := instead(turn):
            told = f"{more.en} {amount.en}: {then.en}{gone.en} (no advice)"
            ends = (gone.zh, f"，但 {'、'.join(turn.instead)} 不獲補助", "，但同校另案不獲補助")
            forms = [f"{zh}{end}（並非建議）" for end in ends]
        return replace(said, full=text, discreet=text, short=short(told, *forms))

    def _cut(self, a: int) -> bool:
        """Whether it could not get all that it asked for."""
        return int(self.asking.round.most[a]) < self.asking.changed.requested(a)

    def _asking_for(self, a: int, amount: Text) -> Text:
        """Say that it asks for more, or, where its request was cut, that more of it could be awarded."""
        if not self._cut(a):
            return Text(f"{_MORE.zh} {amount.zh}", f"{_MORE.en} {amount.en}")
        now = nt(int(self.asking.round.most[a]))
        return Text(
            f"可核金額如達 {amount.zh}（現為 {now.zh}）",
            f"an admissible amount of {amount.en} (now {now.en})",
        )

    def _larger(self, needs: Needs) -> Need:
        """Say which larger request would have lost it the award, or up to which it keeps it."""
        turn = needs.larger_request()
        if turn.value is not None:
            amount = nt(int(turn.value))
            if needs.a in self._promised:
                turn = replace(turn, lost=_NO_LIST)
            return turned("lose_request", self._asking_for(needs.a, amount), turn, better=False)
        larger = self.asking.larger
        return kept("lose_request", larger.amounts(needs.a)[-1:], larger.refusals.get(needs.a))

    @cached_property
    def _promised(self) -> set[int]:
        """Whose published award is kept: no list is without them, whatever they ask for."""
        facts = self.asking.facts
        labels = {rule.label for rule in self.asking.policy.clauses if rule.premise()}
        return set(
            granted_by_name(facts.program, facts.decision, labels).award.nonzero()[0].tolist()
        )

    def _pool(self, needs: Needs) -> Need:
        turn, (sum_, others) = needs.pool(), _KEPT if self._kept else _ANEW
        if turn.value is None:
            zh = f"{sum_.zh}再多（{others.zh}）亦不獲補助"
            en = f"no larger pool {sum_.en}, {others.en}, would do"
            return plain("pool", Text(zh, en), zh)
        more = nt(int(turn.value) - self.asking.facts.available)
        head = Text(
            f"{sum_.zh}如恰多 {more.zh}（{others.zh}）",
            f"exactly {more.en} more {sum_.en} ({others.en})",
        )
        said = turned("pool", head, turn, better=True)
        full = Text(said.full.zh + _NO_OFFER.zh, said.full.en + _NO_OFFER.en)
        return replace(said, full=full, discreet=full)

    @property
    def _kept(self) -> bool:
        """Whether what was published before is kept: then all is asked of the revision."""
        return bool(self.asking.facts.premise)

    def _waivers(self, needs: Needs) -> Need:
        found, rest = self._some_waivers(needs)
        if not found:
            return self._no_waiver(needs)
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
        text, names = sentences([*parts, *rest]), tuple(w.label for w in found)
        told = short(
            text.en,
            text.zh,
            "免除某一規則即獲補助（見說明）" if sure else "免除某一規則則由抽籤決定（見說明）",
        )
        certain, tried = not drawn, not rest
        return Need("waiver", text, text, told, names=names, certain=certain, tried=tried)

    def _no_waiver(self, needs: Needs) -> Need:
        """Name the rules of which none alone stands against it: others were not tried."""
        tried = self._spoken(Waiver(label, EMPTY, certain=True) for label in needs.waivable())
        text = Text(
            f"下列與本案有關之規則，免除其中任一項亦不獲補助：{tried.zh}",
            f"without any one of these rules, which concern it, it would still not be funded: {tried.en}",
        )
        none = Text("別無可免除而與本案有關之規則", "no rule that concerns it could be waived")
        in_short = "與本案有關之規則，免除任一項亦不獲補助"
        return plain("waiver", text, text.zh, in_short) if tried else plain("waiver", none, none.zh)

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
        return joined(_waived(spoken[label], parts) for label, parts in about.items())

    def _rivals(self, needs: Needs) -> Need:
        found = needs.rivals()
        size, sets = found.size, found.sets
        if size is None:
            several = found.tried > 1
            zh = f"即使少了任{f'意 {found.tried} ' if several else '何一'}件獲補助的申請，本案仍不獲補助"
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
        away = WITHDREW if self._kept else NOT_HANDED_IN
        full = sentences(
            self._without(some, then, away)
            for some, then in ((need.sure, SURE), (need.drawn, DRAWN))
            if some
        )
        then, head = (
            SURE if need.sure else DRAWN,
            "若本次修正時另有" if self._kept else "若當初少了",
        )
        discreet = Text(
            f"{head}某 {size} 件獲補助的申請{'撤回' if self._kept else ''}，本案{then.zh}",
            f"{then.en} if certain {size} of the funded {away.en}",
        )
        told = short(discreet.en, discreet.zh)
        return replace(need, full=full, discreet=discreet, short=told)

    def _without(self, sets: Sequence[Sequence[str]], then: Text, away: Text) -> Text:
        """Say without which sets of others something would be, the first few of them by name and school."""
        more = len(sets) - LISTED
        some = [[(i, self.naming.school(i)) for i in ids] for ids in sets[:LISTED]]
        what = "件" if len(sets[0]) == 1 else "組"
        zh = "、".join(" + ".join(f"{i}（{school}）" for i, school in ids) for ids in some)
        en = ", ".join(" + ".join(f"{i} ({school})" for i, school in ids) for ids in some)
        return Text(
            f"下列任一{what}{away.zh}，本案{then.zh}：{zh}{f'等 {len(sets)} {what}' if more > 0 else ''}",
            f"{then.en} if any one of these {away.en}: {en}{f' and {more} more' if more > 0 else ''}",
        )


def _waived(title: Text, about: Sequence[Text]) -> Text:
    """Name a rule, and of what it would have to be waived; of everything where nothing is named."""
    named = joined(text for text in about if text)
    if not named:
        return Text(f"「{title.zh}」", f'"{title.en}"')
    whole = Text("全部，或僅", "all of it, or ") if EMPTY in about else Text("僅", "")
    return Text(
        f"「{title.zh}」（{whole.zh}{named.zh}）", f'"{title.en}" ({whole.en}only for {named.en})'
    )
