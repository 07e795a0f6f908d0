"""What would have had to differ: the least change of one thing that changes the decision.

Each is proved on both sides by solving the changed round to the end: at the value it says the
application is funded (in every best list, or in some, where the draw would decide), one step less
it is in none. After Boehmer et al. (arXiv 2312.14723): cost reduction, added approvals, rivalry
reduction; here for the exact lexicographic optimum under all rules.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from itertools import combinations
from math import comb

import numpy as np

from optimizer.explain.answer import Asked, Fate
from optimizer.explain.asking import Asking
from optimizer.explain.patience import OutOfPatienceError
from optimizer.explain.shifting import Told
from optimizer.language.text import EMPTY, Text
from optimizer.language.words import exact_points

RANK = {"none": 0, "some": 1, "every": 2}
MOST_RIVALS = 3
MOST_SETS = 500  # sets of two or three that are tried, each by solving again


@dataclass(frozen=True)
class Turn:
    """Where a decision turns.

    Parameters
    ----------
    value
        The least change at which it does; None if none does.
    certain
        Whether it is then the same in every best list.
    instead
        The funded of its own school that would then get nothing, by number.
    lost
        How it loses its award, where that is by not being eligible any more; else empty.
    """

    value: Fraction | int | None
    certain: bool = True
    instead: tuple[str, ...] = ()
    lost: Text = EMPTY


@dataclass(frozen=True)
class Waiver:
    """A rule without which an application is funded.

    Parameters
    ----------
    label
        The rule.
    about
        Which inequality of it; empty for the whole rule.
    certain
        Whether every best list then funds it; else the draw would decide.
    """

    label: str
    about: Text
    certain: bool


@dataclass(frozen=True)
class Rivals:
    """Whose withdrawal brings an application in.

    Parameters
    ----------
    size
        How many have to go; None where no set that was tried is enough.
    sets
        Every set of that size.
    tried
        Up to how many at once were tried, all sets of them.
    drawn
        Those of the sets without which the draw would decide; without the others every best list funds it.
    """

    size: int | None
    sets: tuple[tuple[str, ...], ...]
    tried: int
    drawn: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Needs:
    """What would have had to differ for one application.

    Parameters
    ----------
    asking
        Who is asked.
    a
        Which eligible application.
    """

    asking: Asking
    a: int

    @cached_property
    def application_id(self) -> str:
        """Its number."""
        return self.asking.round.ids[self.a]

    @cached_property
    def now(self) -> Fate:
        """Whether every, some or no best list funds it."""
        return self.asking.now.fate(self.application_id)

    def better(self, asked: Asked | Told) -> bool:
        """Say whether more of the best lists fund it than now."""
        return self._rank(asked) > RANK[str(self.now)]

    def worse(self, asked: Asked | Told) -> bool:
        """Say whether fewer of the best lists fund it than now."""
        return self._rank(asked) < RANK[str(self.now)]

    def _rank(self, asked: Asked | Told) -> int:
        fate = asked.fate(self.application_id)
        if fate is None:
            raise OutOfPatienceError
        return RANK[fate]

    def _certain(self, asked: Asked | Told, better: bool) -> bool:
        return self._rank(asked) == (RANK["every"] if better else RANK["none"])

    # --- merit ----------------------------------------------------------------------------------

    def merit(self, better: bool = True) -> Turn:
        """Return the least merit above its own at which it is funded; below, at which it is not.

        More merit never loses an award where no priority gives anything up and the amount does not
        depend on merit, so the turn is found by halving; else every step is looked at.
        """
        turned = self.better if better else self.worse
        counts = range(1, self._steps(better) + 1)

        def at(count: int) -> Asked | Told:
            return self.asking.told_merit(self.a, count if better else -count)

        if self._monotone:
            place = bisect_left(counts, True, key=lambda count: turned(at(count)))
            found = counts[place] if place < len(counts) else None
        else:
            found = next((count for count in counts if turned(at(count))), None)
        if found is None:
            return self._below_all(better)
        turn = self.asking.merit_at(self.a, found if better else -found)
        return self._turn(turn, at(found), better, lambda _: self.asking.list_with(self.a, turn))

    def _turn(
        self,
        value: Fraction | int,
        asked: Asked | Told,
        better: bool,
        told: Callable[[int], Asked | Told],
    ) -> Turn:
        """Say which of its own school make room, by the list that was asked; else by what is told of each."""
        ids, sisters = self.asking.round.ids, self._funded_sisters if better else []
        if isinstance(asked, Asked) and not asked.award(self.application_id):
            sisters = []  # it is not on the one list of several that was drawn
        one = (lambda _: asked) if isinstance(asked, Asked) or asked.award is not None else told
        gone = [ids[s] for s in sisters if not _gets(one(s), ids[s], s)]
        return Turn(value, self._certain(asked, better), instead=tuple(gone))

    @property
    def _funded_sisters(self) -> list[int]:
        """The funded of its own school."""
        round_ = self.asking.round
        own = (round_.school == round_.school[self.a]) & self.asking.facts.decision.fund
        own[self.a] = False
        return [int(s) for s in np.flatnonzero(own)]

    def _below_all(self, better: bool) -> Turn:
        """Below the least merit it would not be eligible."""
        least = self._least_merit
        if better or not least:
            return Turn(None)
        step = self.asking.changed.merit_step(self.a)
        own = self.asking.round.merit_of(self.a)
        return Turn(own - step * int((own - least) / step + 1), lost=self._not_eligible(least))

    def _not_eligible(self, least: Fraction) -> Text:
        """Say that below the least merit it would not be eligible, whatever the list."""
        graded = least > self.asking.policy.settings.review.minimum_merit
        name = "最低補助級距" if graded else "及格分數"
        said = exact_points(least)
        return Text(
            f"，即低於{name} {said} 分而不符資格",
            f": below the minimum of {said} points it would not be eligible",
        )

    def _steps(self, better: bool) -> int:
        """Return how many steps beyond its own merit marks allow."""
        settings = self.asking.policy.settings
        own, step = self.asking.round.merit_of(self.a), self.asking.changed.merit_step(self.a)
        if better:
            top = settings.review.full or max(Fraction(100), self._top)
            return int((top - own) / step)
        return int((own - self._least_merit) / step)

    @property
    def _least_merit(self) -> Fraction:
        """The least that is eligible: the minimum, or the lowest grade that is paid for."""
        return max(self.asking.policy.settings.review.minimum_merit, self._lowest_grade)

    @property
    def _top(self) -> Fraction:
        round_ = self.asking.round
        return Fraction(max(int(m) for m in round_.merit), round_.merit_denominator)

    @property
    def _lowest_grade(self) -> Fraction:
        award = self.asking.policy.settings.award
        graded = award.mode == "graded"
        return min((at for at, _ in award.grades), default=Fraction(0)) if graded else Fraction(0)

    @property
    def _monotone(self) -> bool:
        gives = any(goal.give_up_share or goal.give_up_amount for goal in self.asking.program.goals)
        return not gives and self.asking.policy.settings.award.mode != "graded"

    # --- request --------------------------------------------------------------------------------

    def smaller_request(self) -> Turn:
        """Return the largest request below its own at which it is funded; every unit is tried."""
        unit = self.asking.program.unit
        most = int(self.asking.round.most[self.a])
        smaller = self.asking.amounts_to_ask(self.a, range(most - unit, 0, -unit))
        told = partial(self.asking.told_request, self.a)
        return self._first(smaller, told, self._asked_for, better=True)

    def within_reach(self, merit: Fraction) -> bool:
        """Say whether a rise in merit is one that a school can be advised of: a tenth of the marks at most."""
        full = self.asking.policy.settings.review.full or 100
        return 10 * (merit - self.asking.round.merit_of(self.a)) <= full

    def larger_request(self) -> Turn:
        """Return the least larger request, with a budget to match, at which it is not funded."""
        return self._larger(better=False)

    def more(self) -> Turn:
        """Return the least larger request, with a budget to match, at which it is funded."""
        return self._larger(better=True)

    def _larger(self, better: bool) -> Turn:
        """Try every unit above what it could get that bounds leave open."""
        amounts = self.asking.larger.to_ask(self.a, better)
        told = partial(self.asking.larger.told, self.a)
        return self._first(amounts, told, self._with_budget, better)

    def _with_budget(self, amount: int) -> Callable[[int], Asked]:
        return lambda _: self.asking.with_budget(self.a, amount)

    def _asked_for(self, amount: int) -> Callable[[int], Asked]:
        """Ask it whoever else is looked at: the list is one for all."""
        return lambda _: self.asking_for(amount)

    def asking_for(self, amount: int) -> Asked:
        """Ask what would be if it had asked for another amount."""
        return self.asking.request(self.a, amount)

    # --- pool -----------------------------------------------------------------------------------

    def pool(self) -> Turn:
        """Return the least pool above today's at which it is funded; every step is settled."""
        told, pools = self.asking.told_pool, self.asking.pools_to_ask(self.a)
        return self._first(pools, partial(told, self.a), self._told_pool, better=True)

    def _told_pool(self, amount: int) -> Callable[[int], Asked | Told]:
        """Ask of whoever else is looked at."""
        return partial(self.asking.told_pool, amount=amount)

    def _first(
        self,
        values: Iterable[int],
        ask: Callable[[int], Asked | Told],
        told: Callable[[int], Callable[[int], Asked | Told]],
        better: bool,
    ) -> Turn:
        turned, upto = self.better if better else self.worse, None
        try:
            for value in values:
                if turned(asked := ask(value)):
                    return self._turn(value, asked, better, told(value))
                upto = value
        except OutOfPatienceError:
            raise OutOfPatienceError(upto) from None
        return Turn(None)

    # --- waivers --------------------------------------------------------------------------------

    def waivers(self) -> list[Waiver]:
        """Return each rule, or one inequality of it, whose removal alone funds it; what is kept is kept.

        Rules that only refuse others are none of its own.
        """
        found: list[Waiver] = []
        try:
            for waiver in self._waivers():
                found += waiver
        except OutOfPatienceError:
            raise OutOfPatienceError(found=found) from None
        return found

    def waivable(self) -> list[str]:
        """Return the rules that are waived one at a time: those that concern it."""
        asking = self.asking
        return [rule.label for rule in asking.policy.rules if asking.may_be_waived(self.a, rule)]

    def _waivers(self) -> Iterator[list[Waiver]]:
        for rule in self.asking.policy.rules:
            if self.asking.may_be_waived(self.a, rule):
                yield self._waiver(self.asking.waived(self.a, rule), rule.label, EMPTY)
        for block, row, about in self._own_rows():
            clause = self.asking.program.rows[block].clause
            asked = self.asking.row_waived(self.a, block, row)
            yield self._waiver(asked, clause, about)

    def _waiver(self, asked: Asked | Told, label: str, about: Text) -> list[Waiver]:
        return [Waiver(label, about, self._certain(asked, True))] if self.better(asked) else []

    def _own_rows(self) -> Iterator[tuple[int, int, Text]]:
        """Yield the inequalities that it is in, of rules that have several."""
        for block, rows in enumerate(self.asking.program.rows):
            if len(rows.rhs) > 1:
                for row in np.unique(rows.row[rows.app == self.a]).tolist():
                    yield block, row, rows.labels[row]

    # --- rivals ---------------------------------------------------------------------------------

    def rivals(self) -> Rivals:
        """Return the fewest whose withdrawal alone brings it in, and every set of that size.

        Sets of two and three are tried as long as there are no more than `MOST_SETS` of them.
        """
        ids, asking = self.asking.round.ids, self.asking
        funded = np.flatnonzero(self.asking.facts.decision.fund).tolist()
        others = [f for f in funded if f != self.a]
        singles = [(f,) for f in self.asking.rivals_to_ask(self.a)]
        for size in range(1, MOST_RIVALS + 1):
            if size > 1 and comb(len(others), size) > MOST_SETS:
                return Rivals(None, (), size - 1)
            sets = singles if size == 1 else list(combinations(others, size))
            open_ = sum(asking.leaves_open(f) for (f,) in sets) if size == 1 else len(sets)
            if not asking.patience.reaches(open_, asking.round.size):
                if size == 1:
                    raise OutOfPatienceError
                return Rivals(None, (), size - 1)
            found = {
                tuple(ids[f] for f in gone): self._certain(asked, True)
                for gone in sets
                if self.better(
                    asked := asking.without(*gone) if size == 1 else asking.withdrawn(gone)
                )
            }
            if found:
                drawn = tuple(gone for gone, certain in found.items() if not certain)
                return Rivals(size, tuple(found), size, drawn)
        return Rivals(None, (), MOST_RIVALS)


def _gets(asked: Asked | Told, own_id: str, a: int) -> bool:
    """Return whether an application is on the list; where none is known, on every best one."""
    if asked.fate(own_id) is None:
        raise OutOfPatienceError
    if isinstance(asked, Asked):
        return asked.award(own_id) > 0
    return asked.known == "every" if asked.award is None else bool(asked.award[a])
