"""What is open of a program over bundles as options that components are merged from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    Places,
    Words,
    floored,
    largest,
    plus,
    times,
    total,
    words,
)
from optimizer.solving.bundled.bundle_columns import QUOTAS
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.priced import Priced
from optimizer.solving.bundled.relations import WIDE, Relations
from optimizer.solving.bundled.rest import Rest
from optimizer.solving.bundled.sparse import Sparse
from optimizer.solving.bundled.stated import Weights
from optimizer.solving.dynamic.packing import WORD, fitting, too_large, too_many_states
from optimizer.solving.merging import Alternatives, Limits

ROWS = 60  # more are not taken
STEPS = 1_000  # values of one number, at the most


@dataclass(frozen=True)
class Choices:
    """Options of what is open: a bundle, or a number with one of its values."""

    rest: Rest
    begin: Places  # shape (C + 1,): where each component's options begin; each number is one
    column: Places  # shape (o,): which of the open columns
    value: Words  # shape (o,)

    @staticmethod
    def of(rest: Rest) -> Choices:
        """List the options.

        Raises
        ------
        NotTakeable
            If there are too many rows, or a number has too many values.
        """
        spans = words(plus(rest.high, times(rest.low, -1)))[rest.bundles :] + 1
        if rest.rows.rows > ROWS or largest(spans) > STEPS:
            raise too_many_states()
        numbers = np.arange(rest.bundles, len(rest.columns))
        ends = [np.arange(low, high + 1) for low, high in zip(rest.low, rest.high, strict=True)]
        return Choices(
            rest,
            np.concatenate([rest.begin, rest.bundles + np.cumsum([0, *spans.tolist()])]),
            np.concatenate([np.arange(rest.bundles), np.repeat(numbers, spans)]),
            np.concatenate([np.ones(rest.bundles, dtype=np.int64), *ends[rest.bundles :]]),
        )

    @cached_property
    def component(self) -> Places:
        """Shape (o,): the component of each option."""
        return np.repeat(np.arange(len(self.begin) - 1), np.diff(self.begin))

    @cached_property
    def left(self) -> Words:
        """Shape (r, o): what each option puts on the left of each row."""
        rows = self.rest.rows
        whole = np.zeros((rows.rows, len(self.rest.columns)), dtype=np.int64)
        whole[rows.row, rows.col] = fitting(rows.value, QUOTAS)
        return words(fitting(times(whole[:, self.column], self.value), QUOTAS))

    def lost(self, priced: Priced) -> Words:
        """Shape (o,): what each option loses under prices."""
        falls = np.asarray(priced.losses.falls, dtype=bool)[self.column]
        low, high = self.rest.low[self.column], self.rest.high[self.column]
        steps = np.where(falls, plus(self.value, times(low, -1)), plus(high, times(self.value, -1)))
        steps[: self.rest.bundles] = 1
        return words(fitting(times(priced.losses.loss[self.column], steps), QUOTAS))

    def above_least(self, sums: Weights, columns: int) -> IntArray:
        """Shape (o,): how much more each option is worth than the least of its component."""
        each = times(sums.over(columns)[self.rest.columns][self.column], self.value)
        least = np.minimum.reduceat(each, self.begin[:-1])
        above = plus(each, times(least[self.component], -1))
        divisor = int(np.gcd.reduce(above))
        return floored(above, max(1, divisor))

    def reach(self, of: IntArray) -> int:
        """Return what all components come to at the most, each with its largest."""
        return total(np.maximum.reduceat(abs(of), self.begin[:-1]))

    def packed(self, sums: Sequence[Weights], columns: int) -> tuple[Words, int]:
        """Pack as many sums as there is room for; how many. ``factor = 1 + span`` of each that comes behind.

        Raises
        ------
        NotTakeable
            If there is none.
        """
        packed, taken = np.zeros(len(self.column), dtype=np.int64), 0
        for each in sums:
            own = self.above_least(each, columns)
            factor = 1 + self.reach(own)
            if (1 + self.reach(packed)) * factor > WORD:
                break
            packed, taken = plus(times(packed, factor), own), taken + 1
        if not taken:
            raise too_large(QUOTAS)
        return words(packed), taken

    def limits(self, priced: Priced, floor: int, room: int, worth: Words) -> Limits:
        """Return the rows as limits of lists that are worth at least a floor.

        Raises
        ------
        NotTakeable
            If numbers are too large.
        """
        equal = np.asarray(self.rest.relations.equal, dtype=bool)
        limits = Limits(
            words(fitting(self.rest.rhs, QUOTAS)),
            equal,
            np.where(equal, 0, words(fitting(priced.losses.charged, QUOTAS))),
            gap=priced.gap(priced.inner(floor)),
            room=room,
        )
        farthest = max((self.reach(row) for row in self.left), default=0)
        if not limits.fits(farthest, self.reach(self.lost(priced)), self.reach(worth)):
            raise too_large(QUOTAS)
        return limits

    def options(self, priced: Priced, worth: Words) -> Alternatives:
        """Return the options to merge."""
        return Alternatives(self.begin, self.left, self.lost(priced), worth)


def wide_rows(priced: Priced) -> BoolArray:
    """Shape (r,): the rows over many of the open columns."""
    rows = priced.rest.rows
    often = np.bincount(rows.row, minlength=rows.rows)
    wide: BoolArray = often * WIDE >= len(priced.rest.columns)
    return wide


def tightened(frame: Frame, priced: Priced, floor: int) -> None:
    """Say the row that leaves the least slack as an equality, with its slack as a number.

    ``sum_j a_ij x_j - slack = b_i, 0 <= slack <= gap // price_i``: what loses more is worth less than the
    floor. An equality over most columns is taken from other rows, which are then over their own columns alone.
    """
    frame.adopt(priced.rest, np.zeros(priced.rest.rows.rows, dtype=bool))
    relations = frame.relations
    wide = wide_rows(priced)
    gap = priced.gap(priced.inner(floor))
    charged = {i: int(y) for i, y in enumerate(priced.losses.charged) if y > 0 and wide[i]}
    if not charged or (relations.equal & wide).any():
        return
    row = max(charged, key=lambda i: charged[i])
    if (most := gap // charged[row]) < STEPS:
        (slack,) = frame.number([most]).tolist()
        frame.relations = _with_slack(relations, row, slack)


def _with_slack(relations: Relations, row: int, slack: int) -> Relations:
    rows, equal = relations.rows, relations.equal.copy()
    at = np.searchsorted(rows.row, row, side="right")
    value = np.insert(rows.value, at, -1)
    equal[row] = True
    whole = Sparse(np.insert(rows.row, at, row), np.insert(rows.col, at, slack), value, rows.rows)
    return replace(relations, rows=whole, equal=equal)
