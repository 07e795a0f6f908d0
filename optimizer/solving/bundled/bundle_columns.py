"""A program's variables over schools' bundles: one binary for each set of applications a school may fund.

A *bundle* is a set of one component's applications that its own small rules allow (a school under its
cap). Exactly one of a component's bundles is chosen, the empty one among them. Where an award is a
choice, a second column holds how many units above its least it is:

    fund_a = sum_{e of a} x_e        award_a = least_a * fund_a + unit * extra_a
"""

from __future__ import annotations

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
    words,
)
from optimizer.language.text import Text
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows
from optimizer.solving.bundled.sparse import Sparse
from optimizer.solving.dynamic.bundles import bundles
from optimizer.solving.dynamic.components import LARGEST_SCHOOL, components, is_pool, members_of
from optimizer.solving.dynamic.packing import AMOUNTS, NotTakeable, fitting, too_large
from optimizer.solving.floats import FARTHEST

QUOTAS = Text("配額或優先順序", "a quota or a priority")
SCHOOL = 6  # applications that small inequalities may tie to one component


@dataclass(frozen=True)
class Columns:
    """The columns of a program: bundles, sorted by component, then extras."""

    program: Program
    apps: Places  # shape (C, k): the applications of each component, -1 where it has fewer
    member: BoolArray  # shape (B, k): which of them each bundle funds
    component: Places  # shape (m,): the component of each column, -1 for an extra
    extra: Places  # shape (n,): the column of an application's extra, -1 for none
    resolved: tuple[BoolArray, ...]  # of each family of rows: those that every bundle obeys

    @property
    def bundles(self) -> int:
        """How many bundles there are."""
        return len(self.member)

    @cached_property
    def high(self) -> Words:
        """Shape (m,): the greatest value of each column."""
        high = np.ones(len(self.component), dtype=np.int64)
        free = np.flatnonzero(self.extra >= 0)
        high[self.extra[free]] = self.spans[free]
        return high

    @cached_property
    def spans(self) -> Words:
        """Shape (n,): by how many units an application's award may be above its least."""
        span = plus(self.program.most, times(self.program.least, -1))
        return words(floored(span, self.program.unit))

    @cached_property
    def inside(self) -> tuple[Places, Places]:
        """The applications that bundles fund: which bundle, which application. Shape (s,) twice."""
        bundle, place = np.nonzero(self.member)
        return bundle, self.apps[self.component[bundle], place]

    def spread(self, on: str, row: Places, app: Places, value: IntArray, count: int) -> Sparse:
        """Return ``sum_a value_a * x_a`` of several rows over the columns, x = fund or award (NT$)."""
        order = np.argsort(app, kind="stable")
        first = np.searchsorted(app[order], np.arange(self.program.size + 1))
        bundle, member = self.inside
        often = np.diff(first)[member]
        skipped = np.repeat(np.cumsum(often) - often, often)
        at = order[np.repeat(first[member], often) + np.arange(len(skipped)) - skipped]
        factor = fitting(value, QUOTAS)
        least = times(factor, self.program.least[app]) if on == "award" else factor
        rows, cols, values = [row[at]], [np.repeat(bundle, often)], [least[at]]
        if on == "award":
            free = np.flatnonzero(self.extra[app] >= 0)
            rows.append(row[free])
            cols.append(self.extra[app[free]])
            values.append(times(factor[free], self.program.unit))
        whole = Sparse.summed(
            np.concatenate(rows),
            np.concatenate(cols),
            np.concatenate(values),
            rows=count,
            columns=len(self.component),
        )
        if largest(whole.value) > FARTHEST:
            raise too_large(QUOTAS)
        return whole

    def decision(self, point: Words) -> Decision:
        """Return the decision of a point."""
        bundle, member = self.inside
        chosen = point[bundle] > 0
        fund = np.zeros(self.program.size, dtype=bool)
        fund[member[chosen]] = True
        units = np.where(self.extra >= 0, point[np.maximum(self.extra, 0)], 0)
        least = np.where(fund, self.program.least, 0)
        return Decision(fund, words(plus(least, times(units, self.program.unit))))

    def point(self, decision: Decision) -> Words:
        """Return the point of a decision that bundles allow. (m,)."""
        apps = self.apps[self.component[: self.bundles]]
        fund = decision.fund[np.maximum(apps, 0)] & (apps >= 0)
        point = np.zeros(len(self.component), dtype=np.int64)
        point[: self.bundles] = (fund == self.member).all(axis=1)
        free = np.flatnonzero((self.extra >= 0) & decision.fund)
        more = plus(decision.award[free], times(self.program.least[free], -1))
        point[self.extra[free]] = words(floored(more, self.program.unit))
        return point

    @cached_property
    def seat(self) -> Places:
        """Shape (n, 2): the component of each application, and its place there."""
        seat = np.zeros((self.program.size, 2), dtype=np.int64)
        real = np.argwhere(self.apps >= 0)
        seat[self.apps[real[:, 0], real[:, 1]]] = real
        return seat

    @cached_property
    def start(self) -> Places:
        """Shape (C + 1,): where each component's bundles begin."""
        return np.searchsorted(self.component[: self.bundles], np.arange(len(self.apps) + 1))

    @property
    def impossible(self) -> bool:
        """Whether a component has no bundle that its own rules allow, not even the empty one."""
        return bool((np.diff(self.start) == 0).any())

    def holding(self, a: int, funded: bool) -> Places:
        """Return the bundles of an application's component that fund it, or those that do not."""
        c, place = self.seat[a]
        mine = np.arange(self.start[c], self.start[c + 1])
        held: Places = mine[self.member[mine, place] == funded]
        return held


