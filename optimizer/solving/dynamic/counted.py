"""Goals that count something in each zone, up to so much: coverage, and soft quotas for each group.

    sum_z min(top_z, sum_{a in z} each_a * fund_a) + constant

Coverage counts the first of the funded of a group. A soft quota (``>= rhs`` for each group, nobody in two)
falls short by ``rhs - min(rhs, left side)``: it counts up to rhs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimizer.foundation.exact import Places, total
from optimizer.program.objectives import Covered, Objective, Shortfall

MOST_LEVELS = 8  # up to which a zone is counted; a table holds one row more for each


@dataclass(frozen=True)
class Counted:
    """What a goal counts in each group of applications.

    Parameters
    ----------
    group
        Shape (n,): the group of each application, -1 for none; so for whoever comes after the last of them.
    each
        Shape (n,): what funding it adds to its group.
    top
        Shape (G,): up to how much is counted.
    constant
        What is added whatever is funded.
    """

    group: Places
    each: Places
    top: Places
    constant: int = 0

    def over(self, size: int) -> Counted:
        """Return the same with so many applications."""
        more = size - len(self.group)
        group = np.concatenate([self.group, np.full(more, -1, dtype=np.int64)])
        each = np.concatenate([self.each, np.zeros(more, dtype=np.int64)])
        return replace(self, group=group, each=each)

    def levels(self, groups: Places) -> Places:
        """Return up to how much some groups count; -1 is none."""
        beyond = np.append(self.top, 0)  # of -1
        return np.asarray(beyond[groups], dtype=np.int64)


def counted(objective: Objective) -> Counted | None:
    """Return what a goal counts by groups; None if it is not of that kind, or counts too far."""
    if isinstance(objective, Covered):
        ones = np.ones(len(objective.group), dtype=np.int64)
        top = np.ones(objective.groups, dtype=np.int64)
        return Counted(objective.group, ones, top, objective.constant)
    return _shortfall(objective) if isinstance(objective, Shortfall) else None


def _shortfall(objective: Shortfall) -> Counted | None:
    rows, size = objective.rows, int(objective.rows.app.max(initial=-1)) + 1
    if rows.on != "fund" or rows.sense != ">=" or rows.rhs.dtype == object:
        return None
    in_rows = np.bincount(rows.app, minlength=1)
    few = bool((rows.coefficient > 0).all()) and rows.rhs.max(initial=0) <= MOST_LEVELS
    if not few or in_rows.max() > 1:
        return None
    group, each = np.full(size, -1, dtype=np.int64), np.zeros(size, dtype=np.int64)
    group[rows.app] = rows.row
    each[rows.app] = np.minimum(rows.coefficient, MOST_LEVELS)
    top = np.maximum(rows.rhs, 0)
    return Counted(group, each, top, -total(top))
