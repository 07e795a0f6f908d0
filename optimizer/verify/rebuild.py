"""What a result claims, let through the same audit as what a solver claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from optimizer.case.case import Case
from optimizer.problems.errors import AuditError, Problem
from optimizer.result.allocation import Allocation
from optimizer.result.certify import certify
from optimizer.result.tabulate import admissible
from optimizer.scoring.build import build_program
from optimizer.scoring.score import Scored
from optimizer.verify.claims import claimed_solution, read_certainty, read_claims, read_decision
from optimizer.verify.plain_seal import plain_seal
from optimizer.verify.reread import ResultTable, mapping
from optimizer.verify.same_case import content_problems
from optimizer.verify.suspect import Suspect, put_back, suspect_problems, suspects


@dataclass(frozen=True)
class Rebuilt:
    """What follows from an award column and from the claims that cannot be worked out anew.

    Parameters
    ----------
    allocation
        What passed the audit; None if nothing did.
    seal
        Of the list as it stands, whether it passes or not.
    broken
        What the audit found in the list as it stands.
    other
        Whether the case is not the one that the result was made from.
    """

    allocation: Allocation | None
    seal: str
    broken: list[Problem]
    other: bool = False


def rebuild(
    said: Mapping[str, Any],
    scored: Scored,
    case: Case,
    tables: dict[str, ResultTable | None],
    found: list[Problem],
) -> Rebuilt:
    """Rebuild the allocation that a result would be, by its summary, if its awards are right.

    What is wrong with them is added to `found`. Where the rest of the result contradicts a cell, the
    list of `tables` is put back to what all the rest speaks of, and that is rebuilt.
    """
    awards, claimed = tables["awards"], str(said.get("seal", ""))
    assert awards is not None
    as_it_stands = _audited(said, scored, case, awards=awards, found=found)
    other = claimed != as_it_stands.seal and any(
        content_problems(said.get("content"), case.content)
    )
    allocation = as_it_stands.allocation
    doubted = [] if other else _suspects(said, scored, tables)
    if doubted:
        tables["awards"] = before = put_back(awards, doubted)
        again = _audited(said, scored, case, awards=before, found=[])
        allocation = again.allocation
        found += suspect_problems(awards, doubted, claimed, sealed=again.seal == claimed)
    found += as_it_stands.broken
    return replace(as_it_stands, allocation=allocation, other=other)


def _audited(
    said: Mapping[str, Any], scored: Scored, case: Case, awards: ResultTable, found: list[Problem]
) -> Rebuilt:
    """Let the claims through the audit of every allocation; what that finds is a difference."""
    claims, program = read_claims(said), build_program(scored)
    decision = read_decision(awards, scored, found)
    certainty = read_certainty(awards, scored, decision, found)
    if certainty is None and claims.settled and not scored.round.size:
        certainty = ()  # of nobody, so that the column tells nothing
    solution = claimed_solution(claims, scored, program, decision, certainty=certainty)
    merit = [Fraction(int(m), scored.scores.denominator) for m in scored.scores.merit]
    seal = plain_seal(case, awards, merit, solution.steps, drawn=solution.drawn)
    try:
        allocation = certify(case, scored, program, solution)
    except AuditError as error:
        return Rebuilt(None, seal, [_in_the_list(problem, awards) for problem in error.problems])
    return Rebuilt(allocation.in_language(claims.language), seal, [])


def _suspects(
    said: Mapping[str, Any], scored: Scored, tables: Mapping[str, ResultTable | None]
) -> list[Suspect]:
    awards, spent = tables["awards"], mapping(said.get("pool")).get("spent")
    if awards is None or "award" not in awards.header:
        return []
    ids = scored.screened.records.applications["application_id"]
    most = dict(zip(map(str, ids), map(int, admissible(scored)), strict=True))
    return suspects(awards, tables["by_school"], spent, most)


def _in_the_list(problem: Problem, awards: ResultTable) -> Problem:
    """Say where in the list of awards a rule is broken; what is wrong with the inputs stays there."""
    if problem.file:
        return problem
    row_of = {a: row for row, a in enumerate(awards.column("application_id"), start=2)}
    row = row_of.get(problem.application_id)
    return replace(problem, file=awards.file, row=row, column="award")
