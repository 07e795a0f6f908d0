"""The dynamic programme state by state, where few of the many sums that there could be are met.

At a unit of NT$1 a pool has millions of steps and a share of it far more, but the few components that
prices leave open reach only some hundreds of them within the gap. So the states are listed, not laid out
in a box. One is dropped as soon as what is to come cannot bring it to an end within the gap, or if another
has spent no more for a greater worth (dominance; Kellerer, Pferschy, Pisinger 2004, §3.4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.exact import BoolArray, Places, Words, total
from optimizer.solving.dynamic.opened import Axis, Opened, OpenZone
from optimizer.solving.dynamic.packing import too_many_states
from optimizer.solving.dynamic.paths import Arcs, Paths, leading_to
from optimizer.solving.dynamic.prices import Prices

MOST_AT_ONCE = 1_000_000  # numbers of one choice
SAFE = 2**61  # what dominance compares stays below this


@dataclass(frozen=True)
class Met:
    """States, each a row: the levels of the zone that are reached, the left side of each inequality, the pool's last."""

    used: Words  # shape (s, 1 + axes)
    loss: Words  # shape (s,): what each has lost against the bound, at the least
    source: Places  # shape (s,): the state before
    label: Places  # shape (s,): the bundle chosen; where a zone closes, the levels reached

    def __getitem__(self, some: Places | BoolArray) -> Met:
        return Met(self.used[some], self.loss[some], self.source[some], self.label[some])


