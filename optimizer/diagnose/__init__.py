"""Diagnosis: why no allocation obeys a policy, and the smallest changes that would mend it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from optimizer.diagnose.as_problems import FILE, problems
from optimizer.diagnose.attainable import Figure
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.conflicts import Conflict, find_conflicts
from optimizer.diagnose.diagnosis import Diagnosis
from optimizer.diagnose.edit import DROP, edited, way_out
from optimizer.diagnose.nobody import why_nobody
from optimizer.diagnose.panel import Panel, all_levers
from optimizer.diagnose.parts import Inequality, state
from optimizer.diagnose.repair import Mending, Repair
from optimizer.diagnose.repairs import Repairs
from optimizer.foundation import clock
from optimizer.problems.errors import InfeasibleError
from optimizer.scoring.score import Scored
from optimizer.solving.model import SolverError
from optimizer.solving.options import Options

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
LEAST = 1.0  # seconds for that even if the limit has come
LIMIT = 5  # conflicts, and combinations of changes, that are listed


def diagnose(scored: Scored, options: Options | None = None, limit: int = LIMIT) -> Diagnosis:
    """Find what conflicts in a policy, and the smallest repairs.

    Parameters
    ----------
    scored
        A case whose policy no allocation obeys.
    options
        Which solver of integer programs, and until when; what could not be proved by then is said.
    limit
        How many conflicts, and how many combinations of changes, to list.
    """
    started, options = clock.now(), options or Options()
    stated = state(scored)
    levers = all_levers(stated)
    heavy = {lever.key for lever in levers if lever.moves_bounds}
    light = frozenset(key for lever in levers for key in lever.edits(Fraction(1))) - heavy
    bench = Bench(scored, options.within(options.left / 2), light)
    conflicts, complete = find_conflicts(bench, stated, limit)
    bench.options = options
    parts = frozenset(part for conflict in conflicts for part in conflict.parts)
    repairs = Repairs(Panel(bench, levers), limit, parts)
    figures = repairs.figures()
    singles = repairs.singles() if conflicts else []
    combinations = repairs.combinations(singles) if conflicts else []
    return Diagnosis(
        stated,
        conflicts,
        figures=figures,
        repairs=tuple(repair for [repair] in singles),
        combinations=tuple(combinations),
        conflicts_complete=complete,
        repairs_complete=repairs.complete,
        cheapest=repairs.cheapest,
        questions=bench.asked,
        seconds=clock.now() - started,
    )


def explained(error: InfeasibleError, scored: Scored, options: Options) -> InfeasibleError:
    """Return the error that says which rules conflict and what would mend it.

    Without a limit, looking is still given up after a minute; what is not proved then is said.
    """
    seconds = SECONDS if options.time_limit is None else max(LEAST, options.left)
    try:
        diagnosis = diagnose(scored, options.within(seconds))
    except SolverError:  # the figures are beyond what a solver can be exact about
        return error
    policy, found = scored.screened.policy, problems(diagnosis)
    named = [replace(p, file=policy.file) if p.file == FILE else p for p in found]
    return InfeasibleError(
        error.message, named or error.problems, list(map(way_out, diagnosis.mendings))
    )
