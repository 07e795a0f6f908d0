"""Checking a case without deciding anything: data, policy and screening, all in one list."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from optimizer.case.case import read_case, require
from optimizer.language.text import EMPTY, Language
from optimizer.policy.policy import make_policy
from optimizer.problems.arguments import checked
from optimizer.problems.errors import PolicyError, Problem, Severity, SubsidyError, UsageError
from optimizer.reading import read_records
from optimizer.reading.toml import read_toml
from optimizer.recheck import recheck
from optimizer.result.tabulate import problems as problem_frame
from optimizer.scoring.remarks import screening_problems
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.tables.settings import Settings
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
    reviewers
        Who reviewed; nobody while the case cannot be used.
    """

    problems: tuple[Problem, ...]
    applications: int = 0
    eligible: int = 0
    reviewers: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether the case can be allocated: refusals and flags are a normal part of a round."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


@checked
def check_case(
    path: str | Path, policy: str | Path | None = None, encoding: str | None = None
) -> Check:
    """Find every problem of a case; see `optimizer.case.case.read_case` for the parameters.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    CaseError
        If there is no case at all.
    """
    require(Path(path))
    try:
        case = read_case(path, policy, encoding)
        scored = score(screen(case.records, case.policy))
    except PolicyError as error:
        return Check((*_said(error), *_data_problems(Path(path), policy, encoding)))
    except UsageError:
        raise
    except SubsidyError as error:
        return Check(_said(error))
    problems = (*recheck(case, scored), *screening_problems(scored))
    records = case.records
    reviewers = tuple(sorted(records.reviews["reviewer"].unique()))
    return Check(problems, len(records.applications), scored.round.size, reviewers)


def write_problems(checked: Check, target: Path, language: Language) -> None:
    """Write every problem to a CSV file.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    from optimizer.report.delimited import to_csv

    new_file(target, to_csv(problem_frame(checked.problems, language)))


def _said(error: SubsidyError) -> tuple[Problem, ...]:
    """Return the problems of an error; an error without any is one itself."""
    return error.problems or (Problem(Severity.ERROR, "case", error.message),)


def _data_problems(
    path: Path, policy: str | Path | None, encoding: str | None
) -> Sequence[Problem]:
    """Read the data though the policy is broken, so that all is said in one go."""
    folder = path if os.path.isdir(path) else path.parent  # noqa: PTH112 - no error
    settings = _settings_anyway(Path(policy) if policy is not None else folder / "policy.toml")
    if settings is None or not os.path.exists(path):  # noqa: PTH110 - no error
        return ()
    try:
        read_records(path, settings, encoding)
    except SubsidyError as error:
        return error.problems
    return ()


def _settings_anyway(policy: Path) -> Settings | None:
    """Return the review table of a broken policy, if that table is in order."""
    try:
        document = read_toml(policy, EMPTY).document
        review = {"review": document["review"]} if "review" in document else {}
        return make_policy({"pool": {"amount": 0}, **review}).settings
    except SubsidyError:
        return None
