"""Rows with their right sides, said with as few and as small numbers as equalities among them allow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    Places,
    exact,
    floored,
    plus,
    times,
    total,
)
from optimizer.solving.bundled.sparse import Sparse

WIDE = 4  # an equality over one in so many columns is taken from other rows


@dataclass(frozen=True)
class Relations:
    """``rows >= rhs``, and ``rows = rhs`` where `equal`."""

    rows: Sparse
    rhs: IntArray  # shape (r,)
    equal: BoolArray  # shape (r,)

    def only(self, kept: Places) -> Relations:
        """Keep some rows, by ordinal and ascending."""
        return Relations(self.rows.only(kept), exact(self.rhs[kept]), self.equal[kept])

    @staticmethod
    def stacked(parts: list[Relations]) -> Relations:
        """Put rows below one another."""
        return Relations(
            Sparse.stacked([part.rows for part in parts]),
            exact([rhs for part in parts for rhs in part.rhs.tolist()]),
            np.concatenate([part.equal for part in parts]),
        )

    def reduced(self) -> Relations:
        """Divide each row by the common divisor of its factors, the right side rounded up.

        Where only sums of 300 can change, 301 means 600 (Chvatal 1973, doi
        10.1016/0012-365X(73)90167-2). An equality is divided by what its right side shares, too.
        """
        rows = self.rows
        divisor = np.ones(rows.rows, dtype=self.rhs.dtype)
        if len(rows.row):
            begin = np.flatnonzero(np.diff(rows.row, prepend=-1))
            divisor[rows.row[begin]] = np.gcd.reduceat(abs(rows.value), begin)
        divisor = exact(np.where(self.equal, np.gcd(divisor, self.rhs), divisor))
        divisor = exact(np.maximum(divisor, 1))
        smaller = floored(rows.value, divisor[rows.row])
        rhs = times(floored(times(self.rhs, -1), divisor), -1)
        return replace(self, rows=Sparse(rows.row, rows.col, smaller, rows.rows), rhs=rhs)

    def eliminated(self, columns: int) -> Relations:
        """Take multiples of equalities away from other rows, where that leaves fewer factors."""
        found = self
        often = np.bincount(self.rows.row, minlength=self.rows.rows)
        for e in np.flatnonzero(self.equal & (often * WIDE >= columns)).tolist():
            found = found._without(e, columns)
        return found

    def _without(self, e: int, columns: int) -> Relations:
        """Take equality e away from the rows that are a multiple of it in most of its columns."""
        rows = self.rows
        mine = rows.row == e
        pivot = np.zeros(columns, dtype=rows.value.dtype)
        pivot[rows.col[mine]] = rows.value[mine]
        shared = np.flatnonzero((pivot[rows.col] != 0) & ~mine)
        often, count = np.bincount(rows.row[shared], minlength=rows.rows), int(mine.sum())
        found = self
        for i in np.flatnonzero(2 * often > count).tolist():
            at = shared[rows.row[shared] == i]
            ratio, common = _commonest(rows.value[at], pivot[rows.col[at]])
            if ratio and 2 * common > count:
                found = found._replaced(i, self._less(i, e, ratio))
        return found

    def _less(self, i: int, e: int, ratio: Fraction) -> Relations:
        """Return ``q`` times row i less ``p`` times equality e, where p / q is the ratio."""
        rows, p, q = self.rows, ratio.numerator, ratio.denominator
        a, b = np.flatnonzero(rows.row == i), np.flatnonzero(rows.row == e)
        value = np.concatenate([times(rows.value[a], q), times(rows.value[b], -p)])
        col = np.concatenate([rows.col[a], rows.col[b]])
        most = int(col.max(initial=0)) + 1
        one = Sparse.summed(np.zeros_like(col), col, exact(value), rows=1, columns=most)
        rhs = plus(times(self.rhs[[i]], q), times(self.rhs[[e]], -p))
        return Relations(one, rhs, self.equal[[i]]).reduced()

    def _replaced(self, i: int, one: Relations) -> Relations:
        """Return the same with another row i, unless its numbers would be larger."""
        rows = self.rows
        mine = rows.row == i
        if total(abs(one.rows.value)) > total(abs(rows.value[mine])):
            return self
        order = np.argsort(np.concatenate([rows.row[~mine], one.rows.row + i]), kind="stable")
        parts = (
            (rows.row[~mine], one.rows.row + i),
            (rows.col[~mine], one.rows.col),
            (rows.value[~mine], one.rows.value),
        )
        row, col, value = (np.concatenate(part)[order] for part in parts)
        rhs = self.rhs.tolist()
        rhs[i] = one.rhs.tolist()[0]
        return replace(self, rows=Sparse(row, col, exact(value), rows.rows), rhs=exact(rhs))


def _commonest(above: IntArray, below: IntArray) -> tuple[Fraction, int]:
    """Return the commonest of some ratios, and how often it is there."""
    divisor = np.gcd(above, below) * np.sign(below)
    pairs = zip(floored(above, divisor).tolist(), floored(below, divisor).tolist(), strict=True)
    [((p, q), often)] = Counter(pairs).most_common(1)
    return Fraction(p, q), often
