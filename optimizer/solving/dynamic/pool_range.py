"""Between what the optimum lies for every pool, where a few clauses tie schools together.

Without these clauses the table holds the optimum for every pool (`curve.py`); with them it is no
better. A list that obeys them is one of the lists of every pool that pays for it. So both ends are
proved without solving for any pool.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from optimizer.foundation.exact import total
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.dynamic.curve import PoolCurve, Values, pool_ceiling


@dataclass(frozen=True)
class PoolRange:
    """The least and the most that the optimum can be for every pool.

    Parameters
    ----------
    ceiling
        The optimum without the clauses that tie schools together.
    known
        What each list that is known spends, NT$, and is worth in the leading additive goals.
    """

    ceiling: PoolCurve
    known: tuple[tuple[int, Values], ...]

    def at(self, pool: int) -> tuple[Values | None, Values | None]:
        """Return the least and the most, compared goal by goal; the optimum where they are the same.

        No least: no list that is known has room in the pool. No most: no list has.
        """
        least = max((values for spent, values in self.known if spent <= pool), default=None)
        return least, self.ceiling.at(pool)


def pool_range(program: Program, lists: Iterable[Decision]) -> PoolRange:
    """Bound the optimum for every pool by some lists, of other pools perhaps.

    Parameters
    ----------
    program
        Its other clauses are taken as they are stated, whatever the pool.
    lists
        Those that break a clause besides the pool are left out.

    Raises
    ------
    NotTakeable
        If numbers are too large.
    InfeasibleError
        If no allocation obeys the clauses, whatever the pool.
    """
    ceiling = pool_ceiling(program)
    goals = program.goals[: len(ceiling.goals)]
    known = (
        (total(decision.award), tuple(goal.objective.value(decision) for goal in goals))
        for decision in lists
        if _obeys(program, decision)
    )
    return PoolRange(ceiling, tuple(known))


def _obeys(program: Program, decision: Decision) -> bool:
    rows = (rows for rows in program.rows if not rows.is_pool)
    return all(slack >= 0 for part in rows for slack in part.slack(decision))
