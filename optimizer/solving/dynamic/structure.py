"""The shape of a program: schools and their bundles, zones, and what spans zones.

A *component* is a set of applications tied by small inequalities: a school under its cap. A
*bundle* is one permitted combination of its awards. A *zone* is a set of components tied by a
priority that counts in each group (coverage, a soft quota) or by inequalities of their own: a district.
A zone counts what its bundles add, level by level, up to so many. What spans zones is the pool and a
few *wide* inequalities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import gcd

import numpy as np

from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    Places,
    Words,
    floored,
    sums,
    times,
    total,
)
from optimizer.program.objectives import Additive
from optimizer.program.program import Goal, Program
from optimizer.program.rows import Decision, Rows
from optimizer.solving.dynamic.bundles import bundles
from optimizer.solving.dynamic.components import components, is_pool, members_of, zones_of
from optimizer.solving.dynamic.counted import Counted, counted
from optimizer.solving.dynamic.packing import (
    AMOUNTS,
    WORD,
    Worth,
    fitting,
    most_in_all,
    too_large,
    too_many_states,
    worths_of,
)

MOST_WIDE = 40  # inequalities that span components, beyond which more than coverage is not counted


@dataclass(frozen=True)
class Wide:
    """An inequality ``left <= high`` (or ``>= low``) over bundles of several components."""

    left: Words  # shape (B,)
    low: int | None
    high: int | None
    zone: int | None  # the one zone it lies in, or None

    @property
    def rhs(self) -> int:
        """The bound that is set."""
        return self.high if self.high is not None else self.low or 0

    def holds(self, left: IntArray) -> BoolArray:
        """Return where left sides keep to it."""
        return np.asarray(left <= self.rhs if self.high is not None else left >= self.rhs)


@dataclass(frozen=True)
class Structure:
    """A program as components, bundles and zones."""

    program: Program  # what it was made from
    taken: int  # how many of the leading goals it represents
    step: int  # NT$ of one unit of `cost`: the greatest common divisor of all awards
    pool: int  # the pool in steps
    apps: Places  # shape (C, k): the applications of each component, -1 where it has fewer
    start: Places  # shape (C + 1,): where each component's bundles begin
    zone: Places  # shape (C,): zone of each component; components are sorted by zone
    levels: Places  # shape (Z,): up to how much each zone counts; 1 where it is to be covered, 0 for none
    each: Places  # shape (n,): what funding each application adds to that
    award: Words  # shape (B, k): NT$ for each application of the bundle's component
    cost: Words  # shape (B,): awards in steps
    worths: tuple[Worth, ...]  # the packed objectives, most important first
    wide: tuple[Wide, ...]  # what spans components, the pool left out
    infeasible: bool = field(default=False)

    @cached_property
    def component(self) -> Places:
        """Shape (B,): the component of each bundle."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @cached_property
    def place(self) -> Places:
        """Shape (n, 2): the component of each application, and its place there."""
        found = np.zeros((self.program.size, 2), dtype=np.int64)
        inside = np.argwhere(self.apps >= 0)
        found[self.apps[inside[:, 0], inside[:, 1]]] = inside
        return found

    def place_of(self, a: int) -> tuple[int, int]:
        """Return the component of an application, and its place there."""
        component, place = self.place[a].tolist()
        return component, place

    @cached_property
    def funds(self) -> BoolArray:
        """Shape (B,): whether the bundle funds anyone."""
        return np.asarray(self.award.any(axis=1), dtype=bool)

    @cached_property
    def top(self) -> int:
        """The most that any zone counts."""
        return int(self.levels.max(initial=0))

    @cached_property
    def adds(self) -> Places:
        """Shape (B,): how many levels each bundle adds to its zone, no more than that counts."""
        members = np.maximum(self.apps[self.component], 0)
        added = (self.each[members] * (self.award > 0)).sum(axis=1)
        adds: Places = np.minimum(added, self.levels[self.zone][self.component])
        return adds

    def added_by(self, component: int, award: tuple[int, ...]) -> int:
        """Return how many levels a bundle of a component adds, be it one of the structure or not."""
        top = int(self.levels[self.zone[component]])
        if top <= 1:
            return top and int(any(award))
        members = self.apps[component].tolist()
        pairs = zip(members, award, strict=False)
        return min(top, sum(int(self.each[a]) for a, amount in pairs if amount))

    @cached_property
    def zone_start(self) -> Places:
        """Shape (Z + 1,): where each zone's components begin."""
        return np.searchsorted(self.zone, np.arange(len(self.levels) + 1))

    def decision(self, bundles: Places) -> Decision:
        """Return the decision that gives components these bundles, and all others nothing."""
        award = np.zeros(self.program.size, dtype=np.int64)
        apps = self.apps[self.component[bundles]]
        award[apps[apps >= 0]] = self.award[bundles][apps >= 0]
        return Decision.of(award)

    def seen(self, bundles: Places) -> tuple[BoolArray, BoolArray]:
        """Shape (n,) twice: funded in some of these bundles, not funded in some of them."""
        funded, unfunded = np.zeros((2, self.program.size), dtype=bool)
        apps = self.apps[self.component[bundles]]
        got = self.award[bundles] > 0
        real = apps >= 0
        funded[apps[real & got]] = True
        unfunded[apps[real & ~got]] = True
        return funded, unfunded

    @cached_property
    def stated_pool(self) -> int:
        """The pool in steps as the program states it; without one, what everybody asks for."""
        rows = (rows for rows in self.program.rows if is_pool(self.program, rows))
        every = total(self.program.most)
        return min((int(part.rhs[0]) for part in rows), default=every) // self.step


