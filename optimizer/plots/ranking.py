"""Who would be funded by merit alone: the order a spreadsheet would follow, and where it stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.exact import IntArray
from optimizer.plots.source import Drawable, FloatArray, words


@dataclass(frozen=True)
class Ranking:
    """The eligible applications from the best merit down, as aligned arrays.

    Parameters
    ----------
    rows
        Shape (n,): which row of `awards` each is.
    merit, funded, reason
        Shape (n,): points, whether funded, reason code.
    line
        How many are above the line: what the pool would pay in full, whatever the rules say.
    line_amount
        NT$ that those would take.
    ineligible
        How many applications are left out.
    sister
        Whether each got nothing while its school has a funded one of less merit.
    """

    rows: IntArray
    merit: FloatArray
    funded: Any
    reason: Any
    line: int
    line_amount: int
    ineligible: int
    sister: Any

    @property
    def size(self) -> int:
        """How many applications are shown."""
        return len(self.merit)

    @property
    def many(self) -> bool:
        """Whether marks hide each other, and should be an image inside a vector file."""
        return self.size > 1500

    @property
    def mark(self) -> float:
        """Size of a dot in points: the more there are, the smaller."""
        return 3.8 if self.size <= 600 else 2.8 if not self.many else 2.0

    @property
    def above(self) -> Any:
        """Whether each lies above the line."""
        return np.arange(self.size) < self.line


def ranking(allocation: Drawable) -> Ranking:
    """Put the eligible applications into the order of their merit."""
    status = words(allocation.awards, "status")
    merit = np.asarray(allocation.merit_points, dtype=float)
    eligible = np.flatnonzero((status != "ineligible") & np.isfinite(merit))
    order = eligible[np.argsort(-merit[eligible], kind="stable")]
    return Ranking(
        rows=order,
        merit=merit[order],
        funded=status[order] == "funded",
        reason=words(allocation.awards, "reason_code")[order],
        line=allocation.line.count,
        line_amount=allocation.line.amount,
        ineligible=int((status == "ineligible").sum()),
        sister=_lost_to_a_sister(allocation.awards)[order],
    )


def _lost_to_a_sister(awards: pd.DataFrame) -> Any:
    """Compare the ranks, which are equal only where merit is, with the last funded of the school."""
    funded, school = awards["status"] == "funded", [awards["school_id"], awards["level"]]
    lowest = awards["rank"].where(funded).groupby(school, observed=True).transform("max")
    lost = (awards["status"] == "not_funded") & (awards["rank"] < lowest).fillna(False)
    return lost.to_numpy(dtype=bool)
