"""From a solution to an allocation: the audit of what a solver claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from optimizer.case.case import Case
from optimizer.explain.envy import grounds_of_envy
from optimizer.explain.improving import improving
from optimizer.facts.audit import audit, audit_claims
from optimizer.foundation.remembered import Remembered
from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.policy.policy import Policy
from optimizer.problems.errors import AuditError, Problem, defect
from optimizer.program.program import Program
from optimizer.recheck import recheck
from optimizer.result.allocation import Allocation
from optimizer.scoring.score import Scored
from optimizer.solving.prove import prove_by_table
from optimizer.solving.solution import Solution
from optimizer.tables.round import Round

_MOST_NAMED = 20  # of the exchanges that would be better


def certify(
    case: Case, scored: Scored, program: Program, solution: Solution, kept: Remembered | None = None
) -> Allocation:
    """Audit what a solver claims; only what passes becomes an allocation.

    Who is eligible, with what merit and for how much, is worked out a second time from the text of
    the case; not again where the case's text, the rules that look at single applications and all that
    was made of them are what `kept` has seen compared.

    Raises
    ------
    AuditError
        With every rule that is broken and every claim that is not so; or with exchanges that would
        be better, where the list is said to be proved the best.
    """
    round_, policy = scored.round, case.policy
    confirm([*recheck(case, scored, kept), *broken(round_, policy, solution)])
    if solution.proved:
        confirm([*unforced(scored.round, policy, program, solution)])
    return Allocation(case, scored, solution.decision, _proved_again(program, solution))


def broken(round_: Round, policy: Policy, solution: Solution) -> list[Problem]:
    """Return every rule that a solution breaks, and every value it claims and does not have."""
    found = audit(round_, policy, solution.decision)
    found += audit_claims(round_, policy, solution.decision, solution.steps)
    return [defect(v.clause, v.message, application_id=v.application_id) for v in found]


def confirm(found: Sequence[Problem]) -> None:
    """Let nothing pass that an audit found fault with.

    Raises
    ------
    AuditError
        With everything that was found.
    """
    if found:
        raise AuditError(
            Text(
                f"稽核未通過，共 {len(found)} 處",
                f"the audit failed in {how_many(len(found), 'place')}",
            ),
            found,
        )


def unforced(
    round_: Round, policy: Policy, program: Program, solution: Solution
) -> Iterator[Problem]:
    """Yield exchanges of a funded application for another that nothing forbids and that are better.

    There are none in an optimum; one of them would be justified envy (`explain.envy`) where
    a priority favours the one that got nothing, conditions being equal.
    """
    decision, steps = solution.decision, solution.steps
    for u, f in islice(improving(program, decision, steps), _MOST_NAMED):
        out, into = round_.ids[u], round_.ids[f]
        envy = any(
            grounds.envied(u, np.array([f]), decision.award)[0]
            for _, grounds in grounds_of_envy(round_, policy)
        )
        zh, en = ("；條件相同而本應優先", ", and is to come first, conditions being equal")
        yield defect(
            "unforced",
            Text(
                f"{out} 未獲補助而 {into} 獲補助：兩者對調不違反任何規則，依優先順序更好{zh * envy}",
                f"{out} got nothing while {into} is funded: to exchange the two breaks no rule and is "
                f"better by the priorities{en * envy}",
            ),
            application_id=out,
        )


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
