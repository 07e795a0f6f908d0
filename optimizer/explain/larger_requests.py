"""What if an application had asked for more, with a budget to match.

Where bounds of its award are all that a request changes, the tables of the round as it is tell: a list
that gives it so much is made of what its own school may then get and the best of everybody else.
What they do not tell is solved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np

from optimizer.explain.answer import Asked
from optimizer.explain.changed import Changed
from optimizer.explain.known import KnownLists
from optimizer.explain.other_amounts import OtherAmounts
from optimizer.explain.refusing import RefusedRequest, refused_from
from optimizer.explain.restating import Restating
from optimizer.explain.shifting import Told
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import times, total, words
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.dynamic import additive_goals
from optimizer.solving.dynamic.beside import Beside, Bundle
from optimizer.solving.dynamic.best_lists import NEVER, worth_of
from optimizer.solving.dynamic.bundles import LocalCheck, local_checks
from optimizer.solving.dynamic.components import is_pool
from optimizer.solving.dynamic.prices import Prices
from optimizer.solving.dynamic.structure import Wide

MOST_AMOUNTS = 200  # that are looked at, a unit apart


@dataclass(frozen=True)
class _Against:
    """What larger requests of one application are held against: the best list without it.

    Parameters
    ----------
    rival, worth
        That list, and what it is worth, packed; None, and less than any, where no list goes without it.
    awards
        What the application may get, by what it asks for.
    open
        What its school may then get, by what it gets.
    """

    rival: Decision | None
    worth: int
    awards: Mapping[int, range]
    open: Mapping[int, list[Bundle]]

    def some(self, amount: int) -> list[Bundle]:
        """Return what its school may get if it asks for so much."""
        return [b for award in self.awards[amount] for b in self.open.get(award, ())]


@dataclass
class _Others:
    """What all others make beside a bundle of a component, at least: of one that cost as much or more."""

    beside: Beside
    component: int
    cost: int = -1
    worth: int = NEVER

    def exceed(self, enough: int, bundle: Bundle) -> bool:
        """Say whether a list with a bundle is worth more than enough."""
        if bundle.cost > self.cost or bundle.worth + self.worth <= enough:
            self.cost = bundle.cost
            self.worth = self.beside.most(self.component, bundle) - bundle.worth
        return bundle.worth + self.worth > enough


def _worth(bundle: Bundle) -> int:
    return bundle.worth


@dataclass(frozen=True)
class LargerRequests:
    """Larger requests in one round.

    Parameters
    ----------
    facts
        What was certified.
    changed, restating, tables
        Its changed rounds, how they are stated, and its tables; no tables where everything is solved.
    ask
        Solves the round in which one application, by ordinal, could get so many NT$.
    without
        Gives the best list that leaves out one, by ordinal.
    """

    facts: Certified
    changed: Changed
    restating: Restating
    tables: KnownLists | None
    ask: Callable[[int, int], Asked]
    without: Callable[[int], Asked]
    _rivals: dict[int, _Against | None] = field(default_factory=dict)
    _amounts: dict[int, range] = field(default_factory=dict)

    def amounts(self, a: int) -> range:
        """Return the amounts above what it could get, up to what no rule refuses or cuts, NT$."""
        if a not in self._amounts:
            self._amounts[a] = self._amounts_of(a)
        return self._amounts[a]

    def _amounts_of(self, a: int) -> range:
        unit, now = self.facts.program.unit, int(self.facts.program.most[a])
        top = self.facts.available
        if a in self.refusals:
            top = min(top, self.refusals[a].amount - unit)
        top = min(top, self.changed.most_with_budget(a, top), now + MOST_AMOUNTS * unit)
        return range(now + unit, top // unit * unit + unit, unit)

    @cached_property
    def refusals(self) -> Mapping[int, RefusedRequest]:
        """From which request on each would be refused."""
        return refused_from(self.facts)

    def to_ask(self, a: int, better: bool) -> Sequence[int]:
        """Return the amounts at which nothing rules out that it is funded, or is not, from the least up."""
        amounts, against = self.amounts(a), self._against(a)
        if against is None:
            return amounts
        out = self._refuted(a, against) if better else self._kept(a, against)
        return [amount for amount in amounts if amount not in out]

    def told(self, a: int, amount: int) -> Told | Asked:
        """Say who is funded if it could get so much, without solving where that can be."""
        told = self._known(a, amount)
        return self.ask(a, amount) if told is None else told

    @cached_property
    def _alike(self) -> bool:
        """Whether a request changes bounds of one award alone, apart from goals that tables do not look at."""
        graded = self.facts.case.policy.settings.award.mode == "graded"
        alike = not graded and self.restating.alike_for_less(
            additive_goals(self.facts.program.goals)
        )
        return alike and self.tables is not None and self._roomy_tables is not None

    def _known(self, a: int, amount: int) -> Told | None:
        """Hold the best list that gives it so much against the best that gives it nothing."""
        against = self._against(a)
        if against is None:
            return None
        tables, some = self._tables, against.some(amount)
        component, _ = tables.structure.place_of(a)
        if all(tables.beside.most(component, bundle) < against.worth for bundle in some):
            return Told("none")
        best = tables.beside.best(component, some)
        if against.rival is None:
            return tables.only(best)
        whole = self.restating.alike_for_less(len(self.facts.program.goals))
        return tables.held(a, best, against.rival, worth=against.worth, alike=whole)

    def _refuted(self, a: int, against: _Against) -> set[int]:
        """Return the amounts with which every list is worse than the best without it."""
        component, _ = self._tables.structure.place_of(a)
        most, worth = partial(self._tables.beside.most, component), against.worth
        within = {x for x, some in against.open.items() if any(most(b) >= worth for b in some)}
        return {n for n, awards in against.awards.items() if within.isdisjoint(awards)}

    def _kept(self, a: int, against: _Against) -> set[int]:
        """Return the amounts with which some list is surely better than the best without it.

        What the others make of less money than is left for them is no more than what they can: what
        they make beside the largest amount is taken for smaller ones, too, as long as it is enough.
        """
        structure, unit = self._tables.structure, self.facts.program.unit
        component, _ = structure.place_of(a)
        rounded = unit % structure.step  # then the cost of a bundle is rounded down
        if not self.facts.decision.fund[a] or a in self._across or rounded:
            return set()
        found, others = set[int](), _Others(self._tables.beside, component)
        breaking = [prices.line(component) for prices in self._breaking]
        for amount in self.amounts(a)[::-1]:
            some = against.some(amount)
            broken = (line.at(b.worth, b.cost) for line in breaking for b in some)
            enough = max(against.worth, max(broken, default=NEVER))
            if any(others.exceed(enough, b) for b in sorted(some, key=_worth, reverse=True)):
                found.add(amount)
        return found

    @cached_property
    def _breaking(self) -> list[Prices]:
        """Prices that bound what a list is worth which breaks an inequality across schools, one for each."""
        structure, found = self._tables.structure, []
        for wide in structure.wide:
            sign, least = (1, wide.rhs - 1) if wide.high is None else (-1, -wide.rhs - 1)
            flipped = Wide(words(times(wide.left, sign)), low=None, high=least, zone=None)
            broken = replace(structure, wide=(flipped,))
            bits = range(max(1, 58 - total(abs(wide.left)).bit_length()))
            prices = (Prices(broken, self._tables.prices.pool, (1 << bit,)) for bit in bits)
            found.append(min(prices, key=lambda p: p.bound))
        return found

    @cached_property
    def _across(self) -> set[int]:
        """Who is in an inequality of money across schools; there its award changes more than its school."""
        owner, found = self._tables.structure.place[:, 0], set[int]()
        for rows in self._roomy.rows:
            if rows.on == "award" and not is_pool(self._roomy, rows):
                first = np.full(len(rows.rhs), self._roomy.size, dtype=np.int64)
                last = np.full(len(rows.rhs), -1, dtype=np.int64)
                np.minimum.at(first, rows.row, owner[rows.app])
                np.maximum.at(last, rows.row, owner[rows.app])
                found |= set(rows.app[(first < last)[rows.row]].tolist())
        return found

    @property
    def _tables(self) -> KnownLists:
        assert self._roomy_tables is not None
        return self._roomy_tables

    @cached_property
    def _roomy_tables(self) -> KnownLists | None:
        """The tables of the same round with every inequality that a larger request could break.

        None, too, where somebody was promised more than it can get now, and might get with a larger request.
        """
        program = replace(self.facts.program, rows=self._roomy.rows)
        return KnownLists.of(program, self.facts.decision, self._roomy.most)

    def _without(self, a: int) -> tuple[bool, Decision | None]:
        """Return whether the best list that gives it nothing is known, and the list; None if there is none."""
        if not self.facts.decision.fund[a]:
            return True, self.facts.decision
        asked = self.without(a)
        return asked.settled, asked.solution.decision if asked.solution else None

    def _against(self, a: int) -> _Against | None:
        """Return what larger requests of an application are held against; None where that is not known."""
        if a not in self._rivals:
            self._rivals[a] = self._rival(a) if self._alike and self.amounts(a) else None
        return self._rivals[a]

    def _rival(self, a: int) -> _Against | None:
        known, rival = self._without(a)
        worth = self._worth(rival) if rival else NEVER // 2
        if not known or worth is None:
            return None
        amounts = self.amounts(a)
        awards = dict(zip(amounts, self.changed.awards(amounts), strict=True))
        return _Against(rival, worth, awards, self._other_amounts.worth(a, worth))

    def _worth(self, list_: Decision) -> int | None:
        tables = self._tables
        today = list_ is tables.decision
        return tables.worth if today else worth_of(tables.structure, list_.award)

    @cached_property
    def _other_amounts(self) -> OtherAmounts:
        """All amounts up to the largest that each could ask for."""
        unit = self.facts.program.unit
        return OtherAmounts(
            self._tables.prices,
            self._checks,
            lambda a: (unit, self.amounts(a)[-1]) if self.amounts(a) else None,
        )

    @cached_property
    def _roomy(self) -> Program:
        """The program if all could get what anybody could: no inequality is left out as too slack."""
        round_ = self.facts.scored.round
        tops = [max((int(m), *self.amounts(a)[-1:])) for a, m in enumerate(round_.most)]
        most = np.array(tops, dtype=np.int64)
        return self.restating.state(round_.revalued(most=most), self.facts.case.policy)

    @cached_property
    def _checks(self) -> list[LocalCheck]:
        return local_checks(self._roomy, self._tables.structure.place[:, 0])
