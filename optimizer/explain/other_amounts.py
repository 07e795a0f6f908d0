"""What a school may get if one of its applications could get other amounts; looked at for many at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from optimizer.foundation.exact import IntArray, Words, floored, plus, sums, times
from optimizer.solving.dynamic.beside import Bundle
from optimizer.solving.dynamic.bundles import SMALL, Instead, LocalCheck, bundles_of
from optimizer.solving.dynamic.prices import Prices
from optimizer.solving.dynamic.structure import Structure

MANY = 64  # components that are looked at together, where none has much to choose


def together(structure: Structure, component: int) -> list[int]:
    """Return components to look at with one: its neighbours, where few bundles are laid out for each."""
    sizes = (structure.apps >= 0).sum(axis=1)
    if not structure.program.all_or_nothing or sizes[component] > SMALL:
        return [component]
    start = component // MANY * MANY
    near = range(start, min(start + MANY, len(sizes)))
    return [c for c in near if sizes[c] <= SMALL]


@dataclass(frozen=True)
class _Laid:
    """The bundles of one application's component: what they give, cost and are worth, and a list with them at most."""

    award: Words
    cost: IntArray
    worth: IntArray
    most: IntArray


@dataclass(frozen=True)
class OtherAmounts:
    """The bundles of components in which one application gets something else.

    Parameters
    ----------
    prices
        Of a structure: they rule bundles out.
    checks
        The inequalities within components.
    bounds
        The least and the most that an application, by ordinal, could get, NT$; None of whom nobody asks.
    """

    prices: Prices
    checks: list[LocalCheck]
    bounds: Callable[[int], tuple[int, int] | None]
    _known: dict[int, _Laid] = field(default_factory=dict)

    def worth(self, a: int, enough: int) -> dict[int, list[Bundle]]:
        """Return the bundles by what they give an application, but for those in no list worth enough."""
        if a not in self._known:
            structure = self.prices.structure
            near = together(structure, structure.place_of(a)[0])
            mine = structure.apps[near]
            asked = mine[mine >= 0].tolist() if len(near) > 1 else [a]
            self._look_at([b for b in asked if self.bounds(b) is not None])
        laid, (_, place) = self._known[a], self.prices.structure.place_of(a)
        found: dict[int, list[Bundle]] = {}
        for n in np.flatnonzero(laid.most >= enough).tolist():
            bundle = Bundle(tuple(laid.award[n].tolist()), int(laid.cost[n]), int(laid.worth[n]))
            found.setdefault(bundle.award[place], []).append(bundle)
        return found

    def _look_at(self, some: list[int]) -> None:
        """Lay out the bundles of some."""
        structure = self.prices.structure
        component = structure.place[some, 0]
        bounds = np.array([self.bounds(b) for b in some], dtype=np.int64).reshape(-1, 2)
        award, task = bundles_of(
            structure.program,
            structure.apps,
            component,
            self.checks,
            instead=Instead(np.array(some), bounds[:, 0], bounds[:, 1]),
        )
        cost = floored(sums(award, axis=1), structure.step)
        worth = structure.worths[0].of(structure.apps[component[task]], award)
        lines = [self.prices.line(c) for c in component.tolist()]
        most = np.array([line.most for line in lines], dtype=object)[task]
        most = plus(plus(most, worth), times(cost, -self.prices.pool))
        for n, b in enumerate(some):
            mine = slice(*np.searchsorted(task, (n, n + 1)).tolist())
            self._known[b] = _Laid(award[mine], cost[mine], worth[mine], most[mine])
