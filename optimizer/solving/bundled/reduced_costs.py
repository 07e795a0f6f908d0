"""What an LP's prices prove in integers: a bound, and what each bundle loses against it.

With a price ``y_i >= 0`` on each row ``sum_j a_ij x_j >= b_i``, every point is worth at most

    bound = sum_c max_{e of c} net_e + sum_{numbers j} max(net_j l_j, net_j h_j) - sum_i y_i b_i,

``net_j = c_j + sum_i y_i a_ij``, whatever the prices; the LP's are (nearly) the best there are.
They are rounded to integers over `SCALE` first, and all of this is worked out in integers: nothing of
the solver's is believed. A point with a bundle that loses more than ``bound - v`` is worth less than v
(reduced-cost fixing; Crowder, Johnson, Padberg 1983, doi 10.1287/opre.31.5.803).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.foundation.exact import IntArray, Words, dot, exact, grouped, plus, times, total
from optimizer.solving.bundled.rest import Rest

SCALE = 2**20  # a price of 1, in the integers that prices are counted in
LONG = 2.0**62  # what is below is rounded to a 64-bit integer


@dataclass(frozen=True)
class Lost:
    """One objective under prices, in integers over `SCALE`."""

    bound: int  # no point is worth more
    loss: IntArray  # shape (v,): what each open bundle loses; for a number, what each step of it loses
    falls: IntArray  # shape (v,): whether a number loses by being above its least (else: below its most)
    charged: IntArray  # shape (r,): the price of each row


def losses(rest: Rest, worth: IntArray, prices: list[float]) -> Lost:
    """Work out the losses of an objective `worth` (v,) under the prices of a rest's rows."""
    whole = _rounded(prices)
    charged = exact(np.where(rest.relations.equal, whole, np.maximum(whole, 0)))
    paid = grouped(times(rest.rows.value, charged[rest.rows.row]), rest.rows.col, len(rest.columns))
    net = plus(times(worth, SCALE), paid)
    bound = -dot(charged, rest.rhs)
    bundle, number = net[: rest.bundles], net[rest.bundles :]
    best = np.maximum.reduceat(bundle, rest.begin) if rest.bundles else bundle
    sizes = np.diff(np.append(rest.begin, rest.bundles))
    low, high = rest.low[rest.bundles :], rest.high[rest.bundles :]
    bound += total(best) + total(np.maximum(times(number, low), times(number, high)))
    loss = np.concatenate([plus(np.repeat(best, sizes), times(bundle, -1)), abs(number)])
    return Lost(bound, loss, net <= 0, charged)


def _rounded(prices: list[float]) -> IntArray:
    """Return prices in integers over `SCALE`, (r,)."""
    scaled = np.array(prices, dtype=float) * SCALE
    if (abs(scaled) < LONG).all():
        return exact(np.rint(scaled).astype(np.int64))
    return exact([round(price) for price in scaled.tolist()])


def no_prices(rest: Rest) -> list[float]:
    """Return prices that charge for nothing."""
    return [0.0] * rest.rows.rows


def within(rest: Rest, found: Lost, gap: int) -> tuple[Words, Words]:
    """Return the least and greatest values of the open columns within a gap of the bound. (v,) twice."""
    low, high = rest.low.copy(), rest.high.copy()
    high[: rest.bundles] = found.loss[: rest.bundles] <= gap
    number = np.arange(rest.bundles, len(low))
    step = found.loss[number]
    number = number[step > 0]
    steps = np.array([gap // int(each) for each in found.loss[number]], dtype=object)
    span = np.minimum(steps, high[number] - low[number]).astype(np.int64)
    falls = np.asarray(found.falls[number], dtype=bool)
    high[number[falls]] = (low[number] + span)[falls]
    low[number[~falls]] = (high[number] - span)[~falls]
    return low, high
