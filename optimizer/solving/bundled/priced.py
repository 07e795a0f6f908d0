"""An objective over what is open, with what prices prove of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimizer.foundation.exact import IntArray, Words, dot, exact, floored
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.highs_arrays import Relaxed, relaxed
from optimizer.solving.bundled.reduced_costs import SCALE, Lost, losses, no_prices, within
from optimizer.solving.bundled.rest import Rest
from optimizer.solving.bundled.stated import Weights
from optimizer.solving.floats import Floats
from optimizer.solving.options import Options

NEAR = 1e-6  # how far from whole a value may be that counts as whole
MUCH = 0.9  # of the columns still open: others may be settled by new prices


@dataclass(frozen=True)
class Priced:
    """An objective as ``constant + divisor * (worth . x)`` over what was open when it was priced."""

    stated: Weights
    rest: Rest
    worth: IntArray  # shape (m,): the factors of the open columns, without their common divisor
    divisor: int
    constant: int
    losses: Lost
    point: Floats | None = None  # of the relaxation, shape (v,)

    @staticmethod
    def of(frame: Frame, stated: Weights) -> Priced:
        """Bound an objective without any prices."""
        rest = frame.rest()
        whole = stated.over(len(frame.high))
        constant = stated.constant + dot(whole, rest.base)
        inside = whole[rest.columns]
        divisor = int(np.gcd.reduce(inside)) if len(inside) else 1
        worth = np.zeros_like(whole)
        worth[rest.columns] = floored(inside, divisor or 1)
        nothing = losses(rest, worth[rest.columns], no_prices(rest))
        return Priced(
            stated, rest, exact(worth), divisor=divisor or 1, constant=constant, losses=nothing
        )

    def under(self, said: Relaxed) -> Priced:
        """Return the same under a relaxation's prices, if they bound it better."""
        found = losses(self.rest, self.worth[self.rest.columns], said.prices)
        better = found if found.bound <= self.losses.bound else self.losses
        return replace(self, losses=better, point=said.point)

    def is_of(self, stated: Weights) -> bool:
        """Return whether it is the same objective."""
        mine = self.stated
        same = np.array_equal(mine.col, stated.col) and np.array_equal(mine.value, stated.value)
        return same and mine.constant == stated.constant

    @property
    def top(self) -> int:
        """No point is worth more, as ``worth . x``."""
        return self.losses.bound // SCALE

    @property
    def impossible(self) -> bool:
        """Whether it is proved that there is no point, as each would be worth nothing."""
        return self.top < 0 and not self.worth.any()

    def inner(self, value: int) -> int:
        """Return a value of the objective as ``worth . x``, rounded up."""
        return -((self.constant - value) // self.divisor)

    def outer(self, inner: int) -> int:
        """Return the value of the objective where ``worth . x`` is so much."""
        return self.constant + self.divisor * inner

    def gap(self, inner: int) -> int:
        """Return what points worth at least so much may lose."""
        return self.losses.bound - SCALE * inner

    def below(self, value: int) -> int:
        """Return what points are worth at most that are worth less than a value."""
        return self.outer(self.inner(value) - 1)

    def beyond(self, gap: int) -> int:
        """Return what points that lose more are worth at most."""
        return (self.losses.bound - gap - 1) // SCALE

    def within(self, frame: Frame, gap: int) -> tuple[Words, Words]:
        """Return the values of all columns, least and greatest, of points that lose no more. (m,) twice."""
        low, high = frame.low.copy(), frame.high.copy()
        low[self.rest.columns], high[self.rest.columns] = within(self.rest, self.losses, gap)
        return low, high

    def near(self, frame: Frame) -> tuple[Words, Words] | None:
        """Return the values of all columns if components whose bundle the relaxation's point tells keep it."""
        if self.point is None:
            return None
        high, bundles = frame.high.copy(), self.rest.columns[: self.rest.bundles]
        chosen = self.point[: self.rest.bundles] > 1 - NEAR
        told = np.logical_or.reduceat(chosen, self.rest.begin) if len(bundles) else chosen
        sizes = np.diff(np.append(self.rest.begin, len(bundles)))
        high[bundles[np.repeat(told, sizes) & ~chosen]] = 0
        return frame.low, high

    def losing_least(self, frame: Frame, size: int) -> tuple[Words, Words] | None:
        """Return the values of all columns with so many bundles besides the best; None if there are no more."""
        gap = self.letting_in(size)
        return None if gap is None else self.within(frame, gap)

    def letting_in(self, size: int) -> int | None:
        """Return the gap that lets in so many bundles besides the best; None if there are no more."""
        loss = self.losses.loss[: self.rest.bundles]
        second = np.sort(loss[loss > 0])
        return int(second[size]) if size < len(second) else None


def price(frame: Frame, stated: Weights, value: int | None, options: Options) -> Priced:
    """Bound an objective: by counting, and if that leaves something above a value by an LP's prices."""
    priced = Priced.of(frame, stated)
    if value is not None and priced.outer(priced.top) <= value:
        return priced
    said = relaxed(priced.rest, priced.worth[priced.rest.columns], options)
    return priced if said is None else priced.under(said)


def narrowed(frame: Frame, priced: Priced, value: int, options: Options) -> Priced:
    """Settle what no point worth at least a value has, and price anew while that settles much.

    A row whose price is more than such a point may lose is an equality there.
    """
    while priced.outer(priced.top) >= value:
        gap = priced.gap(priced.inner(value))
        sure = np.asarray(priced.losses.charged > gap, dtype=bool) & ~priced.rest.relations.equal
        before = len(priced.rest.columns)
        if not frame.settle(*priced.within(frame, gap)) and not sure.any():
            break
        frame.adopt(priced.rest, sure)
        priced = price(frame, priced.stated, value, options)
        if len(priced.rest.columns) > MUCH * before and not sure.any():
            break
    return priced
