"""A lever: one key of the policy that can make it give way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from optimizer.diagnose.attainable import Figure
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.parts import Part, Stated
from optimizer.diagnose.repair import Money, Repair
from optimizer.language.text import EMPTY, Text
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
    def key(self) -> str:
        """The key in the policy."""

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

    def change(
        self, kind: str, old: Any, new: Any, price: Fraction, unit: str, text: Text
    ) -> Repair:
        """Return a change of its key."""
        label = self.rule.label
        return Repair(
            kind,
            self.key,
            old=old,
            new=new,
            price=price,
            unit=unit,
            text=text,
            clause=label,
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

        Parameters
        ----------
        price
            Lowest price at which all other rules can be obeyed; None if there is none.
        settled
            Whether that is known.
        """
        return None

    def wanted(self, old: Any, unit: str, value: Any, settled: bool) -> Figure:
        """Make a figure of a rule that wants `old`."""
        known = value if settled else None
        said = EMPTY if known is None else self.reached(known)
        return Figure(
            self.parts[0], self.key, old, value=known, unit=unit, settled=settled, said=said
        )

    def reached(self, value: Any) -> Text:
        """Say how far the rule can be met, e.g. *at most 2 applications can be reached*."""
        return EMPTY


class BoundLever(Lever):
    """A key that is an upper bound, made higher."""

    unit: ClassVar[str]  # what the bound counts

    @property
    @abstractmethod
    def old(self) -> int:
        """The bound there is."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The inequality it relaxes."""
        return ((self.rule.section, self.rule.label, "<="),)

    def at(self, price: Fraction) -> int:
        """Return the bound so much higher."""
        return self.old + int(price)

    def figure(self, bench: Bench, price: Fraction | None, settled: bool) -> Figure | None:
        """Return the least that the bound must be."""
        value = None if price is None else self.at(price)
        return self.wanted(self.old, self.unit, value, settled)


class AmountLever(BoundLever):
    """The amount in NT$ of a rule that is one upper bound."""

    unit: ClassVar[str] = "NT$"

    @property
    def old(self) -> int:
        """The amount there is."""
        return int(self.rule.amount)
