"""``subsidy allocate``: the main job."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optimizer.cli.command import (
    CasePath,
    Encoding,
    OutFolder,
    PolicyFile,
    Solver,
    Threads,
    TimeLimit,
    read,
)
from optimizer.cli.face import Face
from optimizer.errors import UsageError
from optimizer.text import Text

if TYPE_CHECKING:
    from optimizer.allocation import Allocation

LIMIT_REACHED = 6


def allocate(
    face: Face,
    case: CasePath,
    out: OutFolder,
    policy: PolicyFile = None,
    solver: Solver = "highs",
    time_limit: TimeLimit = None,
    threads: Threads = 1,
    encoding: Encoding = None,
) -> int:
    """Run the command."""
    import optimizer
    from optimizer.cli.progress import progress
    from optimizer.cli.result import show_result
    from optimizer.report.folder import check_target

    check_limit(time_limit)
    check_target(out)
    given = read(case, policy, encoding)
    with progress(face, given.policy) as say:
        allocation = optimizer.allocate(given, solver, time_limit, threads, face.language, say)
        files = optimizer.write_result(allocation, out, progress=say)
    face.document({"out": str(out), **allocation.summary})
    show_result(face, allocation, out, files)
    return exit_code(allocation)


def exit_code(allocation: Allocation) -> int:
    """Return 0 for a proved result, 6 for one that a limit cut short."""
    return 0 if allocation.status == "optimal" else LIMIT_REACHED


def check_limit(time_limit: float | None) -> None:
    """Refuse a time limit that is no number of seconds."""
    if time_limit is not None and not math.isfinite(time_limit):
        raise UsageError(
            Text("--time-limit 須為秒數，如 60。", "--time-limit must be seconds, e.g. 60.")
        )
