"""The panel: all levers of a policy, each at a price, and what they do together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from optimizer.diagnose.bench import Bench
from optimizer.diagnose.lever import At, Lever
from optimizer.diagnose.levers import levers
from optimizer.diagnose.parts import Stated
from optimizer.diagnose.repair import Cost, Money

Prices = tuple[Fraction, ...]  # of each lever of the panel; 0 for untouched

NOTHING = Fraction(0)


@dataclass
class Panel:
    """The levers that can give way, in the policy's order."""

    bench: Bench
    levers: Sequence[Lever]
    spans: tuple[Fraction, ...] = ()
    _least: dict[tuple[int, Prices], Fraction | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        spans = {lever.key: lever.span(self.bench) for lever in self.levers}
        self.levers = [lever for lever in self.levers if spans[lever.key] > 0]
        self.spans = tuple(spans[lever.key] for lever in self.levers)

    @property
    def untouched(self) -> Prices:
        """The policy as it is."""
        return (NOTHING,) * len(self.levers)

    def cost(self, prices: Prices) -> Cost:
        """Return what the changes cost, as `repair.cost` does."""
        moved = moved_by(prices)
        money = max((self.levers[n].money for n in moved), default=Money.KEPT)
        return money, sum((self.share(n, prices[n]) for n in moved), NOTHING), len(moved)

    def share(self, number: int, price: Fraction) -> Fraction:
        """Return how much of its rule a lever gives up at a price."""
        return price / self.spans[number]

    def stated(self, prices: Prices, written: Mapping[str, Any] = {}) -> Stated:
        """Return the program with the levers at these prices, or the values settled already."""
        moved = [n for n in moved_by(prices) if self.levers[n].key not in written]
        edits = dict(written)
        for n in moved:
            edits |= self.levers[n].edits(prices[n])
        stated = self.bench.under(edits)
        more = [row for n in moved for row in self.levers[n].rows(stated, prices[n])]
        if not more:
            return stated
        return replace(stated, program=replace(stated.program, rows=(*stated.program.rows, *more)))

    def at(self, number: int, prices: Prices, written: Mapping[str, Any] = {}) -> At:
        """Return the case as one lever sees it, the others standing where they are."""
        return lambda price: self.stated(moved_to(prices, number, price), written)

    def possible(self, prices: Prices) -> bool:
        """Say whether the policy can be obeyed at these prices."""
        return self.bench.possible(self.stated(prices).program)

    def least(self, number: int, prices: Prices) -> Fraction | None:
        """Return the lowest price of one lever that mends while the others stay; None if none does.

        Of a lever that is not monotone: the lowest beyond the one it stands at.
        """
        lever = self.levers[number]
        above = NOTHING if lever.monotone else prices[number]
        asked = (number, moved_to(prices, number, above))
        if asked not in self._least:
            self._least[asked] = lever.least(self.bench, self.at(number, prices), above)
        return self._least[asked]

    def back(self, number: int, prices: Prices, price: Fraction) -> Fraction:
        """Return the price one step below another, 0 at least."""
        return self.levers[number].back(self.bench, self.at(number, prices), price)

    def single(self, number: int) -> Fraction | None:
        """Return the price at which one change alone mends."""
        return self.least(number, self.untouched)


def moved_by(prices: Prices) -> tuple[int, ...]:
    """Return which levers are not where the policy has them."""
    return tuple(number for number, price in enumerate(prices) if price)


def moved_to(prices: Prices, number: int, price: Fraction) -> Prices:
    """Return the prices with one lever elsewhere."""
    return (*prices[:number], price, *prices[number + 1 :])


def all_levers(stated: Stated) -> list[Lever]:
    """Return the levers of every clause that constrains the awards, and of the minimum merit."""
    constrain = {i.clause for i in stated.inequalities}
    found: list[Lever] = []
    for rule in stated.scored.screened.policy.clauses:
        mine = levers(rule)
        if (rule.section, rule.label) in constrain or any(lever.moves_bounds for lever in mine):
            found += mine
    return found
