"""Many cases one after the other, or several at once; one that fails is a row, and the others stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from optimizer.case.case import read_case
from optimizer.language.text import Language, Text
from optimizer.pipe import allocated
from optimizer.problems.arguments import Jobs, Part, Seconds, Solver, Threads, checked, refusal
from optimizer.problems.errors import SubsidyError, UsageError
from optimizer.report import write_result
from optimizer.report.csv_tables import to_csv
from optimizer.report.writer import PARTS
from optimizer.result.dtypes import CODE, OUTCOMES, WHOLE, category, typed
from optimizer.scenarios.outcome import status_of
from optimizer.scenarios.run import Task, Workers, run
from optimizer.scenarios.store import Answer, Store
from optimizer.solving.options import Options, Progress
from optimizer.writing import new_file

TABLE = "batch.csv"
COLUMNS = ("case", "status", "exit_code", "pool", "spent", "eligible", "funded", "seal", "said")
_WHOLE = dict.fromkeys(("exit_code", "pool", "spent", "eligible", "funded"), WHOLE)
_UNPROVED = 6


@checked
def batch(
    cases: Sequence[str | Path],
    target: str | Path,
    *,
    jobs: Jobs = 1,
    parts: Collection[Part] = PARTS,
    solver: Solver = "auto",
    time_limit: Seconds | None = None,
    threads: Threads = 1,
    language: Language = "zh-TW",
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Read and allocate many cases, and write each result into a folder of its case's name.

    Parameters
    ----------
    cases
        Folders, or workbooks with policy.toml beside them.
    target
        The folder that holds the results, and ``batch.csv``.
    jobs
        Processes.
    parts
        As for `write_result`.
    solver, time_limit, threads, language
        As for `allocate`, for each case.
    progress
        Called with each case's name and what became of it.

    Returns
    -------
    DataFrame
        One row a case, in the order given: case, status (of a scenario, ``refused`` where the case cannot be
        used), exit_code (which ``subsidy allocate`` would end with), pool, spent, eligible, funded, seal, and what was
        said. Each result appears whole or not at all, whatever ends the run.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or two cases have one name.
    """
    names = [_name(Path(case)) for case in cases]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        raise UsageError(refusal("batch(cases=…)", twice or names, _NAMES))
    options = Options(solver, time_limit, threads, language)
    work = partial(_done, Path(target), tuple(parts), options)
    tasks = [Task(name, (name, str(case))) for name, case in zip(names, cases, strict=True)]
    rows = []
    for answer in run(work, tasks, Workers(jobs), Store()):
        rows.append(answer)
        if progress is not None:
            progress(f"{answer['case']}: {answer['status']}")
    found = typed(pd.DataFrame(rows, columns=COLUMNS, dtype=object), {**_WHOLE, "status": CODE})
    found["status"] = category(found["status"], OUTCOMES)
    new_file(Path(target) / TABLE, to_csv(found))
    return found


def _name(case: Path) -> str:
    place = case.resolve()
    return place.name if place.is_dir() else place.stem


def _done(
    target: Path, parts: tuple[Part, ...], options: Options, asked: tuple[str, str]
) -> Answer:
    """Do one case, and return its row."""
    name, place = asked
    try:
        allocation = allocated(read_case(place), options.anew())
        write_result(allocation, target / name, parts=parts)
    except SubsidyError as error:
        said = " ".join(error.say(options.language).split())
        return {
            "case": name,
            "status": status_of(error),
            "exit_code": error.exit_code,
            "said": said,
        }
    return {
        "case": name,
        "status": allocation.status,
        "exit_code": 0 if allocation.status == "optimal" else _UNPROVED,
        "pool": allocation.pool,
        "spent": allocation.spent,
        "eligible": allocation.scored.round.size,
        "funded": allocation.measures.funded,
        "seal": allocation.seal,
        "said": "",
    }


_NAMES = Text("至少一個計畫，名稱各不相同", "at least one case, all of different names")
