"""The audit: an allocation checked clause by clause in plain integers, without any solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.clauses import Violation
from optimizer.language.text import Text, money
from optimizer.policy.policy import Policy
from optimizer.program.rows import Decision
from optimizer.solving.solution import Step
from optimizer.tables.round import Round


def audit(round_: Round, policy: Policy, decision: Decision) -> list[Violation]:
    """Return every hard rule that a decision breaks, the award's own bounds included."""
    found = list(_bounds(round_, decision))
    for clause in policy.clauses:
        found += clause.audit(round_, decision)
    return found


def _bounds(round_: Round, decision: Decision) -> Iterator[Violation]:
    """``least_a * fund_a <= award_a <= most_a * fund_a``, and whole units."""
    unit = round_.settings.pool.unit
    for a, application_id in enumerate(round_.ids):
        award, funded = int(decision.award[a]), bool(decision.fund[a])
        low = int(round_.least[a]) if funded else 0
        high = int(round_.most[a]) if funded else 0
        if not low <= award <= high or award % unit:
            yield Violation(
                "award",
                Text(
                    f"{application_id} 核定 {money(award)} 元，應為 {money(low)} 至 {money(high)} 元間"
                    f"之 {money(unit)} 元倍數",
                    f"{application_id} gets NT${money(award)}, which should be a multiple of "
                    f"NT${money(unit)} from NT${money(low)} to NT${money(high)}",
                ),
                application_id,
            )


def audit_claims(
    round_: Round, policy: Policy, decision: Decision, steps: Iterable[Step]
) -> list[Violation]:
    """Return every priority whose claimed value is not what the decision is worth."""
    claimed = {step.goal: step.value for step in steps}
    found = []
    for name, value in values(round_, policy, decision).items():
        if name in claimed and claimed[name] != value:
            found.append(
                Violation(
                    name,
                    Text(
                        f"優先順序「{name}」宣稱為 {claimed[name]}，實際為 {value}",
                        f"priority {name} is said to be {claimed[name]}, but it is {value}",
                    ),
                )
            )
    return found


def values(round_: Round, policy: Policy, decision: Decision) -> dict[str, int]:
    """Return the value of every goal, worked out by the priorities' own arithmetic."""
    found: dict[str, int] = {}
    for priority in policy.priorities:
        worth = priority.worth(round_, decision)
        for goal, value in zip(priority.goal_names(len(worth)), worth, strict=True):
            found[goal] = value
    return found
