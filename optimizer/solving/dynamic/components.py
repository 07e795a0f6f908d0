"""Applications tied by small inequalities to components, and components to zones."""

from __future__ import annotations

import numpy as np

from optimizer.foundation.exact import BoolArray, Places, times, total
from optimizer.program.program import Program
from optimizer.program.rows import Rows

LARGEST_COMPONENT = 12  # applications; rows that would tie more together count as wide
LARGEST_SCHOOL = 40  # the same for a cap, whose bundles are few because it is tight


def is_pool(program: Program, rows: Rows) -> bool:
    """Return whether rows are the pool: one upper bound on the sum of all awards."""
    return (
        rows.clause == "pool"
        and rows.on == "award"
        and rows.sense == "<="
        and len(rows.rhs) == 1
        and len(rows.app) == program.size
        and bool((rows.coefficient == 1).all())
    )


def components(
    program: Program,
    groups: Places | None,
    largest: int = LARGEST_COMPONENT,
    largest_school: int = LARGEST_SCHOOL,
) -> tuple[Places, list[tuple[Rows, int]]]:
    """Tie applications by small inequalities; return (n,) components and the wide rows.

    An inequality that reaches over two groups of the coverage priority is wide, however small; so is
    one that would tie more than `largest` together, or than `largest_school` if it is a tight cap.
    """
    union = _Union(program.size)
    wide: list[tuple[Rows, int]] = []
    pending: list[tuple[int, Rows, int, Places]] = []
    families = [rows for rows in program.rows if not is_pool(program, rows)]
    for rows in sorted(families, key=lambda rows: -len(rows.rhs)):
        order = np.argsort(rows.row, kind="stable")
        bounds = np.searchsorted(rows.row[order], np.arange(len(rows.rhs) + 1))
        left = np.arange(len(rows.rhs))
        if union.untouched:
            small = _small(rows, np.diff(bounds), order, groups=groups, largest=largest)
            left = _tie(union, rows, order, bounds=bounds, small=small)
        for place in left.tolist():
            members = rows.app[order[bounds[place] : bounds[place + 1]]]
            pending.append((len(members), rows, place, members))
    for size, rows, row, members in sorted(pending, key=lambda item: item[0]):
        roots = union.roots(members) if size <= largest_school else []
        together = sum(int(union.size[root]) for root in roots)
        is_cap = rows.on == "award" and rows.sense == "<=" and size <= largest_school
        limit = largest_school if is_cap and _tight(program, rows, row) else largest
        apart = groups is not None and len(set(groups[members].tolist())) > 1
        if size <= largest_school and together <= limit and not apart:
            union.merge(roots)
        else:
            wide.append((rows, row))
    return union.labels(), wide


def _small(
    rows: Rows, sizes: Places, order: Places, groups: Places | None, largest: int
) -> BoolArray:
    """Return which rows of one family tie few applications, all of one group."""
    small = (sizes > 0) & (sizes <= largest)
    if groups is not None and len(order):
        of_row = groups[rows.app[order]]
        begin = np.minimum(np.cumsum(sizes) - sizes, len(of_row) - 1)
        together = np.maximum.reduceat(of_row, begin) == np.minimum.reduceat(of_row, begin)
        small &= together | (sizes <= 1)
    return small


def _tie(union: _Union, rows: Rows, order: Places, bounds: Places, small: BoolArray) -> Places:
    """Tie all small rows of one family at once, if no two of them meet; return the rows left."""
    if not len(rows.app) or np.bincount(rows.app).max() > 1:
        return np.arange(len(rows.rhs))
    sizes = np.diff(bounds)
    inside = small[rows.row[order]]
    members = rows.app[order][inside]
    first = rows.app[order][bounds[:-1][small]]
    union.parent[members] = np.repeat(first, sizes[small])
    union.size[first] = sizes[small]
    union.untouched = False
    return np.flatnonzero(~small)


def _tight(program: Program, rows: Rows, row: int) -> bool:
    """Return whether a cap leaves few bundles: no more than about four awards fit under it."""
    inside = rows.row == row
    least = times(program.least[rows.app[inside]], rows.coefficient[inside])
    return bool(len(least) <= LARGEST_COMPONENT or total(np.sort(least)[:5]) > rows.rhs[row])


def zones_of(
    groups: Places | None, component: Places, wide: list[tuple[Rows, int]]
) -> tuple[Places, Places]:
    """Tie components by groups that are counted, or else by inequalities of a third of them at most.

    Returns
    -------
    zone
        Shape (C,).
    labels
        Shape (Z,): the group of each zone; -1 for none.
    """
    count = int(component.max()) + 1 if len(component) else 0
    if groups is not None:
        group_of = np.full(count, -1, dtype=np.int64)
        group_of[component] = groups
        labels, zone = np.unique(group_of, return_inverse=True)
        return zone, labels
    union = _Union(count)
    for rows, row in wide:
        members = np.unique(component[rows.app[rows.row == row]])
        if len(members) <= count // 3:
            union.merge(union.roots(members))
    zone = union.labels()
    return zone, np.full(int(zone.max()) + 1 if count else 0, -1, dtype=np.int64)


def members_of(component: Places, count: int) -> Places:
    """Lay the applications of each component out as (C, k), padded with -1."""
    order = np.argsort(component, kind="stable")
    place = np.arange(len(component)) - np.searchsorted(component[order], component[order])
    width = int(place.max()) + 1 if len(place) else 1
    apps = np.full((count, width), -1, dtype=np.int64)
    apps[component[order], place] = order
    return apps


class _Union:
    """Disjoint sets over ordinals."""

    def __init__(self, count: int) -> None:
        self.parent = np.arange(count)
        self.size = np.ones(count, dtype=np.int64)
        self.untouched = True

    def find(self, a: int) -> int:
        while self.parent[a] != a:
            self.parent[a] = self.parent[self.parent[a]]
            a = int(self.parent[a])
        return a

    def roots(self, members: Places) -> list[int]:
        return list(dict.fromkeys(self.find(int(a)) for a in members))

    def merge(self, roots: list[int]) -> None:
        for root in roots[1:]:
            self.parent[root] = roots[0]
            self.size[roots[0]] += self.size[root]

    def labels(self) -> Places:
        """Return the sets, numbered in the order of their first members."""
        roots = self.parent
        while True:
            above = roots[roots]
            if (above == roots).all():
                break
            roots = above
        _, first, label = np.unique(roots, return_index=True, return_inverse=True)
        place = np.empty(len(first), dtype=np.int64)
        place[np.argsort(first, kind="stable")] = np.arange(len(first))
        return place[label]
