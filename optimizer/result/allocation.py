"""An allocation: a decision that has passed its audit, and the tables people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from optimizer.case.case import Case
from optimizer.clauses import Priority, Violation
from optimizer.diagnose import why_nobody
from optimizer.foundation.exact import total
from optimizer.foundation.frozen import handed_out
from optimizer.language.text import EMPTY, Language, Text
from optimizer.policy.policy import draw_order
from optimizer.problems.arguments import check_fields, checked
from optimizer.problems.errors import AuditError, Problem, Severity
from optimizer.program.program import Decision, Program
from optimizer.recheck import recheck
from optimizer.result import headline, tabulate
from optimizer.result.audit import audit, audit_claims
from optimizer.scoring.score import Scored
from optimizer.solving.prove import prove_by_table
from optimizer.solving.solution import Certainty, Solution, Step


@dataclass(frozen=True)
class Allocation:
    """The certified result of a round. Only `certify` makes one.

    Parameters
    ----------
    case
        What was read.
    scored
        What screening and scoring made of it.
    decision
        Who gets how much, over the eligible applications.
    solution
        What the solver claimed, now audited.
    language
        The language of the texts in the tables.
    """

    case: Case
    scored: Scored
    decision: Decision
    solution: Solution
    language: Language = "zh-TW"

    def __post_init__(self) -> None:
        check_fields(self)

    @checked
    def in_language(self, language: Language) -> Allocation:
        """Return the same allocation with its tables in another language."""
        return replace(self, language=language)

    @property
    def status(self) -> str:
        """``optimal`` if every priority and the draw are proved, else ``feasible``."""
        return "optimal" if self.solution.optimal else "feasible"

    @property
    def title(self) -> str:
        """Title of the plan."""
        return self.case.policy.settings.plan.title

    @property
    def pool(self) -> int:
        """The whole pool, NT$."""
        return self.case.policy.settings.pool.amount

    @property
    def contingency(self) -> int:
        """NT$ held back."""
        return self.case.policy.settings.pool.contingency

    @property
    def available(self) -> int:
        """NT$ that could be awarded."""
        return self.case.policy.settings.pool.available

    @property
    def spent(self) -> int:
        """NT$ awarded."""
        return total(self.decision.award)

    @property
    def minimum_merit(self) -> float:
        """The least merit, for drawing."""
        return float(self.case.policy.settings.review.minimum_merit)

    @handed_out
    def nobody(self) -> Text:
        """Why nobody is funded, where somebody is eligible and nobody is; else empty."""
        if not self.scored.round.size or self.decision.fund.any():
            return EMPTY
        return why_nobody(self.scored, self.solution.proved)

    @handed_out
    def draw_order(self) -> npt.NDArray[np.int64]:
        """The eligible applications in the order of the draw."""
        return np.array(
            draw_order(self.case.policy.settings.draw.seed, self.scored.round.ids), dtype=np.int64
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is known of each priority."""
        return self.solution.steps

    @property
    def certainty(self) -> tuple[Certainty, ...] | None:
        """Funded in every, some or no optimum, for each eligible application."""
        return self.solution.certainty

    @handed_out
    def merit_points(self) -> npt.NDArray[np.float64]:
        """Merit of each row of `awards` in points, the nearest floats, for reading and drawing only."""
        scores = self.scored.scores
        return np.array([float(Fraction(int(m), scores.denominator)) for m in scores.merit])

    @handed_out
    def awards(self) -> pd.DataFrame:
        """One row an application, in application_id order."""
        return tabulate.awards(self)

    @handed_out
    def by_school(self) -> pd.DataFrame:
        """Totals by lead school."""
        return tabulate.by_school(self)

    @handed_out
    def by_district(self) -> pd.DataFrame:
        """Totals by district, those without an application included."""
        return tabulate.by_district(self)

    @handed_out
    def waitlist(self) -> pd.DataFrame:
        """Eligible applications that got nothing, best first."""
        return tabulate.waitlist(self)

    @handed_out
    def problems(self) -> pd.DataFrame:
        """What screening found."""
        return tabulate.problems(screening_problems(self.scored), self.language)

    @handed_out
    def priorities(self) -> pd.DataFrame:
        """What each priority reached, and whether that is proved."""
        return tabulate.priorities(self)

    @handed_out
    def summary(self) -> Mapping[str, Any]:
        """Everything that summary.json says, times and versions apart."""
        return headline.summary(self)

    def _repr_html_(self) -> str:
        """Show the headline figures and the priorities in a notebook."""
        return headline.headline_html(self)

    def __repr__(self) -> str:
        funded = int(self.decision.fund.sum())
        return (
            f"<Allocation {self.status}: NT${self.spent:,} of NT${self.available:,} to {funded} of "
            f"{self.scored.round.size} eligible applications>"
        )

    def goal_priority(self, goal: str) -> Priority:
        """Return the priority a goal belongs to."""
        return next(
            p
            for p in self.case.policy.priorities
            if p.label == goal or goal.startswith(f"{p.label}[")
        )


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
    return Problem(Severity.ERROR, violation.clause, violation.message)


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


def screening_problems(scored: Scored) -> list[Problem]:
    """Return every refusal and flag as a problem with its place in the file."""
    records = scored.screened.records
    applications = records.applications
    found = list(scored.screened.notes)
    for remark in scored.remarks:
        finding = remark.finding
        found.append(
            Problem(
                finding.severity,
                remark.clause,
                finding.message,
                finding.expected,
                file=records.table_of(finding.column),
                row=records.line(finding.application, finding.column),
                column=finding.column,
                value=finding.value,
                application_id=str(applications["application_id"].iloc[finding.application]),
                reference=remark.reference,
            )
        )
    order = {Severity.ERROR: 0, Severity.REFUSAL: 1, Severity.FLAG: 2}
    return sorted(found, key=lambda p: (order[p.severity], p.application_id))
