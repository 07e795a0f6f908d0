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
from optimizer.solving.dynamic.packing import NotTakeable, Worth, most_in_all
from optimizer.solving.dynamic.structure import Structure, analyse

NEVER = -(2**61)
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
    best = np.maximum.accumulate(last.bare)
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
    return unpacked(structure.worths[0], int(last.bare.max()))


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
    """The best worth by steps spent before a component; its arrays change when the next is asked for."""

    # shape (r,): where nobody, and where somebody, has been funded in the zone that is open
    bare: Words
    covered: Words
    either: Words  # shape (r,): the better of both


@dataclass(frozen=True)
class Coming:
    """The best worth to come after a component by steps spent, the open zone bare or covered."""

    bare: Words  # shape (r,)
    covered: Words


def _reach(structure: Structure, size: int) -> list[int]:
    """Return how many numbers of steps can have been spent before each component, and at the end."""
    most = np.maximum.reduceat(structure.cost, structure.start[:-1])
    spent = np.concatenate([[0], running(most)])
    reach: list[int] = np.minimum(spent + 1, size).tolist()
    return reach


def _forward(structure: Structure, size: int) -> Iterator[Spent]:
    """Yield what has been spent before each component, and after the last.

    ``after[s + cost(e)] = max over bundles e of before[s] + worth(e)``. A bundle that funds nobody
    costs nothing and is worth nothing: it leaves all as it is.
    """
    reach = _reach(structure, size)
    bare, covered, either, sums = (np.full(size, NEVER, dtype=np.int64) for _ in range(4))
    bare[0] = 0
    for component in range(len(structure.zone)):
        before = reach[component]
        if component and structure.zone[component] != structure.zone[component - 1]:
            _close(structure, int(structure.zone[component - 1]), bare[:before], covered[:before])
        np.maximum(bare[:before], covered[:before], out=either[:before])
        yield Spent(bare[:before], covered[:before], either[:before])
        bundles = list(_bundles(structure, component, size))
        if all(fund for fund, _, _ in bundles):
            bare.fill(NEVER)
            covered.fill(NEVER)
        for _, cost, worth in (bundle for bundle in bundles if bundle[0]):
            into = covered[cost : cost + before]
            total = np.add(either[: len(into)], worth, out=sums[: len(into)])
            np.maximum(into, total, out=into)
    if len(structure.zone):
        _close(structure, int(structure.zone[-1]), bare, covered)
    yield Spent(bare, covered, bare)


def _close(structure: Structure, zone: int, bare: Words, covered: Words) -> None:
    """Leave a zone, with the bonus if it is covered."""
    bonus = structure.worths[0].bonus if structure.covers[zone] else 0
    covered += bonus
    np.maximum(bare, covered, out=bare)
    covered.fill(NEVER)


def _bundles(structure: Structure, component: int, size: int) -> Iterator[tuple[bool, int, int]]:
    """Yield whether it funds anyone, cost and worth of each bundle that the pool can pay."""
    some = slice(int(structure.start[component]), int(structure.start[component + 1]))
    for fund, cost, worth in zip(
        structure.funds[some].tolist(),
        structure.cost[some].tolist(),
        structure.worths[0].bundle[some].tolist(),
        strict=True,
    ):
        if cost < size:
            yield fund, cost, worth


def _backward(structure: Structure, size: int) -> Iterator[Coming]:
    """Yield what is to come after each component, from the last."""
    last, reach = len(structure.zone) - 1, _reach(structure, size)
    nothing = np.zeros(reach[-1], dtype=np.int64)
    here = Coming(nothing, nothing)
    for component in range(last, -1, -1):
        zone = int(structure.zone[component])
        if component == last or zone != structure.zone[component + 1]:
            bonus = structure.worths[0].bonus if structure.covers[zone] else 0
            here = Coming(here.bare, here.bare + bonus)
        yield here
        here = _preceded(structure, here, component, before=reach[component], size=size)


def _preceded(structure: Structure, here: Coming, component: int, before: int, size: int) -> Coming:
    """``before[s] = max over bundles e of after[s + cost(e)] + worth(e)``."""
    funded = np.full(before, NEVER, dtype=np.int64)
    bare = covered = funded
    for fund, cost, worth in _bundles(structure, component, size):
        if fund:
            come = here.covered[cost : cost + before] + worth
            np.maximum(funded[: len(come)], come, out=funded[: len(come)])
        else:
            bare, covered = here.bare[:before], here.covered[:before]
    return Coming(np.maximum(bare, funded), np.maximum(covered, funded))


def _with(structure: Structure, e: int, spent: Spent, come: Coming) -> int:
    """Return the best worth of an allocation that contains one bundle, without the bundle's own."""
    cost = int(structure.cost[e])
    left = come.covered[cost : cost + len(spent.bare)]
    if not len(left):
        return NEVER
    if structure.funds[e]:
        return int((spent.either[: len(left)] + left).max())
    bare = (spent.bare + come.bare[: len(spent.bare)]).max()
    return int(max(bare, (spent.covered + left).max()))
