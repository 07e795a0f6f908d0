"""A merit shifted: who is funded then follows from two lists that are known, nothing solved.

Where an application is funded with one set amount or not at all, and its merit only changes what
funding it adds to goals that are sums, every list that funds it gains the same by the change, and
every other list nothing. So the best list with it stays the best with it, and the best without it
the best without; which of the two is better then is a matter of adding and comparing. What rules
say of an application by its own merit alone is asked of them for all applications at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from optimizer.explain.restating import Restating
from optimizer.foundation.exact import IntArray, exact, floored, plus, times
from optimizer.program.objectives import Additive, Objective
from optimizer.program.program import Program
from optimizer.solving.solution import Certainty

Values = tuple[int, ...]


@dataclass(frozen=True)
class Told:
    """The fate of one application, worked out without a list."""

    known: Certainty

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
    _known: dict[int, tuple[IntArray, ...] | None] = field(default_factory=dict)

    def gain(self, a: int, merit: Fraction) -> Values | None:
        """Return what is gained at a merit.

        Returns
        -------
        None where the amount is a choice, where a rule looks at more than its own merit, or where
        later goals may cost an earlier one something.
        """
        round_, program = self.restating.round, self.program
        count = (merit - round_.merit_of(a)) / self.step[a]
        fits = (round_.merit_denominator * self.step[a]).denominator == 1
        if not fits or count.denominator > 1 or int(program.least[a]) != int(program.most[a]):
            return None
        if count.numerator not in self._known:
            self._known[count.numerator] = self._gains(count.numerator) if self._apart else None
        gains = self._known[count.numerator]
        return None if gains is None else tuple(int(gain[a]) for gain in gains)

    @cached_property
    def _apart(self) -> bool:
        gives_up = any(goal.give_up_share or goal.give_up_amount for goal in self.program.goals)
        return not gives_up and self.restating.merits_apart

    def _gains(self, count: int) -> tuple[IntArray, ...] | None:
        """Return the same for all applications, each so many steps of its own from its merit."""
        round_ = self.restating.round
        merit = plus(round_.merit, times(self._steps, count))
        low, high = min(0, int(round_.merit.min())), int(round_.merit.max())
        within = exact(np.clip(merit, low, max(100 * round_.merit_denominator, high)))
        then = self.restating.state(round_.revalued(merit=within), self.restating.policy)
        pairs = zip(self.program.goals, then.goals, strict=True)
        gains = [self._gain(now.objective, goal.objective) for now, goal in pairs]
        return (
            None
            if any(gain is None for gain in gains)
            else tuple(g for g in gains if g is not None)
        )

    @cached_property
    def _steps(self) -> IntArray:
        """Shape (n,): each step in the merits' integers; where it is none, nobody is asked about it."""
        return exact([int(step * self.restating.round.merit_denominator) for step in self.step])

    def _gain(self, now: Objective, then: Objective) -> IntArray | None:
        if now is then or not isinstance(now, Additive) or not isinstance(then, Additive):
            return np.zeros(self.program.size, dtype=np.int64) if now == then else None
        if now.unit != then.unit or now.constant != then.constant:
            return None
        size = self.program.size
        change = plus(then.coefficients, -now.coefficients)
        units = floored(self.program.most, now.unit)
        return plus(change[:size], times(change[size:], units))


def weighed(funding: Values | None, gain: Values, other: Values | None) -> Told:
    """Weigh the best list that funds an application, and gains, against the best other one.

    Either is None where no list of its kind obeys the rules.
    """
    if funding is None or other is None:
        return Told("none" if funding is None else "every")
    then = tuple(value + more for value, more in zip(funding, gain, strict=True))
    return Told("every" if then > other else "some" if then == other else "none")