class ListedPass:
    """The forward pass for one gap, over states one by one.

    Parameters
    ----------
    opened
        What is open within the gap.
    deadline
        Time of `optimizer.foundation.clock` at which to stop, or None.
    most
        Numbers that may be looked at: states that are met, each as many as it has coordinates.
    """

    def __init__(self, opened: Opened, deadline: float | None, most: int) -> None:
        self.opened, self.deadline, self.most = opened, deadline, most
        self.prices: Prices = opened.prices
        self.wide: tuple[Axis, ...] = (*opened.axes, opened.pool)
        self.looked_at = 0
        self.levels: list[Arcs] = []
        self.used: Words = np.array([[0, *_paid(self.wide, opened.settled)]], dtype=np.int64)
        self.loss: Words = np.zeros(1, dtype=np.int64)

    def run(self) -> bool:
        """List the states; return whether an allocation within the gap was found."""
        zones = self.opened.zones
        order = np.concatenate([*(zone.components for zone in zones), self.opened.first[:0]])
        rest, step = _rest(self.wide, order), 0
        for zone in zones:
            axes = self._enter(zone)
            inner = _rest(zone.local, zone.components)
            for place, c in enumerate(zone.components.tolist(), start=1):
                step += 1
                left = np.concatenate([inner[place], rest[step]], axis=1)
                self._choose(c, axes, left, allowance=zone.allowance, levels=zone.levels)
                if not len(self.loss):
                    return False
            if zone.number >= 0:
                self._leave(zone, rest[step])
        fits, charge = charged(self.wide, self.used[:, 1:], rest[step])
        self.final = np.where(fits, self.loss + charge, SAFE)
        return bool((self.final <= self.opened.gap).any())

    def _enter(self, zone: OpenZone) -> tuple[Axis, ...]:
        """Begin with a zone: no level reached, with what its settled bundles put on its own axes."""
        begin = np.array([0, *_paid(zone.local, zone.settled)], dtype=np.int64)
        self.used = np.concatenate([np.tile(begin, (len(self.used), 1)), self.used[:, 1:]], axis=1)
        return (*zone.local, *self.wide)

    def _choose(
        self, c: int, axes: tuple[Axis, ...], rest: Words, allowance: int, levels: int
    ) -> None:
        """``after[state + move] = min over bundles of before[state] + loss``."""
        clock.keep(self.deadline)
        ids, states = self.opened.of(c), len(self.loss)
        moves = np.stack(
            [
                np.minimum(self.opened.structure.adds[ids], levels),
                *(axis.wide.left[ids] for axis in axes),
            ],
            axis=1,
        )
        self._count(states * moves.size)
        used = (self.used[:, None] + moves).reshape(-1, moves.shape[1])
        used[:, 0] = np.minimum(used[:, 0], levels)
        loss = (self.loss[:, None] + self.prices.loss[ids]).ravel()
        source, label = np.repeat(np.arange(states), len(ids)), np.tile(ids, states)
        fits, charge = charged(axes, used[:, 1:], rest)
        fits &= loss + charge <= allowance
        self._take(Met(used, loss, source, label)[fits], -1)

    def _count(self, numbers: int) -> None:
        """Count numbers before they are made."""
        self.looked_at += numbers
        if self.looked_at > self.most or numbers > MOST_AT_ONCE:
            raise too_many_states()

    def _leave(self, zone: OpenZone, rest: Words) -> None:
        """Leave a zone: its own rows must hold and their slack costs its price; a level not reached the bonus."""
        structure, inner = self.opened.structure, 1 + len(zone.local)
        local = self.used[:, 1:inner]
        fits, charge = charged(zone.local, local, _rest(zone.local, self.opened.settled[:0])[0])
        loss, reached = self.loss + charge, self.used[:, 0]
        if zone.levels:
            loss = loss - int(self.prices.to_cover[zone.number])
            loss = loss + structure.worths[0].bonus * (zone.levels - reached)
        used = np.concatenate([np.zeros_like(self.used[:, :1]), self.used[:, inner:]], axis=1)
        ends, slack = charged(self.wide, used[:, 1:], rest)
        fits &= ends & (loss + slack <= self.opened.gap)
        self._take(Met(used, loss, np.arange(len(loss)), reached)[fits], zone.number)

    def _take(self, met: Met, zone: int) -> None:
        """Keep each state once, with every way of reaching it at the least loss."""
        met = met[np.lexsort([met.loss, *met.used.T[::-1]])]
        new = np.ones(len(met.loss), dtype=bool)
        new[1:] = (met.used[1:] != met.used[:-1]).any(axis=1)
        state: Places = np.cumsum(new) - 1
        used, loss = met.used[new], met.loss[new]
        kept = self._undominated(used, loss)
        number = np.where(kept, np.cumsum(kept) - 1, -1)[state]
        ways = (number >= 0) & (met.loss == loss[state])
        before, self.used, self.loss = len(self.loss), used[kept], loss[kept]
        arcs = Arcs(met.source[ways], number[ways], met.label[ways], sources=before, zone=zone)
        self.levels.append(arcs)

    def _undominated(self, used: Words, loss: Words) -> BoolArray:
        """Return which sorted states no other beats that has the same but for having spent no more.

        By worth they compare as ``price * spent - loss``: what comes after can be the same for both.
        """
        if not len(loss):
            return np.ones(0, dtype=bool)
        lack = loss - self.prices.pool * used[:, -1]
        lack = lack - lack.min()
        group = np.zeros(len(loss), dtype=np.int64)
        group[1:] = np.cumsum((used[1:, :-1] != used[:-1, :-1]).any(axis=1))
        apart = int(lack.max()) + 1
        if apart * (int(group[-1]) + 1) >= SAFE:
            return np.ones(len(loss), dtype=bool)
        lack = lack - apart * group  # so that each group begins below all before it
        return np.asarray(lack <= np.minimum.accumulate(lack))

    @property
    def total(self) -> int:
        """What the best list loses."""
        return int(self.final.min())

    def trace(self) -> Paths:
        """Go back from the best last states: every way of reaching them is an optimum."""
        best = np.flatnonzero(self.final == self.total)
        return leading_to(self.levels, best)


def _paid(axes: tuple[Axis, ...], bundles: Places) -> list[int]:
    """Return what bundles put on the left of axes, all together."""
    return [total(axis.wide.left[bundles]) for axis in axes]


def _rest(axes: tuple[Axis, ...], components: Places) -> Words:
    """Return the least and greatest that the components from each on add to axes. (m + 1, 2, k)."""
    rest: Words = np.zeros((len(components) + 1, 2, len(axes)), dtype=np.int64)
    for place, axis in enumerate(axes):
        for side, each in enumerate((axis.low, axis.high)):
            rest[:-1, side, place] = np.cumsum(each[components][::-1])[::-1]
    return rest


def charged(axes: tuple[Axis, ...], used: Words, rest: Words) -> tuple[BoolArray, Words]:
    """Return which states can still obey axes, and what the slack that they must leave will cost."""
    fits, charge = np.ones(len(used), dtype=bool), np.zeros(len(used), dtype=np.int64)
    for place, axis in enumerate(axes):
        low, high = (used[:, place] + end[place] for end in rest)
        holds, slack = axis.nearest(low, high)
        fits, charge = fits & holds, charge + slack
    return fits, charge
