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
    _steps: dict[tuple[int, Place], tuple[int, Place, bool]] = field(default_factory=dict)
    _bundles: dict[int, list[tuple[int, bool, int, int]]] = field(default_factory=dict)

    def back(self, component: int, spent: int, covered: bool) -> tuple[list[int], bool]:
        """Return the bundles that led to before a component, the last first, and whether only they do."""
        place, chosen, alone = (spent, covered), [], True
        for c in range(component, 0, -1):
            if (c, place) not in self._steps:
                self._steps[c, place] = self._step(c, *place)
            bundle, place, only = self._steps[c, place]
            chosen.append(bundle)
            alone = alone and only
        return chosen, alone

    def _step(self, c: int, spent: int, covered: bool) -> tuple[int, Place, bool]:
        """Return the bundle of the component before c, where it came from, and whether that is all."""
        worth = int(self.table.before(c)[covered][spent])
        closed, only = self.table.opens(c), True
        if closed:
            bonus = self.table.bonus(c - 1)
            bare, inside = int(self.table.bare[c][spent]), int(self.table.covered[c][spent])
            covered = inside + bonus == worth
            only, worth = not (covered and bare == worth), inside if covered else bare
        ways = list(self._from(c - 1, spent, covered, worth=worth))
        bundle, place = ways[-1]
        return bundle, place, only and len(ways) == 1

    def _from(self, c: int, spent: int, covered: bool, worth: int) -> list[tuple[int, Place]]:
        """Return every bundle of a component that leads to a place, with the place before it."""
        before, found = self.table.before(c), []
        if c not in self._bundles:
            self._bundles[c] = list(self.table.bundles(c))
        for e, funds, cost, more in self._bundles[c]:
            if not funds:
                if before[covered][spent] == worth:
                    found.append((e, (spent, covered)))
            elif covered and spent >= cost:
                at = spent - cost
                found += [
                    (e, (at, was)) for was in (False, True) if before[was][at] == worth - more
                ]
        return found
