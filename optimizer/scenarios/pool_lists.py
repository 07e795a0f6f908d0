"""The one best list for every pool: from a table, between two equal ones, or solved.

The table holds the best list of sums for every pool at once, apart from what spans districts
(`optimizer.solving.dynamic.best_lists`). Where that list obeys the rest and no other is as good,
nothing is left to decide. Where no rule but the pool itself, and no priority, looks at the pool, a
larger pool allows every list of a smaller one: if the best lists of two pools are the same, it is
the best for every pool between. All other pools are solved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from optimizer.explain.asking import Asking
from optimizer.explain.restating import Restating
from optimizer.facts.certified import Certified
from optimizer.program.rows import Decision
from optimizer.solving.dynamic import NotTakeable
from optimizer.solving.dynamic.best_lists import BestLists, best_lists
from optimizer.solving.dynamic.structure import analyse
from optimizer.solving.options import Options

Source = Literal["certified", "table", "between", "solved", "limit"]


@dataclass(frozen=True)
class PoolList:
    """What is known of one pool.

    Parameters
    ----------
    pool
        NT$ that may be awarded.
    decision
        The one best list; None if no list obeys the rules, or the limit came first.
    source
        How that is known: ``certified`` (the allocation itself), ``table``, ``between`` (two pools
        with this very list), ``solved``; or ``limit``.
    """

    pool: int
    decision: Decision | None
    source: Source


@dataclass
class PoolLists:
    """The best lists of one round for many pools.

    Parameters
    ----------
    facts
        The round as it was certified.
    pools
        NT$ that may be awarded, in whole units, the least first.
    options
        Solver, limit and threads of all solves together.
    """

    facts: Certified
    pools: range
    options: Options
    _known: dict[int, PoolList] = field(default_factory=dict)

    def all(self) -> list[PoolList]:
        """Return what is known of every pool."""
        if not len(self.pools):
            return []
        self.look_up()
        self._fill(0, len(self.pools) - 1)
        return [self._known[pool] for pool in self.pools]

    @cached_property
    def monotone(self) -> bool:
        """Whether it is proved that a larger pool only allows more lists, all worth what they were."""
        return Restating(self.facts.scored.round, self.facts.case.policy).alike_for_pools

    def _keep(self, pool: int, decision: Decision | None, source: Source) -> None:
        self._known.setdefault(pool, PoolList(pool, decision, source))

    def look_up(self) -> int:
        """Take the lists that need no solving; return of how many pools the list is known then."""
        if self.facts.solution.optimal and self.facts.available in self.pools:
            self._keep(self.facts.available, self.facts.decision, "certified")
        if self.monotone and self._lists is not None:
            self._take(self._lists)
        return len(self._known)

    def _take(self, lists: BestLists) -> None:
        """Take the lists that the table knows to be the one best."""
        structure, program = lists.structure, self.facts.program
        apps = structure.apps
        for pool in self.pools:
            place = min(pool // structure.step - lists.first, len(lists.worth) - 1)
            if not (lists.obeys[place] and lists.alone[place]):
                continue
            award = np.zeros(program.size, dtype=np.int64)
            award[apps[apps >= 0]] = structure.award[lists.bundle[:, place]][apps >= 0]
            self._keep(pool, Decision.of(award), "table")

    @cached_property
    def _lists(self) -> BestLists | None:
        if self.options.solver not in ("auto", "dynamic"):
            return None
        try:
            structure = analyse(self.facts.program)
            if structure.infeasible or not structure.taken:
                return None
            return best_lists(structure, self.pools[0] // structure.step)
        except NotTakeable:
            return None

    def _fill(self, low: int, high: int) -> None:
        """Find the lists of all pools between two places, these two among them."""
        ends = [self._of(low), self._of(high)]
        if high - low < 2:
            return
        if self.monotone and _same(*ends):
            for place in range(low + 1, high):
                self._keep(self.pools[place], ends[0].decision, "between")
            return
        middle = (low + high) // 2
        self._fill(low, middle)
        self._fill(middle, high)

    def _of(self, place: int) -> PoolList:
        pool = self.pools[place]
        if pool not in self._known:
            asked = self._asking.pool(pool)
            proved = asked.settled
            decision = asked.solution.decision if asked.solution and proved else None
            self._keep(pool, decision, "solved" if proved else "limit")
        return self._known[pool]

    @cached_property
    def _asking(self) -> Asking:
        return Asking(self.facts, self.options)


def _same(one: PoolList, other: PoolList) -> bool:
    if "limit" in (one.source, other.source):
        return False
    return one.decision == other.decision
