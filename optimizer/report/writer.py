"""Writing a result: everything that comes out of an allocation, into one folder, in one step."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from optimizer.foundation.collection import without_collection
from optimizer.language.text import LANGUAGES, Language, Text
from optimizer.problems.arguments import Part, Spent, checked, refusal, together
from optimizer.report.annex import Annex
from optimizer.report.csv_tables import write_csv
from optimizer.report.folder import REPORT, Kind, files_of, new_folder
from optimizer.report.result_columns import tables_of
from optimizer.report.summary import MadeBy, write_summary
from optimizer.report.typesetting import require_typst
from optimizer.result.allocation import Allocation
from optimizer.stationery.head import Head, report_head

PARTS: tuple[Part, ...] = get_args(Part)
USUAL: tuple[Part, ...] = tuple(part for part in PARTS if part != "record")  # unless asked
Progress = Callable[[str], None]


@checked
def write_result(
    allocation: Allocation,
    target: str | Path,
    *,
    progress: Progress | None = None,
    seconds: Mapping[str, Spent] | None = None,
    started_at: datetime | None = None,
    parts: Collection[Part] = USUAL,
    templates: str | Path | None = None,
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
        Any of ``workbooks``, ``published`` (the lists that a bureau publishes), ``figures``, ``report``
        and, only if it is asked for, ``record`` (a PDF, which needs the extra ``pdf``).
    templates
        A bureau's own templates, as `copy_templates` makes them, for the head of the report and of the record (logo, name and words), and the name above the published lists; none, unless given.

    Returns
    -------
    list of Path
        Every file written, in the order of their names.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or the target holds anything else than an earlier result of the same kind, or cannot be written to, or the PDF is asked for and Typst is not installed.
    PolicyError, TemplateError
        If the templates cannot be used.

    Examples
    --------
    >>> written = write_result(allocate(case), "no-figures", parts=("workbooks",))
    >>> {"awards.csv", "awards.xlsx", "awards.ods"} <= {path.name for path in written}
    True
    """
    head = None
    if templates is not None:
        plan = allocation.case.policy.settings.plan
        head = report_head(Path(templates), plan, allocation.language)
    return write_files(
        allocation,
        Path(target),
        {},
        progress=progress,
        seconds=seconds,
        started_at=started_at,
        parts=parts,
        head=head,
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
    parts: Collection[Part] = USUAL,
    kind: Kind = "allocation",
    head: Head | None = None,
) -> list[Path]:
    """Do what `write_result` does, with other files beside its own, by name, and an annex."""
    if "record" in parts:
        require_typst()
    say = progress or (lambda part: None)
    earlier = {"solve": allocation.solution.seconds, **(seconds or {})}
    spent = timedelta(seconds=sum(earlier.values()))
    began = _stamp(started_at or datetime.now(UTC) - spent)
    clock = time.monotonic()
    with new_folder(target, kind) as folder:
        say("tables")
        for name, table in tables_of(allocation):
            write_csv(table, folder / f"{name}.csv")
        chosen = write_parts(allocation, folder, parts, annex=annex, head=head, say=say)
        for name, data in beside.items():
            (folder / name).write_bytes(data)
        say("summary")
        taken = {**earlier, "write": time.monotonic() - clock}
        write_summary(allocation, folder, began, seconds=taken, parts=chosen, head=head)
    return files_of(target)


def write_parts(
    allocation: Allocation,
    folder: Path,
    parts: Collection[str],
    made_by: MadeBy | None = None,
    annex: Annex | None = None,
    head: Head | None = None,
    say: Progress = lambda part: None,
) -> list[Part]:
    """Write some parts of a result; the same allocation, versions and annex give the same bytes."""
    chosen = [part for part in PARTS if part in parts]
    with without_collection():
        for part in chosen:
            say(part)
            _WRITERS[part](_Made(allocation, made_by, annex=annex, head=head), folder)
    return chosen


def _stamp(moment: datetime) -> str:
    try:
        return moment.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, TypeError):  # year 1 or 9999; a Timestamp without zone
        meant = Text("可換算為 UTC 的時間", "a time that there is in UTC")
        raise together([refusal("write_result(started_at=…)", str(moment), meant)]) from None


@dataclass(frozen=True)
class _Made:
    """What a part of a result is made of: the result, who made it, what else is told, under what head."""

    allocation: Allocation
    by: MadeBy | None
    annex: Annex | None
    head: Head | None


def _write_workbooks(made: _Made, folder: Path) -> None:
    from optimizer.report.result_sheets import sheets_of
    from optimizer.workbooks.ods import write_ods
    from optimizer.workbooks.xlsx import write_xlsx

    sheets = list(sheets_of(made.allocation, made.annex))
    write_xlsx(sheets, folder / "awards.xlsx", made.allocation.title)
    write_ods(sheets, folder / "awards.ods")


def _write_published(made: _Made, folder: Path) -> None:
    from optimizer.report.publish import write_published

    write_published(made.allocation, folder, "" if made.head is None else made.head.agency)


def _write_record(made: _Made, folder: Path) -> None:
    from optimizer.report.printed_record import render_record

    page = render_record(made.allocation, made.by, made.annex, made.head)
    (folder / "record.pdf").write_bytes(page)


def _draw_figures(made: _Made, folder: Path) -> None:
    from optimizer.plots import draw_all

    draw_all(made.allocation, folder / "figures", made.allocation.language)


def _write_report(made: _Made, folder: Path) -> None:
    from optimizer.report.page import render_report

    above = "" if made.head is None else made.head.html
    figures = _figures(made.allocation, folder)
    page = render_report(made.allocation, figures, made.by, annex=made.annex, head=above)
    (folder / REPORT).write_bytes(page.encode())


def _figures(allocation: Allocation, folder: Path) -> Mapping[Language, Mapping[str, str]]:
    """Return the figures of a folder as parts of a page, and the same in the other language."""
    from optimizer.report.drawings import figures_of

    first = allocation.language
    found = {first: figures_of(folder / "figures", first)}
    for other in LANGUAGES:
        if found[first] and other != first:
            from optimizer.plots import draw_all

            face = allocation.in_language(other)
            with TemporaryDirectory() as place:
                draw_all(face, Path(place), lang=other, formats=("svg",))
                found[other] = figures_of(Path(place), other)
    return found


_WRITERS: dict[Part, Callable[[_Made, Path], None]] = {
    "workbooks": _write_workbooks,
    "published": _write_published,
    "figures": _draw_figures,
    "report": _write_report,
    "record": _write_record,
}
