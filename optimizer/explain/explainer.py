"""Explanations of one application or of all: why, and what would have had to differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from optimizer.explain.asking import Asking
from optimizer.explain.because import Because
from optimizer.explain.cuts import Cuts
from optimizer.explain.explanation import Explanation, Need, Statement, Status, WhatIf
from optimizer.explain.naming import LISTED, Naming, joined, nt, short
from optimizer.explain.need_words import not_settled, plain, refused, turned
from optimizer.explain.needs import Needs, OutOfPatienceError, Waiver
from optimizer.explain.refusing import RefusedRequest, refused_from
from optimizer.explain.waiting import Waiting, waiting
from optimizer.facts.certified import Certified
from optimizer.foundation import clock
from optimizer.language.text import EMPTY, Text, joined as listed
from optimizer.language.words import points
from optimizer.problems.errors import UsageError, defect
from optimizer.problems.likeness import closest, did_you_mean
from optimizer.solving.options import Options

_ONE_CHANGE = Text(
    "what_if 每次只改一項：merit、request、pool、withdrawn 擇一",
    "what_if changes one thing at a time: one of merit, request, pool, withdrawn",
)
_MAY = Text("本案可能獲補助（由抽籤決定）", "the draw may fund it")


def explain_all(
    facts: Certified, ids: Iterable[str] | None = None, options: Options | None = None
) -> list[Explanation]:
    """Explain applications of a certified round, each answer proved by solving again.

    Parameters
    ----------
    facts
        What was certified.
    ids
        Which applications; all of them, in the order of their numbers, unless given.
    options
        Solver, limit and threads; its progress is told which application is next, and what is being
        asked about one that takes long (``explain_pool`` ...).

    Raises
    ------
    UsageError
        If there is no application of such a number.
    """
    options = options or Options()
    explainer = Explainer.of(facts, options)
    known = explainer.naming.row
    asked = list(known) if ids is None else list(ids)
    _check(asked, known)
    found = []
    for application_id in asked:
        options.say(application_id)
        found.append(explainer.explain(application_id))
    return found


def _check(asked: Sequence[str], known: Iterable[str]) -> None:
    """Refuse numbers that no application has, all at once."""
    names = list(known)
    unknown = [
        defect(
            "unknown_application",
            Text("沒有這個申請編號", "there is no application of this number"),
            value=str(application_id)[:80],
            hint=did_you_mean(closest(str(application_id), names)),
        )
        for application_id in asked
        if application_id not in set(names)
    ]
    if unknown:
        raise UsageError(Text("申請編號不存在", "no such application"), unknown)


_LONG = 2  # seconds after which an application is said to take long


@dataclass
class Steps:
    """Tells what is being asked about an application that takes long.

    Parameters
    ----------
    options
        Whose progress is told.
    """

    options: Options
    _what: str = ""
    _begun: float = 0

    def begin(self) -> None:
        """Begin with an application."""
        self._begun = clock.now()

    def at(self, what: str) -> None:
        """Come to a measure."""
        self._what = what

    def tell(self) -> None:
        """Tell it, if it takes long."""
        if clock.now() - self._begun > _LONG:
            self.options.say(self._what)


@dataclass(frozen=True)
class Explainer:
    """What explains the applications of one round; what it has asked once it remembers."""

    steps: Steps
    asking: Asking
    naming: Naming
    because: Because
    ordinal: dict[str, int]

    @staticmethod
    def of(facts: Certified, options: Options) -> Explainer:
        """Make one for a round."""
        quiet, steps = replace(options, progress=None), Steps(options)
        asking, naming = Asking(facts, quiet, steps.tell), Naming(facts)
        ordinal = {application_id: a for a, application_id in enumerate(facts.scored.round.ids)}
        return Explainer(steps, asking, naming, because=Because(asking, naming), ordinal=ordinal)

    def explain(self, application_id: str) -> Explanation:
        """Explain one application.

        Raises
        ------
        UsageError
            If there is no application of that number.
        """
        _check([application_id], self.naming.row)
        self.steps.begin()
        self.steps.at("explain_reason")
        a = self.ordinal.get(application_id)
        if a is None:
            reason = self.because.ineligible(self.naming.row[application_id])
            return Explanation(application_id, "ineligible", 0, reason)
        award = int(self.asking.facts.decision.award[a])
        status: Status = "funded" if award else "not_funded"
        make = self._funded if award else self._not_funded
        because, more, needs = make(a)
        return Explanation(
            application_id, status, award, because=because, more=tuple(more), needs=tuple(needs)
        )

    def what_if(
        self,
        application_id: str,
        merit: Fraction | None = None,
        request: int | None = None,
        pool: int | None = None,
        withdrawn: Sequence[str] = (),
    ) -> WhatIf:
        """Solve the round with one thing different: see `Allocation.what_if`.

        Raises
        ------
        UsageError
            If an application is unknown or not eligible, or not exactly one thing is changed.
        """
        _check([application_id, *withdrawn], self.naming.row)
        if sum([merit is not None, request is not None, pool is not None, bool(withdrawn)]) != 1:
            raise UsageError(_ONE_CHANGE)
        refused = [i for i in (application_id, *withdrawn) if i not in self.ordinal]
        if refused:
            ids = ", ".join(refused)
            raise UsageError(Text(f"{ids} 不符資格，未參加分配", f"not eligible: {ids}"))
        a = self.ordinal[application_id]
        if merit is not None:
            asked = self.asking.merit(a, self.asking.round.merit_of(a) + merit)
        elif request is not None:
            asked = self.asking.request(a, request)
        elif pool is not None:
            asked = self.asking.pool(max(0, pool - self.asking.facts.contingency))
        else:
            asked = self.asking.withdrawn(self.ordinal[i] for i in withdrawn)
        now, then, this = self.asking.now.funds(), asked.funds(), {application_id}
        return WhatIf(
            application_id,
            asked.award(application_id),
            asked.fate(application_id),
            entering=tuple(sorted(then - now - this)),
            leaving=tuple(sorted(now - then - this)),
        )

    def _not_funded(self, a: int) -> tuple[Statement, list[Statement], list[Need]]:
        because = self.because.not_funded(a)
        more = [
            *self._amount(a),
            *self._behind(a),
            self.because.lower_funded(a),
            self.because.firm(a),
        ]
        needs = Needs(self.asking, a)
        said = [
            self._merit(needs, better=True),
            self._request(needs, better=True),
            self._pool(needs),
            self._waivers(needs),
            self._rivals(needs),
        ]
        return because, more, said

    def _funded(self, a: int) -> tuple[Statement, list[Statement], list[Need]]:
        more = [*self._amount(a), self.because.firm(a)]
        needs = Needs(self.asking, a)
        said = [self._merit(needs, better=False), self._request(needs, better=False)]
        return self.because.funded(a), more, said

    @cached_property
    def _waiting(self) -> Waiting:
        """Who comes in for how much; who does not, as the waiting list says it."""
        return waiting(self.asking.facts)

    def _behind(self, a: int) -> list[Statement]:
        """Say, as the waiting list does, that it is not the money that is short: a sister comes first."""
        said = self._waiting.behind.get(a)
        return [Statement("behind", said, said)] if said else []

    def _amount(self, a: int) -> list[Statement]:
        said = Cuts(self.asking, self.naming).less(a)
        return [said] if said else []

    def _merit(self, needs: Needs, better: bool) -> Need:
        self.steps.at("explain_merit")
        code = "merit" if better else "lose_merit"
        try:
            turn = needs.merit(better)
        except OutOfPatienceError:
            return not_settled(code, "分數")
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
        self.steps.at("explain_request")
        code = "request" if better else "lose_request"
        try:
            turn = needs.smaller_request() if better else needs.larger_request()
            advised = not better or turn.value is None or needs.sensible(int(turn.value))
        except OutOfPatienceError:
            return not_settled(code, "申請金額")
        refusal = None if better else self.refusals.get(needs.a)
        if refusal and (turn.value is None or turn.value >= refusal.amount):
            return refused(code, refusal)
        if turn.value is None:
            zh = "減少申請金額亦不獲補助" if better else "增加申請金額不影響是否獲補助"
            en = (
                "no smaller request would do"
                if better
                else "a larger request would not lose it the award"
            )
            return plain(code, Text(zh, en), zh)
        amount = nt(int(turn.value))
        word = "恰減為" if better else "增為"
        only = Text("（其他金額未必）", " exactly (not every other amount)") if better else EMPTY
        head = Text(f"申請金額{word} {amount.zh}{only.zh}", f"a request of {amount.en}{only.en}")
        return replace(turned(code, head, turn, better), advised=advised)

    @cached_property
    def refusals(self) -> Mapping[int, RefusedRequest]:
        """From which request on each would be refused."""
        return refused_from(self.asking.facts)

    def _pool(self, needs: Needs) -> Need:
        self.steps.at("explain_pool")
        try:
            turn = needs.pool()
        except OutOfPatienceError:
            return not_settled("pool", "經費總額")
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
        self.steps.at("explain_waiver")
        try:
            found = needs.waivers()
        except OutOfPatienceError:
            return not_settled("waiver", "規則")
        if not found:
            zh = "免除任何單一規則亦不獲補助"
            return plain("waiver", Text(zh, "no waiver of a single rule would do"), zh)
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
        text, names = joined(parts), tuple(w.label for w in found)
        told = short(
            text.en,
            text.zh,
            "免除某一規則即獲補助（見說明）" if sure else "免除某一規則則由抽籤決定（見說明）",
        )
        return Need("waiver", text, text, told, names=names, certain=not drawn)

    def _spoken(self, waivers: Iterable[Waiver]) -> Text:
        """Name rules, each with what it is about."""
        spoken = {rule.label: rule.spoken for rule in self.asking.policy.rules}
        about: dict[str, list[Text]] = {}
        for waiver in waivers:
            about.setdefault(waiver.label, []).append(waiver.about)
        return listed(_waived(spoken[label], parts) for label, parts in about.items())

    def _rivals(self, needs: Needs) -> Need:
        self.steps.at("explain_rivals")
        try:
            found = needs.rivals()
        except OutOfPatienceError:
            return not_settled("rivals", "撤回")
        size, sets = found.size, found.sets
        if size is None:
            several = found.tried > 1
            zh = f"即使少了任{found.tried if several else '何一'}件獲補助的申請，本案仍不獲補助"
            en = f"it would not be funded without any {found.tried if several else 'one'} of the funded"
            return plain("rivals", Text(zh, en), zh)
        listed = [" + ".join(ids) for ids in sets[:LISTED]]
        more = len(sets) - LISTED
        zh = "、".join(listed) + (
            f"等 {len(sets)} {'件' if size == 1 else '組'}" if more > 0 else ""
        )
        en = ", ".join(listed) + (f" and {more} more" if more > 0 else "")
        end = Text("本案即獲補助", "it is funded") if found.certain else _MAY
        full = Text(
            f"下列任一{'件' if size == 1 else '組'}若當初未提出申請，{end.zh}：{zh}",
            f"{end.en} had any one of these not been handed in: {en}",
        )
        discreet = Text(
            f"若當初少了某 {size} 件獲補助的申請，本案即可能獲補助",
            f"it might have been funded had {size} of the funded not been handed in",
        )
        return Need(
            "rivals",
            full,
            discreet,
            short(discreet.en, discreet.zh),
            value=size,
            rivals=tuple(sets),
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
