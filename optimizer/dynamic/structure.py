"""The shape of a program: schools and their bundles, zones, and what spans zones.

A *component* is a set of applications tied by small inequalities: a school under its cap. A
*bundle* is one permitted combination of its awards. A *zone* is a set of components tied by a
coverage priority or by inequalities of their own: a district. What spans zones is the pool and a
few *wide* inequalities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import gcd

import numpy as np

from optimizer import clock
from optimizer.exact import (
    BoolArray,
    IntArray,
    Places,
    Words,
    exact,
    floored,
    sums,
    times,
    total,
    words,
)
from optimizer.program import Additive, Covered, Goal, Program, Rows, lessened
from optimizer.text import Text

WORD = 2**58  # packed worth, and all costs and left sides, stay below this: see `prices`
LARGEST_COMPONENT = 12  # applications; rows that would tie more together count as wide
LARGEST_SCHOOL = 40  # the same for a cap, whose bundles are few because it is tight
MOST_BUNDLES = 20_000  # of one component
MOST_TRIED = 5_000_000  # combinations laid out at once, before those that break a rule are dropped
SMALL = 6  # components up to this size are enumerated all together


class NotTakeable(Exception):  # noqa: N818 - a refusal, not an error
    """The dynamic programme does not take this program; `reason` says why, for people."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Digit:
    """One goal within a packed worth.

    Parameters
    ----------
    goal
        Its ordinal in the program.
    objective
        What each application adds to it; None for coverage.
    low, span
        Its least value, and how many values it can take.
    less
        ``(earlier goal, k)`` if k times that goal's value was taken away.
    """

    goal: int
    objective: Additive | None
    low: int
    span: int
    less: tuple[int, int] | None = None


@dataclass(frozen=True)
class Worth:
    """One packed objective: several goals in one 64-bit integer, the earlier ones weighing more.

    Parameters
    ----------
    digits
        The goals, most important first.
    bundle
        Shape (B,): worth of each bundle, coverage left out.
    bonus
        Worth of covering one zone.
    """

    digits: tuple[Digit, ...]
    bundle: Words
    bonus: int

    def unpack(self, packed: int, known: dict[int, int]) -> None:
        """Write the goals' values that a packed sum holds into `known`, by ordinal of goal."""
        found: list[tuple[Digit, int]] = []
        for digit in reversed(self.digits):
            value = (packed - digit.low) % digit.span + digit.low
            packed = (packed - value) // digit.span
            found.append((digit, value))
        for digit, value in reversed(found):
            earlier, times = digit.less or (digit.goal, 0)
            known[digit.goal] = value + times * known.get(earlier, 0)


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
    """A program as components, bundles and zones.

    Parameters
    ----------
    program
        What it was made from.
    taken
        How many of the leading goals it represents.
    step
        NT$ of one unit of `cost`: the greatest common divisor of all awards.
    pool
        The pool in steps.
    apps
        Shape (C, k): the applications of each component, -1 where it has fewer.
    start
        Shape (C + 1,): where each component's bundles begin.
    zone
        Shape (C,): zone of each component; components are sorted by zone.
    covers
        Shape (Z,): whether covering the zone counts.
    award
        Shape (B, k): NT$ for each application of the bundle's component.
    cost
        Shape (B,): awards in steps.
    worths
        The packed objectives, most important first.
    wide
        What spans components, the pool left out.
    """

    program: Program
    taken: int
    step: int
    pool: int
    apps: Places
    start: Places
    zone: Places
    covers: BoolArray
    award: Words
    cost: Words
    worths: tuple[Worth, ...]
    wide: tuple[Wide, ...]
    infeasible: bool = field(default=False)

    @cached_property
    def component(self) -> Places:
        """Shape (B,): the component of each bundle."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @cached_property
    def funds(self) -> BoolArray:
        """Shape (B,): whether the bundle funds anyone."""
        return np.asarray(self.award.any(axis=1), dtype=bool)

    @cached_property
    def zone_start(self) -> Places:
        """Shape (Z + 1,): where each zone's components begin."""
        return np.searchsorted(self.zone, np.arange(len(self.covers) + 1))


