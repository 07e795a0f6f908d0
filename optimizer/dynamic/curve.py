"""The optimum for every pool at once, and with every application forced in or out.

One table without any gap holds the best packed worth for each number of steps spent; with the
same table from the other end, forcing a bundle needs no solving again:

    forced(e) = max_s  before[s] + worth(e) + after[pool - cost(e) - s].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimizer.dynamic.structure import NotTakeable, Structure, Worth, analyse
from optimizer.errors import no_allocation
from optimizer.program import IntArray, Program
from optimizer.text import Text

NEVER = -(2**61)
Values = tuple[int, ...]


@dataclass(frozen=True)
class PoolCurve:
    """The optimum of the leading additive goals for every pool.

    Parameters
    ----------
    step
        NT$ between two pools: nothing changes in between.
    goals
        Names of the goals.
    packed
        Shape (S,): the best packed worth with a pool of ``s * step`` NT$.
    worth
        How it is packed.
    """

    step: int
    goals: tuple[str, ...]
    packed: IntArray
    worth: Worth

    def at(self, pool: int) -> Values:
        """Return the goals' optimal values with a pool of so many NT$."""
        place = min(pool // self.step, len(self.packed) - 1)
        return unpacked(self.worth, int(self.packed[place]))

    def breaks(self) -> IntArray:
        """Return the pools, in NT$, at which the optimum gets better."""
        better = np.flatnonzero(np.diff(self.packed) > 0) + 1
        return np.concatenate([[0], better]) * self.step


@dataclass(frozen=True)
class Forced:
    """The optimum with each application forced in, and out; None where that is impossible."""

    ids: tuple[str, ...]
    goals: tuple[str, ...]
    funded: tuple[Values | None, ...]
    refused: tuple[Values | None, ...]


def pool_curve(program: Program) -> PoolCurve:
    """Return the optimum for every pool from 0 to what all applications ask for.

    Raises
    ------
    NotTakeable
        If more than the pool ties districts together, or numbers are too large.
    InfeasibleError
        If no allocation obeys the clauses, whatever the pool.
    """
    structure = _only_pool(program)
    size = int(np.maximum.reduceat(structure.cost, structure.start[:-1]).sum()) + 1
    last = list(_forward(structure, size))[-1]
    best = np.maximum.accumulate(last[0])
    return PoolCurve(structure.step, _names(structure), best, structure.worths[0])


def forced(program: Program) -> Forced:
    """Return the optimum with each application forced in and forced out, without solving again.

    Raises
    ------
    NotTakeable
        If more than the pool ties districts together, or numbers are too large.
    """
    structure = _only_pool(program)
    every = int(np.maximum.reduceat(structure.cost, structure.start[:-1]).sum())
    size = min(structure.pool, every) + 1
    before = list(_forward(structure, size))
    after = list(_backward(structure, size))[::-1]
    best = np.array(
        [_with(structure, e, before, after) for e in range(len(structure.cost))], dtype=np.int64
    )
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
        tuple(None if v < 0 and v <= NEVER // 2 else unpacked(worth, int(v)) for v in got),
        tuple(None if v < 0 and v <= NEVER // 2 else unpacked(worth, int(v)) for v in lost),
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
    every = int(np.maximum.reduceat(structure.cost, structure.start[:-1]).sum())
    size = min(structure.pool, every) + 1
    if size * len(structure.cost) > work:
        raise NotTakeable(Text("規模過大", "too large to be quick"))
    last = list(_forward(structure, size))[-1]
    return unpacked(structure.worths[0], int(last[0].max()))


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
                "除經費總額外，另有條款使各行政區相互牽連",
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
            Text("順位的數值合計超過 64 位元", "the priorities together need more than 64 bits")
        )
    return structure


def _names(structure: Structure) -> tuple[str, ...]:
    return tuple(goal.name for goal in structure.program.goals[: structure.taken])


def _forward(structure: Structure, size: int) -> Iterator[IntArray]:
    """Yield, before each component and after the last, the best worth (bit, steps spent)."""
    table = np.full((2, size), NEVER, dtype=np.int64)
    table[0, 0] = 0
    for component, (begin, end) in enumerate(
        zip(structure.start[:-1], structure.start[1:], strict=True)
    ):
        if component and structure.zone[component] != structure.zone[component - 1]:
            table = _closed(structure, int(structure.zone[component - 1]), table)
        yield table
        table = _chosen(structure, table, int(begin), int(end))
    yield _closed(structure, int(structure.zone[-1]), table) if len(structure.zone) else table


def _closed(structure: Structure, zone: int, table: IntArray) -> IntArray:
    """Leave a zone: the bonus if it is covered."""
    bonus = structure.worths[0].bonus if structure.covers[zone] else 0
    closed = np.full_like(table, NEVER)
    closed[0] = np.maximum(table[0], table[1] + bonus)
    return closed


def _chosen(structure: Structure, table: IntArray, begin: int, end: int) -> IntArray:
    """``after[s + cost(e)] = max over bundles e of before[s] + worth(e)``."""
    new = np.full_like(table, NEVER)
    either = np.maximum(table[0], table[1])
    size = table.shape[1]
    for e in range(begin, end):
        cost, worth = int(structure.cost[e]), int(structure.worths[0].bundle[e])
        if cost >= size:
            continue
        if structure.funds[e]:
            np.maximum(new[1, cost:], either[: size - cost] + worth, out=new[1, cost:])
        else:
            np.maximum(new, table + worth, out=new)
    return new


def _backward(structure: Structure, size: int) -> Iterator[IntArray]:
    """Yield, after each component from the last, the best worth to come (bit, steps at most)."""
    last = len(structure.zone) - 1
    table = np.zeros((2, size), dtype=np.int64)
    for component in range(last, -1, -1):
        zone = int(structure.zone[component])
        if component == last or zone != structure.zone[component + 1]:
            bonus = structure.worths[0].bonus if structure.covers[zone] else 0
            table = np.stack([table[0], table[0] + bonus])
        yield table
        table = _preceded(structure, table, component, size)


def _preceded(structure: Structure, table: IntArray, component: int, size: int) -> IntArray:
    new = np.full_like(table, NEVER)
    for e in range(int(structure.start[component]), int(structure.start[component + 1])):
        cost, worth = int(structure.cost[e]), int(structure.worths[0].bundle[e])
        if cost >= size:
            continue
        come = table[1][None] if structure.funds[e] else table
        np.maximum(new[:, cost:], come[:, : size - cost] + worth, out=new[:, cost:])
    return new


def _with(structure: Structure, e: int, before: list[IntArray], after: list[IntArray]) -> int:
    """Return the best worth of an allocation that contains one bundle."""
    component, cost = int(structure.component[e]), int(structure.cost[e])
    size = before[component].shape[1]
    if cost >= size:
        return NEVER
    come = after[component][:, : size - cost][:, ::-1]
    spent = before[component][:, : size - cost]
    ahead = come[1][None] if structure.funds[e] else come
    return int((spent + ahead).max()) + int(structure.worths[0].bundle[e])
