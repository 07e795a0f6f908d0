"""The dynamic programme over the components that prices leave open.

A state is what has been used of every resource that matters: steps of the pool, the left side of
each wide inequality, and inside a zone how many levels it has reached. Its value is the least *loss*
against the bound of `prices` at which it can be reached; states that lose more than the gap are
dropped, for no optimum passes through them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.exact import BoolArray, Places, Words, total
from optimizer.solving.dynamic.opened import Axis, Opened, OpenZone
from optimizer.solving.dynamic.packing import too_many_states
from optimizer.solving.dynamic.paths import Arcs, Paths, arcs_back

FAR = 2**62  # the loss of a state that cannot be reached
WIDEST = 2**61  # gaps stay below this, so that FAR plus any loss is still beyond every gap
MOST_CELLS = 120_000_000  # stored states, 8 bytes each
MOST_AT_ONCE = 20_000_000  # states of one layer
MOST_ARCS = 8_000_000  # of the graph of all optima
MOST_WORK = 4_000_000_000  # states times moves
MOST_AXES = 20  # inequalities over several zones, and of one zone; NumPy takes 64 axes at most


@dataclass(frozen=True)
class Losses:
    """Losses over a box of states: axes are levels reached, the zone's own rows, wide rows, steps."""

    loss: Words
    origin: tuple[int, ...]


@dataclass(frozen=True)
class Layer:
    """One component's choice, or the closing of a zone."""

    before: Losses
    after: Losses
    bundles: Places  # ids; empty when a zone closes
    moves: Words  # (len(bundles), axes) steps along each axis but the first
    adds: Places  # (len(bundles),) levels of the zone
    levels: int  # beyond which nothing is added
    losses: Words
    zone: int  # the zone that closes, or -1


