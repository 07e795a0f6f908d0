"""Which options the best states are made of, and one list of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.foundation.exact import BoolArray, Places
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
    return Traced(_seen(whole, best, options), _one(whole, int(np.argmax(best))))


def _seen(whole: States, best: BoolArray, options: int) -> BoolArray:
    seen = np.zeros(options, dtype=bool)
    open_ = [(whole, best)]
    while open_:
        states, wanted = open_.pop()
        ways = wanted[states.state]
        if states.parents is None:
            chosen = states.first[ways]
            seen[chosen[chosen != NO_OPTION]] = True
            continue
        for parent, source in zip(states.parents, (states.first, states.second), strict=True):
            before = np.zeros(len(parent.lost), dtype=bool)
            before[source[ways]] = True
            open_.append((parent, before))
    return seen


def _one(whole: States, state: int) -> Places:
    found: list[int] = []
    open_ = [(whole, state)]
    while open_:
        states, wanted = open_.pop()
        way = int(np.searchsorted(states.state, wanted))
        if states.parents is None:
            found.append(int(states.first[way]))
            continue
        one, other = states.parents
        open_ += [(one, int(states.first[way])), (other, int(states.second[way]))]
    return np.array([option for option in found if option != NO_OPTION], dtype=np.int64)
