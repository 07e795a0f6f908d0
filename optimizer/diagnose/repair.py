"""A repair: one key of the policy set to another value, with its price."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import Any

from optimizer.language.text import Text


class Money(IntEnum):
    """Where the money for a change comes from; the order in which changes are offered."""

    KEPT = 0  # the pool stays as it is
    RESERVE = 1  # part of what was held back is spent
    MORE = 2  # more money has to be found


@dataclass(frozen=True)
class Repair:
    """One change to the policy, as small as it can be.

    Parameters
    ----------
    kind
        What is done: ``raise_pool``, ``lower_contingency``, ``raise_cap``, ``cut_requests``,
        ``lower_quota``, ``raise_quota``,  ``raise_bound``, ``withdraw_decision``, ``lower_minimum_merit``,
        ``lower_minimum_award``, ``drop_clause``.
    key
        The key to change, as in a scenario's ``set``, e.g. ``pool.amount`` or
        ``clause.quota.level.junior_high.at_least``; for ``drop_clause`` as in its ``drop``.
    old, new
        The value there is and the one that mends, both in the policy's own form.
    price
        How much is given up: NT$, applications, percentage points, decisions or points.
    unit
        What the price is counted in.
    text
        The change in one sentence.
    clause
        Label of the clause it changes.
    money
        Whether it takes more money, or money that was held back.
    share
        How much of the rule is given up: 1 if it is as though it were not there.
    proved
        Whether it is proved that one step less does not do (the other changes of a combination
        left as they are).
    """

    kind: str
    key: str
    old: Any
    new: Any
    price: Fraction
    unit: str
    text: Text
    clause: str
    money: Money = Money.KEPT
    share: Fraction = Fraction(1)
    proved: bool = True


Mending = tuple[Repair, ...]
Cost = tuple[Money, Fraction, int]


def cost(mending: Mending) -> Cost:
    """Return what repairs are ordered by, cheapest first.

    First those that keep the pool, then those that spend what was held back, then those that need
    more money; among these by how much of the rules is given up, added up over the changes (a
    quota of 20 lowered to 19: 1/20); then by the number of changes.
    """
    money = max((repair.money for repair in mending), default=Money.KEPT)
    return money, sum((repair.share for repair in mending), Fraction(0)), len(mending)
