"""Single lists on their way back through a table; a step that several of them take is looked for once."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.foundation.exact import Words
from optimizer.solving.dynamic.best_lists import KeptTable

Listed = tuple[int, bool, int, int]  # a bundle: which, whether it funds anybody, cost, worth


@dataclass(frozen=True)
class _Way:
    """One list on its way from before a component: its bundles, the last first, and whether only they lead there."""

    bundles: list[int]
    alone: list[bool]  # from each of them on

    def of_first(self, count: int) -> tuple[list[int], list[bool]]:
        """Return its way through the first so many components."""
        start = len(self.bundles) - count
        return self.bundles[start:], self.alone[start:]


_HERE = _Way([], [])


class Ways:
    """The ways back through a table, from before any component.

    Parameters
    ----------
    table
        Of the best worths.
    """

    def __init__(self, table: KeptTable) -> None:
        self._table = table
        # by component before which, and by steps spent there and whether its zone is covered, as one number
        self._known: list[dict[int, _Way]] = [{} for _ in table.bare]
        self._before: dict[int, tuple[tuple[Words, Words], list[Listed]]] = {}

    def back(self, component: int, spent: int, covered: bool) -> tuple[list[int], bool]:
        """Return the bundles that led to before a component, the last first, and whether only they do."""
        c, met, bundles, only = component, list[int](), list[int](), list[bool]()
        while c and (place := 2 * spent + covered) not in self._known[c]:
            bundle, spent, covered, alone = self._step(c, spent, covered)
            met.append(place)
            bundles.append(bundle)
            only.append(alone)
            c -= 1
        on, rest = (self._known[c][place] if c else _HERE).of_first(c)
        way = _Way(bundles + on, only + rest)
        for n in range(len(met) - 1, -1, -1):
            way.alone[n] = way.alone[n] and (n + 1 == len(way.alone) or way.alone[n + 1])
            self._known[component - n][met[n]] = way
        return way.bundles, not component or way.alone[0]

    def _step(self, c: int, spent: int, covered: bool) -> tuple[int, int, bool, bool]:
        """Return the bundle of the component before c, where it came from, and whether that is all."""
        table, only = self._table, True
        worth = table.worth_before(c, spent, covered)
        if table.opens(c):
            bonus = table.bonus(c - 1)
            bare, inside = table.bare[c].item(spent), table.covered[c].item(spent)
            covered = inside + bonus == worth
            only, worth = not (covered and bare == worth), inside if covered else bare
        ways = self._from(c - 1, spent, covered, worth=worth)
        bundle, left, was = ways[-1]
        return bundle, left, was, only and len(ways) == 1

    def _from(self, c: int, spent: int, covered: bool, worth: int) -> list[tuple[int, int, bool]]:
        """Return every bundle of a component that leads to a place, with the place before it."""
        found = []
        if c not in self._before:
            self._before[c] = self._table.before(c), list(self._table.bundles(c))
        (bare, inside), bundles = self._before[c]
        for e, funds, cost, more in bundles:
            left, ahead = spent - cost, worth - more
            if not 0 <= left < len(bare) or (funds and not covered):
                continue
            if (funds or not covered) and bare.item(left) == ahead:
                found.append((e, left, False))
            if covered and inside.item(left) == ahead:
                found.append((e, left, True))
        return found
