"""Hitting sets: the smallest choices that take something from every set."""

from __future__ import annotations

from collections.abc import Sequence

Chosen = frozenset[int]


class TooManyError(Exception):
    """The search was given up: there are too many choices to go through."""


def hitting_set(
    sets: Sequence[Chosen], size: int, blocked: Sequence[Chosen] = (), patience: int = 20_000
) -> Chosen | None:
    """Return a choice of at most `size` things that hits every set and contains none blocked.

    The search branches on the first set that is not hit, over its members in order, so the answer
    depends on the arguments alone.

    Raises
    ------
    TooManyError
        After `patience` branches.
    """
    left = [patience]

    def extend(chosen: Chosen, banned: Chosen) -> Chosen | None:
        left[0] -= 1
        if left[0] < 0:
            raise TooManyError
        if any(block <= chosen for block in blocked):
            return None
        open_ = next((s for s in sets if not s & chosen), None)
        if open_ is None:
            return chosen
        if len(chosen) >= size:
            return None
        for member in sorted(open_ - banned):
            found = extend(chosen | {member}, banned)
            if found is not None:
                return found
            banned |= {member}  # every choice with it has been looked at
        return None

    return extend(frozenset(), frozenset())
