"""Rows of integers with few entries, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from optimizer.foundation.exact import IntArray, Places, exact, grouped, times


@dataclass(frozen=True)
class Sparse:
    """Some rows over many columns: row ``row[i]`` has ``value[i]`` at ``col[i]``, sorted by row."""

    row: Places
    col: Places
    value: IntArray
    rows: int  # how many there are

    @staticmethod
    def summed(row: Places, col: Places, value: IntArray, rows: int, columns: int) -> Sparse:
        """Add up what stands at the same place; what comes to nothing is left out."""
        places, where = np.unique(row * columns + col, return_inverse=True)
        whole = grouped(exact(value), where, len(places))
        kept = whole != 0
        return Sparse(places[kept] // columns, places[kept] % columns, whole[kept], rows)

    def left(self, point: IntArray) -> IntArray:
        """Return each row's sum at a point."""
        return grouped(times(self.value, point[self.col]), self.row, self.rows)

    def beside(self, col: Places, factor: int, columns: int) -> Sparse:
        """Add a column of its own to each row, ``factor`` times: ``col[i]`` to row i. Of so many columns."""
        return Sparse.summed(
            np.concatenate([self.row, np.arange(self.rows)]),
            np.concatenate([self.col, col]),
            np.concatenate([self.value, np.full(self.rows, factor)]),
            rows=self.rows,
            columns=columns,
        )

    def only(self, kept: Places) -> Sparse:
        """Keep some rows, by ordinal and ascending."""
        place = np.full(self.rows, -1, dtype=np.int64)
        place[kept] = np.arange(len(kept))
        inside = place[self.row] >= 0
        return Sparse(place[self.row[inside]], self.col[inside], self.value[inside], len(kept))

    @staticmethod
    def stacked(parts: list[Sparse]) -> Sparse:
        """Put rows below one another."""
        before = list(accumulate((part.rows for part in parts), initial=0))
        return Sparse(
            np.concatenate([part.row + n for part, n in zip(parts, before, strict=False)]),
            np.concatenate([part.col for part in parts]),
            exact(np.concatenate([part.value for part in parts])),
            before[-1],
        )
