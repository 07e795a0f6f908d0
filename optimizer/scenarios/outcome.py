"""What became of one scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from optimizer.language.text import Text
from optimizer.policy.policy import Policy
from optimizer.policy.problems import LISTS
from optimizer.problems.errors import (
    AuditError,
    InfeasibleError,
    LimitError,
    Problem,
    SubsidyError,
)
from optimizer.result.allocation import Allocation
from optimizer.session import Session
from optimizer.solving.options import Options

STATUS = {
    "optimal": Text("已證明", "proved"),
    "feasible": Text("可行，未證明", "feasible, not proved"),
    "infeasible": Text("規則互相牴觸", "rules contradict each other"),
    "limit": Text("時限內無結果", "nothing within the limit"),
    "audit": Text("稽核未通過", "failed its audit"),
    "refused": Text("計畫無法使用", "the policy cannot be used"),
}
SETTLED = ("optimal", "infeasible")  # what asking again cannot change


@dataclass(frozen=True)
class Outcome:
    """What became of one scenario.

    Parameters
    ----------
    name
        The scenario's name, or that of the policy as it is.
    policy
        The policy it was allocated under.
    allocation
        Its result; None if there is none.
    error
        Why there is none.
    """

    name: str
    policy: Policy
    allocation: Allocation | None
    error: SubsidyError | None = None

    @property
    def status(self) -> str:
        """One of `STATUS`."""
        return status_of(self.error) if self.allocation is None else self.allocation.status


def status_of(error: SubsidyError | None) -> str:
    """Return the status of a scenario that has no result."""
    kinds = {InfeasibleError: "infeasible", LimitError: "limit", AuditError: "audit"}
    return next((name for kind, name in kinds.items() if isinstance(error, kind)), "refused")


def outcome_of(session: Session, policy: Policy, name: str, options: Options) -> Outcome:
    """Allocate under a policy; what keeps it from a result is its outcome, and the others stand."""
    try:
        return Outcome(name, policy, session.allocated(policy, options))
    except SubsidyError as error:
        return Outcome(name, policy, None, error)


def where_it_is_set(outcome: Outcome, base: Policy, file: str) -> Outcome:
    """Point what would mend a scenario to the scenario, where that sets the key and not policy.toml."""
    error = outcome.error
    if not isinstance(error, InfeasibleError):
        return outcome
    problems = [_pointed(problem, outcome, base, file=file) for problem in error.problems]
    return replace(outcome, error=InfeasibleError(error.message, problems))


def _pointed(problem: Problem, outcome: Outcome, base: Policy, file: str) -> Problem:
    key = problem.column
    if "計畫檔" not in problem.hint.zh or _stated(base, key) == _stated(outcome.policy, key):
        return problem
    name = outcome.name
    hint = Text(
        f"此鍵由情境「{name}」設定，請改情境檔中的這個情境，不是計畫檔。",
        f"Scenario “{name}” sets this key: change it there, in the file of scenarios, not in the policy.",
    )
    return replace(problem, file=f"{file}[{name}]", hint=hint)


def _stated(policy: Policy, key: str) -> Any:
    """Return what a policy states under a dotted key, or of a whole rule; None if nothing."""
    section, _, rest = key.partition(".")
    if section not in LISTS:
        return policy.document.get(section, {}).get(rest)
    rules = [rule.label for rule in policy.rules if rule.section == section]
    named = [label for label in rules if f"{rest}.".startswith(f"{label}.")]
    if not named:
        return None
    label = max(named, key=len)
    rule = policy.document[section][rules.index(label)]
    return rule if rest == label else rule.get(rest.removeprefix(f"{label}."))
