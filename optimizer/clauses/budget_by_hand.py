"""One application's budget worked out by hand: what of each line is admissible (plan §捌二(6)).

The audit of `optimizer.clauses.budget`, written apart from it: one line after another, in fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from operator import attrgetter, itemgetter

from optimizer.clauses.base import Figure, Rounded, Ruling
from optimizer.plain import Application, Line, Number, spellings
from optimizer.problems.errors import Severity
from optimizer.tables.schema import ITEMS


@dataclass(frozen=True)
class Rates:
    """What the policy pays for.

    Parameters
    ----------
    hired
        By item: how many in all, and NT$ for each.
    paid, due_on
        The items that are paid for at all, and those that the premium is due on.
    premium, misc
        The premium as a share of those, and the most that misc may be of the total.
    """

    hired: Mapping[str, tuple[Number, Number]]
    paid: tuple[str, ...]
    due_on: tuple[str, ...]
    premium: Fraction
    misc: Fraction


class Worked:
    """One line while it is worked out.

    Parameters
    ----------
    line
        The line as it stands.
    """

    __slots__ = ("granted", "line", "reasons", "wrong")

    def __init__(self, line: Line) -> None:
        self.line = line
        self.granted = line.amount  # NT$
        self.wrong = False
        self.reasons: tuple[Figure, ...] = ()  # the figures of what is wrong

    def blame(self, *figures: Figure) -> None:
        """Note that something is wrong with the line, with the figures that say so."""
        self.wrong = True
        self.reasons += figures

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure that a sentence about the line states."""
        item, quantity, price, amount = self.line
        product: tuple[Figure, ...] = ()
        if quantity is not None and price is not None:
            product = (Rounded(Fraction(quantity)), Rounded(Fraction(price)))
        return (spellings(item, ITEMS), *product, amount, *self.reasons)


def rulings(
    application: Application, rates: Rates, severity: Severity, cut: bool
) -> Iterator[Ruling]:
    """Yield what is wrong with each line, with their sum, and what is admissible of it."""
    lines, asked = application.lines or (), application.requested
    sheet = by_hand(lines, rates)
    for worked in sheet:
        if worked.wrong:
            granted = (worked.granted,) if cut else ()
            yield Ruling(severity, (*worked.figures, *granted))
    stated = sum(line.amount for line in lines)
    if stated not in (asked, asked + (application.own_funds or 0)):
        yield Ruling(severity, (stated, asked))
    left = sum(worked.granted for worked in sheet)
    if cut and left < asked:
        yield Ruling(Severity.FLAG, (*_sum_of(sheet, stated, left, asked=asked),), limit=left)


def _sum_of(sheet: Sequence[Worked], stated: int, left: int, asked: int) -> Iterator[Figure]:
    """Yield the figures of the sum: what is listed, what each item loses, what is left, the request."""
    yield stated
    for item in {worked.line.item for worked in sheet}:
        lost = sum(w.line.amount - w.granted for w in sheet if w.line.item == item)
        if lost:
            yield from (spellings(item, ITEMS), lost)
    if left != stated:
        yield left
    if stated != asked:
        yield asked


def by_hand(lines: Sequence[Line], rates: Rates) -> list[Worked]:
    """Work a budget out in the order of the plan: sums, items, limits, the premium, misc."""
    sheet = [Worked(line) for line in lines]
    by_item: dict[str, list[Worked]] = {}
    for worked in sheet:
        _add_up(worked)
        by_item.setdefault(worked.line.item, []).append(worked)
    for item, (most, price) in rates.hired.items():
        _hold_to(by_item.get(item, ()), most, price)
    for item in [item for item in by_item if item not in rates.paid]:
        _strike_out(by_item.pop(item))
    fees = sum(w.granted for w in sheet if w.line.item in rates.due_on)
    if claimed := by_item.get("health_premium"):
        n, d = rates.premium.as_integer_ratio()
        _share_out(claimed, (2 * fees * n + d) // (2 * d), rates.premium)  # a half upwards
    if (claimed := by_item.get("misc")) and rates.misc < 1:
        others = sum(w.granted for w in sheet if w.line.item != "misc")
        n, d = rates.misc.as_integer_ratio()
        _share_out(claimed, others * n // (d - n), rates.misc)  # m / (others + m) <= n / d
    return sheet


def _strike_out(lines: Iterable[Worked]) -> None:
    """Grant nothing of an item that is not paid for."""
    for worked in lines:
        worked.blame()
        worked.granted = 0


def _add_up(worked: Worked) -> None:
    """Hold quantity x unit price to be the amount, up to whole NT$; the less of the two counts."""
    _, quantity, price, amount = worked.line
    if quantity is None or price is None:
        return
    product = quantity * price
    if product == amount:
        return
    worked.granted = min(amount, ceil(product))
    if amount not in (floor(product), ceil(product)):
        worked.blame()


def _hold_to(lines: Iterable[Worked], most: Number, rate: Number) -> None:
    """Grant so many hours in all, at such a rate, the dearest first."""
    left, full = most, []
    for worked in lines:
        _, quantity, price, _ = worked.line
        if quantity is None or price is None:
            worked.blame()
            worked.granted = 0
        else:
            full.append((min(price, rate), worked.granted, quantity, worked))
    for price, amount, quantity, worked in sorted(full, key=itemgetter(0, 1, 2), reverse=True):
        hours = min(quantity, left)
        left -= hours
        many, dear = hours < quantity, price != worked.line.unit_price
        if many or dear:
            worked.granted = min(amount, floor(hours * price))
        if many:
            worked.blame(Rounded(Fraction(most)))
        if dear:
            worked.blame(Rounded(Fraction(rate)))


def _share_out(lines: Iterable[Worked], most: int, share: Fraction) -> None:
    """Grant no more than so many NT$ in all, the larger lines first."""
    for worked in sorted(lines, key=attrgetter("granted"), reverse=True):
        granted = min(worked.granted, most)
        most -= granted
        if granted < worked.granted:
            worked.blame(Rounded(share * 100))
        worked.granted = granted
