"""The one clock that limits are read from: how long is left, and a stop when nothing is."""

from __future__ import annotations

import math
import time


class OutOfTime(Exception):  # noqa: N818 - a limit, not an error
    """The deadline has passed."""


def now() -> float:
    """Return the seconds of a clock that never goes back."""
    return time.monotonic()


def after(seconds: float | None) -> float | None:
    """Return the time at which so many seconds will have passed; None for no limit."""
    return None if seconds is None else now() + seconds


def left(deadline: float | None) -> float:
    """Return the seconds until a deadline; infinite if there is none."""
    return math.inf if deadline is None else deadline - now()


def keep(deadline: float | None) -> None:
    """Go on only before the deadline.

    Raises
    ------
    OutOfTime
        If it has passed.
    """
    if deadline is not None and now() >= deadline:
        raise OutOfTime
