"""The bundles of a component: every permitted combination of its awards."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    Places,
    Words,
    floored,
    plus,
    sums,
    times,
    total,
)
from optimizer.language.text import Text
from optimizer.program.program import Program
from optimizer.solving.dynamic.components import is_pool
from optimizer.solving.dynamic.packing import NotTakeable

MOST_BUNDLES = 20_000  # of one component
MOST_TRIED = 5_000_000  # combinations laid out at once, before those that break a rule are dropped
SMALL = 6  # components up to this size are enumerated all together


@dataclass(frozen=True)
class Instead:
    """What one application of each component may get instead of what the program says; not nothing.

    Parameters
    ----------
    app
        Shape (T,): which application.
    least, most
        Shape (T,), NT$.
    """

    app: Places
    least: IntArray
    most: IntArray


def bundles_of(
    program: Program,
    apps: Places,
    component: Places,
    checks: list[LocalCheck],
    instead: Instead | None = None,
) -> tuple[Words, Places]:
    """Enumerate the permitted bundles of components, application by application.

    Parameters
    ----------
    component
        Shape (T,): which; one may stand there several times, with something else `instead`.
    checks
        What `local_checks` returns for the program's rows.

    Returns
    -------
    award, task
        (B, k) awards, and for which of the T they are, in order.

    Raises
    ------
    NotTakeable
        If there are too many.
    """
    mine = apps[component]
    award, task = np.zeros((len(mine), 0), dtype=np.int64), np.arange(len(mine))
    checks = [check for check in checks if check.applies[component].any()]
    width = int((mine >= 0).sum(axis=1).max(initial=0))
    for place in range(width):
        award, task = _with_one_more(program, mine[:, place], award, task, instead=instead)
        final = place == width - 1
        keep = _permits(award, component[task], apps, checks=checks, final=final)
        award, task = award[keep], task[keep]
        if np.bincount(task, minlength=1).max() > MOST_BUNDLES:
            raise _too_many()
    return _pad(award, apps.shape[1]), task


def _with_one_more(
    program: Program, member: Places, award: Words, task: Places, instead: Instead | None
) -> tuple[Words, Places]:
    """Put every level of one more application beside each bundle; -1 is none."""
    least, most = (bound[member] for bound in (program.least, program.most))
    may_be_none = np.ones(len(member), dtype=bool)
    if instead is not None:
        own = member == instead.app
        least, most = np.where(own, instead.least, least), np.where(own, instead.most, most)
        may_be_none = ~own
    steps = np.maximum(floored(plus(most, -least), program.unit) + 1, 0)
    count = plus(np.where(member < 0, 0, steps), may_be_none)
    if count.max() > MOST_BUNDLES or total(each := count[task]) > MOST_TRIED:
        raise _too_many()
    place = np.arange(total(each)) - np.repeat(np.cumsum(each) - each, each)
    task, nothing = np.repeat(task, each), np.repeat(may_be_none[task], each)
    level = plus(least[task], times(place - nothing, program.unit))
    level = np.where(nothing & (place == 0), 0, level)
    return np.concatenate([np.repeat(award, each, axis=0), level[:, None]], axis=1), task


def bundles(
    program: Program, apps: Places, component: Places, deadline: float | None
) -> tuple[Words, Places]:
    """Enumerate permitted bundles; return (B, k) awards and (B,) components, in order."""
    checks = local_checks(program, component)
    sizes = (apps >= 0).sum(axis=1)
    two_level = program.all_or_nothing
    parts, owners = [], []
    for size in np.unique(sizes):
        mine = np.flatnonzero(sizes == size)
        if two_level and size <= SMALL:
            award, owner = _subsets(program, apps[mine][:, :size], mine)
            keep = _permits(award, owner, apps, checks, final=True)
            parts.append(_pad(award[keep], apps.shape[1]))
            owners.append(owner[keep])
            continue
        for n in range(len(mine)):
            clock.keep(deadline)
            award, task = bundles_of(program, apps, mine[n : n + 1], checks)
            parts.append(award)
            owners.append(mine[n + task])
    if not parts:
        return np.zeros((0, apps.shape[1]), dtype=np.int64), np.zeros(0, dtype=np.int64)
    award, owner = np.concatenate(parts), np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return award[order], owner[order]


def _pad(award: Words, width: int) -> Words:
    padded = np.zeros((len(award), width), dtype=np.int64)
    padded[:, : award.shape[1]] = award
    return padded


def _subsets(program: Program, apps: Places, mine: Places) -> tuple[Words, Places]:
    """All subsets of equally large components at once: (m * 2^k, k) awards."""
    size = apps.shape[1]
    chosen = (np.arange(2**size)[:, None] >> np.arange(size)[None, :]) & 1
    award = np.where(chosen[None, :, :], program.most[apps][:, None, :], 0)
    return award.reshape(-1, size), np.repeat(mine, 2**size)


@dataclass(frozen=True)
class LocalCheck:
    """One small inequality: its coefficients by application, over one component each."""

    block: int  # which of the program's rows it is of
    row: Places  # (C,): and which inequality of them
    on: str
    sense: str
    coefficient: IntArray  # (n,)
    rhs: IntArray  # (C,)
    applies: BoolArray  # (C,)

    def within(self, block: int, row: int) -> list[int]:
        """Return the component that one inequality lies in, if it is of these."""
        return (
            np.flatnonzero(self.applies & (self.row == row)).tolist() if block == self.block else []
        )

    def without(self, block: int, row: int) -> LocalCheck:
        """Leave one inequality out."""
        return replace(self, applies=self.applies & ((self.row != row) | (self.block != block)))


def local_checks(program: Program, component: Places) -> list[LocalCheck]:
    """Turn rows that lie within one component into checks, each with one row a component."""
    count = int(component.max()) + 1 if len(component) else 0
    found = []
    for block, rows in enumerate(program.rows):
        if is_pool(program, rows):
            continue
        owner = component[rows.app]
        lowest = np.full(len(rows.rhs), count, dtype=np.int64)
        highest = np.full(len(rows.rhs), -1, dtype=np.int64)
        np.minimum.at(lowest, rows.row, owner)
        np.maximum.at(highest, rows.row, owner)
        local = lowest == highest
        for layer in _layers(np.flatnonzero(local), lowest):
            found.append(_check(program, block, layer, owner=lowest, count=count))
    return found


def _layers(rows: Places, owner: Places) -> list[Places]:
    """Split rows so that each component has at most one in each part."""
    parts: list[Places] = []
    while len(rows):
        _, first = np.unique(owner[rows], return_index=True)
        parts.append(rows[np.sort(first)])
        rows = np.delete(rows, first)
    return parts


def _check(program: Program, block: int, layer: Places, owner: Places, count: int) -> LocalCheck:
    rows = program.rows[block]
    coefficient = np.zeros(program.size, dtype=rows.coefficient.dtype)
    chosen = np.zeros(len(rows.rhs), dtype=bool)
    chosen[layer] = True
    inside = chosen[rows.row]
    coefficient[rows.app[inside]] = rows.coefficient[inside]
    rhs = np.zeros(count, dtype=rows.rhs.dtype)
    rhs[owner[layer]] = rows.rhs[layer]
    applies = np.zeros(count, dtype=bool)
    applies[owner[layer]] = True
    row = np.zeros(count, dtype=np.int64)
    row[owner[layer]] = layer
    return LocalCheck(
        block, row, on=rows.on, sense=rows.sense, coefficient=coefficient, rhs=rhs, applies=applies
    )


def _permits(
    award: Words, owner: Places, apps: Places, checks: list[LocalCheck], final: bool
) -> BoolArray:
    """Say which bundles obey every check; before the last application only certain breaches are seen."""
    members = np.maximum(apps[owner][:, : award.shape[1]], 0)
    keep: BoolArray = np.ones(len(award), dtype=bool)
    for check in checks:
        x = award if check.on == "award" else (award > 0)
        left = sums(times(check.coefficient[members], x), axis=1)
        rhs, applies = check.rhs[owner], check.applies[owner]
        if final:
            fits = left <= rhs if check.sense == "<=" else left >= rhs
            keep &= fits | ~applies
        elif check.sense == "<=" and (check.coefficient >= 0).all():
            keep &= (left <= rhs) | ~applies
    return keep


def _too_many() -> NotTakeable:
    return NotTakeable(
        Text(
            f"一所學校的補助組合超過 {MOST_BUNDLES:,} 種",
            f"one school has more than {MOST_BUNDLES:,} combinations of awards",
        )
    )
