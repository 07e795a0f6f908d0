"""Repairs: sets of changes that make a policy possible, each change as small as can be.

Every single change that mends is offered, and beside them the cheapest combinations of two and
three changes (of more only where three do not do), for each set of keys the cheapest. Every offer
is written into the policy, which is read, screened and scored anew and put to the solver: with the
changes it must be possible, and with any one of them a step less it must not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from optimizer.diagnose.attainable import Figure
from optimizer.diagnose.bench import StoppedError
from optimizer.diagnose.levers.fixed import ALTERNATIVES
from optimizer.diagnose.panel import NOTHING, Panel, Prices, moved_by, moved_to
from optimizer.diagnose.parts import Part
from optimizer.diagnose.repair import Cost, Mending, Money, Repair, cost
from optimizer.diagnose.search import Search

TOGETHER = 3  # changes that are looked for together, unless it takes more


@dataclass
class Repairs:
    """The repairs of one policy that cannot be obeyed."""

    panel: Panel
    limit: int  # of combinations
    parts: frozenset[Part]  # of the conflicts
    complete: bool = True  # whether these are all there are
    cheapest: bool = True  # whether it is proved that none not listed is cheaper than all that are
    _known: list[Prices] = field(default_factory=list)

    def figures(self) -> tuple[Figure, ...]:
        """Return how far each part of a conflict can be met under all other rules."""
        found: dict[Part, Figure] = {}
        for number, lever in enumerate(self.panel.levers):
            for part in lever.parts:
                if part in self.parts and part not in found:
                    price, settled = self._single(number)
                    figure = lever.figure(self.panel.bench, price, settled)
                    if figure is not None:
                        found[part] = replace(figure, part=part)
        return tuple(found.values())

    def singles(self) -> list[Mending]:
        """Return every single change that mends, cheapest first."""
        found: list[Mending] = []
        for number in range(len(self.panel.levers)):
            price, settled = self._single(number)
            self.complete = self.complete and settled
            self.cheapest = self.cheapest and settled
            if price is not None:
                prices = moved_to(self.panel.untouched, number, price)
                self._known.append(prices)
                found += self._offers(prices, ALTERNATIVES)
        return sorted(found, key=cost)

    def combinations(self, singles: Sequence[Mending] = ()) -> list[Mending]:
        """Return the cheapest combinations of changes, cheapest first, one for each set of keys."""
        fallback = [] if singles else self._any()
        found: list[Mending] = []
        search = Search(self.panel, TOGETHER, self._known)
        for most in range(TOGETHER, max(TOGETHER, len(self.panel.levers)) + 1):
            search = Search(self.panel, most, self._known, search.boxes)
            done = self._gather(search, found)
            if found or singles or not done:
                break
        found = found or fallback
        listed = [cost(mending) for mending in (*singles, *found)]
        floor = min([f for f in (search.floor, *self._beyond()) if f is not None], default=None)
        self.complete = self.complete and floor is None
        self.cheapest = self.cheapest and bool(listed) and (floor is None or min(listed) <= floor)
        return found

    def _beyond(self) -> Iterator[Cost]:
        """Yield what it costs at least to combine what is never combined with something else.

        If the least of it mends alone, nothing is gained by that.
        """
        for number, lever in enumerate(self.panel.levers):
            matters = lever.alone and self.parts.intersection(lever.parts)
            if matters and self._single(number) != (1, True):
                yield Money.KEPT, self.panel.share(number, Fraction(1)), 2

    def _gather(self, search: Search, found: list[Mending]) -> bool:
        """Take from a search what it finds, up to the limit; say whether it came to its end."""
        sets: set[tuple[int, ...]] = set()
        try:
            for prices in search.found():
                if moved_by(prices) not in sets:
                    sets.add(moved_by(prices))
                    found += self._offers(prices, 1)
                if len(found) >= self.limit:
                    break
        except StoppedError:
            pass
        return search.floor is None

    def _any(self) -> list[Mending]:
        """Return one set of changes that mends, no part of which can be smaller; not the cheapest.

        All levers at their loosest mend; from there each in turn goes as far back as it can.
        """
        panel = self.panel
        prices = tuple(
            NOTHING if lever.alone else span
            for lever, span in zip(panel.levers, panel.spans, strict=True)
        )
        order = sorted(
            range(len(prices)), key=lambda n: (panel.levers[n].monotone, -panel.levers[n].money)
        )
        try:
            for number in order:
                back = moved_to(prices, number, NOTHING)
                if not panel.possible(back):
                    least = panel.least(number, back)
                    back = moved_to(prices, number, prices[number] if least is None else least)
                prices = back
            return self._offers(prices, 1)
        except StoppedError:
            return []

    def _single(self, number: int) -> tuple[Any, bool]:
        """Return the price of one change alone, and whether it is settled."""
        try:
            return self.panel.single(number), True
        except StoppedError:
            return None, False

    def _offers(self, prices: Prices, most: int) -> list[Mending]:
        """Write changes into the policy and keep those that stand up."""
        try:
            offers = [self._checked(prices, written) for written in self._written(prices, most)]
        except StoppedError:
            offers = [()]
        self.complete = self.complete and all(offers)
        self.cheapest = self.cheapest and all(offers)
        return [offer for offer in offers if offer]

    def _written(self, prices: Prices, most: int) -> Iterator[dict[str, Any]]:
        """Yield the values of the keys at some prices: lists where their number leaves a choice."""
        written: dict[str, Any] = {}
        moved = moved_by(prices)
        for number in moved:
            lever = self.panel.levers[number]
            at = self.panel.at(number, prices, written)
            values = lever.values(self.panel.bench, at, prices[number], most)
            if len(moved) == 1:
                yield from ({lever.key: value} for value in values)
                return
            if not values:
                return
            written[lever.key] = values[0]
        yield written

    def _checked(self, prices: Prices, written: dict[str, Any]) -> Mending:
        """Put the changed policy to the solver, and each time with one change a step less.

        Where there is no time left for that, what the search itself has proved is offered, not
        called the least.
        """
        try:
            if not self.panel.bench.mends(written):
                return ()
        except StoppedError:
            self.cheapest = self.complete = False
        return tuple(self._repair(number, prices, written) for number in moved_by(prices))

    def _repair(self, number: int, prices: Prices, written: dict[str, Any]) -> Repair:
        lever, price = self.panel.levers[number], prices[number]
        value = written[lever.key]
        repair = lever.repair(self.panel.bench, price, value)
        return replace(
            repair,
            share=self.panel.share(number, price),
            proved=self._least(number, prices, written),
        )

    def _least(self, number: int, prices: Prices, written: dict[str, Any]) -> bool:
        """Say whether it is proved that one step less of a change does not do."""
        lever = self.panel.levers[number]
        at = self.panel.at(number, prices, written)
        try:
            less = lever.less(self.panel.bench, at, prices[number], written[lever.key])
            return not any(self.panel.bench.mends({**written, lever.key: v}) for v in less)
        except StoppedError:
            return False
