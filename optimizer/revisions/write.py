"""Writing a revision: a whole result, and the record of what was changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path

from optimizer.problems.arguments import Part, Spent, checked
from optimizer.report.folder import RECORD
from optimizer.report.writer import USUAL, write_files
from optimizer.revisions.record import record_bytes
from optimizer.revisions.revise import Revision
from optimizer.revisions.told import annex_of


@checked
def write_revision(
    revision: Revision,
    target: str | Path,
    *,
    progress: Callable[[str], None] | None = None,
    seconds: Mapping[str, Spent] | None = None,
    started_at: datetime | None = None,
    parts: Collection[Part] = USUAL,
) -> list[Path]:
    """Write a revision into a folder: all files of a result, and revision.json; or nothing.

    Parameters
    ----------
    revision
        What `revise` returned.
    target, progress, seconds, started_at, parts
        As for `write_result`.

    Raises
    ------
    UsageError
        If the target holds anything else than an earlier result of the same kind, or cannot be written to.

    Examples
    --------
    >>> revision = revise(allocate(case), case, withdraw=["A001"])
    >>> "revision.json" in [path.name for path in write_revision(revision, "revised", parts=())]
    True
    """
    record = revision.record
    return write_files(
        revision.allocation,
        Path(target),
        {RECORD: record_bytes(record)},
        annex_of(record, revision.allocation),
        progress=progress,
        seconds=seconds,
        started_at=started_at,
        parts=parts,
        kind="revision",
    )
