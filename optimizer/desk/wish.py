"""An answer that is wished for, and how it is said that it is wished for no longer."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.policy.policy import Policy
from optimizer.problems.errors import LimitError

SECONDS = 10.0  # for one answer; what is not proved by then is said not to be
LONGER = 120.0  # for one that is worth waiting for


@dataclass(frozen=True)
class Wish:
    """An answer that is wished for.

    Parameters
    ----------
    number
        Later wishes have higher numbers.
    draft, base
        The policy that is asked about, and the one that is compared with.
    seconds
        How long an answer may take. One that was not proved in the usual time is sought again where
        it may take longer.
    """

    number: int
    draft: Policy
    base: Policy
    seconds: float = SECONDS


class OutdatedError(Exception):
    """A later wish has come meanwhile."""


class EndedError(LimitError):
    """What worked it out was ended by the system, not by the limit on time."""
