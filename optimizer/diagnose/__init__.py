"""Diagnosis: why no allocation obeys a policy, and the smallest changes that would mend it."""

from __future__ import annotations

import time
from dataclasses import replace

from optimizer.diagnose.bench import Bench
from optimizer.diagnose.conflicts import Conflict, find_conflicts
from optimizer.diagnose.diagnosis import Diagnosis
from optimizer.diagnose.edit import DROP, edited
from optimizer.diagnose.parts import Inequality, state
from optimizer.diagnose.problems import FILE, problems
from optimizer.diagnose.repair import Repair
from optimizer.diagnose.repairs import Repairs, all_levers
from optimizer.errors import InfeasibleError
from optimizer.model import SolverError
from optimizer.scoring import Scored

__all__ = [
    "DROP",
    "Conflict",
    "Diagnosis",
    "Inequality",
    "Repair",
    "diagnose",
    "edited",
    "explained",
]

SECONDS = 60.0  # for saying why an allocation failed, unless a limit says otherwise
LIMIT = 5  # conflicts, and combinations of changes, that are listed


def diagnose(
    scored: Scored, solver: str = "highs", time_limit: float | None = None, limit: int = LIMIT
) -> Diagnosis:
    """Find what conflicts in a policy, and the smallest repairs.

    Parameters
    ----------
    scored
        A case whose policy no allocation obeys.
    solver
        ``cbc``; anything else means ``highs``, as these are questions for an integer program.
    time_limit
        Seconds for everything; what could not be proved in them is said.
    limit
        How many conflicts, and how many combinations of changes, to list.
    """
    started = time.monotonic()
    deadline = None if time_limit is None else started + time_limit
    stated = state(scored)
    levers = all_levers(stated)
    light = frozenset(lever.key for lever in levers if not lever.moves_bounds)
    bench = Bench(scored, "cbc" if solver == "cbc" else "highs", deadline, light)
    conflicts, complete = find_conflicts(bench, stated, limit)
    search = Repairs(bench, levers, limit)
    mendings = search.find(conflict.inequalities for conflict in conflicts)
    return Diagnosis(
        stated,
        conflicts,
        tuple(mending[0] for mending in mendings if len(mending) == 1),
        tuple(mending for mending in mendings if len(mending) > 1),
        complete,
        search.complete,
        bench.asked,
        time.monotonic() - started,
    )


def explained(
    error: InfeasibleError, scored: Scored, solver: str = "highs", time_limit: float | None = None
) -> InfeasibleError:
    """Return the error that says which rules conflict and what would mend it.

    Without a limit, looking is still given up after a minute; what is not proved then is said.
    """
    try:
        found = problems(diagnose(scored, solver, SECONDS if time_limit is None else time_limit))
    except SolverError:  # the figures are beyond what a solver can be exact about
        return error
    policy = scored.screened.policy
    named = [replace(p, file=policy.file) if p.file == FILE else p for p in found]
    return InfeasibleError(error.message, named or error.problems)
