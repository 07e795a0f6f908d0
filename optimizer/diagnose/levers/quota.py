"""A lower least or a higher most: absolute, or as a share."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from optimizer.clauses.bounded import Bounded
from optimizer.diagnose.attainable import Figure
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.bound import QuotaLever
from optimizer.diagnose.drop import DropLever
from optimizer.diagnose.exactly import ExactLever
from optimizer.diagnose.explain import amount
from optimizer.diagnose.lever import At, Lever
from optimizer.diagnose.parts import Stated
from optimizer.diagnose.without import WithoutLever
from optimizer.foundation.exact import plus, times
from optimizer.language.text import Text
from optimizer.language.words import decimal, exact_points
from optimizer.program.objectives import Additive
from optimizer.program.rows import Decision

GRID = 1000  # shares are lowered and raised by tenths of a percentage point


def levers(rule: Bounded) -> list[Lever]:
    """Return the levers of a quota: one for each bound, and one that leaves groups out.

    An exact number of one group moves up or down; an exact share, or number of each of several
    groups, which no other may ever meet, can only be taken out.
    """
    several: list[Lever] = [WithoutLever(rule)] if rule.for_each else []
    if rule.exactly is not None:
        share = isinstance(rule.exactly, Fraction)
        whole = DropLever(rule) if several or share else ExactLever(rule, is_least=True)
        return [whole, *several]
    one, share_ = (EachLever, EachShareLever) if rule.for_each else (QuotaLever, ShareLever)
    bounds: list[Lever] = [
        (share_ if isinstance(bound, Fraction) else one)(rule, sense == ">=")
        for bound, sense in rule.limits
    ]
    return [*bounds, *several]


@dataclass(frozen=True)
class ShareLever(QuotaLever):
    """A lower least share, or a higher most share; values are texts such as ``33.3%``."""

    def span(self, bench: Bench) -> Fraction:
        """Return how far off none is, or all."""
        old = Fraction(self.now)
        return 100 * (old if self.is_least else 1 - old)

    def at(self, price: Fraction) -> str:
        """Return the share so many percentage points looser."""
        return self.written(self._share(price))

    def _share(self, price: Fraction) -> Fraction:
        away: Fraction = price / 100
        return Fraction(self.now) + (-away if self.is_least else away)

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Go up from what is reached, a tenth of a point beyond it at a time (Dinkelbach 1967).

        ``max sum_{a in group} q * x_a - p * sum_a x_a`` tells whether p/q can be reached, and the
        decision that it finds often reaches more.
        """
        stated = at(self.span(bench))
        good = self._grid(self._ratio(stated, bench.ask(stated.program).decision))
        step = 1 if self.is_least else -1
        while good is not None:
            answer = bench.best(stated.program, self._towards(stated, good + step))
            if answer.value is None or answer.value < 0:
                return 100 * abs(Fraction(good, GRID) - Fraction(self.now))
            good = self._grid(self._ratio(stated, answer.decision))
        return None

    def _towards(self, stated: Stated, thousandths: int) -> Additive:
        """Return what is not negative where the group has this share, and the most if it is far."""
        sign = 1 if self.is_least else -1
        group = self.group(stated.scored.round)
        worth = plus(times(group.own, sign * GRID), times(group.sizes, -sign * thousandths))
        if self.rule.on == "fund":
            return Additive(worth)
        return Additive(np.zeros_like(worth), worth, stated.program.unit)

    def _ratio(self, stated: Stated, decision: Decision | None) -> Fraction | None:
        """Return the share that the group has; the old bound's where nobody is funded."""
        if decision is None:
            return None
        found = next(self.rule.measured(stated.scored.round, decision))
        return Fraction(found.ours, found.total) if found.total else Fraction(self.now)

    def _grid(self, share: Fraction | None) -> int | None:
        if share is None:
            return None
        return int(share * GRID // 1) if self.is_least else int(-(-share * GRID // 1))

    def back(self, bench: Bench, at: At, price: Fraction) -> Fraction:
        """Return a tenth of a percentage point towards the old bound, no further than that."""
        return max(Fraction(0), price - Fraction(100, GRID))

    def figure(self, bench: Bench, price: Fraction | None, settled: bool) -> Figure:
        """Return the share that can be reached, to a tenth of a percentage point."""
        return self.wanted(bench, "share", price, settled=settled)

    def reached(self, value: str) -> Text:
        """Say a share to its step: this can be kept to, a tenth of a point more cannot."""
        share, old, step = 100 * self.bound(value), 100 * Fraction(self.now), Fraction(100, GRID)
        beyond = min(share + step, old) if self.is_least else max(share - step, old)
        zh, en = ("至少", "at least") if self.is_least else ("至多", "at most")
        next_ = exact_points(beyond)
        return Text(
            f"可做到{zh} {value}，做不到 {next_}%",
            f"{en} {value} can be kept to, {next_}% cannot",
        )

    def said(self, price: Fraction) -> tuple[str, Text]:
        """Return percentage points."""
        away = exact_points(price)
        return "percentage points", Text(f"{away} 個百分點", f"{away} percentage points")

    def bound(self, value: Any) -> Fraction:
        """Return the value as a bound of the clause."""
        return Fraction(value[:-1]) / 100

    def written(self, bound: int | Fraction) -> str:
        """Write a share as the policy does."""
        share = Fraction(bound) * 100
        return f"{decimal(share) or share}%"


@dataclass(frozen=True)
class EachLever(QuotaLever):
    """A lower least, or a higher most, of every group alike."""

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Halve what it may give way: a looser bound allows all that a tighter one does."""
        return lowest(self.prices(bench), bench, at)

    def prices(self, bench: Bench) -> Sequence[Fraction]:
        """Return every price there may be, lowest first."""
        return Whole(int(self.span(bench)))

    def reached(self, value: Any) -> Text:
        """Say what every group can have, or must."""
        said = amount(value, self.unit)
        if self.is_least:
            return Text(
                f"各組都能有的最多只是 {said.zh}（做不到的組，可列入 without 不計）",
                f"no more than {said.en} can be reached in each (a group that cannot have more may be "
                "left out: name it in without)",
            )
        return Text(f"各組都須能有 {said.zh}", f"{said.en} would be needed for each")

    def _supply(self, bench: Bench) -> None:
        """Say nothing of what there is: each group has its own."""


@dataclass(frozen=True)
class EachShareLever(EachLever, ShareLever):
    """A lower least share, or a higher most share, of every group alike."""

    def prices(self, bench: Bench) -> Sequence[Fraction]:
        """Return every tenth of a percentage point beyond the share that the policy has."""
        old = Fraction(self.now)
        if self.is_least:
            shares = range(-(-old * GRID // 1) - 1, -1, -1)
        else:
            shares = range(int(old * GRID // 1) + 1, GRID + 1)
        return [Fraction(0), *(100 * abs(Fraction(share, GRID) - old) for share in shares)]

    reached = ShareLever.reached


class Whole(Sequence[Fraction]):
    """The whole numbers from 0 up to one, as prices."""

    def __init__(self, last: int) -> None:
        self.numbers = range(last + 1)

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, place: Any) -> Any:
        return Fraction(self.numbers[place])


def lowest(prices: Sequence[Fraction], bench: Bench, at: At) -> Fraction | None:
    """Return the lowest price that mends, None if none does; each allows all that a lower one does."""

    def mends(price: Fraction) -> bool:
        return bench.possible(at(price).program)

    if not mends(prices[-1]):
        return None
    return prices[bisect_left(prices, True, hi=len(prices) - 1, key=mends)]
