"""The optimum for every pool at once, and with every application forced in or out.

One table without any gap holds the best packed worth for each number of steps spent; with the
same table from the other end, forcing a bundle needs no solving again:

    forced(e) = max_s  before[s] + worth(e) + after[pool - cost(e) - s].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimizer.foundation.exact import IntArray, Words, running, times
from optimizer.language.text import Text
from optimizer.problems.errors import no_allocation
from optimizer.program.program import Program
from optimizer.solving.dynamic.best_lists import NEVER, at_least
from optimizer.solving.dynamic.packing import NotTakeable, Worth, most_in_all
from optimizer.solving.dynamic.structure import Structure, analyse

Values = tuple[int, ...]


@dataclass(frozen=True)
class PoolCurve:
    """The optimum of the leading additive goals for every pool."""

    step: int  # NT$ between two pools: nothing changes in between
    goals: tuple[str, ...]  # names of the goals
    # shape (S,): the best packed worth with a pool of ``s * step`` NT$; next to `NEVER` below the least pool
    packed: Words
    worth: Worth  # how it is packed

    def at(self, pool: int) -> Values | None:
        """Return the goals' optimal values with a pool of so many NT$; None if it is too small."""
        place = min(pool // self.step, len(self.packed) - 1)
        return _values(self.worth, int(self.packed[place]))

    def breaks(self) -> IntArray:
        """Return the pools, in NT$, at which the optimum gets better."""
        some = self.packed[1:] > NEVER // 2
        better = np.flatnonzero((np.diff(self.packed) > 0) & some) + 1
        return times(np.concatenate([[0], better]), self.step)


@dataclass(frozen=True)
class Forced:
    """The optimum with each application forced in, and out; None where that is impossible."""

    ids: tuple[str, ...]
    goals: tuple[str, ...]
    funded: tuple[Values | None, ...]
    refused: tuple[Values | None, ...]


def pool_curve(program: Program) -> PoolCurve:
    """Return the optimum for every pool from 0 to what all applications ask for.

    That is exact for policies whose rules hold within a school (caps, decisions by hand, least awards)
    or count coverage, and whose leading additive goals fit into one word of 64 bits.

    Raises
    ------
    NotTakeable
        If more than the pool ties districts together, or numbers are too large.
    InfeasibleError
        If no allocation obeys the clauses, whatever the pool.
    """
    structure = _only_pool(program)
    size = most_in_all(structure.cost, structure.start) + 1
    *_, last = _forward(structure, size)
    best = np.maximum.accumulate(last.rows[0])
    return PoolCurve(structure.step, _names(structure), best, structure.worths[0])


def forced(program: Program) -> Forced:
    """Return the optimum with each application forced in and forced out, without solving again.

    Raises
    ------
    NotTakeable
        If more than the pool ties districts together, or numbers are too large.
    """
    structure = _only_pool(program)
    every = most_in_all(structure.cost, structure.start)
    size = min(structure.pool, every) + 1
    after = list(_backward(structure, size))[::-1]
    best = structure.worths[0].bundle.copy()
    for component, (spent, come) in enumerate(zip(_forward(structure, size), after, strict=False)):
        for e in range(int(structure.start[component]), int(structure.start[component + 1])):
            best[e] += _with(structure, e, spent, come)
    got = np.full(program.size, NEVER, dtype=np.int64)
    lost = np.full(program.size, NEVER, dtype=np.int64)
    members = structure.apps[structure.component]
    for place in range(members.shape[1]):
        apps, award = members[:, place], structure.award[:, place]
        real = apps >= 0
        np.maximum.at(got, apps[real & (award > 0)], best[real & (award > 0)])
        np.maximum.at(lost, apps[real & (award == 0)], best[real & (award == 0)])
    worth = structure.worths[0]
    return Forced(
        program.ids,
        _names(structure),
        tuple(_values(worth, value) for value in got.tolist()),
        tuple(_values(worth, value) for value in lost.tolist()),
    )


def relaxed_optimum(program: Program, work: int) -> Values:
    """Return a bound on the additive goals: their optimum without the clauses that tie districts.

    Raises
    ------
    NotTakeable
        If numbers are too large, or the table would take more than `work` states times bundles.
    InfeasibleError
        If no allocation obeys the clauses, whatever the pool.
    """
    structure = _packed_in_one_word(program)
    every = most_in_all(structure.cost, structure.start)
    size = min(structure.pool, every) + 1
    if size * len(structure.cost) > work:
        raise NotTakeable(Text("規模過大", "too large to be quick"))
    *_, last = _forward(structure, size)
    return unpacked(structure.worths[0], int(last.rows[0].max()))


def _values(worth: Worth, packed: int) -> Values | None:
    return unpacked(worth, packed) if packed > NEVER // 2 else None


def unpacked(worth: Worth, packed: int) -> Values:
    """Return the goals' values of a packed sum, in the order of the goals."""
    known: dict[int, int] = {}
    worth.unpack(packed, known)
    return tuple(known[goal] for goal in sorted(known))


def _only_pool(program: Program) -> Structure:
    structure = _packed_in_one_word(program)
    if structure.wide:
        raise NotTakeable(
            Text(
                "除經費總額外，另有規則使各行政區相互牽連",
                "a clause besides the pool ties districts together",
            )
        )
    return structure


def _packed_in_one_word(program: Program) -> Structure:
    structure = analyse(program)
    if structure.infeasible:
        raise no_allocation()
    if len(structure.worths) > 1:
        raise NotTakeable(
            Text("優先順序的數值合計超過 64 位元", "the priorities together need more than 64 bits")
        )
    return structure


def _names(structure: Structure) -> tuple[str, ...]:
    return tuple(goal.name for goal in structure.program.goals[: structure.taken])


@dataclass(frozen=True)
class Spent:
    """The best worth by steps spent before a component; its arrays change when the next is asked for.

    Parameters
    ----------
    rows
        Shape (r,) each: by the level that the open zone has reached.
    beyond
        The best of each level and all after it.
    """

    rows: list[Words]
    beyond: list[Words]


def _reach(structure: Structure, size: int) -> list[int]:
    """Return how many numbers of steps can have been spent before each component, and at the end."""
    most = np.maximum.reduceat(structure.cost, structure.start[:-1])
    spent = np.concatenate([[0], running(most)])
    reach: list[int] = np.minimum(spent + 1, size).tolist()
    return reach


def _forward(structure: Structure, size: int) -> Iterator[Spent]:
    """Yield what has been spent before each component, and after the last.

    ``after[s + cost(e)] = max over bundles e of before[s] + worth(e)``. A bundle that gets nothing
    costs nothing, is worth nothing and adds no level: it leaves all as it is.
    """
    reach, top = _reach(structure, size), structure.top
    rows, beyond = np.full((2, top + 1, size), NEVER, dtype=np.int64)
    sums = np.empty(size, dtype=np.int64)
    rows[0, 0] = 0
    for component in range(len(structure.zone)):
        before = reach[component]
        if component and structure.zone[component] != structure.zone[component - 1]:
            _close(structure, rows[:, :before])
        top = _top(structure, component)
        beyond[: top + 1, :before] = at_least(list(rows[: top + 1, :before]))
        # whoever gets anything adds a level, if any is counted: up to one level, only the last changes
        was = rows[: top + 1, :before].copy() if top > 1 else rows[: top + 1, :before]
        yield Spent(list(was), list(beyond[: top + 1, :before]))
        bundles = list(_bundles(structure, component, size))
        if all(funds for funds, *_ in bundles):
            rows.fill(NEVER)
        for _, add, cost, worth in (bundle for bundle in bundles if bundle[0]):
            for level in range(add, top + 1):
                row = was[level - add] if level < top else beyond[top - add, :before]
                into = rows[level, cost : cost + before]
                best = np.add(row[: len(into)], worth, out=sums[: len(into)])
                np.maximum(into, best, out=into)
    if len(structure.zone):
        _close(structure, rows)
    yield Spent([rows[0]], [rows[0]])


def _top(structure: Structure, component: int) -> int:
    """Return up to how much a component's zone counts."""
    return int(structure.levels[structure.zone[component]])


def _close(structure: Structure, rows: Words) -> None:
    """Leave a zone, each level with its bonus."""
    for level in range(1, len(rows)):
        np.maximum(rows[0], rows[level] + level * structure.worths[0].bonus, out=rows[0])
    rows[1:] = NEVER


def _bundles(
    structure: Structure, component: int, size: int
) -> Iterator[tuple[bool, int, int, int]]:
    """Yield whether it funds anyone, the levels it adds, cost and worth of each bundle that the pool can pay."""
    some = slice(int(structure.start[component]), int(structure.start[component + 1]))
    for funds, add, cost, worth in zip(
        structure.funds[some].tolist(),
        structure.adds[some].tolist(),
        structure.cost[some].tolist(),
        structure.worths[0].bundle[some].tolist(),
        strict=True,
    ):
        if cost < size:
            yield funds, add, cost, worth


def _backward(structure: Structure, size: int) -> Iterator[list[Words]]:
    """Yield the best worth to come after each component, from the last, by the level of its zone and steps spent."""
    last, reach = len(structure.zone) - 1, _reach(structure, size)
    here = [np.zeros(reach[-1], dtype=np.int64)]
    for component in range(last, -1, -1):
        if component == last or structure.zone[component] != structure.zone[component + 1]:
            levels, bonus = range(_top(structure, component) + 1), structure.worths[0].bonus
            here = [here[0] + level * bonus for level in levels]
        yield here
        here = _preceded(structure, here, component, before=reach[component], size=size)


def _preceded(
    structure: Structure, here: list[Words], component: int, before: int, size: int
) -> list[Words]:
    """``before[s] = max over bundles e of after[s + cost(e)] + worth(e)``."""
    top, found = len(here) - 1, [np.full(before, NEVER, dtype=np.int64) for _ in here]
    for _, add, cost, worth in _bundles(structure, component, size):
        for level, row in enumerate(found):
            come = here[min(top, level + add)][cost : cost + before] + worth
            np.maximum(row[: len(come)], come, out=row[: len(come)])
    return found


def _with(structure: Structure, e: int, spent: Spent, come: list[Words]) -> int:
    """Return the best worth of an allocation that contains one bundle, without the bundle's own."""
    cost, add, top = int(structure.cost[e]), int(structure.adds[e]), len(come) - 1
    before = [*spent.rows[: top - add], spent.beyond[top - add]]
    found = NEVER
    for row, left in zip(before, come[add:], strict=True):
        left = left[cost : cost + len(row)]
        if len(left):
            found = max(found, int((row[: len(left)] + left).max()))
    return found
