"""A merit shifted: who is funded then follows from two lists that are known, nothing solved.

Where its merit only changes what funding an application adds to goals that are sums, every list that
gives it the same amount gains the same by the change, and every list without it nothing. So the best
list with that amount stays the best with it, and the best without it the best without; which of them
is better then is a matter of adding and comparing. What rules
say of an application by its own merit alone is asked of them for all applications at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from optimizer.explain.restating import Restating
from optimizer.foundation.exact import IntArray, exact, plus, times
from optimizer.program.objectives import Additive, Objective
from optimizer.program.program import Program
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


@dataclass(frozen=True)
class Shifts:
    """What every list that funds an application gains in each goal by another merit of it.

    Parameters
    ----------
    restating, program
        The round as it is.
    step
        The smallest step of each merit that its reviewers' marks allow.
    """

    restating: Restating
    program: Program
    step: tuple[Fraction, ...]
    _known: dict[int, list[_Change] | None] = field(default_factory=dict)

    def by(self, a: int, count: int) -> Callable[[int], Values] | None:
        """Return what is gained in each goal so many steps away, by the amount that it gets, NT$.

        Returns
        -------
        None where a rule looks at more than its own merit, or where later goals may cost an earlier
        one something.
        """
        if not self._whole[a]:
            return None
        if count not in self._known:
            self._known[count] = self._changes(count) if self._apart else None
        changes = self._known[count]
        if changes is None:
            return None
        own = [change.of(a) for change in changes]
        return lambda award: tuple(fund + each * (award // unit) for fund, each, unit in own)

    @cached_property
    def _whole(self) -> list[bool]:
        """Whether the merits' integers can tell the steps of each apart."""
        by = self.restating.round.merit_denominator
        return [by % step.denominator == 0 for step in self.step]

    @cached_property
    def _apart(self) -> bool:
        gives_up = any(goal.give_up_share or goal.give_up_amount for goal in self.program.goals)
        return not gives_up and self.restating.merits_apart

    def _changes(self, count: int) -> list[_Change] | None:
        """Return the same for all applications, each so many steps of its own from its merit."""
        round_ = self.restating.round
        merit = plus(round_.merit, times(self._steps, count))
        low, high = min(0, int(round_.merit.min())), int(round_.merit.max())
        within = exact(np.clip(merit, low, max(100 * round_.merit_denominator, high)))
        then = self.restating.state(round_.revalued(merit=within), self.restating.policy)
        pairs = zip(self.program.goals, then.goals, strict=True)
        found = [_change(now.objective, goal.objective) for now, goal in pairs]
        return None if None in found else [change for change in found if change is not None]

    @cached_property
    def _steps(self) -> IntArray:
        """Shape (n,): each step in the merits' integers; where it is none, nobody is asked about it."""
        return exact([int(step * self.restating.round.merit_denominator) for step in self.step])


@dataclass(frozen=True, eq=False)
class _Change:
    """How much more funding each application is worth to a goal; None where nothing changes."""

    coefficients: IntArray | None = None
    unit: int = 1

    def of(self, a: int) -> tuple[int, int, int]:
        """Return how much more it is worth to fund one, how much more each unit, and the unit in NT$."""
        if self.coefficients is None:
            return 0, 0, 1
        each = len(self.coefficients) // 2 + a
        return int(self.coefficients[a]), int(self.coefficients[each]), self.unit


def _change(now: Objective, then: Objective) -> _Change | None:
    if now is then or not isinstance(now, Additive) or not isinstance(then, Additive):
        return _Change() if now == then else None
    if now.unit != then.unit or now.constant != then.constant:
        return None
    return _Change(plus(then.coefficients, -now.coefficients), now.unit)


def weighed(funding: Values | None, gain: Values, other: Values | None) -> Told:
    """Weigh the best list that funds an application, and gains, against the best other one.

    Either is None where no list of its kind obeys the rules.
    """
    if funding is None or other is None:
        return Told("none" if funding is None else "every")
    then = tuple(value + more for value, more in zip(funding, gain, strict=True))
    return Told("every" if then > other else "some" if then == other else "none")
