"""Who comes in as more money comes free, while everyone who is funded keeps what was awarded.

The dynamic programme gives all amounts at once; where it leaves a tie, or cannot take the rules, an
amount is solved on its own: so many of them, with so much effort in all, counted and not timed, so that
the answer is always the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from optimizer.explain.impossible import Obstacle, held_by_sisters, obstacles, without_idle
from optimizer.explain.restating import pool_rows
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import BoolArray, exact, total
from optimizer.language.text import EMPTY
from optimizer.problems.errors import InfeasibleError, LimitError
from optimizer.program.narrow import Narrowed, narrow
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows
from optimizer.scoring.build import state
from optimizer.solving.dynamic.fates import Fates, fates
from optimizer.solving.dynamic.packing import NotTakeable
from optimizer.solving.dynamic.structure import analyse
from optimizer.solving.options import Effort, Options
from optimizer.solving.solve import solve

MOST_SOLVES = 40  # amounts that are solved one by one
EFFORT = 12_000_000  # of all of them together, as `Effort` counts it: some seconds
MOST_UNITS = 1_000_000  # amounts, in units, that are looked at all


@dataclass
class Looked:
    """What looking at amounts has found.

    Parameters
    ----------
    comes_at
        The least NT$ that must come free, by ordinal of the application.
    tied
        Of whom it is not known: the draw would decide at too many amounts.
    up_to
        Up to which NT$ was looked; None for every amount that could matter.
    solves
        After how many solves no more was looked; None where all was looked at that there was to be.
    """

    comes_at: dict[int, int] = field(default_factory=dict)
    tied: set[int] = field(default_factory=set)
    up_to: int | None = None
    solves: int | None = None


@dataclass
class ComingIn:
    """A certified round whose winners keep what they have."""

    facts: Certified
    effort: Effort = field(default_factory=lambda: Effort(EFFORT))  # what is left of it

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

    def sisters_first(self) -> dict[tuple[int, str], list[int]]:
        """Return which of its own school come in and fill a rule, by the application and the rule.

        By the best list with all the money there could be; of nobody if it is not worked out.
        """
        rows = tuple(r for n, r in enumerate(self.now.rows) if n not in (self.growing or {}))
        small = self.with_free(self.everything)
        best = self._best(small.program)
        if best is None:
            return {}
        then = small.widen(best)
        school = self.facts.scored.round.school
        held = held_by_sisters(replace(self.now, rows=rows), then, school)
        came = then.fund & ~self.facts.decision.fund
        return {key: [s for s in sisters if came[s]] for key, sisters in held.items()}

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

    def _best(self, program: Program) -> Decision | None:
        """Return the best list; None if effort ended before it was proved."""
        try:
            found = solve(program, Options(effort=self.effort))
        except LimitError:
            return None
        return found.decision if found.optimal else None

    def solved(self, amount: int) -> list[int] | None:
        """Return whom the best list funds with so many NT$ that came free, of those that wait; None if not known."""
        small = self.with_free(amount)
        try:
            best = self._best(small.program)
        except InfeasibleError:
            return []
        return None if best is None else self._come_in(small, best)

    def drawn(self, amount: int, found: Fates, place: int) -> list[int] | None:
        """Do as `solved` does, where the lists that are best by the first priorities are known."""
        small = self.with_free(amount)
        least, most = small.program.least, small.program.most
        sure = found.every[place] & (least == most)  # the same amount on every one of them
        known = Decision(sure, np.where(sure, most, 0))
        differ = narrow(small.program, found.some[place] & ~sure, known)
        best = self._best(differ.program)
        return None if best is None else self._come_in(small, differ.widen(best))

    def _come_in(self, small: Narrowed, decision: Decision) -> list[int]:
        fund = small.widen(decision).fund
        return np.flatnonzero(fund & ~self.facts.decision.fund).tolist()

    def looked(self) -> Looked:
        """Look at all amounts at once where that can be, else at one after another."""
        settled = self.growing is not None and not self.growing  # money decides nothing
        if settled or self.everything <= 0 or not self.open.any():
            return Looked()
        if self.growing is None:
            return self._one_by_one()
        try:
            return self._at_once(fates(analyse(self.with_free(self.everything).program)))
        except NotTakeable:
            return self._one_by_one()

    def _at_once(self, found: Fates) -> Looked:
        """Read off who comes in; solve the amounts at which the draw or later priorities decide."""
        waits = np.flatnonzero(~self.facts.decision.fund[self.small.open])
        places = np.unique(found.lists[found.place(self.left) :])
        places = places[places > found.place(self.left)]
        if not len(places):
            return Looked()
        every, some = found.every[places][:, waits], found.some[places][:, waits]
        beyond = len(places)
        first = np.where(every.any(axis=0), every.argmax(axis=0), beyond)
        tied = some & (np.arange(beyond)[:, None] < first)
        ordinal = {int(a): n for n, a in enumerate(self.small.open[waits])}
        solves, looked = 0, Looked()
        for n in np.flatnonzero(tied.any(axis=1)).tolist():
            if not (tied[n] & (n < first)).any():
                continue
            amount = self._amount(found, int(places[n]))
            came = None
            if solves < MOST_SOLVES:
                solves += 1
                came = self.drawn(amount, found, place=int(places[n]))
            if came is None:
                looked.solves = solves
                break
            for a in came:
                first[ordinal[a]] = min(first[ordinal[a]], n)
            tied[n] = False
        for a, n in ordinal.items():
            if (tied[:, n] & (np.arange(beyond) < first[n])).any():
                looked.tied.add(a)
            elif first[n] < beyond:
                looked.comes_at[a] = self._amount(found, int(places[first[n]]))
        return looked

    def _amount(self, found: Fates, place: int) -> int:
        """Return the least NT$, in units, that must come free for a pool."""
        return _up(found.least + place * found.step - self.left, self.now.unit)

    def _one_by_one(self) -> Looked:
        """Solve one amount after another, up to the largest award."""
        decision, looked = self.facts.decision, Looked()
        reach = min(
            self.everything, int((decision.award if decision.fund.any() else self.now.most).max())
        )
        if reach < self.everything or self.growing is None:
            looked.up_to = reach
        waits = set(np.flatnonzero(self.open & ~decision.fund).tolist())
        for solves, amount in enumerate(self._amounts(reach)):
            if waits <= looked.comes_at.keys():
                break
            came = self.solved(amount) if solves < MOST_SOLVES else None
            if came is None:
                looked.up_to, looked.solves = amount - self.now.unit, solves
                break
            for a in came:
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
