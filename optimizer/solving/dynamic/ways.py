"""Single lists on their way back through a table; a step that several of them take is looked for once."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.foundation.exact import Words
from optimizer.solving.dynamic.best_lists import KeptTable

Listed = tuple[int, int, int, int]  # a bundle: which, the levels it adds, cost, worth


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
        # by component before which, and by steps spent and level there, as one number
        self._known: list[dict[int, _Way]] = [{} for _ in table.rows]
        self._before: dict[int, tuple[list[Words], list[Listed]]] = {}

    def back(self, component: int, spent: int, level: int) -> tuple[list[int], bool]:
        """Return the bundles that led to before a component, the last first, and whether only they do."""
        c, met, bundles, only = component, list[int](), list[int](), list[bool]()
        width = self._table.structure.top + 1
        while c and (place := width * spent + level) not in self._known[c]:
            bundle, spent, level, alone = self._step(c, spent, level)
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

    def _step(self, c: int, spent: int, level: int) -> tuple[int, int, int, bool]:
        """Return the bundle of the component before c, where it came from, and whether that is all."""
        table, only = self._table, True
        worth = table.worth_before(c, spent, level)
        if table.opens(c):
            inside = [row.item(spent) for row in table.rows[c]]
            same = [n for n, one in enumerate(inside) if one + n * table.bonus == worth]
            level, only = same[-1], len(same) == 1
            worth = inside[level]
        ways = self._from(c - 1, spent, level, worth=worth)
        bundle, left, was = ways[-1]
        return bundle, left, was, only and len(ways) == 1

    def _from(self, c: int, spent: int, level: int, worth: int) -> list[tuple[int, int, int]]:
        """Return every bundle of a component that leads to a place, with the place before it."""
        found = []
        if c not in self._before:
            self._before[c] = self._table.before(c), list(self._table.bundles(c))
        rows, bundles = self._before[c]
        top = self._table.levels(c)
        for e, add, cost, more in bundles:
            left, ahead = spent - cost, worth - more
            if not 0 <= left < len(rows[0]) or add > level:
                continue
            first = (
                level - add
            )  # where a zone has all that counts, any level from there on led to it
            for was in range(first, top + 1 if level == top else first + 1):
                if rows[was].item(left) == ahead:
                    found.append((e, left, was))
        return found
