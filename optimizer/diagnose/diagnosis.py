"""What a diagnosis says."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.diagnose.attainable import Figure
from optimizer.diagnose.conflicts import Conflict
from optimizer.diagnose.parts import Stated
from optimizer.diagnose.repair import Mending, Repair, cost


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a policy that no allocation can obey; empty if one can.

    Parameters
    ----------
    stated
        The program, each inequality with its clause.
    conflicts
        The smallest conflicts, then those with nothing in common with them.
    figures
        How far each rule of a conflict can be met while *every* other rule of the policy is obeyed.
    repairs
        Every single change that mends, each as small as can be, cheapest first.
    combinations
        The cheapest sets of two and three changes (or more, where it takes more) that mend
        together, for each set of keys the cheapest; no change in one can be made smaller.
    conflicts_complete, repairs_complete
        Whether these are all, and all proved: False after a time limit, or where there are more.
    cheapest
        Whether it is proved that no repair of up to three changes is cheaper than all those listed.
    questions
        How many integer programs were solved.
    seconds
        Time spent.
    """

    stated: Stated
    conflicts: tuple[Conflict, ...]
    figures: tuple[Figure, ...]
    repairs: tuple[Repair, ...]
    combinations: tuple[Mending, ...]
    conflicts_complete: bool
    repairs_complete: bool
    cheapest: bool
    questions: int = 0
    seconds: float = 0.0

    @property
    def mendings(self) -> tuple[Mending, ...]:
        """All repairs, single changes and combinations, cheapest first (see `repair.cost`)."""
        singles = [(repair,) for repair in self.repairs]
        return tuple(sorted([*singles, *self.combinations], key=cost))
