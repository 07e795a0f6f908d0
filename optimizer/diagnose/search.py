"""The search for the cheapest sets of changes, cheapest first.

Every lever has a price; a policy is possible at some combinations of prices and not at others.
The search goes through combinations by cost. One that is not possible is grown to a *box*: to each
lever in turn the highest price at which the policy is still impossible. Nothing in a box mends, so
whatever mends must leave it: some lever must pass its side. So the next combinations to look at
are those just outside, and the first that is possible is the cheapest there is (the implicit hitting
set search of `cores`, with prices in place of members; Davies and Bacchus 2011). As no cheaper
one mends, no part of it can be made smaller.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from optimizer.diagnose.bench import StoppedError
from optimizer.diagnose.panel import NOTHING, Panel, Prices, moved_by, moved_to
from optimizer.diagnose.repair import Cost

PATIENCE = 60  # boxes after which the search is given up
LINGER = 10  # and after the cheapest or another is found: mostly the same keys are left


@dataclass(frozen=True)
class Box:
    """Combinations of prices of which none mends."""

    low: Prices  # the lowest of each lever: 0, but for a lever that is not monotone
    until: tuple[Fraction | None, ...]  # the lowest outside; None if there is none

    def holds(self, prices: Prices) -> bool:
        """Say whether a combination is inside."""
        return all(
            low <= price and (until is None or price < until)
            for low, price, until in zip(self.low, prices, self.until, strict=True)
        )


@dataclass
class Search:
    """The search among combinations of a limited number of changes."""

    panel: Panel
    most: int  # changes
    known: list[Prices]  # that mend, and of which nothing is lower in every price
    boxes: list[Box] = field(default_factory=list)  # what is known not to mend
    _seen: set[Prices] = field(default_factory=set)
    _heap: list[tuple[Cost, Prices]] = field(default_factory=list)

    def found(self) -> Iterator[Prices]:
        """Yield the combinations that mend and were not known, cheapest first.

        Raises
        ------
        StoppedError
            If the time is used up before they are all found.
        """
        self._push(self.panel.untouched)
        cheapest = min(map(self.panel.cost, self.known), default=None)
        last = PATIENCE
        while self._heap and len(self.boxes) < last:
            cost, prices = heapq.heappop(self._heap)
            try:
                mends = self._look(prices)
            except StoppedError:
                heapq.heappush(self._heap, (cost, prices))
                raise
            if mends or (cheapest is not None and cheapest <= cost):
                last, cheapest = min(PATIENCE, len(self.boxes) + LINGER), None
            if mends:
                yield prices

    def _look(self, prices: Prices) -> bool:
        """Say whether a combination mends and is new; if it does not mend, go on from it."""
        if any(_below(known, prices) for known in self.known):
            return False
        box = next((box for box in self.boxes if box.holds(prices)), None)
        if box is None and self.panel.possible(prices):
            self.known.append(prices)
            return True
        self._leave(prices, box or self._grown(prices))
        return False

    @property
    def floor(self) -> Cost | None:
        """What a combination that was not looked at costs at least; None if there is none left."""
        return self._heap[0][0] if self._heap else None

    def _push(self, prices: Prices) -> None:
        if prices not in self._seen:
            self._seen.add(prices)
            heapq.heappush(self._heap, (self.panel.cost(prices), prices))

    def _leave(self, prices: Prices, box: Box) -> None:
        """Look next at what is just outside a box, one lever moved."""
        for number, until in enumerate(box.until):
            after = None if until is None else moved_to(prices, number, until)
            if after is not None and self._allowed(moved_by(after)):
                self._push(after)

    def _allowed(self, moved: Sequence[int]) -> bool:
        """Say whether so many levers may be moved, no two of them of one inequality."""
        if any(self.panel.levers[n].alone for n in moved):
            return False
        parts = [part for n in moved for part in self.panel.levers[n].parts]
        return len(moved) <= self.most and len(parts) == len(set(parts))

    def _grown(self, prices: Prices) -> Box:
        """Return a box around a combination that does not mend.

        Levers that stand still are pushed first, so that those in use are left to move by small
        steps. A lever that is not monotone comes last, from where it stands upwards; a second one
        is not pushed at all.
        """
        loosest = prices
        low = tuple(
            NOTHING if lever.monotone else price
            for lever, price in zip(self.panel.levers, prices, strict=True)
        )
        until: list[Fraction | None] = [None] * len(prices)
        order = sorted(
            range(len(prices)),
            key=lambda n: (not self.panel.levers[n].monotone, prices[n] > 0, n),
        )
        pushed = False
        for number in order:
            if self.panel.levers[number].alone:  # it stays where the policy has it
                until[number] = Fraction(1)
            elif self.panel.levers[number].monotone or not pushed:
                until[number] = self.panel.least(number, loosest)
                loosest = self._inside(number, loosest, until[number])
                pushed = not self.panel.levers[number].monotone
            else:
                until[number] = self._step(number, prices[number])
        box = Box(low, tuple(until))
        self.boxes.append(box)
        return box

    def _inside(self, number: int, prices: Prices, until: Fraction | None) -> Prices:
        """Push a lever as far as nothing mends."""
        if until is None:
            return moved_to(prices, number, self.panel.spans[number])
        return moved_to(prices, number, self.panel.back(number, prices, until))

    def _step(self, number: int, price: Fraction) -> Fraction | None:
        """Return the next price of a lever that is not pushed."""
        unit = self.panel.bench.scored.round.settings.pool.unit
        return price + unit if price < self.panel.spans[number] else None


def _below(low: Prices, high: Prices) -> bool:
    return all(a <= b for a, b in zip(low, high, strict=True))