class ForwardPass:
    """The forward pass for one gap, over a box of states.

    Parameters
    ----------
    opened
        What is open within the gap.
    deadline
        Time of `optimizer.foundation.clock` at which to stop, or None.
    most
        States that may be stored, 8 bytes each.
    """

    def __init__(
        self, opened: Opened, deadline: float | None = None, most: int = MOST_CELLS
    ) -> None:
        self.opened, self.deadline, self.most = opened, deadline, most
        self.prices, self.structure = opened.prices, opened.structure
        self.cells = self.work = 0
        self.layers: list[Layer] = []
        self.total = FAR

    def run(self) -> bool:
        """Fill the table; return whether an allocation within the gap was found."""
        opened = self.opened
        if len(opened.axes) > MOST_AXES:
            raise too_many_states()
        base = [total(each.wide.left[opened.settled]) for each in opened.axes]
        base.append(total(self.structure.cost[opened.settled]))
        grid = Losses(np.zeros((1,) * (len(base) + 1), dtype=np.int64), (0, *base))
        self.spare = total(opened.pool.low[opened.open])
        for zone in opened.zones:
            grid = self._zone(grid, zone)
            if not grid.loss.size:
                return False
        self.last = grid
        self.total = self._finish(grid)
        return self.total <= opened.gap

    def _zone(self, grid: Losses, zone: OpenZone) -> Losses:
        """Go through one zone: open its axes, choose for each component, close them."""
        opened, local = self.opened, zone.local
        if len(local) > MOST_AXES:
            raise too_many_states()
        origin = tuple(total(each.wide.left[zone.settled]) for each in local)
        shape = (1,) + (1,) * len(local) + grid.loss.shape[1:]
        here = Losses(grid.loss.reshape(shape), (0, *origin, *grid.origin[1:]))
        first, end = opened.first[zone.components], opened.end[zone.components]
        start = int(first[0]) if len(first) else 0
        ids = opened.bundles[start : int(end[-1]) if len(end) else 0]
        limits = (*local, *opened.axes, opened.pool)
        moves = np.stack([limit.wide.left[ids] for limit in limits], axis=1)
        for mine in map(slice, (first - start).tolist(), (end - start).tolist()):
            here = self._choose(
                here, ids[mine], moves[mine], allowance=zone.allowance, levels=zone.levels
            )
            if not here.loss.size:
                return here
        return self._close(here, zone) if zone.number >= 0 else here

    def _choose(
        self, grid: Losses, ids: Places, moves: Words, allowance: int, levels: int
    ) -> Losses:
        adds = np.minimum(self.structure.adds[ids], levels)
        losses = self.prices.loss[ids]
        self.spare -= int(moves[:, -1].min())
        after = self._step(grid, moves, adds, losses, allowance=allowance, levels=levels)
        self.layers.append(
            Layer(grid, after, ids, moves, adds=adds, levels=levels, losses=losses, zone=-1)
        )
        self._count(after.loss.size, after.loss.size * len(ids))
        return after

    def _step(
        self,
        grid: Losses,
        moves: Words,
        adds: Places,
        losses: Words,
        allowance: int,
        levels: int,
    ) -> Losses:
        """``after[state + move] = min over bundles of before[state] + loss``."""
        low, high = moves.min(axis=0), moves.max(axis=0)
        size = np.array(grid.loss.shape[1:])
        reached = grid.loss.shape[0] - 1
        top = min(levels, reached + int(adds.max()))
        shape = (top + 1, *(size + high - low).tolist())
        # before memory is spent and the moves are made
        if math.prod(shape) > min(MOST_AT_ONCE, self.most, MOST_WORK // len(moves)):
            raise too_many_states()
        new = np.full(shape, FAR, dtype=np.int64)
        highest = np.minimum.accumulate(grid.loss[::-1])[::-1] if adds.any() else grid.loss
        for move, add, loss in _cheapest(moves, adds, losses):
            box: tuple[Any, ...] = tuple(
                slice(int(m - lo), int(m - lo + n))
                for m, lo, n in zip(move, low, size, strict=True)
            )
            clock.keep(self.deadline)
            below = min(reached + 1, levels - add) if add else reached + 1
            target = new[(slice(add, add + below), *box)]
            np.minimum(target, grid.loss[:below] + loss, out=target)
            if below <= reached:
                target = new[(levels, *box)]
                np.minimum(target, highest[below] + loss, out=target)
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

    def _close(self, grid: Losses, zone: OpenZone) -> Losses:
        """Leave a zone: its own rows must hold, their slack costs its price, a level not reached the bonus."""
        local = zone.local
        loss = self._charged(grid, local)
        if zone.levels:
            bonus = self.structure.worths[0].bonus
            loss = np.where(loss < FAR, loss - int(self.prices.to_cover[zone.number]), FAR)
            for level in range(min(zone.levels, len(loss))):
                more = (zone.levels - level) * bonus
                loss[level] = np.where(loss[level] < FAR, loss[level] + more, FAR)
        outer = tuple(range(1 + len(local)))
        closed = loss.min(axis=outer)[None]
        closed[closed > self.opened.gap] = FAR
        after = self._trim(closed, (0, *grid.origin[1 + len(local) :]))
        nothing = np.zeros(0, dtype=np.int64)
        moves = np.zeros((0, grid.loss.ndim - 1), dtype=np.int64)
        charged = Losses(loss, grid.origin)
        self.layers.append(
            Layer(
                charged,
                after,
                nothing,
                moves=moves,
                adds=nothing,
                levels=0,
                losses=nothing,
                zone=zone.number,
            )
        )
        self._count(after.loss.size, grid.loss.size)
        return after

    def _charged(self, grid: Losses, limits: tuple[Axis, ...]) -> Words:
        """Add ``price * (rhs - left)`` of wide rows, whose axes are the first after the levels.

        That is never negative where a row holds; a state that breaks one cannot be.
        """
        loss = grid.loss
        for axis, limit in enumerate(limits, start=1):
            wide, price = limit.wide, limit.price
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
            raise too_many_states()
        clock.keep(self.deadline)

    def final(self, grid: Losses) -> Words:
        """Return the total loss of each last state: unspent steps and slack cost their price."""
        loss = self._charged(grid, self.opened.axes)[0]
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
                raise too_many_states()
        return Paths(tuple(reversed(levels)), final)


def _cheapest(moves: Words, adds: Places, losses: Words) -> list[tuple[tuple[int, ...], int, int]]:
    """Keep the least loss of each different move."""
    best: dict[tuple[tuple[int, ...], int], int] = {}
    for move, add, loss in zip(moves.tolist(), adds.tolist(), losses.tolist(), strict=True):
        key = (tuple(move), add)
        if loss < best.get(key, FAR):
            best[key] = loss
    return [(move, add, loss) for (move, add), loss in best.items()]


def _back(layer: Layer, states: Places) -> tuple[Places, Arcs]:
    """Find every predecessor of some states through one component's bundles."""
    reached = layer.after.loss.ravel()[states]
    before = layer.before.loss.ravel()
    sources, targets, chosen = [], [], []
    few = max(1, MOST_ARCS // len(states))  # bundles at a time, so that the arrays stay small
    for first in range(0, len(layer.bundles), few):
        some = slice(first, first + few)
        for level in range(layer.before.loss.shape[0]):
            source, inside = _predecessors(layer, states, some, level)
            place, target = np.nonzero(inside)
            source = source[inside]
            same = before[source] + layer.losses[some][place] == reached[target]
            sources.append(source[same])
            targets.append(target[same])
            chosen.append(layer.bundles[some][place[same]])
    return arcs_back(sources, targets, chosen, count=len(states), zone=-1)


def _predecessors(
    layer: Layer, states: Places, some: slice, level: int
) -> tuple[Places, BoolArray]:
    """Return the state at a level before each of some bundles, and whether there is one. (m, s)."""
    shape = layer.before.loss.shape
    at = np.unravel_index(states, layer.after.loss.shape)
    adds = layer.adds[some, None]
    then = np.where(adds > 0, np.minimum(level + adds, layer.levels), level)
    inside = at[0] == then
    source = np.full(inside.shape, level, dtype=np.int64)
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
    sources, targets, reached_by = [], [], []
    for outer in np.ndindex(*layer.before.loss.shape[:inner]):
        found = layer.before.loss[(*outer, *place)]
        target = np.flatnonzero(found == reached)
        full = [np.full(len(target), o) for o in outer]
        sources.append(np.ravel_multi_index((*full, *place[:, target]), layer.before.loss.shape))
        targets.append(target)
        reached_by.append(np.full(len(target), outer[0], dtype=np.int64))
    return arcs_back(sources, targets, reached_by, count=len(states), zone=layer.zone)
