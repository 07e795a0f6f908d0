"""Single lists on their way back through a table; a step that several of them take is looked for once."""

from __future__ import annotations

from dataclasses import dataclass, field

from optimizer.foundation.exact import Words
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
    _before: dict[int, tuple[tuple[Words, Words], list[tuple[int, bool, int, int]]]] = field(
        default_factory=dict
    )

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
        worth, only = self.table.worth_before(c, *place), True
        spent, covered = place
        if self.table.opens(c):
            bonus = self.table.bonus(c - 1)
            bare, inside = self.table.bare[c].item(spent), self.table.covered[c].item(spent)
            covered = inside + bonus == worth
            only, worth = not (covered and bare == worth), inside if covered else bare
        ways = self._from(c - 1, spent, covered, worth=worth)
        bundle, before = ways[-1]
        return bundle, before, only and len(ways) == 1

    def _from(self, c: int, spent: int, covered: bool, worth: int) -> list[tuple[int, Place]]:
        """Return every bundle of a component that leads to a place, with the place before it."""
        found = []
        if c not in self._before:
            self._before[c] = self.table.before(c), list(self.table.bundles(c))
        (bare, inside), bundles = self._before[c]
        for e, funds, cost, more in bundles:
            left, ahead = spent - cost, worth - more
            if not 0 <= left < len(bare) or (funds and not covered):
                continue
            if (funds or not covered) and bare.item(left) == ahead:
                found.append((e, (left, False)))
            if covered and inside.item(left) == ahead:
                found.append((e, (left, True)))
        return found
