"""The components on either side of one, and where the best of both is found within a pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import Words
from optimizer.solving.dynamic.best_lists import NEVER


@dataclass(frozen=True)
class Side:
    """The components on one side of one: the best worth by steps spent, its zone bare or covered.

    Parameters
    ----------
    bare, covered
        As far as they can spend.
    size
        One more than all the steps that are looked at.
    """

    bare: Words
    covered: Words
    size: int

    @cached_property
    def reach(self) -> int:
        """One more than the most steps that can be spent."""
        return int(np.max(np.flatnonzero(self.either > NEVER // 2), initial=0)) + 1

    @cached_property
    def either(self) -> Words:
        """The better of both."""
        return np.maximum(self.bare, self.covered)

    def up_to(self, name: str) -> Words:
        """Return the best with so many steps or fewer."""
        known = vars(self).setdefault("_up_to", {})
        if name not in known:
            row, upto = getattr(self, name), np.empty(self.size, dtype=np.int64)
            np.maximum.accumulate(row, out=upto[: len(row)])
            upto[len(row) :] = upto[len(row) - 1]
            known[name] = upto
        return known[name]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Join:
    """Where the best list that leaves so many steps to the others is found.

    Parameters
    ----------
    worth
        Of the others, with the coverage of the zone between.
    before, after
        Steps spent on either side.
    sides
        Whether each side is taken with its zone bare, covered, or either.
    alone
        Whether there was no other place.
    """

    worth: int
    before: int = 0
    after: int = 0
    sides: tuple[str, str] = ("bare", "bare")
    alone: bool = True


def most_of(before: Side, after: Side, names: tuple[str, str], left: int) -> int:
    """Return the best worth of both sides within some steps, by what the one of less reach spends."""
    here, there = names
    if after.reach < before.reach:
        before, after, here, there = after, before, there, here
    few = min(before.reach, left + 1)
    sums = getattr(before, here)[:few] + after.up_to(there)[left + 1 - few : left + 1][::-1]
    return int(sums.max())


def meet(before: Side, after: Side, sides: Sequence[str], left: int, bonus: int) -> Join:
    """Find where the best of both sides within some steps is; `bonus` is for the zone between."""
    here, there = getattr(before, sides[0]), getattr(after, sides[1])
    few = min(len(here), left + 1)
    sums = here[:few] + after.up_to(sides[1])[left + 1 - few : left + 1][::-1]
    s = int(sums.argmax())
    worth = int(sums[s])
    same = np.flatnonzero(there[: left - s + 1] == worth - int(here[s]))
    alone = len(same) == 1 and int(np.count_nonzero(sums == worth)) == 1
    return Join(worth + bonus, s, int(same[-1]), sides=(sides[0], sides[1]), alone=alone)
