"""Which options the best states are made of, and one list of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.foundation.exact import BoolArray, Places
from optimizer.solving.merging.arrivals import Trail
from optimizer.solving.merging.order import NO_OPTION
from optimizer.solving.merging.states import States


@dataclass(frozen=True)
class Traced:
    """What the lists of the greatest worth choose."""

    seen: BoolArray  # shape (o,): the options that some of them choose
    one: Places  # shape (C,): those of one of them


def traced(whole: States, options: int) -> Traced:
    """Go back from the states of the greatest worth, of so many options in all."""
    best = whole.worth == whole.worth.max()
    return Traced(_seen(whole.trail, best, options), _one(whole.trail, int(np.argmax(best))))


def _seen(whole: Trail, best: BoolArray, options: int) -> BoolArray:
    seen = np.zeros(options, dtype=bool)
    open_ = [(whole, best)]
    while open_:
        trail, wanted = open_.pop()
        ways = wanted[trail.state]
        if trail.parents is None:
            chosen = trail.first[ways]
            seen[chosen[chosen != NO_OPTION]] = True
            continue
        for parent, source in zip(trail.parents, (trail.first, trail.second), strict=True):
            before = np.zeros(parent.count, dtype=bool)
            before[source[ways]] = True
            open_.append((parent, before))
    return seen


def _one(whole: Trail, state: int) -> Places:
    found: list[int] = []
    open_ = [(whole, state)]
    while open_:
        trail, wanted = open_.pop()
        way = int(np.searchsorted(trail.state, wanted))
        if trail.parents is None:
            found.append(int(trail.first[way]))
            continue
        one, other = trail.parents
        open_ += [(one, int(trail.first[way])), (other, int(trail.second[way]))]
    return np.array([option for option in found if option != NO_OPTION], dtype=np.int64)
