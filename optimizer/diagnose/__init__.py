"""Diagnosis: why no allocation obeys a policy, and the smallest changes that would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer.diagnose.bench import Bench
from optimizer.diagnose.conflicts import Conflict, find_conflicts
from optimizer.diagnose.diagnosis import Diagnosis
from optimizer.diagnose.edit import DROP, edited
from optimizer.diagnose.figure import Figure
from optimizer.diagnose.nobody import why_nobody
from optimizer.diagnose.panel import Panel, all_levers
from optimizer.diagnose.parts import Inequality, state
from optimizer.diagnose.problems import FILE, problems
from optimizer.diagnose.repair import Mending, Repair
from optimizer.diagnose.repairs import Repairs
from optimizer.foundation import clock
from optimizer.problems.errors import InfeasibleError
from optimizer.scoring.score import Scored
from optimizer.solving.model import SolverError

__all__ = [
    "DROP",
    "Conflict",
    "Diagnosis",
    "Figure",
    "Inequality",
    "Mending",
    "Repair",
    "diagnose",
    "edited",
    "explained",
    "why_nobody",
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
    started = clock.now()
    stated = state(scored)
    levers = all_levers(stated)
    light = frozenset(lever.key for lever in levers if not lever.moves_bounds)
    bench = Bench(
        scored, "cbc" if solver == "cbc" else "highs", _until(started, time_limit, 0.5), light
    )
    conflicts, complete = find_conflicts(bench, stated, limit)
    bench.deadline = _until(started, time_limit)
    repairs = Repairs(Panel(bench, levers), limit)
    found = _mended(repairs, conflicts) if conflicts else ((), [], [])
    return Diagnosis(
        stated,
        conflicts,
        found[0],
        tuple(mending[0] for mending in found[1]),
        tuple(found[2]),
        complete,
        repairs.complete,
        repairs.cheapest,
        bench.asked,
        clock.now() - started,
    )


def _until(started: float, seconds: float | None, part: float = 1.0) -> float | None:
    return None if seconds is None else started + part * seconds


def _mended(
    repairs: Repairs, conflicts: Sequence[Conflict]
) -> tuple[tuple[Figure, ...], list[Mending], list[Mending]]:
    """Return figures, single changes and combinations; each needs the solver less than the next."""
    parts = [part for conflict in conflicts for part in conflict.parts]
    figures, singles = repairs.figures(parts), repairs.singles()
    return figures, singles, repairs.combinations(singles)


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
