"""What every list loses by slack alone: left sides move in steps, and no step meets all rows exactly.

Of any rows, a list has some slack that lies in a lattice (`optimizer.solving.merging.slack`). What the cheapest
costs under prices is lost whatever is chosen: of lists within a gap, options lose no more than what is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.foundation.exact import BoolArray, Places, Words, exact, plus, sums, times, words
from optimizer.solving.bundled.bundle_columns import QUOTAS
from optimizer.solving.bundled.priced import Priced
from optimizer.solving.bundled.rest import Rest
from optimizer.solving.dynamic.packing import fitting
from optimizer.solving.merging import least_cost

ROWS = 6  # those over most columns: a lattice of more is slow to find


@dataclass(frozen=True)
class Sides:
    """The rows of which slack costs something, over what is open; any of them alone say something."""

    left: Words  # shape (r, v + 1): of each open column, and of none
    low: Words  # shape (v,): the least value of each
    rhs: Words  # shape (r,)
    equal: BoolArray  # shape (r,)
    price: Words  # shape (r,)

    @staticmethod
    def of(priced: Priced, common: BoolArray | None = None) -> Sides:
        """Choose rows.

        Parameters
        ----------
        common
            Shape (r,): which rows there are to choose from, None for all: not those of which what slack costs
            is within what options lose already.

        Raises
        ------
        NotTakeable
            If numbers are too large.
        """
        rest, charged = priced.rest, priced.losses.charged
        equal, count = rest.relations.equal, np.bincount(rest.rows.row, minlength=rest.rows.rows)
        open_ = (count > 0) if common is None else (count > 0) & common
        some = np.flatnonzero((equal | np.asarray(charged > 0, dtype=bool)) & open_)
        some = np.sort(some[np.argsort(-count[some], kind="stable")][:ROWS])
        rows = rest.rows.only(some)
        left = np.zeros((len(some), len(rest.columns) + 1), dtype=np.int64)
        left[rows.row, rows.col] = words(fitting(rows.value, QUOTAS))
        return Sides(
            left,
            rest.low,
            rhs=words(fitting(rest.rhs[some], QUOTAS)),
            equal=equal[some],
            price=words(fitting(exact(np.maximum(charged[some], 0)), QUOTAS)),
        )

    def lost(
        self, left: Words, begin: Places, numbers: Places, gap: int, anew: bool = False
    ) -> int | None:
        """Return what slack loses at the least; None if that is more than a gap.

        Parameters
        ----------
        left
            Shape (r, o): what options put on the left, one of each component being chosen.
        begin
            Where each component's options begin.
        numbers
            The open columns that take any value.
        anew
            Whether an equality that has a price may have slack, as if the price alone had made it one.
        """
        if not len(left):
            return 0
        equal = self.equal & (self.price == 0) if anew else self.equal
        first = left[:, begin]
        sizes = np.diff(np.append(begin, left.shape[1]))
        steps = self.left[:, numbers]
        apart = [plus(left, times(np.repeat(first, sizes, axis=1), -1)), steps]
        some = plus(sums(first, axis=1), sums(times(steps, self.low[numbers]), axis=1))
        slack = plus(some, times(self.rhs, -1))
        price: Words = np.where(equal, 0, self.price)
        return least_cost(
            words(fitting(np.concatenate(apart, axis=1), QUOTAS)),
            words(fitting(slack, QUOTAS)),
            equal,
            price,
            gap=gap,
        )

    def lost_by_any(self, rest: Rest, gap: int, anew: bool = False) -> int | None:
        """Return what slack loses at the least, whatever is chosen of what is open; as `lost`."""
        left, numbers = self.left[:, : rest.bundles], np.arange(rest.bundles, len(rest.columns))
        return self.lost(left, rest.begin, numbers, gap, anew=anew)