def additive_goals(goals: Sequence[Goal]) -> int:
    """Return how many leading goals are sums over applications (one may count coverage)."""
    covered = 0
    for place, goal in enumerate(goals):
        objective = goal.objective
        covered += isinstance(objective, Covered)
        free = goal.give_up_share or goal.give_up_amount
        if free or covered > 1 or not isinstance(objective, Additive | Covered):
            return place
    return len(goals)


def analyse(program: Program, goals: int | None = None, deadline: float | None = None) -> Structure:
    """Find the structure of a program for its leading additive goals.

    Raises
    ------
    NotTakeable
        If a component has too many bundles, or numbers are too large for exact packing.
    OutOfTime
        If the deadline passes.
    """
    program = replace(
        program, least=_words(program.least, AMOUNTS), most=_words(program.most, AMOUNTS)
    )
    taken = additive_goals(program.goals) if goals is None else goals
    groups = next(
        (g.objective.group for g in program.goals[:taken] if isinstance(g.objective, Covered)), None
    )
    component, wide_rows = _components(program, groups)
    zone_of, covers = _zones(groups, component, wide_rows)
    order = np.lexsort((np.arange(len(zone_of)), zone_of))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    component = rank[component]
    zone = zone_of[order]
    apps = _members(component, len(order))
    award, owner = _bundles(program, apps, component, deadline)
    step = gcd(program.unit, 0) if not award.any() else int(np.gcd.reduce(award[award > 0]))
    start = np.searchsorted(owner, np.arange(len(apps) + 1))
    cost = _words(floored(sums(award, axis=1), step), AMOUNTS)
    every = most_in_all(cost, start)
    wide = _wide(program, wide_rows, apps, award, owner, start, component, zone)
    if every + sum(most_in_all(part.left, start) for part in wide) > WORD:
        raise _too_large(AMOUNTS)
    pool = min([every, *(int(r.rhs[0]) // step for r in program.rows if _is_pool(program, r))])
    covers = covers & (np.bincount(zone, minlength=len(covers)) > 0)
    return Structure(
        program,
        taken,
        step,
        pool,
        apps,
        start,
        zone,
        covers,
        award,
        cost,
        _worths(program, taken, apps, award, owner, int(covers.sum())),
        wide,
        infeasible=bool((np.diff(start) == 0).any()) or pool < 0 or _never(program),
    )


def most_in_all(paid: Words, start: Places) -> int:
    """``sum_c max_{bundle e of c} |paid_e|``: no choice of a bundle a component comes to more."""
    if not (np.diff(start) > 0).all():
        return 0  # a component without any bundle: there is no choice
    return total(np.maximum.reduceat(abs(paid), start[:-1])) if len(paid) else 0


AMOUNTS = Text("金額", "amounts of money")


def _words(values: IntArray, what: Text) -> Words:
    try:
        return words(values)
    except OverflowError:
        raise _too_large(what) from None


def _too_large(what: Text) -> NotTakeable:
    return NotTakeable(
        Text(
            f"{what.zh}的數值過大，無法以 64 位元精確計算；請減少分數或比例的小數位數、加大補助單位（pool.unit），"
            "或改用其他求解器",
            f"the numbers of {what.en} are too large for exact 64-bit sums; give merit or shares fewer "
            "decimals, raise pool.unit, or use another solver",
        )
    )


def _is_pool(program: Program, rows: Rows) -> bool:
    return (
        rows.clause == "pool"
        and rows.on == "award"
        and rows.sense == "<="
        and len(rows.rhs) == 1
        and len(rows.app) == program.size
        and bool((rows.coefficient == 1).all())
    )


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


def _components(program: Program, groups: Places | None) -> tuple[Places, list[tuple[Rows, int]]]:
    """Tie applications by small inequalities; return (n,) components and the wide rows.

    An inequality that reaches over two groups of the coverage priority is wide, however small.
    """
    union = _Union(program.size)
    wide: list[tuple[Rows, int]] = []
    pending: list[tuple[int, Rows, int, Places]] = []
    families = [rows for rows in program.rows if not _is_pool(program, rows)]
    for rows in sorted(families, key=lambda rows: -len(rows.rhs)):
        order = np.argsort(rows.row, kind="stable")
        bounds = np.searchsorted(rows.row[order], np.arange(len(rows.rhs) + 1))
        left = np.arange(len(rows.rhs))
        if union.untouched:
            left = _tie(union, rows, order, bounds, groups)
        for place in left.tolist():
            members = rows.app[order[bounds[place] : bounds[place + 1]]]
            pending.append((len(members), rows, place, members))
    for size, rows, row, members in sorted(pending, key=lambda item: item[0]):
        roots = union.roots(members) if size <= LARGEST_SCHOOL else []
        together = sum(int(union.size[root]) for root in roots)
        is_cap = rows.on == "award" and rows.sense == "<=" and size <= LARGEST_SCHOOL
        limit = LARGEST_SCHOOL if is_cap and _tight(program, rows, row) else LARGEST_COMPONENT
        apart = groups is not None and len(set(groups[members].tolist())) > 1
        if size <= LARGEST_SCHOOL and together <= limit and not apart:
            union.merge(roots)
        else:
            wide.append((rows, row))
    return union.labels(), wide


def _tie(union: _Union, rows: Rows, order: Places, bounds: Places, groups: Places | None) -> Places:
    """Tie all small rows of one family at once, if no two of them meet; return the rows left."""
    sizes = np.diff(bounds)
    if not len(rows.app) or np.bincount(rows.app).max() > 1:
        return np.arange(len(rows.rhs))
    small = (sizes > 0) & (sizes <= LARGEST_COMPONENT)
    if groups is not None:
        of_row = groups[rows.app[order]]
        begin = np.minimum(bounds[:-1], max(0, len(of_row) - 1))
        together = np.maximum.reduceat(of_row, begin) == np.minimum.reduceat(of_row, begin)
        small &= together | (sizes <= 1)
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


def _zones(
    groups: Places | None, component: Places, wide: list[tuple[Rows, int]]
) -> tuple[Places, BoolArray]:
    """Tie components by coverage, or else by inequalities of a third of them at most.

    Returns
    -------
    zone
        Shape (C,).
    covers
        Shape (Z,): whether covering the zone counts.
    """
    count = int(component.max()) + 1 if len(component) else 0
    if groups is not None:
        group_of = np.full(count, -1, dtype=np.int64)
        group_of[component] = groups
        labels, zone = np.unique(group_of, return_inverse=True)
        return zone, labels >= 0
    union = _Union(count)
    for rows, row in wide:
        members = np.unique(component[rows.app[rows.row == row]])
        if len(members) <= count // 3:
            union.merge(union.roots(members))
    zone = union.labels()
    return zone, np.zeros(int(zone.max()) + 1 if count else 0, dtype=bool)


def _members(component: Places, count: int) -> Places:
    """Lay the applications of each component out as (C, k), padded with -1."""
    order = np.argsort(component, kind="stable")
    place = np.arange(len(component)) - np.searchsorted(component[order], component[order])
    width = int(place.max()) + 1 if len(place) else 1
    apps = np.full((count, width), -1, dtype=np.int64)
    apps[component[order], place] = order
    return apps


def _bundles(
    program: Program, apps: Places, component: Places, deadline: float | None
) -> tuple[Words, Places]:
    """Enumerate permitted bundles; return (B, k) awards and (B,) components, in order."""
    checks = _local_checks(program, component)
    sizes = (apps >= 0).sum(axis=1)
    two_level = bool((program.least == program.most).all())
    parts, owners = [], []
    for size in np.unique(sizes):
        mine = np.flatnonzero(sizes == size)
        if two_level and size <= SMALL:
            award, owner = _subsets(program, apps[mine][:, :size], mine)
            award, owner = _permitted(award, owner, apps, checks, final=True)
            parts.append(_pad(award, apps.shape[1]))
            owners.append(owner)
            continue
        for c in mine:
            clock.keep(deadline)
            award = _grow(program, apps[c, :size], int(c), apps, checks)
            parts.append(_pad(award, apps.shape[1]))
            owners.append(np.full(len(award), c, dtype=np.int64))
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
class _Check:
    """One small inequality: its coefficients by application, over one component each."""

    on: str
    sense: str
    coefficient: IntArray  # (n,)
    rhs: IntArray  # (C,)
    applies: BoolArray  # (C,)


def _local_checks(program: Program, component: Places) -> list[_Check]:
    """Turn rows that lie within one component into checks, each with one row a component."""
    count = int(component.max()) + 1 if len(component) else 0
    found = []
    for rows in program.rows:
        if _is_pool(program, rows):
            continue
        owner = component[rows.app]
        lowest = np.full(len(rows.rhs), count, dtype=np.int64)
        highest = np.full(len(rows.rhs), -1, dtype=np.int64)
        np.minimum.at(lowest, rows.row, owner)
        np.maximum.at(highest, rows.row, owner)
        local = lowest == highest
        for layer in _layers(np.flatnonzero(local), lowest):
            found.append(_check(program, rows, layer, lowest, count))
    return found


def _never(program: Program) -> bool:
    """Return whether a row without any application cannot be met."""
    for rows in program.rows:
        empty = rows.rhs[np.bincount(rows.row, minlength=len(rows.rhs)) == 0]
        if ((empty > 0) if rows.sense == ">=" else (empty < 0)).any():
            return True
    return False


def _layers(rows: Places, owner: Places) -> list[Places]:
    """Split rows so that each component has at most one in each part."""
    parts: list[Places] = []
    while len(rows):
        _, first = np.unique(owner[rows], return_index=True)
        parts.append(rows[np.sort(first)])
        rows = np.delete(rows, first)
    return parts


def _check(program: Program, rows: Rows, layer: Places, owner: Places, count: int) -> _Check:
    coefficient = np.zeros(program.size, dtype=rows.coefficient.dtype)
    chosen = np.zeros(len(rows.rhs), dtype=bool)
    chosen[layer] = True
    inside = chosen[rows.row]
    coefficient[rows.app[inside]] = rows.coefficient[inside]
    rhs = np.zeros(count, dtype=rows.rhs.dtype)
    rhs[owner[layer]] = rows.rhs[layer]
    applies = np.zeros(count, dtype=bool)
    applies[owner[layer]] = True
    return _Check(rows.on, rows.sense, coefficient, rhs, applies)


def _permitted(
    award: Words, owner: Places, apps: Places, checks: list[_Check], final: bool
) -> tuple[Words, Places]:
    """Keep the bundles that obey every check; before the last application only certain breaches."""
    members = np.maximum(apps[owner][:, : award.shape[1]], 0)
    keep = np.ones(len(award), dtype=bool)
    for check in checks:
        x = award if check.on == "award" else (award > 0)
        left = sums(times(check.coefficient[members], x), axis=1)
        rhs, applies = check.rhs[owner], check.applies[owner]
        if final:
            fits = left <= rhs if check.sense == "<=" else left >= rhs
            keep &= fits | ~applies
        elif check.sense == "<=" and (check.coefficient >= 0).all():
            keep &= (left <= rhs) | ~applies
    return award[keep], owner[keep]


def _grow(program: Program, members: Places, c: int, apps: Places, checks: list[_Check]) -> Words:
    """Enumerate one component's bundles application by application, dropping breaches early."""
    award = np.zeros((1, 0), dtype=np.int64)
    for place, a in enumerate(members):
        if (int(program.most[a]) - int(program.least[a])) // program.unit > MOST_BUNDLES:
            raise _too_many()
        levels = np.array(
            [0, *range(int(program.least[a]), int(program.most[a]) + 1, program.unit)]
        )
        if len(award) * len(levels) > MOST_TRIED:
            raise _too_many()
        award = np.concatenate(
            [
                np.repeat(award, len(levels), axis=0),
                np.tile(levels, len(award))[:, None],
            ],
            axis=1,
        )
        owner = np.full(len(award), c, dtype=np.int64)
        final = place == len(members) - 1
        award, _ = _permitted(award, owner, apps, checks, final)
        if len(award) > MOST_BUNDLES:
            raise _too_many()
    return award


def _too_many() -> NotTakeable:
    return NotTakeable(
        Text(
            f"一所學校的補助組合超過 {MOST_BUNDLES:,} 種",
            f"one school has more than {MOST_BUNDLES:,} combinations of awards",
        )
    )


def _worths(
    program: Program, taken: int, apps: Places, award: Words, owner: Places, zones: int
) -> tuple[Worth, ...]:
    """Pack the goals, as many as fit into each 64-bit word."""
    groups: list[list[Digit]] = []
    total = 1
    for digit in _digits(program, taken, zones):
        if digit.span > WORD:
            name = program.goals[digit.goal].name
            raise _too_large(Text(f"優先順序「{name}」", f"priority {name}"))
        if not groups or total * digit.span > WORD:
            groups.append([])
            total = 1
        groups[-1].append(digit)
        total *= digit.span
    return tuple(_worth(group, apps, award, owner) for group in groups or [[]])


def _digits(program: Program, taken: int, zones: int) -> list[Digit]:
    """Return the goals as digits, each lessened by a multiple of an earlier one where that helps."""
    digits: list[Digit] = []
    for place in range(taken):
        objective = program.goals[place].objective
        if isinstance(objective, Covered):
            digits.append(Digit(place, None, 0, zones + 1))
            continue
        assert isinstance(objective, Additive)
        plain = _digit(program, place, objective)
        trials = [plain, *(_lessened(program, plain, early) for early in digits)]
        digits.append(min(trials, key=lambda digit: digit.span))
    return digits


def _digit(
    program: Program,
    place: int,
    objective: Additive,
    less: tuple[int, int] | None = None,
) -> Digit:
    worths = objective.per_fund
    if objective.per_award is not None:
        units = floored(program.most, objective.unit)
        worths = exact(np.concatenate([worths, times(objective.per_award, units)]))
    return Digit(place, objective, total(np.minimum(worths, 0)), total(abs(worths)) + 1, less)


def _lessened(program: Program, plain: Digit, early: Digit) -> Digit:
    """Take as many times an earlier goal away as leaves no coefficient negative."""
    if plain.objective is None or early.objective is None:
        return plain
    rest, times = lessened(plain.objective, early.objective)
    return _digit(program, plain.goal, rest, (early.goal, times)) if times else plain


def _worth(digits: list[Digit], apps: Places, award: Words, owner: Places) -> Worth:
    """Pack goals whose spans multiply to `WORD` at most: no sum of them can be larger."""
    members = np.maximum(apps[owner], 0)
    per_fund: Words = np.zeros(int(apps.max()) + 1 if apps.size else 0, dtype=np.int64)
    bundle: Words = np.zeros(len(award), dtype=np.int64)
    bonus, factor = 0, 1
    for digit in reversed(digits):
        objective = digit.objective
        if objective is None:
            bonus += factor
        else:
            per_fund += factor * words(objective.per_fund)
        if objective is not None and objective.per_award is not None:
            per_award = factor * words(objective.per_award)
            bundle += (per_award[members] * (award // objective.unit)).sum(axis=1)
        factor *= digit.span
    bundle += (per_fund[members] * (award > 0)).sum(axis=1)
    return Worth(tuple(digits), bundle, bonus)


def _wide(
    program: Program,
    wide: list[tuple[Rows, int]],
    apps: Places,
    award: Words,
    owner: Places,
    start: Places,
    component: Places,
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
        left = _words(floored(whole, divisor), rows.labels[row])
        beyond = most_in_all(left, start) + 1
        zones = np.unique(zone[component[rows.app[inside]]])
        only = int(zones[0]) if len(zones) == 1 else None
        if rows.sense == "<=":
            high = int(rows.rhs[row]) // divisor
            found.append(Wide(left, None, max(-beyond, min(high, beyond)), only))
        else:
            low = -(-int(rows.rhs[row]) // divisor)
            found.append(Wide(left, max(-beyond, min(low, beyond)), None, only))
    return tuple(found)
