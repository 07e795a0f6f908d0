"""A repair: one key of the policy set to another value, with its price."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from optimizer.text import Text


@dataclass(frozen=True)
class Repair:
    """One change to the policy, as small as it can be.

    Parameters
    ----------
    kind
        What is done: ``raise_pool``, ``lower_contingency``, ``raise_cap``, ``lower_quota``,
        ``raise_quota``, ``withdraw_decision``, ``lower_minimum_merit``, ``drop_clause``.
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
    proved: bool = True
