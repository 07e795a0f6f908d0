"""What if an application had asked for more, with a budget to match.

Where bounds of its award are all that a request changes, the tables of the round as it is tell: a list
that gives it so much is made of what its own school may then get and the best of everybody else.
What they do not tell is solved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from optimizer.explain.answer import Asked
from optimizer.explain.changed import Changed
from optimizer.explain.known import KnownLists
from optimizer.explain.refusing import RefusedRequest, refused_from
from optimizer.explain.restating import Restating
from optimizer.explain.shifting import Told
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import times, total, words
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.dynamic.beside import Bundle
from optimizer.solving.dynamic.best_lists import NEVER, worth_of
from optimizer.solving.dynamic.bundles import LocalCheck, local_checks
from optimizer.solving.dynamic.components import is_pool
from optimizer.solving.dynamic.prices import Prices, find_prices
from optimizer.solving.dynamic.structure import Wide

MOST_AMOUNTS = 200  # that are looked at, a unit apart
_STRIDE = 8  # units from one amount to another whose list is held against it


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
    """

    facts: Certified
    changed: Changed
    restating: Restating
    tables: KnownLists | None
    ask: Callable[[int, int], Asked]
    _bundles: dict[int, Mapping[int, list[Bundle]]] = field(default_factory=dict)

    def amounts(self, a: int) -> range:
        """Return the amounts above what it could get, up to what no rule refuses or cuts, NT$."""
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

    def told(self, a: int, amount: int) -> Told | Asked:
        """Say who is funded if it could get so much, without solving where that can be."""
        told = self._known(a, amount) if self._alike else None
        return self.ask(a, amount) if told is None else told

    @cached_property
    def _alike(self) -> bool:
        """Whether a request changes bounds of one award alone."""
        graded = self.facts.case.policy.settings.award.mode == "graded"
        alike = not graded and self.restating.alike_for_less
        return alike and self.tables is not None and self._roomy_tables is not None

    def _known(self, a: int, amount: int) -> Told | None:
        """Hold the best list that gives it so much against the best that gives it nothing."""
        tables, rival = self._tables, self._without(a)
        worth = worth_of(tables.structure, rival.award) if rival else None
        if rival is None or worth is None:
            return None
        (awards,) = self.changed.awards([amount])
        some = [b for award in awards for b in self._open(a, worth).get(award, ())]
        component, _ = tables.structure.place_of(a)
        if all(tables.beside.most(component, bundle) < worth for bundle in some):
            return Told("none")
        if self.facts.decision.fund[a] and self._stays(a, amount, some, worth=worth):
            return Told("every")
        best = tables.beside.best(component, some)
        if best is None:
            return None
        then = Decision.of(best.award)
        obeys = all(bool(rows.held(then).all()) for rows in self._roomy.rows)
        if not obeys or tables.leading(then) <= tables.leading(rival):
            return None
        return Told("every", best.award if best.alone else None)

    def _stays(self, a: int, amount: int, some: Sequence[Bundle], worth: int) -> bool:
        """Say whether a list with one of some bundles is surely better than the best without it.

        What the others make of less money than is left for them is no more than what they can.
        """
        structure, unit = self._tables.structure, self.facts.program.unit
        component, place = structure.place_of(a)
        if a in self._across or unit % structure.step:  # else the cost of a bundle is rounded down
            return False
        known = {b.award: b for b in some}
        broken = max(self._at_most(p, component, b) for p in (*self._breaking, None) for b in some)
        for reach in (self.amounts(a)[-1], amount + _STRIDE * unit, amount):
            for bundle in self._open(a, worth).get(reach, ()):
                award = (*bundle.award[:place], amount, *bundle.award[place + 1 :])
                if award not in known:
                    continue
                less = int(bundle.worth) - int(known[award].worth)
                if int(self._tables.beside.most(component, bundle)) - less > max(worth, broken):
                    return True
        return False

    @cached_property
    def _breaking(self) -> list[Prices]:
        """Prices that bound what a list is worth which breaks an inequality across schools, one for each."""
        structure, found = self._tables.structure, []
        for wide in structure.wide:
            sign, least = (1, wide.rhs - 1) if wide.high is None else (-1, -wide.rhs - 1)
            flipped = Wide(words(times(wide.left, sign)), low=None, high=least, zone=None)
            broken = replace(structure, wide=(flipped,))
            bits = range(max(1, 58 - total(abs(wide.left)).bit_length()))
            prices = (Prices(broken, self._prices.pool, (1 << bit,)) for bit in bits)
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
        """The tables of the same round with every inequality that a larger request could break."""
        program = replace(self.facts.program, rows=self._roomy.rows)
        return KnownLists.of(program, self.facts.decision, self._roomy.most)

    def _without(self, a: int) -> Decision | None:
        """Return the best list that gives it nothing; None where it is not known."""
        if not self.facts.decision.fund[a]:
            return self.facts.decision
        solution = self.tables.turned(a)[1] if self.tables else None
        return solution.decision if solution else None

    def _open(self, a: int, worth: int) -> Mapping[int, list[Bundle]]:
        """Return what its school may get with each larger amount, but for what prices rule out."""
        if a not in self._bundles:
            self._bundles[a] = self._left_open(a, worth)
        return self._bundles[a]

    def _left_open(self, a: int, worth: int) -> Mapping[int, list[Bundle]]:
        structure, amounts = self._tables.structure, self.amounts(a)
        component, place = structure.place_of(a)
        least, most = structure.program.least.copy(), structure.program.most.copy()
        least[a], most[a] = structure.program.unit, amounts[-1]
        program = replace(structure.program, rows=self._roomy.rows, least=least, most=most)
        found: dict[int, list[Bundle]] = {}
        for bundle in self._tables.bundles(program, component, self._checks):
            if bundle.award[place] and self._at_most(self._prices, component, bundle) >= worth:
                found.setdefault(bundle.award[place], []).append(bundle)
        return found

    def _at_most(self, prices: Prices | None, component: int, bundle: Bundle) -> int:
        """Return what a list with a bundle is worth at most, by prices; packed; nothing without prices."""
        if prices is None:
            return NEVER
        structure = prices.structure
        net = bundle.worth - prices.pool * bundle.cost
        mine = slice(int(structure.start[component]), int(structure.start[component + 1]))
        for wide, price in zip(structure.wide, prices.wide, strict=True):
            net -= price * int(wide.left[mine].min())
        covers = int(prices.to_cover[structure.zone[component]])
        return prices.bound - int(prices.best[component]) + net + covers

    @cached_property
    def _prices(self) -> Prices:
        """A price of the pool; the inequalities that span zones are left out."""
        return find_prices(replace(self._tables.structure, wide=()))

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
