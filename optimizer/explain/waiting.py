"""Who comes in for how much money, while everyone who is funded keeps what was awarded.

Solved, not sorted: for every amount that may come free the best list under that promise, draw
included. The dynamic programme gives all amounts at once; where it leaves a tie, or cannot take the
rules, an amount is solved on its own, and only so many of them, so that the answer is always the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from optimizer.clauses import Clause
from optimizer.explain.impossible import Obstacle, held_by_sisters, obstacles, without_idle
from optimizer.explain.naming import Naming, short
from optimizer.explain.restating import pool_rows
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import BoolArray, exact, total
from optimizer.foundation.frozen import kept_with
from optimizer.language.text import EMPTY, LANGUAGES, Text, money
from optimizer.problems.errors import InfeasibleError
from optimizer.program.narrow import Narrowed, narrow
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows
from optimizer.scoring.build import state
from optimizer.solving.dynamic.fates import Fates, fates
from optimizer.solving.dynamic.packing import NotTakeable
from optimizer.solving.dynamic.structure import analyse
from optimizer.solving.solve import solve

MOST_SOLVES = 40  # amounts that are solved one by one
MOST_UNITS = 1_000_000  # amounts, in units, that are looked at all

_NOT_PROVED = Text(
    "求解未完成，未推算遞補順序", "solving did not finish: who comes next is not known"
)
_NEVER = Text(
    "公布後不論釋出多少經費（已核定者均保留），最佳名單皆不補助本案",
    "while all that are funded keep theirs, no best list funds it, however much comes free",
)
_TIED = Text(
    "須與條件相同者抽籤之金額過多，未逐一推算",
    "the draw would decide at too many amounts: they were not all solved",
)


@dataclass(frozen=True)
class Waiting:
    """Who comes in for how much.

    Parameters
    ----------
    comes_at
        The least NT$ that must come free, by ordinal of the application.
    never
        Of every other one that waits, why it does not come in, or what is not known.
    behind
        Those of them that a sister keeps out, whatever money comes free: one that waits as well.
    barred
        Those of them that a rule keeps out, whatever money comes free, and what it is called.
    """

    comes_at: dict[int, int]
    never: dict[int, Text]
    behind: dict[int, Text] = field(default_factory=dict)
    barred: dict[int, Text] = field(default_factory=dict)

    def condition(self, a: int) -> Text:
        """Say on what condition one comes in: an amount is no place in a queue."""
        if a not in self.comes_at:
            return self.never.get(a, EMPTY)
        amount = money(self.comes_at[a])
        return Text(
            f"公布後釋出 {amount} 元（已核定者均保留）時遞補；釋出金額不同，遞補者可能不同",
            f"comes in when NT${amount} come free after publication, all awards kept; with another "
            "amount others may come in",
        )

    def in_short(self, a: int) -> Text:
        """Say the condition in a few words, for the telephone."""
        said = self.condition(a)
        if a in self.comes_at:
            return Text(said.zh.split("；")[0], said.en.split(";")[0])
        if a in self.behind:
            return Text(
                "公布後釋出再多，亦由同校另案先遞補", "another one of its school comes in first"
            )
        if a in self.barred:
            title = self.barred[a]
            return short(
                f'by "{title.en}" it cannot come in while all that are funded keep theirs',
                f"已核定者均保留時，依「{title.zh}」不能遞補",
                f"依「{title.zh}」不能遞補",
            )
        return said


@kept_with
def waiting(facts: Certified) -> Waiting:
    """Work out for all that wait at which amount they come in."""
    waits = np.flatnonzero(~facts.decision.fund).tolist()
    if not facts.solution.optimal or not waits:
        return Waiting({}, dict.fromkeys(waits, _NOT_PROVED))
    return _Promised(facts).answer(waits)


@dataclass
class _Looked:
    """What looking at amounts has found so far."""

    comes_at: dict[int, int] = field(default_factory=dict)
    open: dict[int, Text] = field(default_factory=dict)  # what is not known of some
    up_to: int | None = None  # NT$; None: at every amount that could matter

    def never(self, a: int) -> Text:
        if a in self.open:
            return self.open[a]
        return _NEVER if self.up_to is None else _not_within(self.up_to)


@dataclass
class _Promised:
    """A certified round whose winners keep what they have."""

    facts: Certified
    spoken: dict[str, tuple[Clause, Mapping[int, Text]]] = field(default_factory=dict)

    def answer(self, waits: list[int]) -> Waiting:
        """Put together what was found."""
        against = self.against
        looked = self.looked()
        never = {
            a: self._said(against[a]) if a in against else looked.never(a)
            for a in waits
            if a not in looked.comes_at
        }
        behind = self._behind({a for a, text in never.items() if text is _NEVER})
        barred = {a: self._words(o.clause)[0].spoken for a, o in against.items() if a in never}
        return Waiting(looked.comes_at, never | behind, behind, barred)

    def _behind(self, still: set[int]) -> dict[int, Text]:
        """Say which sister comes in before them, by the best list with all the money there could be."""
        if not still:
            return {}
        rows = tuple(r for n, r in enumerate(self.now.rows) if n not in (self.growing or {}))
        small = self.with_free(self.everything)
        then = small.widen(solve(small.program).decision)
        school = self.facts.scored.round.school
        held = held_by_sisters(replace(self.now, rows=rows), then, school)
        came = then.fund & ~self.facts.decision.fund
        first = {key: [s for s in sisters if came[s]] for key, sisters in held.items()}
        return {a: self._first(s, label) for (a, label), s in first.items() if s and a in still}

    def _first(self, sisters: list[int], label: str) -> Text:
        """Say that these come in first, and which rule then leaves no room."""
        title, naming = self._words(label)[0].spoken, Naming(self.facts)
        zh, en = (naming.with_merit(sisters).say(language) for language in LANGUAGES)
        return Text(
            f"公布後經費釋出再多（已核定者均保留），亦由同校 {zh}先遞補，與本案合計逾「{title.zh}」",
            f"while all that are funded keep theirs, however much comes free, {en} of its own school "
            f'comes in first, and "{title.en}" leaves no room for both',
        )

    @cached_property
    def kept(self) -> Rows:
        """State that nobody who is funded gets less."""
        award = self.facts.decision.award
        winners = np.flatnonzero(award)
        return Rows(
            "waiting",
            "award",
            row=np.arange(len(winners)),
            app=winners,
            coefficient=np.ones(len(winners), dtype=np.int64),
            sense=">=",
            rhs=exact(award[winners]),
            labels=(EMPTY,) * len(winners),
        )

    def stated(self, more: int) -> Program:
        """State the round with more NT$ to award, under the promise."""
        policy, round_ = self.facts.case.policy, self.facts.scored.round
        settings = policy.settings
        whole = settings.pool.available + settings.pool.contingency + more
        pool = replace(settings.pool, amount=whole)
        richer = policy.with_settings(replace(settings, pool=pool))
        round_ = replace(round_, records=replace(round_.records, settings=richer.settings))
        program = state(round_, richer)
        return replace(program, rows=(*program.rows, self.kept))

    @cached_property
    def now(self) -> Program:
        """The round as it is, under the promise."""
        return self.stated(0)

    @cached_property
    def everything(self) -> int:
        """NT$ that all awards together could still grow by."""
        return total(self.now.most) - self.facts.spent

    @cached_property
    def growing(self) -> dict[int, int] | None:
        """Which rows are the pool, with NT$ left in each; None if more money changes other rules."""
        found = pool_rows(self.now, self.stated(self.everything), self.everything)
        if found is None:
            return None
        return {n: self.now.rows[n].slack(self.facts.decision)[0] for n in found}

    @cached_property
    def against(self) -> dict[int, Obstacle]:
        """Whom one rule keeps out, whatever else is awarded and however much comes free."""
        if self.growing is None:
            return {}
        rows = [r for n, r in enumerate(self.now.rows) if n not in self.growing]
        return obstacles(rows, self.facts.decision, self.now.least, most=self.now.most)

    def _said(self, obstacle: Obstacle) -> Text:
        """Say which rule keeps it out, and who holds the place."""
        ids = self.facts.scored.round.ids
        rule, words = self._words(obstacle.clause)
        why = words.get(obstacle.application, rule.sentence())
        if not obstacle.holders:
            return why
        holders = [ids[a] for a in obstacle.holders]
        return Text(
            f"{why.zh}；由獲補助者 {'、'.join(holders)} 占用，已核定者均保留時不能遞補",
            f"{why.en}; held by {', '.join(holders)}: it cannot come in while they keep theirs",
        )

    def _words(self, label: str) -> tuple[Clause, Mapping[int, Text]]:
        """Return a rule, and what it says of those that it keeps out."""
        if label not in self.spoken:
            rule = next(r for r in self.facts.case.policy.clauses if r.label == label)
            said = rule.stands_against(self.facts.scored.round, self.facts.decision)
            self.spoken[label] = rule, said
        return self.spoken[label]

    @cached_property
    def open(self) -> BoolArray:
        """Shape (n,): whose award could be another one."""
        open_ = self.facts.decision.award < self.now.most
        open_[list(self.against)] = False
        return np.asarray(open_, dtype=bool)

    @cached_property
    def small(self) -> Narrowed:
        """The open applications alone, the pool left out."""
        rows = (r for n, r in enumerate(self.now.rows) if n not in (self.growing or {}))
        small = narrow(replace(self.now, rows=tuple(rows)), self.open, self.facts.decision)
        binding = (without_idle(r, small.program.most) for r in small.program.rows)
        left = tuple(r for r in binding if len(r.rhs))
        return replace(small, program=replace(small.program, rows=left))

    @cached_property
    def left(self) -> int:
        """NT$ for the open applications as it is."""
        assert self.growing
        return min(self.growing.values()) + total(self.facts.decision.award[self.open])

    def with_free(self, amount: int) -> Narrowed:
        """State the open applications' program with so many NT$ that came free."""
        if self.growing is None:
            return narrow(self.stated(amount), self.open, self.facts.decision)
        everyone = np.ones(self.small.program.size, dtype=np.int64)
        pool = Rows.single(
            "pool", "award", everyone, sense="<=", rhs=self.left + amount, label=EMPTY
        )
        program = replace(self.small.program, rows=(pool, *self.small.program.rows))
        return replace(self.small, program=program)

    def solved(self, amount: int) -> list[int]:
        """Return whom the best list funds with so many NT$ that came free, of those that wait."""
        small = self.with_free(amount)
        try:
            return self._come_in(small, solve(small.program).decision)
        except InfeasibleError:
            return []

    def drawn(self, amount: int, found: Fates, place: int) -> list[int]:
        """Do as `solved` does, where the lists that are best by the first priorities are known."""
        small = self.with_free(amount)
        least, most = small.program.least, small.program.most
        sure = found.every[place] & (least == most)  # the same amount on every one of them
        known = Decision(sure, np.where(sure, most, 0))
        differ = narrow(small.program, found.some[place] & ~sure, known)
        return self._come_in(small, differ.widen(solve(differ.program).decision))

    def _come_in(self, small: Narrowed, decision: Decision) -> list[int]:
        fund = small.widen(decision).fund
        return np.flatnonzero(fund & ~self.facts.decision.fund).tolist()

    def looked(self) -> _Looked:
        """Look at all amounts at once where that can be, else at one after another."""
        settled = self.growing is not None and not self.growing  # money decides nothing
        if settled or self.everything <= 0 or not self.open.any():
            return _Looked()
        if self.growing is None:
            return self._one_by_one()
        try:
            return self._at_once(fates(analyse(self.with_free(self.everything).program)))
        except NotTakeable:
            return self._one_by_one()

    def _at_once(self, found: Fates) -> _Looked:
        """Read off who comes in; solve the amounts at which the draw or later priorities decide."""
        waits = np.flatnonzero(~self.facts.decision.fund[self.small.open])
        places = np.unique(found.lists[found.place(self.left) :])
        places = places[places > found.place(self.left)]
        if not len(places):
            return _Looked()
        every, some = found.every[places][:, waits], found.some[places][:, waits]
        beyond = len(places)
        first = np.where(every.any(axis=0), every.argmax(axis=0), beyond)
        tied = some & (np.arange(beyond)[:, None] < first)
        ordinal = {int(a): n for n, a in enumerate(self.small.open[waits])}
        solves = 0
        for n in np.flatnonzero(tied.any(axis=1)).tolist():
            if not (tied[n] & (n < first)).any():
                continue
            if solves == MOST_SOLVES:
                break
            solves += 1
            amount = self._amount(found, int(places[n]))
            for a in self.drawn(amount, found, place=int(places[n])):
                first[ordinal[a]] = min(first[ordinal[a]], n)
            tied[n] = False
        looked = _Looked()
        for a, n in ordinal.items():
            if (tied[:, n] & (np.arange(beyond) < first[n])).any():
                looked.open[a] = _TIED
            elif first[n] < beyond:
                looked.comes_at[a] = self._amount(found, int(places[first[n]]))
        return looked

    def _amount(self, found: Fates, place: int) -> int:
        """Return the least NT$, in units, that must come free for a pool."""
        return _up(found.least + place * found.step - self.left, self.now.unit)

    def _one_by_one(self) -> _Looked:
        """Solve one amount after another, up to the largest award."""
        decision, looked = self.facts.decision, _Looked()
        reach = min(
            self.everything, int((decision.award if decision.fund.any() else self.now.most).max())
        )
        if reach < self.everything or self.growing is None:
            looked.up_to = reach
        waits = set(np.flatnonzero(self.open & ~decision.fund).tolist())
        for solves, amount in enumerate(self._amounts(reach)):
            if waits <= looked.comes_at.keys():
                break
            if solves == MOST_SOLVES:
                looked.up_to = amount - self.now.unit
                break
            for a in self.solved(amount):
                looked.comes_at.setdefault(a, amount)
        return looked

    def _amounts(self, reach: int) -> Iterator[int]:
        """Yield the amounts at which another list becomes possible, NT$."""
        unit = self.now.unit
        small = self.small.program
        most = 0 if self.growing is None else (self.left + reach) // unit
        if not 0 < most < MOST_UNITS or not small.all_or_nothing:
            yield from range(unit, reach + 1, unit)
            return
        sums = 1
        for award in small.most.tolist():
            sums |= sums << (award // unit) & (1 << most + 1) - 1
        for spent in range(self.left // unit + 1, most + 1):
            if sums >> spent & 1:
                yield _up(spent * unit - self.left, unit)


def _up(amount: int, unit: int) -> int:
    return -(-amount // unit) * unit


def _not_within(amount: int) -> Text:
    return Text(
        f"公布後釋出 {money(amount)} 元以內不會遞補；釋出更多時未推算",
        f"does not come in for NT${money(amount)} or less; more than that was not worked out",
    )
