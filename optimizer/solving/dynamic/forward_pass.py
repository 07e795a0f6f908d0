"""The dynamic programme over the components that prices leave open.

A state is what has been used of every resource that matters: steps of the pool, the left side of
each wide inequality, and inside a zone whether it is covered yet. Its value is the least *loss*
against the bound of `prices` at which it can be reached; states that lose more than the gap are
dropped, for no optimum passes through them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.exact import BoolArray, Places, Words, total
from optimizer.language.text import Text
from optimizer.solving.dynamic.packing import NotTakeable
from optimizer.solving.dynamic.paths import Arcs, Paths
from optimizer.solving.dynamic.prices import Prices

FAR = 2**62  # the loss of a state that cannot be reached
WIDEST = 2**61  # gaps stay below this, so that FAR plus any loss is still beyond every gap
MOST_CELLS = 120_000_000  # stored states, 8 bytes each
MOST_AT_ONCE = 20_000_000  # states of one layer
MOST_ARCS = 8_000_000  # of the graph of all optima
MOST_WORK = 4_000_000_000  # states times moves
MOST_AXES = 20  # inequalities over several zones, and of one zone; NumPy takes 64 axes at most


@dataclass(frozen=True)
class Losses:
    """Losses over a box of states: axes are covered-yet, the zone's own rows, wide rows, steps."""

    loss: Words
    origin: tuple[int, ...]


@dataclass(frozen=True)
class Layer:
    """One component's choice, or the closing of a zone."""

    before: Losses
    after: Losses
    bundles: Places  # ids; empty when a zone closes
    moves: Words  # (len(bundles), axes) steps along each axis but the first
    funds: BoolArray
    losses: Words
    zone: int  # the zone that closes, or -1


