"""What the reading tells of a case that it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from helpers.files import settings

from optimizer.language.text import LANGUAGES
from optimizer.problems.errors import CaseError, Problem, Severity
from optimizer.reading import read_records


def problems_of(path: Path, **review: Any) -> tuple[Problem, ...]:
    """Return what a case is refused for, each said in both languages and cut where it is long."""
    with pytest.raises(CaseError) as caught:
        read_records(path, settings(**review))
    problems = caught.value.problems
    assert all(problem.severity is Severity.ERROR for problem in problems)
    assert all(len(problem.value) <= 80 for problem in problems)
    assert all(problem.message.zh and problem.message.en for problem in problems)
    assert all(caught.value.say(language) for language in LANGUAGES)
    return problems


def the_only(path: Path, code: str, **review: Any) -> Problem:
    """Return the first of the problems, which all are of one code."""
    found = problems_of(path, **review)
    assert {p.code for p in found} == {code}, [p.say("en") for p in found]
    return found[0]
