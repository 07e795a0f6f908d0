"""Writing a result: everything that comes out of an allocation, into one folder, in one step."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

from optimizer.foundation.collection import without_collection
from optimizer.language.text import Text
from optimizer.problems.arguments import Part, Spent, checked, refusal, together
from optimizer.report.annex import Annex
from optimizer.report.csv_tables import write_csv
from optimizer.report.folder import Kind, files_of, new_folder
from optimizer.report.result_columns import tables_of
from optimizer.report.summary import MadeBy, write_summary
from optimizer.result.allocation import Allocation

PARTS: tuple[Part, ...] = get_args(Part)
Progress = Callable[[str], None]


@checked
def write_result(
    allocation: Allocation,
    target: str | Path,
    *,
    progress: Progress | None = None,
    seconds: Mapping[str, Spent] | None = None,
    started_at: datetime | None = None,
    parts: Collection[Part] = PARTS,
) -> list[Path]:
    """Write a result into a folder: all of it, or nothing.

    The tables (CSV) and summary.json are always written; `parts` says what else is.

    Parameters
    ----------
    allocation
        The certified result, in the language its texts shall have.
    target
        The folder. It may be missing, empty, or hold an earlier result of the same kind, which is replaced.
    progress
        Called with the name of each part as its turn comes.
    seconds
        Time spent on earlier stages, by name, for summary.json.
    started_at
        When the whole run began; unless given, now less the time that was spent.
    parts
        Any of ``workbooks``, ``figures``, ``report``.

    Returns
    -------
    list of Path
        Every file written, in the order of their names.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or the target holds anything else than an earlier result of the same kind, or cannot be written to.

    Examples
    --------
    >>> written = write_result(allocate(case), "no-figures", parts=("workbooks",))
    >>> {"awards.csv", "awards.xlsx", "awards.ods"} <= {path.name for path in written}
    True
    """
    return write_files(
        allocation,
        Path(target),
        {},
        progress=progress,
        seconds=seconds,
        started_at=started_at,
        parts=parts,
    )


def write_files(
    allocation: Allocation,
    target: Path,
    beside: Mapping[str, bytes],
    annex: Annex | None = None,
    *,
    progress: Progress | None = None,
    seconds: Mapping[str, float] | None = None,
    started_at: datetime | None = None,
    parts: Collection[Part] = PARTS,
    kind: Kind = "allocation",
) -> list[Path]:
    """Do what `write_result` does, with other files beside its own, by name, and an annex."""
    say = progress or (lambda part: None)
    earlier = {"solve": allocation.solution.seconds, **(seconds or {})}
    spent = timedelta(seconds=sum(earlier.values()))
    began = _stamp(started_at or datetime.now(UTC) - spent)
    clock = time.monotonic()
    with new_folder(target, kind) as folder:
        say("tables")
        for name, table in tables_of(allocation):
            write_csv(table, folder / f"{name}.csv")
        chosen = write_parts(allocation, folder, parts, annex=annex, say=say)
        for name, data in beside.items():
            (folder / name).write_bytes(data)
        say("summary")
        taken = {**earlier, "write": time.monotonic() - clock}
        write_summary(allocation, folder, began, seconds=taken, parts=chosen)
    return files_of(target)


def write_parts(
    allocation: Allocation,
    folder: Path,
    parts: Collection[str],
    made_by: MadeBy | None = None,
    annex: Annex | None = None,
    say: Progress = lambda part: None,
) -> list[Part]:
    """Write some parts of a result; the same allocation, versions and annex give the same bytes."""
    chosen = [part for part in PARTS if part in parts]
    with without_collection():
        for part in chosen:
            say(part)
            _WRITERS[part](allocation, folder, made_by, annex=annex)
    return chosen


def _stamp(moment: datetime) -> str:
    try:
        return moment.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, TypeError):  # year 1 or 9999; a Timestamp without zone
        meant = Text("可換算為 UTC 的時間", "a time that there is in UTC")
        raise together([refusal("write_result(started_at=…)", str(moment), meant)]) from None


def _write_workbooks(
    allocation: Allocation, folder: Path, made_by: MadeBy | None, annex: Annex | None
) -> None:
    from optimizer.report.result_sheets import sheets_of
    from optimizer.workbooks.ods import write_ods
    from optimizer.workbooks.xlsx import write_xlsx

    sheets = list(sheets_of(allocation, annex))
    write_xlsx(sheets, folder / "awards.xlsx", allocation.title)
    write_ods(sheets, folder / "awards.ods")


def _draw_figures(
    allocation: Allocation, folder: Path, made_by: MadeBy | None, annex: Annex | None
) -> None:
    from optimizer.plots import draw_all

    draw_all(allocation, folder / "figures", allocation.language)


def _write_report(
    allocation: Allocation, folder: Path, made_by: MadeBy | None, annex: Annex | None
) -> None:
    from optimizer.report.drawings import read_figures
    from optimizer.report.page import render_report

    figures = read_figures(folder / "figures", allocation.language)
    page = render_report(allocation, figures, made_by, annex=annex)
    (folder / "report.html").write_bytes(page.encode())


_WRITERS: dict[Part, Callable[..., None]] = {
    "workbooks": _write_workbooks,
    "figures": _draw_figures,
    "report": _write_report,
}