def columns_of(program: Program, deadline: float | None) -> Columns:
    """Find components and enumerate their bundles.

    Raises
    ------
    OutOfTime
        If the deadline passes.
    """
    least, most = fitting(program.least, AMOUNTS), fitting(program.most, AMOUNTS)
    program = replace(program, least=least, most=most)
    try:
        return _columns(program, LARGEST_SCHOOL, deadline)
    except NotTakeable:  # a large school under a loose cap, which becomes a row
        return _columns(program, SCHOOL, deadline)


def _columns(program: Program, largest: int, deadline: float | None) -> Columns:
    component, _ = components(program, None, SCHOOL, largest)
    count = int(component.max()) + 1 if program.size else 0
    apps = members_of(component, count)
    rows = tuple(_at_least(program, rows) for rows in program.rows)
    award, owner = bundles(
        replace(program, most=program.least, rows=rows), apps, component, deadline
    )
    free = np.flatnonzero(program.least < program.most)
    extra = np.full(program.size, -1, dtype=np.int64)
    extra[free] = len(owner) + np.arange(len(free))
    return Columns(
        program,
        apps,
        award > 0,
        component=np.concatenate([owner, np.full(len(free), -1, dtype=np.int64)]),
        extra=extra,
        resolved=tuple(_resolved(program, rows, component) for rows in program.rows),
    )


def _at_least(program: Program, rows: Rows) -> Rows:
    """Keep what the least awards must obey: rows of adjustable awards only if more makes them worse."""
    kept = np.ones(len(rows.rhs), dtype=bool)
    if rows.on == "award" and not program.all_or_nothing:
        helps = rows.coefficient < 0 if rows.sense == "<=" else rows.coefficient > 0
        kept[rows.row[helps & (program.least < program.most)[rows.app]]] = False
    if kept.all():
        return rows
    inside = kept[rows.row]
    return replace(
        rows,
        row=(np.cumsum(kept) - 1)[rows.row[inside]],
        app=rows.app[inside],
        coefficient=rows.coefficient[inside],
        rhs=rows.rhs[kept],
        labels=tuple(label for label, keep in zip(rows.labels, kept, strict=True) if keep),
    )


def _resolved(program: Program, rows: Rows, component: Places) -> BoolArray:
    """Return which rows every bundle obeys: those within one component whose awards are set."""
    owner = component[rows.app]
    lowest = np.full(len(rows.rhs), program.size, dtype=np.int64)
    highest = np.full(len(rows.rhs), -1, dtype=np.int64)
    np.minimum.at(lowest, rows.row, owner)
    np.maximum.at(highest, rows.row, owner)
    done: BoolArray = (lowest == highest) & (not is_pool(program, rows))
    if rows.on == "award":
        done[rows.row[(program.least < program.most)[rows.app]]] = False
    return done