class ForwardPass:
    """The forward pass for one gap.

    Parameters
    ----------
    prices
        Structure and prices.
    gap
        Only allocations within this loss of the bound are looked at.
    deadline
        Time of `optimizer.foundation.clock` at which to stop, or None.
    most
        States that may be stored, 8 bytes each.
    """

    def __init__(
        self, prices: Prices, gap: int, deadline: float | None = None, most: int = MOST_CELLS
    ) -> None:
        self.most = most
        self.prices = prices
        self.structure = prices.structure
        self.gap = gap
        self.deadline = deadline
        self.cells = self.work = 0
        keep = prices.survivors(gap)
        self.bundles = np.flatnonzero(keep)
        counts = np.bincount(
            self.structure.component[self.bundles], minlength=len(self.structure.start) - 1
        )
        self.end = np.cumsum(counts)
        self.first = self.end - counts
        self.open = counts > 1
        self.settled = self.bundles[self.first[~self.open]]
        self.spans = self._spans()
        self.impossible = not all(
            wide.holds(np.array(span)).any()
            for wide, span in zip(self.structure.wide, self.spans, strict=True)
        )
        self.axes = self._tight(None)
        self.layers: list[Layer] = []
        self.total = FAR

    def _spans(self) -> list[tuple[int, int]]:
        """Return, for each wide inequality, the least and the greatest left side there can be."""
        if not len(self.bundles):
            return [(0, 0) for _ in self.structure.wide]
        return [
            (
                total(np.minimum.reduceat(w.left[self.bundles], self.first)),
                total(np.maximum.reduceat(w.left[self.bundles], self.first)),
            )
            for w in self.structure.wide
        ]

    def _idle(self, place: int) -> bool:
        """Return whether a wide inequality holds whatever is chosen, and has no price."""
        holds = self.structure.wide[place].holds(np.array(self.spans[place]))
        return bool(holds.all()) and not self.prices.wide[place]

    def _tight(self, zone: int | None) -> list[int]:
        """Return which wide inequalities of a zone (None: over several) are not idle."""
        return [
            place
            for place, wide in enumerate(self.structure.wide)
            if wide.zone == zone and not self._idle(place)
        ]

    def _left(self, places: list[int], bundles: Places) -> list[Words]:
        """Return what bundles put on the left of some wide inequalities."""
        return [self.structure.wide[place].left[bundles] for place in places]

    def run(self) -> bool:
        """Fill the table; return whether an allocation within the gap was found."""
        if self.impossible:
            return False
        if len(self.axes) > MOST_AXES:
            raise _too_many()
        base = [total(left) for left in self._left(self.axes, self.settled)]
        base.append(total(self.structure.cost[self.settled]))
        grid = Losses(np.zeros((1,) * (len(base) + 1), dtype=np.int64), (0, *base))
        self.spare = self._least_cost_after()
        for zone, components in self._zones():
            grid = self._zone(grid, zone, components, self._tight(zone))
            if not grid.loss.size:
                return False
        self.last = grid
        self.total = self._finish(grid)
        return self.total <= self.gap

    def _zones(self) -> Iterator[tuple[int, Places]]:
        """Yield zones whose coverage or own rows are open; then all other open components."""
        structure = self.structure
        covered = np.zeros(len(structure.covers), dtype=bool)
        by_choice = self.settled[structure.funds[self.settled]]
        covered[structure.zone[structure.component[by_choice]]] = True
        needs = structure.covers & ~covered if self._counts_coverage() else covered & False
        for place, wide in enumerate(structure.wide):
            if wide.zone is not None and not self._idle(place):
                needs[wide.zone] = True
        for zone in np.flatnonzero(needs):
            begin, end = structure.zone_start[zone], structure.zone_start[zone + 1]
            yield int(zone), np.flatnonzero(self.open[begin:end]) + begin
        rest = np.flatnonzero(self.open & ~needs[structure.zone])
        if len(rest):
            yield -1, rest

    def _counts_coverage(self) -> bool:
        return any(worth.bonus for worth in self.structure.worths)

    def _least_cost_after(self) -> int:
        """Return the steps that the open components need at least, all together."""
        if not len(self.bundles):
            return 0
        least = np.minimum.reduceat(self.structure.cost[self.bundles], self.first)
        return total(least[self.open])

    def _zone(self, grid: Losses, zone: int, components: Places, local: list[int]) -> Losses:
        """Go through one zone: open its axes, choose for each component, close them."""
        if len(local) > MOST_AXES:
            raise _too_many()
        settled = self.settled
        inside = settled[self.structure.zone[self.structure.component[settled]] == zone]
        origin = tuple(total(left) for left in self._left(local, inside))
        shape = (1,) + (1,) * len(local) + grid.loss.shape[1:]
        here = Losses(grid.loss.reshape(shape), (0, *origin, *grid.origin[1:]))
        allowance = self.gap + (int(self.prices.to_cover[zone]) if zone >= 0 else 0)
        watch = (
            zone >= 0
            and bool(self.structure.covers[zone])
            and not self.structure.funds[inside].any()
            and self._counts_coverage()
        )
        first, end = self.first[components], self.end[components]
        start = int(first[0]) if len(first) else 0
        ids = self.bundles[start : int(end[-1]) if len(end) else 0]
        left = self._left([*local, *self.axes], ids)
        moves = np.stack([*left, self.structure.cost[ids]], axis=1)
        for mine in map(slice, (first - start).tolist(), (end - start).tolist()):
            here = self._choose(here, ids[mine], moves[mine], allowance=allowance, watch=watch)
            if not here.loss.size:
                return here
        return self._close(here, zone, local, watch) if zone >= 0 else here

    def _choose(
        self, grid: Losses, ids: Places, moves: Words, allowance: int, watch: bool
    ) -> Losses:
        funds = self.structure.funds[ids] if watch else np.zeros(len(ids), dtype=bool)
        losses = self.prices.loss[ids]
        self.spare -= int(moves[:, -1].min())
        after = self._step(grid, moves, funds, losses=losses, allowance=allowance)
        self.layers.append(
            Layer(grid, after, ids, moves=moves, funds=funds, losses=losses, zone=-1)
        )
        self._count(after.loss.size, after.loss.size * len(ids))
        return after

    def _step(
        self, grid: Losses, moves: Words, funds: BoolArray, losses: Words, allowance: int
    ) -> Losses:
        """``after[state + move] = min over bundles of before[state] + loss``."""
        low, high = moves.min(axis=0), moves.max(axis=0)
        size = np.array(grid.loss.shape[1:])
        bits = 2 if funds.any() or grid.loss.shape[0] == 2 else 1
        shape = (bits, *(size + high - low).tolist())
        # before memory is spent and the moves are made
        if math.prod(shape) > min(MOST_AT_ONCE, self.most, MOST_WORK // len(moves)):
            raise _too_many()
        new = np.full(shape, FAR, dtype=np.int64)
        either = grid.loss.min(axis=0) if funds.any() else grid.loss[0]
        for move, fund, loss in _cheapest(moves, funds, losses):
            box: tuple[Any, ...] = tuple(
                slice(int(m - lo), int(m - lo + n))
                for m, lo, n in zip(move, low, size, strict=True)
            )
            clock.keep(self.deadline)
            if fund:
                target = new[(1, *box)]
                np.minimum(target, either + loss, out=target)
            else:
                target = new[(slice(0, grid.loss.shape[0]), *box)]
                np.minimum(target, grid.loss + loss, out=target)
        new[new > allowance] = FAR
        origin = (0, *(int(o + lo) for o, lo in zip(grid.origin[1:], low, strict=True)))
        return self._trim(new, origin)

    def _trim(self, loss: Words, origin: tuple[int, ...]) -> Losses:
        """Cut away what cannot be reached, and what the pool can no longer pay."""
        room = self.structure.pool - self.spare - origin[-1] + 1
        loss = loss[..., : max(0, room)]
        begin = list(origin)
        for axis in range(1, loss.ndim):
            others = tuple(i for i in range(loss.ndim) if i != axis)
            reached = np.flatnonzero((loss < FAR).any(axis=others))
            if not len(reached):
                return Losses(loss[:0], origin)
            cut = [slice(None)] * loss.ndim
            cut[axis] = slice(int(reached[0]), int(reached[-1]) + 1)
            loss = loss[tuple(cut)]
            begin[axis] += int(reached[0])
        return Losses(np.ascontiguousarray(loss), tuple(begin))

    def _close(self, grid: Losses, zone: int, local: list[int], watch: bool) -> Losses:
        """Leave a zone: its own rows must hold and their slack costs its price; uncovered, the bonus."""
        loss = self._charged(grid, local)
        if watch:
            bonus = self.structure.worths[0].bonus
            loss = np.where(loss < FAR, loss - int(self.prices.to_cover[zone]), FAR)
            loss[0] = np.where(loss[0] < FAR, loss[0] + bonus, FAR)
        outer = tuple(range(1 + len(local)))
        closed = loss.min(axis=outer)[None]
        closed[closed > self.gap] = FAR
        after = self._trim(closed, (0, *grid.origin[1 + len(local) :]))
        nothing, none = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
        moves = np.zeros((0, grid.loss.ndim - 1), dtype=np.int64)
        charged = Losses(loss, grid.origin)
        self.layers.append(
            Layer(charged, after, nothing, moves=moves, funds=none, losses=nothing, zone=zone)
        )
        self._count(after.loss.size, grid.loss.size)
        return after

    def _charged(self, grid: Losses, places: list[int]) -> Words:
        """Add ``price * (rhs - left)`` of wide rows, whose axes are the first after the bit.

        That is never negative where a row holds; a state that breaks one cannot be.
        """
        loss = grid.loss
        for axis, place in enumerate(places, start=1):
            wide, price = self.structure.wide[place], self.prices.wide[place]
            shape = [1] * loss.ndim
            shape[axis] = loss.shape[axis]
            left = (np.arange(loss.shape[axis]) + grid.origin[axis]).reshape(shape)
            fits = (loss < FAR) & wide.holds(left)
            loss = np.where(fits, loss + price * (wide.rhs - left), FAR)
        return loss

    def _count(self, cells: int, work: int) -> None:
        self.cells += cells
        self.work += work
        if self.cells > self.most or self.work > MOST_WORK:
            raise _too_many()
        clock.keep(self.deadline)

    def final(self, grid: Losses) -> Words:
        """Return the total loss of each last state: unspent steps and slack cost their price."""
        loss = self._charged(grid, self.axes)[0]
        left = self.structure.pool - grid.origin[-1] - np.arange(loss.shape[-1])
        return np.where((loss < FAR) & (left >= 0), loss + left * self.prices.pool, FAR)

    def _finish(self, grid: Losses) -> int:
        losses = self.final(grid)
        return int(losses.min()) if losses.size else FAR

    def trace(self) -> Paths:
        """Go back from the best last states: every way of reaching them is an optimum.

        Raises
        ------
        NotTakeable
            If there are so many optima that their graph would not fit.
        """
        losses = self.final(self.last)
        states = np.flatnonzero(losses.ravel() == self.total)
        levels: list[Arcs] = []
        count, final = 0, len(states)
        for layer in reversed(self.layers):
            clock.keep(self.deadline)
            states, arcs = (_reopen if layer.zone >= 0 else _back)(layer, states)
            levels.append(arcs)
            count += len(arcs.source)
            if count > MOST_ARCS:
                raise _too_many()
        return Paths(tuple(reversed(levels)), final)


def _too_many() -> NotTakeable:
    return NotTakeable(
        Text("狀態數過多，動態規劃不適用", "too many states for the dynamic programme")
    )


def _cheapest(
    moves: Words, funds: BoolArray, losses: Words
) -> list[tuple[tuple[int, ...], bool, int]]:
    """Keep the least loss of each different move."""
    best: dict[tuple[tuple[int, ...], bool], int] = {}
    for move, fund, loss in zip(moves.tolist(), funds.tolist(), losses.tolist(), strict=True):
        key = (tuple(move), fund)
        if loss < best.get(key, FAR):
            best[key] = loss
    return [(move, fund, loss) for (move, fund), loss in best.items()]


def _back(layer: Layer, states: Places) -> tuple[Places, Arcs]:
    """Find every predecessor of some states through one component's bundles."""
    reached = layer.after.loss.ravel()[states]
    before = layer.before.loss.ravel()
    sources, targets, chosen = [], [], []
    few = max(1, MOST_ARCS // len(states))  # bundles at a time, so that the arrays stay small
    for first in range(0, len(layer.bundles), few):
        some = slice(first, first + few)
        for bit in range(layer.before.loss.shape[0]):
            source, inside = _predecessors(layer, states, some, bit)
            place, target = np.nonzero(inside)
            source = source[inside]
            same = before[source] + layer.losses[some][place] == reached[target]
            sources.append(source[same])
            targets.append(target[same])
            chosen.append(layer.bundles[some][place[same]])
    return _arcs(sources, targets, chosen, count=len(states), zone=-1)


def _predecessors(layer: Layer, states: Places, some: slice, bit: int) -> tuple[Places, BoolArray]:
    """Return the state with `bit` before each of some bundles, and whether there is one. (m, s)."""
    shape = layer.before.loss.shape
    at = np.unravel_index(states, layer.after.loss.shape)
    covered = at[0] == 1
    inside = np.where(layer.funds[some, None], covered, covered == bool(bit))
    source = np.full(inside.shape, bit, dtype=np.int64)
    for axis in range(1, len(shape)):
        shift = layer.after.origin[axis] - layer.before.origin[axis]
        place = (at[axis] + shift) - layer.moves[some, axis - 1][:, None]
        inside &= (place >= 0) & (place < shape[axis])
        source = source * shape[axis] + place
    return source, inside


def _reopen(layer: Layer, states: Places) -> tuple[Places, Arcs]:
    """Find the states inside a zone from which it closed into some states."""
    inner = len(layer.before.loss.shape) - layer.after.loss.ndim + 1
    at = np.array(np.unravel_index(states, layer.after.loss.shape))[1:]
    reached = layer.after.loss.ravel()[states]
    shift = np.array(layer.after.origin[1:]) - np.array(layer.before.origin[inner:])
    place = at + shift[:, None]
    sources, targets, covered = [], [], []
    for outer in np.ndindex(*layer.before.loss.shape[:inner]):
        found = layer.before.loss[(*outer, *place)]
        target = np.flatnonzero(found == reached)
        full = [np.full(len(target), o) for o in outer]
        sources.append(np.ravel_multi_index((*full, *place[:, target]), layer.before.loss.shape))
        targets.append(target)
        covered.append(np.full(len(target), outer[0], dtype=np.int64))
    return _arcs(sources, targets, covered, count=len(states), zone=layer.zone)


def _arcs(
    sources: list[Places], targets: list[Places], labels: list[Places], count: int, zone: int
) -> tuple[Places, Arcs]:
    source, target, label = (
        parts[0] if len(parts) == 1 else np.concatenate(parts)
        for parts in (sources, targets, labels)
    )
    states, place = np.unique(source, return_inverse=True)
    return states, Arcs(place, target, label, sources=len(states), zone=zone)
