"""The best list that contains a given bundle, from two tables made once, whoever is asked about.

One table holds the best worth of the components before each, by steps spent; the other, made of the
components in the opposite order, that of those after it. So for a bundle e of a component, be it
one of the round or of a round changed in that component alone,

    best(e) = worth(e) + max over s + t <= pool - cost(e) of before[s] + after[t].

Inequalities that span zones are left out: what is said is a bound, and the list that reaches it is
to be held against them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from optimizer.foundation.exact import IntArray, Places
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.dynamic.best_lists import NEVER, KeptTable
from optimizer.solving.dynamic.packing import NotTakeable, most_in_all
from optimizer.solving.dynamic.sides import Join, Side, meet, most_of, ways_of
from optimizer.solving.dynamic.structure import Structure, with_pool
from optimizer.solving.dynamic.ways import Ways
from optimizer.solving.solution import Certainty


class Bundle(NamedTuple):
    """What one component gets.

    Parameters
    ----------
    award
        NT$ for each of its applications.
    cost
        In steps; rounded down, if it is no whole number of them.
    worth
        Packed, what zones count left out.
    """

    award: tuple[int, ...]
    cost: int
    worth: int


@dataclass(frozen=True)
class Best:
    """A best list that contains one of some bundles.

    Parameters
    ----------
    worth
        Packed.
    award
        Shape (n,), NT$.
    alone
        Whether no other such list is worth as much.
    """

    worth: int
    award: IntArray
    alone: bool


def later(program: Program, best: Best | None, other: Best | None) -> Certainty | None:
    """Say whether the later goals want one list or another that is worth as much.

    Returns
    -------
    None where one of them is not the only list of its kind, or goals may cost another something.
    """
    if best is None or other is None or not (best.alone and other.alone):
        return None
    if any(goal.gives for goal in program.goals):
        return None
    one, two = (
        [goal.objective.value(Decision.of(each.award)) for goal in program.goals]
        for each in (best, other)
    )
    return "every" if one > two else "some" if one == two else "none"


@dataclass(frozen=True)
class Beside:
    """The two tables of a structure.

    Parameters
    ----------
    structure
        Components, bundles, zones.
    pool
        In steps, as it is: the structure's is no more than its own bundles can cost.
    """

    structure: Structure
    pool: int
    _most: dict[tuple[int, int, int], int] = field(default_factory=dict)
    _sides: dict[int, tuple[Side, Side]] = field(default_factory=dict)
    _bundles: dict[int, list[Bundle]] = field(default_factory=dict)

    @cached_property
    def possible(self) -> bool:
        """Whether the tables are not too large to keep."""
        try:
            return bool(self.tables)
        except NotTakeable:
            return False

    @cached_property
    def tables(self) -> tuple[KeptTable, KeptTable]:
        """From either end.

        Raises
        ------
        NotTakeable
            If they are too large to keep.
        """
        size = self._size
        return KeptTable(self.structure, size), KeptTable(_turned(self.structure), size)

    @cached_property
    def _size(self) -> int:
        every = most_in_all(self.structure.cost, self.structure.start)
        return max(0, min(self.pool, every)) + 1

    @staticmethod
    def at_any_pool(structure: Structure) -> Beside:
        """Return the tables for every pool there could be."""
        return Beside(structure, most_in_all(structure.cost, structure.start))

    def within(self, pool: int) -> Beside:
        """Return what the same tables say of a smaller pool, in steps."""
        return self._sharing(replace(self, pool=pool, _most={}))

    def of(self, program: Program) -> Beside:
        """Return what the same tables say of a program that differs in its pool alone."""
        return self._sharing(replace(self, structure=with_pool(self.structure, program)))

    def _sharing(self, other: Beside) -> Beside:
        vars(other).update(tables=self.tables, _ways=self._ways)
        return other

    def bundles(self, component: int) -> list[Bundle]:
        """Return the bundles of a component as they are."""
        if component not in self._bundles:
            self._bundles[component] = self._bundles_of(component)
        return self._bundles[component]

    def _bundles_of(self, component: int) -> list[Bundle]:
        structure = self.structure
        some = slice(int(structure.start[component]), int(structure.start[component + 1]))
        parts = structure.award[some], structure.cost[some], structure.worths[0].bundle[some]
        rows = zip(*(part.tolist() for part in parts), strict=True)
        return [Bundle(tuple(award), cost, worth) for award, cost, worth in rows]

    def most(self, component: int, bundle: Bundle) -> int:
        """Return what a list with this bundle of a component is worth at most; `NEVER` and less if none is."""
        key = component, bundle.cost, self.structure.added_by(component, bundle.award)
        if key not in self._most:
            self._most[key] = self._beyond(*key)
        return self._most[key] + bundle.worth

    def _beyond(self, component: int, cost: int, add: int) -> int:
        """Return the best worth of both sides together beside a bundle, the zone between included."""
        left = self._left(cost)
        if left < 0:
            return 2 * NEVER
        before, after = self._beside(component)
        bonus, ways = self.tables[0].bonus, ways_of(self.tables[0].levels(component), add)
        return max(
            most_of(before, after, (here, there), left) + level * bonus
            for here, there, level in ways
        )

    def _left(self, cost: int) -> int:
        return min(self.pool - cost, self._size - 1)

    def with_some(self, component: int, bundles: Collection[int]) -> Beside:
        """Return the tables of a round in which a component gets one of some of its bundles, by place."""
        structure = self.structure
        start, stop = int(structure.start[component]), int(structure.start[component + 1])
        kept = np.ones(len(structure.cost), dtype=bool)
        kept[start:stop] = False
        kept[[start + place for place in bundles]] = True
        starts = structure.start.copy()
        starts[component + 1 :] -= stop - start - len(bundles)
        worths = [replace(worth, bundle=worth.bundle[kept]) for worth in structure.worths]
        limited = replace(
            structure,
            start=starts,
            award=structure.award[kept],
            cost=structure.cost[kept],
            worths=tuple(worths),
            wide=(),
        )
        return Beside(limited, self.pool)

    def best(self, component: int, bundles: Sequence[Bundle]) -> Best | None:
        """Return a best list that gives a component one of some bundles; None if there is none."""
        worths = [self.most(component, bundle) for bundle in bundles]
        top = max(worths, default=NEVER)
        if top <= NEVER // 2:
            return None
        bundle = bundles[worths.index(top)]
        add = self.structure.added_by(component, bundle.award)
        join = self._joined(component, self._left(bundle.cost), add)
        alone = join.alone and worths.count(top) == 1
        front, one = self._from(component, join, 0)
        back, other = self._from(component, join, 1)
        whole = len(self.structure.cost) - 1
        others = whole - np.array(back, dtype=np.int64)
        chosen = np.concatenate([np.array(front[::-1], dtype=np.int64), [0], others])
        return Best(top, self._awards(chosen, component, bundle), alone and one and other)

    def _beside(self, component: int) -> tuple[Side, Side]:
        if component not in self._sides:
            front, back = self.tables
            turned = len(self.structure.zone) - 1 - component
            self._sides[component] = (
                Side(front.before(component), front.size),
                Side(back.before(turned), back.size),
            )
        return self._sides[component]

    def _joined(self, component: int, left: int, add: int) -> Join:
        """Find where the best worth of both sides together within some steps is."""
        before, after = self._beside(component)
        bonus = self.tables[0].bonus
        found = [
            meet(before, after, (here, there), left=left, bonus=level * bonus)
            for here, there, level in ways_of(self.tables[0].levels(component), add)
        ]
        best = max(found, key=lambda join: join.worth)
        alone = best.alone and sum(join.worth == best.worth for join in found) == 1
        return replace(best, alone=alone)

    def _from(self, component: int, join: Join, side: int) -> tuple[list[int], bool]:
        """Go out from a component on one side: the bundles there, and whether there is no other way."""
        at = join.spent[side]
        level, only = self._beside(component)[side].inside(join.met[side], at)
        begun = len(self.structure.zone) - 1 - component if side else component
        chosen, alone = self._ways[side].back(begun, at, level)
        return chosen, alone and only

    @cached_property
    def _ways(self) -> tuple[Ways, Ways]:
        front, back = self.tables
        return Ways(front), Ways(back)

    def _awards(self, bundles: Places, component: int, own: Bundle) -> IntArray:
        award = self.structure.award[bundles]
        award[component] = own.award
        apps = self.structure.apps
        found = np.zeros(self.structure.program.size, dtype=np.int64)
        found[apps[apps >= 0]] = award[apps >= 0]
        return found


def _turned(structure: Structure) -> Structure:
    """Return a structure with everything in the opposite order."""
    zones = len(structure.levels) - 1
    worths = [replace(worth, bundle=worth.bundle[::-1]) for worth in structure.worths]
    return replace(
        structure,
        apps=structure.apps[::-1],
        start=len(structure.cost) - structure.start[::-1],
        zone=zones - structure.zone[::-1],
        levels=structure.levels[::-1],
        award=structure.award[::-1],
        cost=structure.cost[::-1],
        worths=tuple(worths),
        wide=(),
    )
