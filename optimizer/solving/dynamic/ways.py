"""Single lists on their way back through a table; a step that several of them take is looked for once."""

from __future__ import annotations

from dataclasses import dataclass, field

from optimizer.solving.dynamic.best_lists import KeptTable

Place = tuple[
    int, bool
]  # steps spent by the components before one, and whether its zone is covered


@dataclass(frozen=True)
class Ways:
    """The ways back through a table, from before any component.

    Parameters
    ----------
    table
        Of the best worths.
    """

    table: KeptTable
    _known: dict[tuple[int, Place], tuple[list[int], int, bool]] = field(default_factory=dict)
    _bundles: dict[int, list[tuple[int, bool, int, int]]] = field(default_factory=dict)

    def back(self, component: int, spent: int, covered: bool) -> tuple[list[int], bool]:
        """Return the bundles that led to before a component, the last first, and whether only they do."""
        c, place, new = component, (spent, covered), []
        while c and (c, place) not in self._known:
            bundle, came_from, only = self._step(c, place)
            new.append((c, place, bundle, only))
            c, place = c - 1, came_from
        way, start, alone = self._known[c, place] if c else ([], 0, True)
        chosen = [bundle for _, _, bundle, _ in new] + way[start:]
        for start, (c, place, _, only) in reversed(list(enumerate(new))):
            alone = alone and only
            self._known[c, place] = chosen, start, alone
        return chosen, alone

    def _step(self, c: int, place: Place) -> tuple[int, Place, bool]:
        """Return the bundle of the component before c, where it came from, and whether that is all."""
        worth, closed, only = self.table.worth_before(c, *place), self.table.opens(c), True
        spent, covered = place
        if closed:
            bonus = self.table.bonus(c - 1)
            bare, inside = int(self.table.bare[c][spent]), int(self.table.covered[c][spent])
            covered = inside + bonus == worth
            only, worth = not (covered and bare == worth), inside if covered else bare
        ways = list(self._from(c - 1, spent, covered, worth=worth))
        bundle, before = ways[-1]
        return bundle, before, only and len(ways) == 1

    def _from(self, c: int, spent: int, covered: bool, worth: int) -> list[tuple[int, Place]]:
        """Return every bundle of a component that leads to a place, with the place before it."""
        at, found = self.table.worth_before, []
        if c not in self._bundles:
            self._bundles[c] = list(self.table.bundles(c))
        for e, funds, cost, more in self._bundles[c]:
            if not funds:
                if at(c, spent, covered) == worth:
                    found.append((e, (spent, covered)))
            elif covered and spent >= cost:
                left, ahead = spent - cost, worth - more
                found += [(e, (left, was)) for was in (False, True) if at(c, left, was) == ahead]
        return found
