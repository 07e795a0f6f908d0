"""A session: one case under one policy after another, each answer as if it were the first.

What does not depend on what is changed is not worked out again (`optimizer.foundation.remembered`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from optimizer.case.case import Case
from optimizer.foundation.remembered import Remembered
from optimizer.language.text import Language
from optimizer.pipe import allocated
from optimizer.policy.policy import Policy
from optimizer.problems.arguments import Seconds, Solver, Threads, check_fields, checked
from optimizer.result.allocation import Allocation
from optimizer.solving.options import Options, Progress


@dataclass(frozen=True)
class Session:
    """The applications of a case, to be allocated under one policy after another.

    Parameters
    ----------
    case
        What `read_case` returned; it stays as it is.

    Examples
    --------
    >>> session = Session(case)
    >>> session.allocate().seal == allocate(case).seal
    True
    >>> session.allocate(case.policy.with_(pool=40_000)).spent
    40000
    """

    case: Case
    _kept: Remembered = field(default_factory=Remembered, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_fields(self)

    @checked
    def allocate(
        self,
        policy: Policy | None = None,
        solver: Solver = "auto",
        time_limit: Seconds | None = None,
        threads: Threads = 1,
        language: Language = "zh-TW",
        progress: Progress | None = None,
    ) -> Allocation:
        """Distribute the pool under a policy: the very answer that `allocate` gives, sooner.

        What was worked out for an earlier policy is used where all that it was made of is the same:
        what a rule said of each application, merit, the rows of the program, and the second reading
        that checks them. Solving and the audit of its answer are done each time.

        Parameters
        ----------
        policy
            Another policy for the same applications; the case's own unless given.
        solver, time_limit, threads, language, progress
            As for `allocate`.

        Raises
        ------
        PolicyError
            If it reads marks otherwise than they were read; see `Case.under`.
        UsageError, CaseError, InfeasibleError, LimitError, AuditError
            As `allocate` does.
        """
        options = Options(solver, time_limit, threads, language=language, progress=progress)
        return self.allocated(self.case.policy if policy is None else policy, options)

    def allocated(self, policy: Policy, options: Options) -> Allocation:
        """Do what `allocate` does, for those who have the options already."""
        self._kept.turn()
        return allocated(self.case.under(policy), options, self._kept)
