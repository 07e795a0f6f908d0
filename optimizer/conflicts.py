"""Saying why no allocation obeys a policy, where that has not been said yet."""

from __future__ import annotations

from optimizer.case import Case
from optimizer.errors import InfeasibleError
from optimizer.scoring import score
from optimizer.screening import screen

SECONDS = 60.0  # for finding conflicts and repairs, unless a limit says otherwise


def with_conflicts(
    error: InfeasibleError, case: Case, solver: str = "auto", time_limit: float | None = None
) -> InfeasibleError:
    """Return the error with the clauses in conflict, and the changes that would mend it.

    Parameters
    ----------
    error
        What `allocate` raised.
    case
        What it was given.
    solver
        As for `allocate`.
    time_limit
        Seconds for looking; what could not be proved in them is said.
    """
    if error.problems:
        return error
    from optimizer.diagnose import explained

    engine = solver if solver in ("highs", "cbc") else "highs"
    scored = score(screen(case.records, case.policy))
    return explained(error, scored, engine, SECONDS if time_limit is None else time_limit)
