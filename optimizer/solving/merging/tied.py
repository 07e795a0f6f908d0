"""A component's bundle and its numbers, tied by rows of its own: which of them lists within a gap have, listed.

Under prices of an LP a bundle loses so much, a number so much a step from its end, and so does what its own
rows have more than enough of; no list that loses more than the gap in all has them. So most numbers have one
value, and what is left, a bundle with a value of each of its numbers, is an *option* of the component.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.foundation.exact import BoolArray, Places, Words, largest
from optimizer.solving.dynamic.packing import too_many_states
from optimizer.solving.merging.arrivals import SAFE

FAR = 2**60  # the right side of a row that there is not
LISTED = 200_000  # options, at the most
TOGETHER = 1_000  # bundles whose options are listed together: memory is that of theirs


@dataclass(frozen=True)
class Tied:
    """Components of which each has up to k numbers and up to r rows of its own, ``left >= needed``.

    Parameters
    ----------
    component
        Shape (b,): the component of each bundle.
    bundle_lost
        Shape (b,): what each bundle loses.
    bundle_left
        Shape (b, r): what each puts on the left of its component's rows.
    low, high
        Shape (C, k): the least and greatest value of each number; 0 and 0 for none.
    lost
        Shape (C, k): what each step of a number loses.
    falls
        Shape (C, k): whether it loses by being above its least (else: below its most).
    left
        Shape (C, r, k): what each step of a number puts on the left.
    needed
        Shape (C, r): minus `FAR` where there is no such row.
    equal
        Shape (C, r): whether a row holds with equality.
    toll
        Shape (C, r): what slack loses.
    """

    component: Places
    bundle_lost: Words
    bundle_left: Words
    low: Words
    high: Words
    lost: Words
    falls: BoolArray
    left: Words
    needed: Words
    equal: BoolArray
    toll: Words

    @property
    def fits(self) -> bool:
        """Whether all that is added up stays in 64 bits."""
        real = self.needed > -FAR
        far, count = largest(self.high) + largest(self.low), self.high.shape[1]
        side = largest(self.left) * far * count + largest(self.bundle_left)
        side += largest(self.needed[real])
        loses = largest(self.bundle_lost) + largest(self.lost) * far * count
        most = max(side, loses + side * largest(self.toll) * self.needed.shape[1])
        return bool(most < SAFE // 2)


@dataclass(frozen=True)
class TiedOptions:
    """Options, sorted by component."""

    component: Places  # shape (o,)
    bundle: Places  # shape (o,)
    value: Words  # shape (o, k): of each number
    lost: Words  # shape (o,)

    @staticmethod
    def joined(parts: list[TiedOptions]) -> TiedOptions:
        """Put parts together, sorted by component."""
        component = np.concatenate([part.component for part in parts])
        order = np.argsort(component, kind="stable")
        return TiedOptions(
            component[order],
            np.concatenate([part.bundle for part in parts])[order],
            np.concatenate([part.value for part in parts])[order],
            np.concatenate([part.lost for part in parts])[order],
        )

    def losing(self, gap: int) -> TiedOptions:
        """Return those that lose no more than a gap."""
        kept = np.flatnonzero(self.lost <= gap)
        return TiedOptions(
            self.component[kept], self.bundle[kept], self.value[kept], self.lost[kept]
        )


def listed(tied: Tied, gap: int) -> TiedOptions:
    """Return every option that a list within a gap can have.

    Raises
    ------
    NotTakeable
        If there are too many.
    """
    parts, count = [], 0
    for first in range(0, max(1, len(tied.component)), TOGETHER):
        some = np.arange(first, min(first + TOGETHER, len(tied.component)))
        growing = _Growing(tied, some, min(gap, SAFE))
        for k in range(tied.low.shape[1]):
            growing.number(k, LISTED - count)
        parts.append(growing.kept())
        count += len(parts[-1].lost)
    return TiedOptions.joined(parts)


class _Growing:
    """Options as far as their first numbers are set; left sides are the greatest there can still be."""

    def __init__(self, tied: Tied, some: Places, gap: int) -> None:
        self.tied, self.gap = tied, gap
        ends = [tied.left * end[:, None, :] for end in (tied.low, tied.high)]
        self.most: Words = np.maximum(*ends)  # shape (C, r, k)
        self.component, self.bundle = tied.component[some], some
        self.lost = tied.bundle_lost[some]
        self.left: Words = tied.bundle_left[some] + self.most.sum(axis=2)[self.component]
        self.value = np.zeros((len(self.component), tied.low.shape[1]), dtype=np.int64)

    def number(self, k: int, room: int) -> None:
        """Set one number to every value that rows and the gap leave it, if they are not too many."""
        tied, c = self.tied, self.component
        low, high = self._ends(k)
        often = np.maximum(high - low + 1, 0) * (self.lost <= self.gap)
        if int(often.sum()) > room:
            raise too_many_states()
        of = np.repeat(np.arange(len(c)), often)
        value = low[of] + np.arange(len(of)) - np.repeat(np.cumsum(often) - often, often)
        c, self.bundle = c[of], self.bundle[of]
        self.component, self.value = c, self.value[of]
        self.value[:, k] = value
        self.left = self.left[of] - self.most[c, :, k] + tied.left[c, :, k] * value[:, None]
        steps: Words = np.where(tied.falls[c, k], value - tied.low[c, k], tied.high[c, k] - value)
        self.lost = self.lost[of] + tied.lost[c, k] * steps

    def _ends(self, k: int) -> tuple[Words, Words]:
        """Return the least and greatest values of a number that an option's rows and the gap leave. (o,) twice."""
        tied, c = self.tied, self.component
        factor: Words = tied.left[c, :, k]
        room: Words = self.left - self.most[c, :, k] - tied.needed[c]  # factor * value >= -room
        up, down = factor > 0, factor < 0
        most = np.where(down, room // np.where(down, -factor, 1), FAR).min(axis=1, initial=FAR)
        least = np.where(up, -(room // np.where(up, factor, 1)), -FAR).max(axis=1, initial=-FAR)
        low, high = np.maximum(least, tied.low[c, k]), np.minimum(most, tied.high[c, k])
        step, falls = tied.lost[c, k], tied.falls[c, k]
        steps = np.where(step > 0, (self.gap - self.lost) // np.maximum(step, 1), FAR)
        return (
            np.where(falls, low, np.maximum(low, tied.high[c, k] - steps)),
            np.where(falls, np.minimum(high, tied.low[c, k] + steps), high),
        )

    def kept(self) -> TiedOptions:
        """Return the options that keep to their rows and lose no more than the gap."""
        tied, c = self.tied, self.component
        real = tied.needed[c] > -FAR
        slack: Words = np.where(real, self.left - tied.needed[c], 0)
        broken = np.where(tied.equal[c], slack != 0, slack < 0)
        good = np.asarray(~broken.any(axis=1), dtype=bool)
        slack[~good] = 0
        lost = self.lost + (slack * tied.toll[c]).sum(axis=1)
        kept = np.flatnonzero(good & (lost <= self.gap))
        return TiedOptions(c[kept], self.bundle[kept], self.value[kept], lost[kept])
