"""From a solution to an allocation: the audit of what a solver claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer.case.case import Case
from optimizer.clauses import Violation
from optimizer.facts.audit import audit, audit_claims
from optimizer.language.text import Text
from optimizer.problems.errors import AuditError, Problem, defect
from optimizer.program.program import Program
from optimizer.recheck import recheck
from optimizer.result.allocation import Allocation
from optimizer.scoring.score import Scored
from optimizer.solving.prove import prove_by_table
from optimizer.solving.solution import Solution


def certify(case: Case, scored: Scored, program: Program, solution: Solution) -> Allocation:
    """Audit what a solver claims; only what passes becomes an allocation.

    Who is eligible, with what merit and for how much, is worked out a second time from the text of
    the case.

    Raises
    ------
    AuditError
        With every rule that is broken and every claim that is not so.
    """
    round_, policy = scored.round, case.policy
    broken = audit(round_, policy, solution.decision)
    broken += audit_claims(round_, policy, solution.decision, solution.steps)
    confirm([*recheck(case, scored), *(_violation(v) for v in broken)])
    return Allocation(case, scored, solution.decision, _proved_again(program, solution))


def confirm(found: Sequence[Problem]) -> None:
    """Let nothing pass that an audit found fault with.

    Raises
    ------
    AuditError
        With everything that was found.
    """
    if found:
        raise AuditError(
            Text(f"稽核未通過，共 {len(found)} 處", f"the audit failed in {len(found)} place(s)"),
            found,
        )


def _violation(violation: Violation) -> Problem:
    return defect(violation.clause, violation.message, application_id=violation.application_id)


def _proved_again(program: Program, solution: Solution) -> Solution:
    """Let the plain table confirm what it can, where that takes no time worth speaking of."""
    if not solution.optimal:
        return solution
    confirmed = prove_by_table(program, solution.steps)
    steps = tuple(
        replace(step, again="plain table") if step.goal in confirmed else step
        for step in solution.steps
    )
    return replace(solution, steps=steps)
