"""What a diagnosis says."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.diagnose.conflicts import Conflict
from optimizer.diagnose.parts import Stated
from optimizer.diagnose.repair import Repair
from optimizer.diagnose.repairs import Mending


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a policy that no allocation can obey; empty if one can.

    Parameters
    ----------
    stated
        The program, each inequality with its clause.
    conflicts
        The smallest conflicts, then those with nothing in common with them.
    repairs
        Every single change that mends, each as small as can be.
    combinations
        Where no single change mends: the smallest sets of changes that do together.
    conflicts_complete, repairs_complete
        Whether these are all, and all proved: False after a time limit, or where there are more.
    questions
        How many integer programs were solved.
    seconds
        Time spent.
    """

    stated: Stated
    conflicts: tuple[Conflict, ...]
    repairs: tuple[Repair, ...]
    combinations: tuple[Mending, ...]
    conflicts_complete: bool
    repairs_complete: bool
    questions: int = 0
    seconds: float = 0.0
