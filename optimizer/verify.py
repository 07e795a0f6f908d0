"""Verifying: a finished result is checked against its inputs, without any solver.

The decision is taken from the award column alone. Everything else that a result says is worked out
again from the inputs and that decision, and compared cell by cell: eligibility, merit, ranks,
totals, reasons, the value of every priority, every hard rule. What cannot follow from the inputs
without solving (bounds, certainty) must at least agree with itself; ``prove=True`` solves again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from optimizer.allocation import Allocation
from optimizer.arguments import Seconds, checked
from optimizer.audit import audit
from optimizer.build import build_program
from optimizer.case import Case
from optimizer.errors import Problem
from optimizer.recheck import recheck
from optimizer.report.claims import (
    OF_THE_RUN,
    Claims,
    claimed_solution,
    contradictions,
    read_certainty,
    read_claims,
    read_decision,
    run_problems,
)
from optimizer.report.columns import TABLES
from optimizer.report.differences import KEYS, document_differences, table_differences
from optimizer.report.folder import SUMMARY
from optimizer.report.reread import Table, changed_files, problem, read_csv, read_document
from optimizer.scoring import Scored, score
from optimizer.screening import screen
from optimizer.text import Text

FILES = tuple(f"{name}.csv" for name in TABLES)


@checked
def verify_result(
    folder: str | Path,
    case: Case,
    prove: bool = False,
    time_limit: Seconds | None = None,
    seed_commitment: str | None = None,
) -> list[Problem]:
    """Check a finished result against its inputs.

    Parameters
    ----------
    folder
        What `write_result` wrote.
    case
        The inputs it is said to come from, under the policy it is said to follow.
    prove
        Solve again by another method, and compare optima, certainty and awards. A result that
        does not claim to be optimal has no proof to repeat.
    time_limit
        Seconds for that.
    seed_commitment
        SHA-256 of the seed as it was published before the reviews were opened, to be checked.

    Returns
    -------
    list of Problem
        Every difference, with file, row, column, value and what was expected; empty if the result
        is what it says.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    CaseError
        If the case itself does not fit its policy.
    LimitError
        If the limit came before the second proof.
    """
    place, scored = Path(folder), score(screen(case.records, case.policy))
    found = [*_commitment(case, seed_commitment), *recheck(case, scored)]
    if not place.is_dir():
        return [problem("missing_folder", Text("找不到結果資料夾", "no such folder"), place.name)]
    document = read_document(place, found)
    tables = {name: read_csv(place, f"{name}.csv", found) for name in TABLES}
    if document is not None:
        changed_files(place, document.get("outputs"), FILES, found)
        found += run_problems(document)
    if tables["awards"] is None:
        return found
    allocation = _rebuild(document or {}, case, scored, tables["awards"], found)
    found += _broken_rules(allocation)
    found += _table_problems(allocation, tables)
    if document is not None:
        found += _summary_problems(allocation, document)
    if prove and not found and allocation.status == "optimal":
        found += _prove(allocation, time_limit)
    return found


def _commitment(case: Case, published: str | None) -> Iterable[Problem]:
    digest = case.policy.settings.draw.digest
    if published is not None and published.strip().lower() != digest:
        message = Text("抽籤種子並非事先公布者", "the seed is not the one that was published")
        yield problem("commitment", message, "policy.toml", None, "draw.seed", digest, published)


def _rebuild(
    document: Mapping[str, Any], case: Case, scored: Scored, awards: Table, found: list[Problem]
) -> Allocation:
    """Rebuild the allocation that a result would be if its award column is right."""
    claims: Claims = read_claims(document)
    decision = read_decision(awards, scored, found)
    certainty = read_certainty(awards, scored, decision, found)
    solution = claimed_solution(claims, scored, case.policy, decision, certainty)
    return Allocation(case, scored, decision, solution, claims.language)


def _broken_rules(allocation: Allocation) -> Iterable[Problem]:
    broken = audit(allocation.scored.round, allocation.case.policy, allocation.decision)
    for violation in broken:
        yield problem(violation.clause, violation.message, "awards.csv", None, "award")


def _table_problems(
    allocation: Allocation, tables: Mapping[str, Table | None]
) -> Iterable[Problem]:
    for name, table in tables.items():
        if table is not None:
            yield from table_differences(table, getattr(allocation, name), KEYS[name])


def _summary_problems(allocation: Allocation, document: Mapping[str, Any]) -> Iterable[Problem]:
    own = {key: value for key, value in document.items() if key not in OF_THE_RUN}
    yield from document_differences(own, allocation.summary, SUMMARY)
    for key in OF_THE_RUN:
        if key not in document:
            yield problem("missing_key", Text("缺少此項", "is missing"), SUMMARY, None, key)
    yield from contradictions(allocation.solution)


def _prove(allocation: Allocation, time_limit: float | None) -> list[Problem]:
    from optimizer.prove import Claim, prove_again

    bounds = {step.goal: step.bound for step in allocation.steps}
    solution = allocation.solution
    claim = Claim(allocation.decision, bounds, solution.certainty, solution.engine)
    return prove_again(build_program(allocation.scored), claim, time_limit)[0]
