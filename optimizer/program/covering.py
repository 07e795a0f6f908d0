"""A first decision that covers every group although rows weigh some applications against others.

Under ``sum_a c_a award_a >= 0`` with factors of either sign (a share of the money) nobody can be funded
alone who is in no share. So those rows are set aside while one of each group is funded; then whoever
brings them nearest to being met is funded, until they are. It may fail where there is a decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import IntArray, exact, grouped, largest, plus, sums, times, total
from optimizer.program.objectives import Covered
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.program.trial import Trial

SAME = 2**30  # what the largest in each row counts
WIDE = 4  # a row over one in so many applications is set aside, if its factors are of either sign


def covering(program: Program, order: list[int]) -> Decision | None:
    """Return a decision that obeys every row and covers many groups; None if this way finds none.

    Parameters
    ----------
    program
        What it shall obey.
    order
        All applications, the best first.
    """
    aside = _Aside.of(program)
    if not len(aside.rows):
        return None
    trial = Trial(program)
    aside.lift(trial, 1)
    trial.meet_needs(order, sparing=False)
    trial.fund(_one_of_each(program, order, times(aside.takes, aside.weight)))
    _balance(trial, aside)
    aside.lift(trial, -1)
    if min(trial.room) < 0:
        return None
    trial.fund(order)
    return Decision.of(trial.award)


@dataclass(frozen=True)
class _Aside:
    """The rows that are set aside.

    Parameters
    ----------
    rows
        Their ordinals among all rows.
    takes
        Shape (r, n): the room of theirs that each application takes with the most it may get.
    weight
        Shape (r, 1): how much a row's room counts, so that rows in whatever unit count about the same.
    """

    rows: list[int]
    takes: IntArray
    weight: IntArray

    @staticmethod
    def of(program: Program) -> _Aside:
        """Find the rows over many applications that some take room of and others give room to."""
        found, takes, base = [], [], 0
        for rows in program.rows:
            x = program.most[rows.app] if rows.on == "award" else 1
            sign = 1 if rows.sense == "<=" else -1
            taken = times(times(rows.coefficient, sign), x)
            often = np.bincount(rows.row, minlength=len(rows.rhs))
            for row in np.flatnonzero(often * WIDE >= program.size).tolist():
                mine = rows.row == row
                if bool((taken[mine] < 0).any()) and bool((taken[mine] > 0).any()):
                    takes.append(grouped(taken[mine], rows.app[mine], program.size))
                    found.append(base + row)
            base += len(rows.rhs)
        weight = exact([SAME // max(1, largest(each)) for each in takes]).reshape(-1, 1)
        return _Aside(found, exact(takes), weight)

    @cached_property
    def more(self) -> int:
        """More room than all of them together could take."""
        return 1 + total(abs(self.takes).ravel())

    def lift(self, trial: Trial, sign: int) -> None:
        """Give the rows more room, or take it back."""
        for row in self.rows:
            trial.room[row] += sign * self.more

    def lack(self, trial: Trial) -> IntArray:
        """Shape (r, 1): how far each row, while it is lifted, is from being met."""
        return exact([max(0, self.more - trial.room[row]) for row in self.rows]).reshape(-1, 1)


def _one_of_each(program: Program, order: list[int], takes: IntArray) -> Iterator[int]:
    """Yield of each group that a coverage goal counts who takes the least room of rows."""
    place = np.empty(program.size, dtype=np.int64)
    place[order] = np.arange(program.size)
    mine = np.lexsort((place, sums(takes, axis=0)))
    for goal in program.goals:
        if isinstance(goal.objective, Covered):
            group = goal.objective.group[mine]
            _, first = np.unique(group, return_index=True)
            yield from mine[np.sort(first[group[first] >= 0])].tolist()


def _balance(trial: Trial, aside: _Aside) -> None:
    """Fund who brings the rows set aside nearest to being met, until they are or nobody does."""
    open_ = np.array(trial.award) == 0
    while (lack := aside.lack(trial)).any():
        left = exact(np.maximum(plus(lack, aside.takes), 0))
        gain = sums(times(plus(times(left, -1), lack), aside.weight), axis=0)
        gain[~open_] = 0
        a = int(np.argmax(gain))
        if gain[a] <= 0:
            worst = int(np.argmax(times(lack, aside.weight)))
            gain = np.where(open_, times(aside.takes[worst], -1), 0)
            a = int(np.argmax(gain))
        if gain[a] <= 0:
            return
        open_[a] = False
        if amount := trial.largest(a):
            trial.give(a, amount)
