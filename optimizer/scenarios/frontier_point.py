"""One point of a frontier, audited."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from optimizer.facts.certified import Certified
from optimizer.facts.measures import Measures
from optimizer.foundation.exact import total
from optimizer.program.rows import Decision
from optimizer.result.certify import broken, confirm
from optimizer.solving.solution import Solution


@dataclass(frozen=True)
class FrontierPoint:
    """A list that nothing dominates: no other has more of one chosen priority and no less of another.

    Parameters
    ----------
    values
        What every priority of the policy reaches that has one value, by its name, in its own unit.
    decision
        Who gets how much.
    measures
        The list in nine figures.
    """

    values: dict[str, Fraction]
    decision: Decision
    measures: Measures

    @property
    def spent(self) -> int:
        """NT$ awarded."""
        return total(self.decision.award)


def point_of(facts: Certified, solution: Solution) -> FrontierPoint:
    """Audit a solution of a round's rules, and return it as a point.

    Raises
    ------
    AuditError
        If it breaks a rule, or is not worth what it claims.
    """
    confirm(broken(facts.scored.round, facts.case.policy, solution))
    return listed(facts, solution.decision)


def listed(facts: Certified, decision: Decision) -> FrontierPoint:
    """Return a list of a round as a point."""
    measures = Measures.of(facts.scored.round, decision, facts.line)
    return FrontierPoint(worths(facts, decision), decision, measures)


def worths(facts: Certified, decision: Decision) -> dict[str, Fraction]:
    """Return what each priority that has one value reaches in a list of a round, in its own unit."""
    round_ = facts.scored.round
    worth = {p: p.worth(round_, decision) for p in facts.case.policy.priorities}
    return {
        p.label: Fraction(values[0]) / p.people_scale(round_)
        for p, values in worth.items()
        if len(values) == 1
    }
