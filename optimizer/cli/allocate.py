"""``subsidy allocate``: the main job."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from optimizer.cli.command import CasePath, OutFolder, Parts, ReportTemplates, Solving, parts_of
from optimizer.cli.face import Face

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

LIMIT_REACHED = 6


def allocate(
    face: Face,
    case: CasePath,
    out: OutFolder,
    parts: Parts = None,
    templates: ReportTemplates = None,
    solving: Solving = Solving(),  # noqa: B008 - frozen
) -> int:
    """Run the command."""
    import optimizer
    from optimizer.cli.progress import progress
    from optimizer.cli.terminal_result import show_result
    from optimizer.report.folder import summary_of
    from optimizer.stationery.head import report_head

    started, clock = datetime.now(UTC), time.monotonic()
    chosen = parts_of(parts)
    given = solving.read(case, out, "allocation")
    if templates is not None:  # before anything takes time
        report_head(templates, given.policy.settings.plan, face.language)
    seconds = {"read": time.monotonic() - clock}
    with progress(face, given.policy) as say:
        allocation = optimizer.allocate(
            given, **solving.keywords, language=face.language, progress=say
        )
        files = optimizer.write_result(
            allocation,
            out,
            progress=say,
            seconds=seconds,
            started_at=started,
            parts=chosen,
            templates=templates,
        )
    face.document("summary", {"out": str(out), **summary_of(out)})
    show_result(face, allocation, out, files)
    return exit_code(allocation)


def exit_code(allocation: Allocation) -> int:
    """Return 0 for a proved result, 6 for one that a limit cut short."""
    return 0 if allocation.status == "optimal" else LIMIT_REACHED
