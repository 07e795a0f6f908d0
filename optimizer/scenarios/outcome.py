"""What became of one scenario."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.language.text import Text
from optimizer.policy.policy import Policy
from optimizer.problems.errors import InfeasibleError, LimitError
from optimizer.result.allocation import Allocation

STATUS = {
    "optimal": Text("已證明", "proved"),
    "feasible": Text("可行，未證明", "feasible, not proved"),
    "infeasible": Text("規則互相牴觸", "rules contradict each other"),
    "limit": Text("時限內無結果", "nothing within the limit"),
}


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
        Why there is none: no allocation obeys every clause, or the limit came first.
    """

    name: str
    policy: Policy
    allocation: Allocation | None
    error: InfeasibleError | LimitError | None = None

    @property
    def status(self) -> str:
        """``optimal``, ``feasible``, ``infeasible`` or ``limit``."""
        if self.allocation is not None:
            return self.allocation.status
        return "infeasible" if isinstance(self.error, InfeasibleError) else "limit"
