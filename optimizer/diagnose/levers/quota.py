"""A lower least or a higher most: absolute, or as a share."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from optimizer.clauses.bounded import Bounded, Group
from optimizer.clauses.bounds import say_bound
from optimizer.clauses.column_sums import AMOUNT, COUNT, all_of
from optimizer.diagnose.attainable import Figure
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.drop import DropLever
from optimizer.diagnose.explain import amount
from optimizer.diagnose.lever import At, Lever, SidedLever
from optimizer.diagnose.parts import Stated
from optimizer.diagnose.repair import Repair
from optimizer.foundation.exact import plus, times, total
from optimizer.language.text import EMPTY, Text, money
from optimizer.language.words import decimal, exact_points
from optimizer.program.objectives import Additive
from optimizer.program.rows import Decision
from optimizer.tables.round import Round

GRID = 1000  # shares are lowered and raised by tenths of a percentage point


def levers(rule: Bounded) -> list[Lever]:
    """Return the levers of a quota: one for each bound; an exact one can only be taken out."""
    if rule.exactly is not None:
        return [DropLever(rule)]
    one, share = (EachLever, EachShareLever) if rule.for_each else (QuotaLever, ShareLever)
    return [
        (share if isinstance(bound, Fraction) else one)(rule, sense == ">=")
        for bound, sense in rule.limits
    ]


@dataclass(frozen=True)
class QuotaLever(SidedLever):
    """A lower least, or a higher most; whole applications or NT$."""

    rule: Bounded

    @property
    def field(self) -> str:
        """The clause's own key."""
        return "at_least" if self.is_least else "at_most"

    @property
    def now(self) -> Any:
        """The bound there is."""
        return getattr(self.rule, self.field)

    @property
    def old(self) -> Any:
        """The bound as the policy has it."""
        return self.written(self.now)

    def span(self, bench: Bench) -> Fraction:
        """Return how far off is a bound that holds nobody back."""
        if self.is_least:
            return Fraction(self.now)
        records = bench.scored.screened.records
        return Fraction(max(0, all_of(records, self.rule.measure) - self.now))

    def at(self, price: Fraction) -> Any:
        """Return the bound so much looser."""
        return self.now - int(price) if self.is_least else self.now + int(price)

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Return what the most (or least) that the group can have is away from the bound."""
        stated = at(self.span(bench))
        own, sign = self._group(stated.scored.round).own, 1 if self.is_least else -1
        money = self.rule.on == "award"
        unit = stated.program.unit if money else 1
        signed = times(own, sign)
        worth = Additive(np.zeros_like(own), signed, unit) if money else Additive(signed)
        answer = bench.best(stated.program, worth)
        if answer.value is None:
            return None
        return Fraction(max(0, sign * self.now - answer.value * unit))

    def _group(self, round_: Round) -> Group:
        """Return the one group that it bounds."""
        return next(iter(self.rule.groups(round_)))

    @property
    def unit(self) -> str:
        """What a number is of: ``applications``, ``NT$``, or the column that is added up."""
        return {COUNT: "applications", AMOUNT: "NT$"}.get(self.rule.measure, self.rule.measure)

    def figure(self, bench: Bench, price: Fraction | None, settled: bool) -> Figure:
        """Return the most that the group can have, or the least that it must."""
        figure = self.wanted(bench, self.unit, price, settled=settled)
        return replace(figure, supply=self._supply(bench)) if self.is_least else figure

    def reached(self, value: Any) -> Text:
        """Say the most there can be, or the least there must be."""
        said = amount(value, self.unit)
        if self.is_least:
            return Text(f"最多只能有 {said.zh}", f"at most {said.en} can be reached")
        return Text(f"至少須有 {said.zh}", f"at least {said.en} would be needed")

    def _supply(self, bench: Bench) -> int | None:
        """Return what the eligible of the group come to; None if that is enough."""
        round_ = bench.scored.round
        own = self._group(round_).own
        supply = total(times(own, round_.most) if self.rule.on == "award" else own)
        return supply if supply < self.now else None

    def said(self, price: Fraction) -> tuple[str, Text]:
        """Return the unit of a price, and the price in words."""
        if self.rule.measure == COUNT:
            return self.unit, Text(f"{price} 件", f"{price}")
        if self.rule.measure == AMOUNT:
            return self.unit, Text(f"{money(int(price))} 元", f"NT${money(int(price))}")
        return self.unit, Text(money(int(price)), money(int(price)))

    def bound(self, value: Any) -> int | Fraction:
        """Return the value as a bound of the clause."""
        return int(value)

    def repair(self, bench: Bench, price: Fraction, value: Any) -> Repair:
        """Say the new bound and how far it is from the old."""
        unit, said = self.said(price)
        old = say_bound(self.now, self.rule.measure)
        new = say_bound(self.bound(value), self.rule.measure)
        group = self.rule.group
        zh, en = ("至少", "at least") if self.is_least else ("至多", "at most")
        how_zh, how_en = ("降低", "less") if self.is_least else ("提高", "more")
        gone = self._gone(self.bound(value))
        text = Text(
            f"將{group.zh}{_joined(zh, old.zh)}改為{_joined(zh, new.zh)}"
            f"（{how_zh} {said.zh}{gone.zh}）",
            f"for {group.en}, ask for {en} {new.en} instead of {self._short()} "
            f"({said.en} {how_en}{gone.en})",
        )
        kind = "lower_quota" if self.is_least else "raise_quota"
        return self.change(kind, value, price=price, unit=unit, text=text)

    def _gone(self, new: int | Fraction) -> Text:
        """Say so if no bound is left."""
        if self.is_least and not new:
            return Text("，等於沒有下限", ": no minimum then")
        if not self.is_least and isinstance(new, Fraction) and new == 1:
            return Text("，等於沒有上限", ": no maximum then")
        return EMPTY

    def _short(self) -> str:
        """Return the old bound without what it is a number of, which the new one says."""
        plain = str(self.old)
        return plain if "%" in plain else self.said(self.now)[1].en

    def written(self, bound: int | Fraction) -> Any:
        """Write a bound as the policy does."""
        return bound


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
        group = self._group(stated.scored.round)
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


def _joined(word: str, figure: str) -> str:
    """Put a blank between a Chinese word and a digit only."""
    return f"{word} {figure}" if figure[:1].isdigit() else word + figure
