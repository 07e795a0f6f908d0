"""The arithmetic of an application's budget: what of each line is admissible (plan §捌二(6)).

Everything is exact: quantities and prices are integers over common denominators, amounts are
whole NT$, and what is granted of a line is rounded down to whole NT$. The order of the lines in
the file makes no difference: what is limited goes to the dearest lines first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    exact,
    floored,
    grouped,
    plus,
    running,
    share_of,
    times,
)
from optimizer.tables.schema import ITEMS

NAMES = tuple(value.key for value in ITEMS)
FEES = ("external_lecturer", "internal_lecturer", "consultation")


class Fault(IntFlag):
    """What can be wrong with one line."""

    NOT_ACCEPTED = 1  # the plan does not pay for such a thing
    INCOMPLETE = 2  # quantity or unit price is needed and not given
    SUM = 4  # quantity x unit price is not the amount
    QUANTITY = 8  # more than the plan pays for
    PRICE = 16  # dearer than the plan pays
    PREMIUM = 32  # more than the rate of the fees it is due on
    MISC = 64  # more than its share of the total


@dataclass(frozen=True)
class Limit:
    """The most of one item: how many in all, and at what price each (NT$)."""

    quantity: Fraction
    unit_price: Fraction


@dataclass(frozen=True)
class Lines:
    """All budget lines of a case as aligned arrays, shape (m,).

    Parameters
    ----------
    application, item
        Row of the application; ordinal of the item in `NAMES`.
    quantity, quantity_denominator
        Numerators over one denominator; 0 where not given.
    price, price_denominator
        The same for the unit price.
    complete
        Whether both are given.
    amount
        NT$.
    """

    application: IntArray
    item: IntArray
    quantity: IntArray
    quantity_denominator: int
    price: IntArray
    price_denominator: int
    complete: BoolArray
    amount: IntArray

    @property
    def product(self) -> IntArray:
        """Quantity x unit price, numerators over the product of the denominators."""
        return times(self.quantity, self.price)


def lay_out(table: pd.DataFrame, limits: Sequence[Limit]) -> Lines:
    """Turn the table of budget lines into arrays whose denominators also hold the limits."""
    quantity, with_quantity, per_quantity = _over_one_denominator(
        table["quantity"].to_list(), [limit.quantity for limit in limits]
    )
    price, with_price, per_price = _over_one_denominator(
        table["unit_price"].to_list(), [limit.unit_price for limit in limits]
    )
    return Lines(
        table["application"].to_numpy(dtype=np.int64),
        pd.Categorical(table["item"], categories=NAMES).codes.astype(np.int64),
        quantity,
        quantity_denominator=per_quantity,
        price=price,
        price_denominator=per_price,
        complete=with_quantity & with_price,
        amount=table["amount"].to_numpy(dtype=np.int64),
    )


def _over_one_denominator(
    cells: list[Fraction | None], others: Sequence[Fraction]
) -> tuple[IntArray, BoolArray, int]:
    """Return numerators (0 for None), which are given, and the common denominator."""
    given = np.array([cell is not None for cell in cells], dtype=bool)
    under = {cell.denominator for cell in cells if cell is not None}
    common = lcm(*under, *(value.denominator for value in others))
    factor = {denominator: common // denominator for denominator in under}
    numbers = [0 if cell is None else cell.numerator * factor[cell.denominator] for cell in cells]
    return exact(numbers), given, common


@dataclass(frozen=True)
class Rules:
    """What the plan pays for.

    Parameters
    ----------
    limits
        By item: how many and at what price.
    accepted
        The items that the plan pays for at all.
    premium_rate
        The employer's premium, as a share of the fees of the items in `premium_on`.
    premium_on
        The items that the premium is due on.
    misc_share
        The most that misc may be of the whole admissible budget.
    """

    limits: dict[str, Limit]
    accepted: tuple[str, ...]
    premium_rate: Fraction
    premium_on: tuple[str, ...]
    misc_share: Fraction


@dataclass(frozen=True)
class JudgedLines:
    """What was made of each line, shape (m,): NT$ that are admissible, and its `Fault` bits."""

    admissible: IntArray
    faults: IntArray


def judge(lines: Lines, rules: Rules, applications: int) -> JudgedLines:
    """Work out what of each line is admissible.

    In this order: items that are not paid for; amounts that do not add up count at the less of
    the two; prices and quantities above the limits; the premium on what is left of the fees; misc
    as a share of what is left of everything.
    """
    faults = np.zeros(len(lines.amount), dtype=np.int64)
    admissible = _added_up(lines, faults)
    _mark(faults, ~np.isin(lines.item, _ordinals(rules.accepted)), Fault.NOT_ACCEPTED)
    for name, limit in rules.limits.items():
        _limit(lines, NAMES.index(name), limit, admissible=admissible, faults=faults)
    admissible[(faults & (Fault.NOT_ACCEPTED | Fault.INCOMPLETE)) > 0] = 0
    fees = _sums(lines, admissible, np.isin(lines.item, _ordinals(rules.premium_on)), applications)
    premium = _half_up(fees, rules.premium_rate)
    _cap(
        lines,
        NAMES.index("health_premium"),
        premium,
        admissible=admissible,
        faults=faults,
        fault=Fault.PREMIUM,
    )
    misc = NAMES.index("misc")
    if rules.misc_share < 1:
        # m <= s * (others + m)  if and only if  m <= s / (1 - s) * others
        share = rules.misc_share / (1 - rules.misc_share)
        others = _sums(lines, admissible, lines.item != misc, applications)
        _cap(
            lines,
            misc,
            share_of(others, share),
            admissible=admissible,
            faults=faults,
            fault=Fault.MISC,
        )
    return JudgedLines(admissible, faults)


def _ordinals(names: Sequence[str]) -> list[int]:
    return [NAMES.index(name) for name in names]


def _mark(faults: IntArray, where: BoolArray, fault: Fault) -> None:
    faults[where] |= int(fault)


def _sums(lines: Lines, amount: IntArray, where: BoolArray, applications: int) -> IntArray:
    """Add amounts up by application, exactly."""
    return grouped(amount[where], lines.application[where], applications)


def _half_up(amount: IntArray, rate: Fraction) -> IntArray:
    """``rate * amount`` to whole NT$, a half upwards, as the insurance rounds."""
    twice = plus(times(amount, 2 * rate.numerator), rate.denominator)
    return floored(twice, 2 * rate.denominator)


def _added_up(lines: Lines, faults: IntArray) -> IntArray:
    """Hold ``quantity * price = amount`` up to rounding to whole NT$; the less of the two counts."""
    whole = lines.quantity_denominator * lines.price_denominator
    product = lines.product
    floor, ceiling = floored(product, whole), -floored(-product, whole)
    wrong = lines.complete & ((lines.amount < floor) | (lines.amount > ceiling))
    _mark(faults, wrong.astype(bool), Fault.SUM)
    return exact(np.where(lines.complete, np.minimum(lines.amount, ceiling), lines.amount))


def _limit(lines: Lines, item: int, limit: Limit, admissible: IntArray, faults: IntArray) -> None:
    """Cut one item to its limits: ``sum_i quantity_i <= most``, ``price_i <= highest``."""
    chosen = np.flatnonzero(lines.item == item)
    _mark(faults, _at(chosen[~lines.complete[chosen]], len(faults)), Fault.INCOMPLETE)
    chosen = chosen[lines.complete[chosen]]
    if not len(chosen):
        return
    most = exact([int(limit.quantity * lines.quantity_denominator)] * len(chosen))
    highest = exact([int(limit.unit_price * lines.price_denominator)])
    price = np.minimum(lines.price[chosen], highest)
    group = lines.application[chosen]
    quantity = lines.quantity[chosen]
    granted = _dealt(group, quantity, (price, admissible[chosen]), most)
    dear, many = lines.price[chosen] > highest, granted < quantity
    _mark(faults, _at(chosen[dear.astype(bool)], len(faults)), Fault.PRICE)
    _mark(faults, _at(chosen[many.astype(bool)], len(faults)), Fault.QUANTITY)
    whole = lines.quantity_denominator * lines.price_denominator
    cost = floored(times(granted, price), whole)
    cut = np.minimum(admissible[chosen], cost).astype(admissible.dtype)
    admissible[chosen] = np.where((dear | many).astype(bool), cut, admissible[chosen])


def _cap(
    lines: Lines, item: int, most: IntArray, admissible: IntArray, faults: IntArray, fault: Fault
) -> None:
    """Cut the lines of one item to ``most`` NT$ an application."""
    chosen = np.flatnonzero((lines.item == item) & ((faults & Fault.NOT_ACCEPTED) == 0))
    group, amount = lines.application[chosen], admissible[chosen]
    granted = _dealt(group, amount, (amount,), most[group])
    _mark(faults, _at(chosen[(granted < amount).astype(bool)], len(faults)), fault)
    admissible[chosen] = granted


def _at(places: IntArray, size: int) -> BoolArray:
    found = np.zeros(size, dtype=bool)
    found[places] = True
    return found


def _dealt(
    group: IntArray, wanted: IntArray, rank: tuple[IntArray, ...], most: IntArray
) -> IntArray:
    """Deal each group's ``most`` out, highest rank first: ``sum_i granted_i <= most``."""
    if not len(group):
        return wanted
    # ordinals instead of the numbers themselves, which may be Python integers
    keys: list[Any] = [-np.unique(key, return_inverse=True)[1] for key in reversed((*rank, wanted))]
    order = np.lexsort((*keys, group))
    before = plus(running(wanted[order]), -wanted[order])
    first = np.searchsorted(group[order], group[order])
    used = plus(before, -before[first])
    left = np.maximum(plus(most[order], -used), 0)
    granted = wanted.copy()
    granted[order] = np.minimum(left, wanted[order])
    return granted
