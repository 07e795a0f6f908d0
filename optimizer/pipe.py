"""The pipe, from a case to a certified allocation. Read this file first.

``read_case -> screen -> score -> build_program -> solve -> certify -> Allocation``
"""

from __future__ import annotations

from optimizer.case.case import Case
from optimizer.foundation.remembered import Remembered
from optimizer.language.text import Language
from optimizer.problems.arguments import Seconds, Solver, Threads, checked
from optimizer.problems.errors import InfeasibleError
from optimizer.recheck import recheck
from optimizer.result.allocation import Allocation
from optimizer.result.certify import certify, confirm
from optimizer.scoring.build import build_program
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.solving.options import Options, Progress
from optimizer.solving.solve import solve


@checked
def allocate(
    case: Case,
    solver: Solver = "auto",
    time_limit: Seconds | None = None,
    threads: Threads = 1,
    language: Language = "zh-TW",
    progress: Progress | None = None,
) -> Allocation:
    """Distribute the pool of a case among its applications.

    Parameters
    ----------
    case
        What `read_case` returned.
    solver
        ``auto``: the fastest engine that can take the policy, by rule; ``highs`` or ``cbc``: the
        integer program alone, by that solver; ``dynamic``: the dynamic programme or nothing.
    time_limit
        Seconds for screening, stating and solving; the result then says how far from proved it is.
        Checking it anew from the text comes on top, and takes no longer than reading does.
    threads
        Threads for the solver; one value for the whole life of a process.
    language
        Language of the texts in the tables.
    progress
        Called with the name of each priority as its turn comes.

    Returns
    -------
    Allocation
        Audited; ``status`` says whether it is proved optimal.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    CaseError
        If the policy does not fit the data.
    InfeasibleError
        If no allocation obeys every clause; its problems name those in conflict.
    LimitError
        If the limit was reached before any allocation was found.
    AuditError
        If the solver's answer does not pass the audit.

    Examples
    --------
    >>> allocation = allocate(case, language="en")
    >>> allocation
    <Allocation optimal: NT$49,000 of NT$49,000 to 16 of 40 eligible applications>
    >>> bool(allocation.priorities["proved"].all())
    True
    """
    return allocated(
        case, Options(solver, time_limit, threads, language=language, progress=progress)
    )


def allocated(case: Case, options: Options, kept: Remembered | None = None) -> Allocation:
    """Do what `allocate` does, for those who have the options already, or have kept something."""
    kept = kept or Remembered()
    scored = score(screen(case.records, case.policy, kept), kept)
    program = build_program(scored, kept)
    try:
        solution = solve(program, options)
    except InfeasibleError as error:
        from optimizer.diagnose import explained

        confirm(recheck(case, scored, kept))  # nor is "impossible" said of a case that was misread
        raise explained(error, scored, options) from None
    return certify(case, scored, program, solution, kept=kept).in_language(options.language)
