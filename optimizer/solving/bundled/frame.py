"""An integer program over bundles as it grows and narrows: rows are added, columns are settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.foundation.exact import IntArray, Places, Words, exact, floored, grouped, plus, times
from optimizer.solving.bundled.bundle_columns import QUOTAS
from optimizer.solving.bundled.sparse import Sparse
from optimizer.solving.dynamic.packing import too_large

WIDEST = 2**30  # values of one number
_NO = np.zeros(0, dtype=np.int64)
NONE = Sparse(_NO, _NO, _NO, rows=0)


class Frame:
    """All rows ``sum_j value_ij * x_j >= rhs_i`` over integer columns, and what is left open of them.

    Parameters
    ----------
    component
        Shape (m,): the component of which a column is a bundle, ascending; -1 for a number.
    high
        Shape (m,): the greatest value of each column; the least is 0.
    """

    def __init__(self, component: Places, high: Words) -> None:
        self.component, self.high = component, high
        self.low: Words = np.zeros_like(high)
        self.rows, self.rhs = NONE, exact([])
        self._pending: list[tuple[Sparse, list[int]]] = []

    def copy(self) -> Frame:
        """Return the same, to be changed apart."""
        other = Frame(self.component, self.high.copy())
        other.low = self.low.copy()
        other.rows, other.rhs, other._pending = self.rows, self.rhs, list(self._pending)
        return other

    def number(self, highs: Sequence[int]) -> Places:
        """Add integers from 0 to some numbers; return their columns.

        Raises
        ------
        NotTakeable
            If one can be too large for a solver's floats.
        """
        if max(highs, default=0) > WIDEST:
            raise too_large(QUOTAS)
        first, more = len(self.high), len(highs)
        self.component = np.concatenate([self.component, np.full(more, -1, dtype=np.int64)])
        self.high = np.concatenate([self.high, np.array(highs, dtype=np.int64)])
        self.low = np.concatenate([self.low, np.zeros(more, dtype=np.int64)])
        return np.arange(first, first + more)

    def require(self, rows: Sparse, rhs: IntArray) -> None:
        """Add ``rows >= rhs``, each row divided by the common divisor of its factors."""
        divisor = np.ones(rows.rows, dtype=np.int64)
        if len(rows.row):
            begin = np.flatnonzero(np.diff(rows.row, prepend=-1))
            divisor[rows.row[begin]] = np.gcd.reduceat(abs(rows.value), begin)
        smaller = floored(rows.value, divisor[rows.row])
        least = times(floored(times(rhs, -1), divisor), -1)
        self._pending.append((Sparse(rows.row, rows.col, smaller, rows.rows), least.tolist()))

    def _settle_pending(self) -> None:
        if self._pending:
            self.rows = Sparse.stacked([self.rows, *(rows for rows, _ in self._pending)])
            more = [rhs for _, part in self._pending for rhs in part]
            self.rhs = exact([*self.rhs.tolist(), *more])
            self._pending = []

    def settle(self, low: Words, high: Words) -> None:
        """Narrow the columns' values. (m,) twice."""
        self.low, self.high = np.maximum(self.low, low), np.minimum(self.high, high)

    def rest(self, low: Words | None = None, high: Words | None = None) -> Rest:
        """Return what is left to decide, if the columns' values are within these. (m,) twice."""
        self._settle_pending()
        low, high = self.low if low is None else low, self.high if high is None else high
        bundle = self.component >= 0
        inside = np.flatnonzero(bundle & (high > 0))
        owner = self.component[inside]
        change = np.flatnonzero(np.diff(owner, prepend=-1, append=-1) != 0)
        alone = np.zeros(len(inside), dtype=bool)
        alone[change[:-1][np.diff(change) == 1]] = True
        base: Words = np.where(bundle, 0, low)
        base[inside[alone]] = 1
        numbers = np.flatnonzero(~bundle & (low < high))
        base[numbers] = 0
        open_ = np.concatenate([inside[~alone], numbers])
        place = np.full(len(self.high), -1, dtype=np.int64)
        place[open_] = np.arange(len(open_))
        kept = place[self.rows.col] >= 0
        whole = Rest(
            open_,
            base,
            begin=np.flatnonzero(np.diff(owner[~alone], prepend=-1)),
            bundles=int((~alone).sum()),
            low=np.where(bundle[open_], 0, low[open_]),
            high=high[open_],
            rows=Sparse(
                self.rows.row[kept],
                place[self.rows.col[kept]],
                self.rows.value[kept],
                self.rows.rows,
            ),
            rhs=plus(self.rhs, times(self.rows.left(base), -1)),
        )
        return whole.needed()


@dataclass(frozen=True)
class Rest:
    """What is left to decide: open columns, and the rows over them."""

    columns: Places  # shape (v,): which columns of the frame; bundles first
    base: Words  # shape (m,): the values of all others
    begin: Places  # where each open component's bundles begin
    bundles: int  # how many of the open columns are bundles
    low: Words  # shape (v,)
    high: Words  # shape (v,)
    rows: Sparse  # over the open columns
    rhs: IntArray  # what settled columns contribute is taken away

    def needed(self) -> Rest:
        """Leave out the rows that hold whatever is chosen, one bundle a component."""
        kept = np.flatnonzero(np.asarray(self._least() < self.rhs, dtype=bool))
        return replace(self, rows=self.rows.only(kept), rhs=exact(self.rhs[kept]))

    def _least(self) -> IntArray:
        """Return the least left side of each row: the least of each component, and of each number."""
        rows = self.rows
        sizes = np.diff(np.append(self.begin, self.bundles))
        owner = np.repeat(np.arange(len(sizes)), sizes)
        number = rows.col >= self.bundles
        ends = [times(rows.value[number], x[rows.col[number]]) for x in (self.low, self.high)]
        least = grouped(np.minimum(*ends), rows.row[number], rows.rows)
        value, row = rows.value[~number], rows.row[~number]
        if not len(row):
            return least
        key = row * len(sizes) + owner[rows.col[~number]]
        order = np.argsort(key, kind="stable")
        first = np.flatnonzero(np.diff(key[order], prepend=-1))
        each = np.minimum.reduceat(value[order], first)
        mine = key[order][first]
        everywhere = np.diff(np.append(first, len(key))) == sizes[mine % len(sizes)]
        each = np.where(everywhere, each, np.minimum(each, 0))
        return plus(least, grouped(exact(each), mine // len(sizes), rows.rows))

    def point(self, values: Words) -> Words:
        """Return a point of the whole frame."""
        whole = self.base.copy()
        whole[self.columns] = values
        return whole
