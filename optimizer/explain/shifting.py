"""A merit changed: who is funded then follows from two lists that are known, nothing solved.

Where an application is funded with one set amount or not at all, and its merit only changes what
funding it adds to goals that are sums, every list that funds it gains the same by the change, and
every other list nothing. So the best list with it stays the best with it, and the best without it
the best without; which of the two is better then is a matter of adding and comparing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.foundation.exact import IntArray
from optimizer.program.objectives import Additive
from optimizer.program.program import Goal, Program
from optimizer.solving.solution import Certainty

Values = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Told:
    """The fate of one application, worked out without solving.

    Parameters
    ----------
    known
        Whether every, some or no best list funds it.
    award
        Shape (n,), NT$: the one best list, where it is known.
    """

    known: Certainty
    award: IntArray | None = None

    def fate(self, application_id: str) -> Certainty:
        """Say whether every, some or no best list funds it."""
        return self.known


def shift(now: Program, then: Program, a: int) -> Values | None:
    """Return what every list that funds an application gains in each goal as a program changes.

    Returns
    -------
    None where more differs than what funding it adds, its amount is a choice, or later goals may
    cost an earlier one something.
    """
    same = (
        now.ids == then.ids
        and int(now.least[a]) == int(now.most[a])
        and np.array_equal(now.least, then.least)
        and np.array_equal(now.most, then.most)
        and len(now.goals) == len(then.goals)
        and now.rows == then.rows
    )
    if not same:
        return None
    award = int(now.most[a])
    gains = [_gain(one, two, a, award) for one, two in zip(now.goals, then.goals, strict=True)]
    return None if any(gain is None for gain in gains) else tuple(g for g in gains if g is not None)


def _gain(now: Goal, then: Goal, a: int, award: int) -> int | None:
    one, two = now.objective, then.objective
    if now.give_up_share or now.give_up_amount or then.give_up_share or then.give_up_amount:
        return None
    if one is two:
        return 0
    if not isinstance(one, Additive) or not isinstance(two, Additive):
        return 0 if one == two else None
    if one.unit != two.unit or one.constant != two.constant:
        return None
    pairs = [
        (one.per_fund, two.per_fund, 1),
        (_each(one), _each(two), award // one.unit),
    ]
    if any(np.delete(np.asarray(x != y), a).any() for x, y, _ in pairs):
        return None
    return sum(times * (int(y[a]) - int(x[a])) for x, y, times in pairs)


def _each(objective: Additive) -> IntArray:
    per_award = objective.per_award
    return np.zeros_like(objective.per_fund) if per_award is None else per_award


def weighed(funding: Values | None, gain: Values, other: Values | None) -> Told:
    """Weigh the best list that funds an application, and gains, against the best other one.

    Either is None where no list of its kind obeys the rules.
    """
    if funding is None or other is None:
        return Told("none" if funding is None else "every")
    then = tuple(value + more for value, more in zip(funding, gain, strict=True))
    return Told("every" if then > other else "some" if then == other else "none")
