"""An integer program over bundles as it grows and narrows: rows are added, columns are settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, Places, Words, exact, plus, times
from optimizer.solving.bundled.bundle_columns import QUOTAS
from optimizer.solving.bundled.relations import Relations
from optimizer.solving.bundled.rest import Rest
from optimizer.solving.bundled.sparse import Sparse
from optimizer.solving.dynamic.packing import too_large

WIDEST = 2**30  # values of one number
_NO = np.zeros(0, dtype=np.int64)
NONE = Relations(Sparse(_NO, _NO, _NO, rows=0), exact([]), np.zeros(0, dtype=bool))


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
        self.relations = NONE
        self._pending: list[Relations] = []

    def copy(self) -> Frame:
        """Return the same, to be changed apart."""
        other = Frame(self.component, self.high.copy())
        other.low = self.low.copy()
        other.relations, other._pending = self.relations, list(self._pending)
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

    def require(self, rows: Sparse, rhs: IntArray, equal: bool = False) -> None:
        """Add ``rows >= rhs``, or ``rows = rhs``."""
        same = np.full(rows.rows, equal)
        self._pending.append(Relations(rows, rhs, same).reduced())

    def adopt(self, rest: Rest, equal: BoolArray) -> None:
        """Say the rows as a rest does, some of them as equalities."""
        rows = rest.relations.rows
        lifted = Sparse(rows.row, rest.columns[rows.col], rows.value, rows.rows)
        self.relations = replace(rest.relations, rows=lifted, equal=rest.relations.equal | equal)

    def _settle_pending(self) -> None:
        if self._pending:
            self.relations = Relations.stacked([self.relations, *self._pending])
            self._pending = []

    def settle(self, low: Words, high: Words) -> bool:
        """Narrow the columns' values, (m,) twice; return whether that leaves fewer."""
        before = self.low, self.high
        self.low, self.high = np.maximum(self.low, low), np.minimum(self.high, high)
        return bool((self.low > before[0]).any() or (self.high < before[1]).any())

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
        rows = self.relations.rows
        kept = place[rows.col] >= 0
        whole = Rest(
            open_,
            base,
            begin=np.flatnonzero(np.diff(owner[~alone], prepend=-1)),
            bundles=int((~alone).sum()),
            low=np.where(bundle[open_], 0, low[open_]),
            high=high[open_],
            relations=replace(
                self.relations,
                rows=Sparse(rows.row[kept], place[rows.col[kept]], rows.value[kept], rows.rows),
                rhs=plus(self.relations.rhs, times(rows.left(base), -1)),
            ),
        )
        return whole.tight()