def additive_goals(goals: Sequence[Goal]) -> int:
    """Return how many leading goals are sums over applications (one may count in each zone)."""
    by_zone = 0
    for place, goal in enumerate(goals):
        additive = isinstance(goal.objective, Additive)
        if goal.gives or not (additive or counted(goal.objective)):
            return place
        by_zone += not additive
        if by_zone > 1:
            return place
    return len(goals)


def _counted(goals: Sequence[Goal], size: int) -> Counted | None:
    """Return what is counted in each zone by one of some goals."""
    found = filter(None, (counted(goal.objective) for goal in goals))
    return next((goal.over(size) for goal in found), None)


def analyse(
    program: Program,
    goals: int | None = None,
    deadline: float | None = None,
    room: IntArray | None = None,
) -> Structure:
    """Find the structure of a program for its leading additive goals.

    Parameters
    ----------
    program
        What is looked at.
    goals
        How many of its goals; unless given, all that lead and are sums.
    deadline
        When to stop, on the clock.
    room
        Shape (n,), NT$: up to how much each may get in lists that are told apart by the packed worths;
        what it may get by the program, unless given.

    Raises
    ------
    NotTakeable
        If a component has too many bundles, or numbers are too large for exact packing.
    OutOfTime
        If the deadline passes.
    """
    program = replace(
        program, least=fitting(program.least, AMOUNTS), most=fitting(program.most, AMOUNTS)
    )
    taken = additive_goals(program.goals) if goals is None else goals
    by_zone = _counted(program.goals[:taken], program.size)
    groups = None if by_zone is None else by_zone.group
    component, wide_rows = components(program, groups)
    if by_zone and by_zone.top.max(initial=0) > 1 and len(wide_rows) > MOST_WIDE:
        raise too_many_states()
    zone_of, labels = zones_of(groups, component, wide_rows)
    component, zone = _by_zone(component, zone_of)
    apps = members_of(component, len(zone))
    award, owner = bundles(program, apps, component, deadline)
    step = gcd(program.unit, 0) if not award.any() else int(np.gcd.reduce(award[award > 0]))
    start = np.searchsorted(owner, np.arange(len(apps) + 1))
    cost = fitting(floored(sums(award, axis=1), step), AMOUNTS)
    every = most_in_all(cost, start)
    zone_of_app = zone[component]
    wide = _wide(program, wide_rows, apps, award=award, owner=owner, start=start, zone=zone_of_app)
    if every + sum(most_in_all(part.left, start) for part in wide) > WORD:
        raise too_large(AMOUNTS)
    pool = _pool(program, step, every)
    levels = np.zeros(len(labels), dtype=np.int64) if by_zone is None else by_zone.levels(labels)
    levels[np.bincount(zone, minlength=len(labels)) == 0] = 0
    packed = program if room is None else replace(program, most=fitting(room, AMOUNTS))
    return Structure(
        program,
        taken,
        step,
        pool=pool,
        apps=apps,
        start=start,
        zone=zone,
        levels=levels,
        each=np.zeros(program.size, dtype=np.int64) if by_zone is None else by_zone.each,
        award=award,
        cost=cost,
        worths=worths_of(packed, taken, apps, award=award, owner=owner, levels=total(levels)),
        wide=wide,
        infeasible=bool((np.diff(start) == 0).any()) or pool < 0 or _never(program),
    )


def with_pool(structure: Structure, program: Program) -> Structure:
    """Return the structure of a program that differs from a structure's in its pool alone."""
    every = most_in_all(structure.cost, structure.start)
    pool = _pool(program, structure.step, every)
    return replace(
        structure, program=program, pool=pool, infeasible=structure.infeasible or pool < 0
    )


def _pool(program: Program, step: int, every: int) -> int:
    """Return the pool in steps, at most what everybody asks for."""
    return min([every, *(int(r.rhs[0]) // step for r in program.rows if is_pool(program, r))])


def _by_zone(component: Places, zone: Places) -> tuple[Places, Places]:
    """Give the components new numbers, sorted by zone."""
    order = np.argsort(zone, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[component], zone[order]


def _never(program: Program) -> bool:
    """Return whether a row without any application cannot be met."""
    for rows in program.rows:
        empty = rows.rhs[np.bincount(rows.row, minlength=len(rows.rhs)) == 0]
        if ((empty > 0) if rows.sense == ">=" else (empty < 0)).any():
            return True
    return False


def _wide(
    program: Program,
    wide: list[tuple[Rows, int]],
    apps: Places,
    award: Words,
    owner: Places,
    start: Places,
    zone: Places,
) -> tuple[Wide, ...]:
    """Work out the left sides of wide rows by bundle, divided by what all of them share.

    A bound beyond every left side there can be is drawn in to just beyond it.
    """
    found = []
    for rows, row in wide:
        inside = rows.row == row
        coefficient = np.zeros(program.size, dtype=rows.coefficient.dtype)
        coefficient[rows.app[inside]] = rows.coefficient[inside]
        members = np.maximum(apps[owner], 0)
        x = award if rows.on == "award" else (award > 0)
        whole = sums(times(coefficient[members], x), axis=1)
        divisor = int(np.gcd.reduce(whole)) or 1
        left = fitting(floored(whole, divisor), rows.labels[row])
        beyond = most_in_all(left, start) + 1
        zones = np.unique(zone[rows.app[inside]])
        only = int(zones[0]) if len(zones) == 1 else None
        if rows.sense == "<=":
            high = int(rows.rhs[row]) // divisor
            found.append(Wide(left, None, max(-beyond, min(high, beyond)), only))
        else:
            low = -(-int(rows.rhs[row]) // divisor)
            found.append(Wide(left, max(-beyond, min(low, beyond)), None, only))
    return tuple(found)
