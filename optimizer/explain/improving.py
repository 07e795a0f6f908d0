"""Exchanges of one application for another that would be better: in an optimum there are none.

A check of the solver's claim that asks no solver. Of all pairs only those are looked at in full
which two cheap conditions leave, both necessary for an exchange to be better:

- the funded one takes part in the inequality that keeps the other out, and gives way by enough;
- it is worth no more in the leading priorities that are sums, compared in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

import numpy as np

from optimizer.explain.exchange_goals import worth_of
from optimizer.explain.exchange_rows import Held
from optimizer.explain.inversions import BETTER, Exchanges
from optimizer.foundation.exact import BoolArray, IntArray, Places, plus, times
from optimizer.program.objectives import Additive, Covered
from optimizer.program.program import Goal, Program
from optimizer.program.rows import Decision
from optimizer.solving.solution import Step

_FEW = 64  # funded applications in one inequality: each pair of theirs is looked at


def improving(
    program: Program, decision: Decision, steps: tuple[Step, ...]
) -> Iterator[tuple[int, int]]:
    """Yield every pair (not funded, funded) whose exchange would be better.

    Parameters
    ----------
    program, decision, steps
        What was solved, the list, and what is known of each goal; see `Exchanges`.
    """
    leading = _leading(program.goals)
    exchanges = Exchanges(program, decision, _rank(program, decision, leading), steps)
    for u, start, stop in _Suspects(exchanges, leading).pairs():
        for place in np.flatnonzero(exchanges.causes(u, start, stop) == BETTER):
            yield u, int(exchanges.funded[start + place])


def _leading(goals: Iterable[Goal]) -> list[Additive | Covered]:
    """Return the first priorities that are sums or coverage, and give nothing up."""
    found: list[Additive | Covered] = []
    for goal in goals:
        objective = goal.objective
        if goal.give_up_share or goal.give_up_amount:
            break
        if isinstance(objective, Additive):
            if objective.per_award is not None and bool((objective.per_award < 0).any()):
                break
        elif not isinstance(objective, Covered):
            break
        found.append(objective)
    return found


def _rank(program: Program, decision: Decision, leading: Iterable[Additive | Covered]) -> Places:
    """Return the rank of what each is worth in the sums: the waiting at most, the funded as they are."""
    amount = np.where(decision.fund, decision.award, program.most)
    rank = np.zeros(program.size, dtype=np.int64)
    for objective in leading:
        if isinstance(objective, Additive):
            worth = worth_of(objective, np.arange(program.size), amount)
            place = np.unique(worth, return_inverse=True)[1]
            rank = np.unique(plus(times(rank, program.size), place), return_inverse=True)[1]
    return rank


@dataclass(frozen=True)
class _Kept:
    """What keeps some applications out of one block of rows.

    Parameters
    ----------
    application, row
        Which of them by which inequality, were nobody to leave.
    shortage
        How much somebody would have to give way.
    """

    held: Held
    application: Places
    row: Places
    shortage: IntArray

    def some(self, chosen: BoolArray) -> _Kept:
        """Return some of them."""
        return _Kept(self.held, self.application[chosen], self.row[chosen], self.shortage[chosen])


@dataclass(frozen=True)
class _Suspects:
    exchanges: Exchanges
    leading: Sequence[Additive | Covered]

    @property
    def waiting(self) -> BoolArray:
        """Shape (n,): who got nothing."""
        return ~self.exchanges.decision.fund

    def pairs(self) -> Iterator[tuple[int, int, int]]:
        """Yield one that waits, and from where to where the funded are to be looked at."""
        count = len(self.places)
        if not count:
            return
        last = np.searchsorted(self.exchanges.levels, self.key, side="right")
        open_ = self.waiting.copy()
        for block in self.exchanges.held:
            out = _kept_out(block, self.exchanges)
            few = np.diff(block.starts)[out.row] <= _FEW
            open_[out.application[few]] = False
            yield from self._neighbours(out.some(few))
            open_[out.application[~few]] &= self._some_give_way(out.some(~few))
        least = np.where(self.touching, self.exchanges.levels[0], self._least_free)
        for u in np.flatnonzero(open_ & (self.key >= least)).tolist():
            yield u, 0, int(last[u])
        for u in np.flatnonzero(self.entering & self.waiting).tolist():
            yield u, 0, count
        for objective in self._covers:
            yield from self._in_the_same_group(objective)

    def _in_the_same_group(self, objective: Covered) -> Iterator[tuple[int, int, int]]:
        """Yield those who could take the place of the only funded one of their group."""
        alone, counts = self.exchanges.changes.alone(objective)
        only = np.full(len(counts), -1, dtype=np.int64)
        only[objective.group[self.places[alone]]] = np.flatnonzero(alone)
        mine = np.where(objective.group >= 0, only[np.maximum(objective.group, 0)], -1)
        asked = np.flatnonzero(self.waiting & (mine >= 0))
        better = self.exchanges.levels[mine[asked]] <= self.key[asked]
        for u in asked[better].tolist():
            yield u, int(mine[u]), int(mine[u]) + 1

    @property
    def places(self) -> Places:
        """The funded."""
        return self.exchanges.funded

    @cached_property
    def _least_free(self) -> int:
        """The least key of those who can go without breaking or uncovering anything."""
        keys = self.exchanges.levels[self.free]
        return int(keys.min()) if len(keys) else self.exchanges.program.size + 1

    @property
    def key(self) -> IntArray:
        """Shape (n,): by what they are compared."""
        return self.exchanges.level

    @cached_property
    def entering(self) -> BoolArray:
        """Shape (n,): who would cover a group that nobody covers."""
        found: BoolArray = np.zeros(self.exchanges.program.size, dtype=bool)
        for objective in self.leading:
            if isinstance(objective, Covered):
                counts, group = self.exchanges.changes.alone(objective)[1], objective.group
                found |= (group >= 0) & (counts[np.maximum(group, 0)] == 0)
        return found

    @cached_property
    def _covers(self) -> list[Covered]:
        """What comes before every sum: nothing makes good for a group that is lost there."""
        head = takewhile(lambda objective: isinstance(objective, Covered), self.leading)
        return [objective for objective in head if isinstance(objective, Covered)]

    @cached_property
    def free(self) -> BoolArray:
        """Shape (m,): which of the funded could go without breaking or uncovering anything."""
        bound: BoolArray = np.zeros(len(self.places), dtype=bool)
        for block in self.exchanges.held:
            bound |= block.breaks_by_leaving > 0
        for objective in self._covers:
            bound |= self.exchanges.changes.alone(objective)[0]
        return ~bound

    @cached_property
    def touching(self) -> BoolArray:
        """Shape (n,): who could make good for one whose leaving breaks an inequality."""
        found: BoolArray = np.zeros(self.exchanges.program.size, dtype=bool)
        for block in self.exchanges.held:
            tight = np.zeros(len(block.slack), dtype=bool)
            tight[block.row[block.tight]] = True
            found[block.rows.app[tight[block.rows.row]]] = True
        return found

    def _neighbours(self, out: _Kept) -> Iterator[tuple[int, int, int]]:
        """Yield who is worth no more and could give way by enough, where few could."""
        block = out.held
        sizes = np.diff(block.starts)[out.row]
        one = np.repeat(np.arange(len(out.row)), sizes)
        part = np.arange(len(one)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        part += block.starts[out.row[one]]
        place, u = block.place[part], out.application[one]
        enough = np.asarray(block.portion[part] >= out.shortage[one], dtype=bool)
        fit = (self.exchanges.levels[place] <= self.key[u]) & enough
        for n in np.flatnonzero(fit).tolist():
            yield int(u[n]), int(place[n]), int(place[n]) + 1

    def _some_give_way(self, out: _Kept) -> BoolArray:
        """Say for whom somebody who is worth no more could give way by enough, where many could."""
        found: BoolArray = np.zeros(len(out.row), dtype=bool)
        for r in np.unique(out.row).tolist():
            mine, starts = np.flatnonzero(out.row == r), out.held.starts
            found[mine] = self._some_fit(out, mine, np.arange(starts[r], starts[r + 1]))
        return found

    def _some_fit(self, out: _Kept, mine: Places, parts: Places) -> BoolArray:
        """Say the same for those kept out by one inequality."""
        u, found = out.application[mine], np.zeros(len(mine), dtype=bool)
        place = out.held.place[parts]
        for some, whose in ((self.free[place], ~self.touching[u]), (place >= 0, self.touching[u])):
            chosen = parts[some]
            keys = self.exchanges.levels[out.held.place[chosen]]
            order = np.argsort(keys, kind="stable")
            share = np.maximum.accumulate(out.held.portion[chosen][order])
            last = np.searchsorted(keys[order], self.key[u[whose]], side="right") - 1
            if len(share):
                enough = share[np.maximum(last, 0)] >= out.shortage[mine[whose]]
                found[whose] = (last >= 0) & np.asarray(enough, dtype=bool)
        return found


def _kept_out(block: Held, exchanges: Exchanges) -> _Kept:
    """Return who breaks an inequality if added, at whatever award."""
    rows, program = block.rows, exchanges.program
    sign = 1 if rows.sense == "<=" else -1
    coefficient = times(rows.coefficient, sign)
    x = np.where(
        np.asarray(coefficient > 0, dtype=bool), program.least[rows.app], program.most[rows.app]
    )
    adds = times(coefficient, 1 if rows.on == "fund" else x)
    shortage = plus(adds, -block.slack[rows.row])
    out = np.flatnonzero(np.asarray(shortage > 0, dtype=bool) & ~exchanges.decision.fund[rows.app])
    return _Kept(block, rows.app[out], rows.row[out], shortage[out])
