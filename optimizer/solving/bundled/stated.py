"""Objectives as sums over the columns of a frame, with the numbers and rows that they need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.foundation.exact import IntArray, Places, exact, floored, grouped, plus, sums, times
from optimizer.program.objectives import Additive, Covered, Even, Objective, Shortfall
from optimizer.program.rows import Rows
from optimizer.solving.bundled.bundle_columns import Columns
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.sparse import Sparse


@dataclass(frozen=True)
class Weights:
    """``constant + sum_j value_j * x_{col_j}``."""

    col: Places
    value: IntArray
    constant: int = 0

    def over(self, count: int) -> IntArray:
        """Return the factors of all columns."""
        worth = np.zeros(count, dtype=self.value.dtype)
        worth[self.col] = self.value
        return worth

    def at_least(self, value: int) -> tuple[Sparse, IntArray]:
        """Return the row that says so of the whole sum, and its right side."""
        row = Sparse(np.zeros_like(self.col), self.col, self.value, 1)
        return row, exact([value - self.constant])


def state(columns: Columns, frame: Frame, objective: Objective) -> Weights:
    """State an objective."""
    if isinstance(objective, Additive):
        return _additive(columns, objective)
    if isinstance(objective, Covered):
        return _covered(columns, frame, objective)
    if isinstance(objective, Even):
        return _even(columns, frame, objective)
    if isinstance(objective, Shortfall):
        return _shortfall(columns, frame, objective)
    raise TypeError(f"{objective!r} is settled by search, not stated")


def rows_over(columns: Columns, rows: Rows, kept: Places) -> tuple[Sparse, IntArray]:
    """Return some inequalities as ``left >= rhs`` over the columns."""
    sign = 1 if rows.sense == ">=" else -1
    left = columns.spread(
        rows.on, rows.row, rows.app, value=times(rows.coefficient, sign), count=len(rows.rhs)
    )
    return left.only(kept), times(rows.rhs[kept], sign)


def _per(columns: Columns, on: str, factors: IntArray) -> Sparse:
    app = np.flatnonzero(factors)
    return columns.spread(on, np.zeros_like(app), app, value=factors[app], count=1)


def _additive(columns: Columns, objective: Additive) -> Weights:
    """Add up what each bundle's applications are worth; an extra is worth what each unit is."""
    unit, most = columns.program.unit, len(columns.component)
    parts = [_per(columns, "fund", objective.per_fund)]
    if objective.per_award is not None:
        paid = _per(columns, "award", objective.per_award)
        parts.append(Sparse(paid.row, paid.col, floored(paid.value, objective.unit), 1))
    both = Sparse.stacked(parts)
    one = Sparse.summed(np.zeros_like(both.row), both.col, both.value, rows=1, columns=most)
    assert objective.per_award is None or objective.unit == unit
    return Weights(one.col, one.value, objective.constant)


def _covered(columns: Columns, frame: Frame, objective: Covered) -> Weights:
    """``covered_g <= sum_{bundles e that fund one of g} x_e``, covered_g in {0, 1}."""
    bundle, member = columns.inside
    group = objective.group[member]
    inside = group >= 0
    touched = np.unique(group[inside] * columns.bundles + bundle[inside])
    row, col = touched // columns.bundles, touched % columns.bundles
    covered = frame.number([1] * objective.groups)
    funded = Sparse(row, col, np.ones_like(row), objective.groups)
    left = funded.beside(covered, -1, len(frame.high))
    frame.require(left, np.zeros(objective.groups, dtype=np.int64))
    return Weights(covered, np.ones(objective.groups, dtype=np.int64), objective.constant)


def _even(columns: Columns, frame: Frame, objective: Even) -> Weights:
    """``n_k = sum_{a of k} fund_a``, ``over_k >= K * n_k - sum_j n_j``, over_k >= 0; maximise ``-2 sum_k over_k``.

    As ``N = sum_k n_k``, what is above an even spread and what is below it come to the same. The counts
    are columns, so that a solver branches on them, and an application stands in its own kinds' rows alone.
    """
    kinds, before = len(objective.uses), exact(list(objective.before))
    kind, app = np.nonzero(objective.uses)
    used = columns.spread("fund", kind, app, value=objective.uses[kind, app], count=kinds)
    most = plus(before, sums(objective.uses, axis=1))
    counts = frame.number(most.tolist())
    over = frame.number(times(most, kinds).tolist())
    frame.require(used.beside(counts, -1, len(frame.high)), times(before, -1), equal=True)
    pull = np.ones((kinds, kinds), dtype=np.int64) - kinds * np.eye(kinds, dtype=np.int64)
    row, other = np.nonzero(pull)
    even = Sparse(row, counts[other], pull[row, other], kinds).beside(over, 1, len(frame.high))
    frame.require(even, exact([0] * kinds))
    return Weights(over, np.full(kinds, -2, dtype=np.int64))


def _shortfall(columns: Columns, frame: Frame, objective: Shortfall) -> Weights:
    """``short_i >= rhs_i - left_i`` (for ``>=``), short_i >= 0; maximise ``-sum_i short_i``."""
    rows, count = objective.rows, len(objective.rows.rhs)
    left, rhs = rows_over(columns, rows, np.arange(count))
    signed = times(rows.coefficient, 1 if rows.sense == ">=" else -1)
    if rows.on == "award":
        signed = times(signed, columns.program.most[rows.app])
    below = np.minimum(signed, 0)
    least = grouped(below, rows.row, count)
    short = frame.number([max(0, int(b) - int(low)) for b, low in zip(rhs, least, strict=True)])
    frame.require(left.beside(short, 1, len(frame.high)), rhs)
    return Weights(short, np.full(count, -1, dtype=np.int64))
