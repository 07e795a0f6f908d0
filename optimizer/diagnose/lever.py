"""A lever: one key of the policy that can make it give way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from optimizer.diagnose.attainable import Figure
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.parts import Part, Stated
from optimizer.diagnose.repair import Money, Repair
from optimizer.language.text import EMPTY, Text, money
from optimizer.program.program import Program
from optimizer.program.rows import Rows

At = Callable[[Fraction], Stated]  # the case with a lever at a price, all others as they are set


@dataclass(frozen=True)
class Lever(ABC):
    """One key that can make a policy give way.

    Where a lever stands is a *price*: how far its value is from the policy's own, in the key's
    own unit (NT$, applications, decisions, percentage points, points). At 0 it is untouched.

    Parameters
    ----------
    rule
        The clause it belongs to.
    """

    rule: Any
    moves_bounds: ClassVar[bool] = False  # whether it changes who may get how much
    monotone: ClassVar[bool] = True  # whether a higher price allows all that a lower one does
    money: ClassVar[Money] = Money.KEPT

    @property
    @abstractmethod
    def field(self) -> str:
        """The clause's own key."""

    @property
    def key(self) -> str:
        """The key in the policy."""
        return f"clause.{self.rule.label}.{self.field}"

    @property
    @abstractmethod
    def old(self) -> Any:
        """The value there is, in the policy's own form."""

    @property
    @abstractmethod
    def parts(self) -> tuple[Part, ...]:
        """The inequalities it relaxes."""

    @abstractmethod
    def span(self, bench: Bench) -> Fraction:
        """Return the price beyond which nothing more is gained; 0 if it cannot give way."""

    @abstractmethod
    def at(self, price: Fraction) -> Any:
        """Return the value of the key at a price, in the policy's own form."""

    @abstractmethod
    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Return the lowest price that mends the policy, or None if none does.

        For a lever that is not monotone: the lowest beyond `above`.
        """

    def back(self, bench: Bench, at: At, price: Fraction) -> Fraction:
        """Return the price one step below, mostly one of the key's own unit less; 0 at least."""
        return max(Fraction(0), price - 1)

    @abstractmethod
    def repair(self, bench: Bench, price: Fraction, value: Any) -> Repair:
        """Say the change in words."""

    def change(self, kind: str, new: Any, price: Fraction, unit: str, text: Text) -> Repair:
        """Return a change of its key."""
        return Repair(
            kind,
            self.key,
            old=self.old,
            new=new,
            price=price,
            unit=unit,
            text=text,
            clause=self.rule.label,
            money=self.money,
        )

    def rows(self, program: Program, price: Fraction) -> list[Rows]:
        """Return inequalities that say the price where the key's value cannot."""
        return []

    def values(self, bench: Bench, at: At, price: Fraction, most: int) -> list[Any]:
        """Return the values of this price that mend, at most so many (mostly there is one)."""
        return [self.at(price)]

    def less(self, bench: Bench, at: At, price: Fraction, value: Any) -> list[Any]:
        """Return the values one step less generous; with none of them the policy is possible."""
        step = self.back(bench, at, price)
        return [self.at(step)] if step < price else []

    def figure(self, bench: Bench, price: Fraction | None, settled: bool) -> Figure | None:
        """Return how far the rule can be met; None if it has no figure.

        `price` is the lowest at which all other rules can be obeyed, None if there is none;
        `settled` whether that is known.
        """
        return None

    def wanted(self, bench: Bench, unit: str, price: Fraction | None, settled: bool) -> Figure:
        """Make a figure of what is told at a price."""
        known = self.told(bench, price) if settled and price is not None else None
        said = EMPTY if known is None else self.reached(known)
        asked = self.told(bench, Fraction(0))
        return Figure(
            self.parts[0], self.key, asked, value=known, unit=unit, settled=settled, said=said
        )

    def told(self, bench: Bench, price: Fraction) -> Any:
        """Return what a figure tells of a price: mostly the value of the key."""
        return self.at(price)

    def reached(self, value: Any) -> Text:
        """Say how far the rule can be met, e.g. *at most 2 applications can be reached*."""
        return EMPTY


@dataclass(frozen=True)
class SidedLever(Lever):
    """A key of a rule that has one for ``>=`` and one for ``<=``."""

    is_least: bool

    @property
    def parts(self) -> tuple[Part, ...]:
        """The inequalities it relaxes."""
        return ((self.rule.section, self.rule.label, ">=" if self.is_least else "<="),)


class BoundLever(Lever):
    """A key that is an upper bound, made higher."""

    unit: ClassVar[str]  # what the bound counts

    @property
    def old(self) -> int:
        """The bound there is."""
        return int(getattr(self.rule, self.field))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The inequality it relaxes."""
        return ((self.rule.section, self.rule.label, "<="),)

    def at(self, price: Fraction) -> int:
        """Return the bound so much higher."""
        return self.old + int(price)

    def figure(self, bench: Bench, price: Fraction | None, settled: bool) -> Figure | None:
        """Return the least that the bound must be."""
        return self.wanted(bench, self.unit, price, settled=settled)


class AmountLever(BoundLever):
    """The amount in NT$ of a rule that is one upper bound."""

    field = "amount"
    unit: ClassVar[str] = "NT$"
    kind: ClassVar[str]  # of the repair
    words: ClassVar[Text]  # the repair, with the ``old`` and the ``new`` amount and what is between

    def repair(self, bench: Bench, price: Fraction, value: int) -> Repair:
        """Say both amounts, and how far they are apart."""
        amounts = {"old": self.old, "new": value, "between": abs(value - self.old)}
        said = {name: money(amount) for name, amount in amounts.items()}
        text = Text(self.words.zh.format(**said), self.words.en.format(**said))
        return self.change(self.kind, value, price=price, unit=self.unit, text=text)


def lowest(high: int, mends: Callable[[int], bool]) -> int | None:
    """Return the lowest of ``0 .. high`` that mends, where all above it do too; None if none does."""
    if high < 0 or not mends(high):
        return None
    return bisect_left(range(high), True, key=mends)
