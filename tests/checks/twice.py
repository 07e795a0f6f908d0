"""A case read twice, by columns and by the second, plain reading."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from helpers.paper import random_paper
from helpers.rounds import scored_of

from optimizer.case.case import Case
from optimizer.problems.errors import Severity
from optimizer.recheck import recheck


def differences(case: Case) -> list[str]:
    return [str(problem.message) for problem in recheck(case, scored_of(case))]


def papers_agree(seed: int, folder: Path, found: Counter[str]) -> None:
    """Write a random case to files, read it twice, and count what refuses how many."""
    case = random_paper(random.Random(f"paper{seed}"), folder)
    assert case.records.originals is not None and case.records.originals.are_of(case.records)
    assert differences(case) == [], seed
    scored = scored_of(case)
    found.update(r.clause for r in scored.remarks if r.finding.severity is Severity.REFUSAL)
    found["nothing"] += scored.round.size
