"""Checking a case without deciding anything: data, policy and screening, all in one list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from optimizer.case.case import REST, SCREENING, read_case, require
from optimizer.language.text import EMPTY, Language, Text
from optimizer.language.words import as_counted
from optimizer.problems.arguments import checked
from optimizer.problems.errors import (
    PolicyError,
    Problem,
    Severity,
    SubsidyError,
    UsageError,
    defect,
)
from optimizer.reading.outline import CaseSheet
from optimizer.recheck import recheck
from optimizer.result.tabulate import problems as problem_frame
from optimizer.scoring.remarks import screening_problems
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.writing import new_file


@dataclass(frozen=True)
class Check:
    """What there is to say of a case.

    Parameters
    ----------
    problems
        Errors, refusals and flags, in this order.
    applications, eligible
        How many there are; 0 while the case cannot be used.
    rest
        What was not checked for want of tables or a policy that can be used; empty if that is nothing.
    reviewers
        Who reviewed; nobody while the case cannot be used.
    """

    problems: tuple[Problem, ...]
    applications: int = 0
    eligible: int = 0
    rest: Text = EMPTY
    reviewers: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether the case can be allocated: refusals and flags are a normal part of a round."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


@checked
def check_case(
    path: str | Path, policy: str | Path | None = None, encoding: str | None = None
) -> Check:
    """Find every problem of a case; see `optimizer.read_case` for the parameters.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    CaseError
        If there is no case at all.

    Examples
    --------
    >>> check = check_case("trial")
    >>> check.usable, check.applications, check.eligible
    (True, 40, 40)
    >>> [problem.message.en for problem in check.problems]
    ['3 members, fewer than 6']
    """
    require(Path(path))
    try:
        case = read_case(path, policy, encoding)
        scored = score(screen(case.records, case.policy))
    except UsageError:
        raise
    except SubsidyError as error:
        return Check(_said(error), rest=REST if isinstance(error, PolicyError) else SCREENING)
    records = case.records
    problems = (*recheck(case, scored), *screening_problems(scored))
    return Check(
        tuple(replace(p, file=records.file_of(p.file)) for p in problems),
        len(records.applications),
        scored.round.size,
        reviewers=tuple(sorted(records.reviews.reviewers, key=as_counted)),
    )


def write_problems(checked: Check, target: Path, language: Language) -> None:
    """Write every problem to a CSV file.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    from optimizer.report.csv_tables import to_csv

    new_file(target, to_csv(problem_frame(checked.problems, language)))


def write_marked(
    checked: Check, grids: Iterable[CaseSheet], target: Path, language: Language
) -> None:
    """Write a case back as a workbook with the wrong cells marked, and all problems on a sheet.

    Parameters
    ----------
    checked
        What `check_case` found.
    grids
        The case as it stands: see `optimizer.case.case.outline_case`.
    target
        A file whose name ends in .xlsx or .ods.
    language
        Of the notes.

    Raises
    ------
    UsageError
        If the file cannot be written, or its name ends otherwise.
    """
    from optimizer.report.marked import marked_workbook

    new_file(target, marked_workbook(grids, checked.problems, target.name, language))


def _said(error: SubsidyError) -> tuple[Problem, ...]:
    """Return the problems of an error; an error without any is one itself."""
    return error.problems or (defect("case", error.message),)
