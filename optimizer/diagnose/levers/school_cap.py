"""A higher cap for every school."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from optimizer.clauses.school_cap import SchoolCap
from optimizer.diagnose.bench import Bench, widened
from optimizer.diagnose.lever import AmountLever, At, Lever
from optimizer.diagnose.parts import Part
from optimizer.diagnose.repair import Repair
from optimizer.foundation.exact import grouped, largest
from optimizer.language.text import Text, money


def levers(rule: SchoolCap) -> list[Lever]:
    """Return the levers of a school cap: its amount, and what becomes of a request above it."""
    return [CapLever(rule)] if rule.cut else [CapLever(rule), CutLever(rule)]


@dataclass(frozen=True)
class CapLever(AmountLever):
    """A higher cap for every school.

    It is not monotone where requests are cut to it: raising the cap also raises what large requests
    may (and, if all or nothing, must) get.
    """

    rule: SchoolCap
    moves_bounds: ClassVar[bool] = True
    monotone: ClassVar[bool] = False

    kind = "raise_cap"

    @property
    def words(self) -> Text:  # type: ignore[override]
        """The repair; a cap for schools of some size says so."""
        called = self.rule.called
        return Text(
            f"將{called.zh}由 {{old}} 元提高為 {{new}} 元（增加 {{between}} 元）",
            f"raise the {called.en} from NT${{old}} to NT${{new}} (NT${{between}} more)",
        )

    def span(self, bench: Bench) -> Fraction:
        """Return what the cap lacks of the most that one school of its asks for."""
        records = bench.scored.screened.records
        schools = records.applications["school"].to_numpy(dtype=np.int64)
        requested = records.applications["requested"].to_numpy(dtype=np.int64)
        asked = grouped(requested, schools, len(records.schools))[self.rule.concerns(records)]
        return Fraction(max([0, *(int(amount) - self.rule.amount for amount in asked)]))

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Return what the lowest cap that mends is higher by; a whole number of units if it cuts."""
        if not self.rule.cut:
            return self._halved(bench, at)
        unit = bench.scored.round.settings.pool.unit
        low, high = self.at(above) // unit + 1, self.at(self.span(bench)) // unit
        found = self._lowest(bench, at, low, high) if low <= high else None
        return None if found is None else Fraction(found * unit - self.rule.amount)

    def _halved(self, bench: Bench, at: At) -> Fraction | None:
        """Halve the caps there may be: where no request is cut, a higher one allows all that a lower does.

        These are whole units, as sums of awards are, and the requests themselves.
        """
        unit, old = bench.scored.round.settings.pool.unit, self.rule.amount
        highest = old + int(self.span(bench))
        requests = bench.scored.screened.records.applications["requested"].tolist()
        stated = {*range(old - old % unit + unit, highest + 1, unit), *requests}
        caps = sorted(cap for cap in stated if old < cap <= highest)

        def mends(cap: int) -> bool:
            return bench.possible(at(Fraction(cap - old)).program)

        if not caps or not mends(caps[-1]):
            return None
        place = bisect_left(caps, True, hi=len(caps) - 1, key=mends)
        return Fraction(caps[place] - old)

    def _lowest(self, bench: Bench, at: At, low: int, high: int) -> int | None:
        """Return the least cap of ``low .. high`` units that mends.

        As a higher cap need not be a looser one, an interval is given up only when a program looser
        than all of it cannot be obeyed.
        """
        unit = bench.scored.round.settings.pool.unit
        first = at(Fraction(low * unit - self.rule.amount)).program
        last = at(Fraction(high * unit - self.rule.amount))
        answer = bench.ask(widened(first, last.program))
        if answer.decision is None:
            return None
        if first.ids == last.program.ids and (first.most == last.program.most).all():
            schools = bench.scored.round.records.applications["school"].to_numpy()
            position = last.scored.round.position
            received = grouped(answer.decision.award, schools[position], int(schools.max()) + 1)
            high = min(high, max(low, -(-largest(received) // unit)))
        if low >= high:
            return low
        middle = (low + high) // 2
        found = self._lowest(bench, at, low, middle)
        return found if found is not None else self._lowest(bench, at, middle + 1, high)

    def reached(self, value: int) -> Text:
        """Say the least cap."""
        said, called = money(value), self.rule.called
        return Text(
            f"{called.zh}至少須為 {said} 元",
            f"the {called.en.removeprefix('school ')} must be at least NT${said}",
        )


@dataclass(frozen=True)
class CutLever(Lever):
    """Requests above the cap are cut to it and not refused; the price is 1, for it is so or not.

    Whoever is refused now may get nothing then as well: so it allows all that there was before.
    """

    rule: SchoolCap
    moves_bounds: ClassVar[bool] = True

    field = "cut"
    old = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """The cap's own: it is not raised and cut to at once."""
        return CapLever(self.rule).parts

    def span(self, bench: Bench) -> Fraction:
        """Return that there is a request to cut, or none."""
        return Fraction(bool(self._above(bench)))

    def _above(self, bench: Bench) -> int:
        records = bench.scored.screened.records
        schools = records.applications["school"].to_numpy(dtype=np.int64)
        concerned = records.applications["requested"][self.rule.concerns(records)[schools]]
        return sum(int(asked) > self.rule.amount for asked in concerned)

    def at(self, price: Fraction) -> bool:
        """Return whether they are cut."""
        return bool(price)

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Return whether they must be."""
        prices = (Fraction(0), Fraction(1))
        return next((price for price in prices if bench.possible(at(price).program)), None)

    def repair(self, bench: Bench, price: Fraction, value: bool) -> Repair:
        """Say what becomes of how many requests."""
        cap, count, called = money(self.rule.amount), self._above(bench), self.rule.called
        text = Text(
            f"單件申請超過{called.zh}者改為減至 {cap} 元，不再列為不符資格（{count} 件）",
            f"cut requests above the {called.en} to NT${cap} in place of refusing them "
            f"({count} application{'' if count == 1 else 's'})",
        )
        return self.change("cut_requests", value, price=price, unit="keys", text=text)
