"""What became of one scenario."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.language.text import Text
from optimizer.policy.policy import Policy
from optimizer.problems.errors import (
    AuditError,
    InfeasibleError,
    LimitError,
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
