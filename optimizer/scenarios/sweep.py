"""Sweeping: the same applications under every combination of the values of some keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.case.case import Case
from optimizer.case.digest import digest
from optimizer.foundation.frozen import Content, table
from optimizer.language.text import Language, Text
from optimizer.policy.key_names import key_names
from optimizer.problems.arguments import Jobs, Seconds, Solver, Threads, checked, whole
from optimizer.problems.errors import SubsidyError
from optimizer.result.dtypes import TEXT, WHOLE
from optimizer.scenarios.combinations import Combinations, Point, changes_of, said_point, said_value
from optimizer.scenarios.comparison_tables import Row, row_of, table_of, without_empty
from optimizer.scenarios.outcome import SETTLED, outcome_of, status_of
from optimizer.scenarios.run import Task, Workers, run
from optimizer.scenarios.scenario import Scenario, apply
from optimizer.scenarios.store import Answer, Store, program
from optimizer.scoring.screening import check_rules
from optimizer.session import Session
from optimizer.solving.options import Options, Progress

_SLICE = 5_000  # rows that are held as anything else than a table


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Content):
    """A case under every combination of the values of some keys.

    Parameters
    ----------
    case
        The applications, with the policy as it is.
    axes
        The keys, and their values.
    frame
        One row a scenario, in the order of the grid: the value of each key, then the columns of
        `optimizer.scenarios.comparison_tables.totals`. One without a list says in ``conflict`` why.
    language
        The language of the texts.
    reused
        How many were found in the cache, and not worked out again.

    Examples
    --------
    >>> axes = {"pool.amount": [40_000, 50_000], "clause.school_cap.amount": [4_000, 5_000]}
    >>> found = sweep(case, axes)
    >>> found.frame[["pool.amount", "clause.school_cap.amount", "funded"]].values.tolist()
    [[40000, 4000, 15], [40000, 5000, 13], [50000, 4000, 19], [50000, 5000, 17]]
    """

    case: Case
    axes: Mapping[str, tuple[Any, ...]]
    frame: pd.DataFrame = table()
    language: Language = "zh-TW"
    reused: int = 0

    @property
    def names(self) -> Mapping[str, Text]:
        """What people call each key."""
        return key_names(self.case.policy, self.axes)

    @property
    def proved(self) -> bool:
        """Whether nothing in it was cut short or failed: a list, or the proof that there is none."""
        return bool(self.frame["status"].isin(SETTLED).all())

    def __repr__(self) -> str:
        counts = self.frame["status"].value_counts()
        said = ", ".join(f"{count:,} {status}" for status, count in counts.items() if count)
        return f"<Sweep of {len(self.frame):,} over {', '.join(self.axes)}: {said}>"

    def _repr_html_(self) -> str:
        """Show the first and last rows in a notebook."""
        return self.frame.to_html(max_rows=20, index=False, border=0, na_rep="—")


@checked
def sweep(
    case: Case,
    axes: Mapping[str, Any],
    *,
    jobs: Jobs = 1,
    cluster: str = "",
    cache: str | Path | None = None,
    solver: Solver = "auto",
    time_limit: Seconds | None = None,
    threads: Threads = 1,
    language: Language = "zh-TW",
    progress: Progress | None = None,
) -> Sweep:
    """Allocate a case under every combination of the values of some keys of its policy.

    Parameters
    ----------
    case
        What `read_case` returned.
    axes
        For each key its values: ``{"pool.amount": range(500_000, 1_500_001, 50_000), "order":
        [["coverage", "merit"], ["merit"]]}``. Keys are those of scenarios.toml; values of ``order`` and
        ``drop`` are lists of names.
    jobs
        Processes of this machine.
    cluster
        Address of a Dask scheduler in place of them, e.g. ``tcp://10.0.0.5:8786``.
    cache
        A folder that keeps what is worked out: a run that was ended goes on where it was. What is kept is
        found by content, so that it is never out of date.
    solver, threads
        As for `allocate`.
    time_limit
        Seconds for solving each scenario.
    language
        Language of the texts in the table.
    progress
        Called with the name of each scenario when it is done.

    Returns
    -------
    Sweep
        ``frame`` has one row a scenario, the same whoever worked it out. One that has no list
        (the rules contradict each other, the limit, a policy that cannot be) is a row that says why.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or there is no such cluster.
    PolicyError
        With everything that cannot be changed so, before anything is solved.

    Examples
    --------
    >>> found = sweep(case, {"pool.amount": range(40_000, 50_001, 5_000)})
    >>> found.frame[["pool.amount", "funded"]].values.tolist()
    [[40000, 13], [45000, 15], [50000, 17]]
    """
    grid = Combinations.of(axes)
    grid.check(case)
    options = Options(solver, time_limit, threads, language)
    folder = None if cache is None else Path(cache)
    kept = Store(folder, _settled)
    answers = run(
        partial(answer_of, Session(case), options),
        _tasks(case, grid, options),
        Workers(jobs, cluster),
        kept,
    )
    frame = _frame(case, grid, _told(zip(grid, answers, strict=True), progress))
    return Sweep(case, grid.axes, frame, language=language, reused=kept.reused)


def answer_of(session: Session, options: Options, point: Point) -> Answer:
    """Return the row of one scenario; whatever it fails of, it says so."""
    case = session.case
    try:
        policy = apply(case.policy, Scenario(said_point(point), changes_of(point), file="sweep"))
        check_rules(case.records, policy)
        return row_of(case, outcome_of(session, policy, "", options.anew()), options.language)
    except SubsidyError as error:
        return {"status": status_of(error), "conflict": error.in_a_cell(options.language)}


def _settled(answer: Answer) -> bool:
    return answer["status"] in SETTLED


def _tasks(case: Case, grid: Combinations, options: Options) -> Iterator[Task]:
    """Yield a task for each scenario, under the digest of all that its row depends on."""
    tables = [[each.name, each.sha256] for each in case.content.tables]
    asked = [options.solver, options.time_limit, options.language]
    common = digest([program(), tables, case.content.policy_sha256, asked])
    for point in grid:
        yield Task(digest([common, [[key, said_value(v)] for key, v in point.items()]]), point)


def _told(
    rows: Iterable[tuple[Point, Answer]], progress: Progress | None
) -> Iterator[tuple[Point, Answer]]:
    for point, answer in rows:
        if progress is not None:
            progress(said_point(point))
        yield point, answer


def _frame(case: Case, grid: Combinations, rows: Iterator[tuple[Point, Answer]]) -> pd.DataFrame:
    labels = [priority.label for priority in case.policy.priorities]
    lead = {key: _kind(values) for key, values in grid.axes.items()}
    parts = []
    while some := list(islice(rows, _SLICE)):
        cells = [{**_leading(point), **answer} for point, answer in some]
        parts.append(table_of(cells, labels, lead))
    return without_empty(pd.concat(parts, ignore_index=True), labels)


def _kind(values: tuple[Any, ...]) -> str:
    return TEXT if any(whole(value) is None for value in values) else WHOLE


def _leading(point: Point) -> Row:
    """Return what a row is led by: numbers as they are, all else as the command writes it."""
    return {
        key: said_value(value) if whole(value) is None else value for key, value in point.items()
    }
