"""How a list stands to the ranking by merit: the line, who was passed over, who lost to a sister."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.foundation.exact import BoolArray, Places, running, total
from optimizer.foundation.frozen import Content
from optimizer.program.rows import Decision
from optimizer.tables.round import Round


@dataclass(frozen=True, eq=False, repr=False)
class FundingLine(Content):
    """Where the money would end if one went down the ranking, whatever the rules say.

    The eligible are taken from the top by merit, each with its whole admissible amount, until the
    next no longer fits. Equal merits are treated alike: those that the pool cannot pay all of lie
    below the line. So who is above it does not hang on the order within a tie.

    Parameters
    ----------
    above
        Shape (n,): who would be paid.
    merit
        The least merit among those, over the round's denominator; None if there are none.
    count, amount
        How many they are, and the NT$ that they would take.
    """

    above: BoolArray
    merit: int | None
    count: int
    amount: int

    def __repr__(self) -> str:
        return f"<FundingLine: {self.count:,} from the top by merit would take NT${self.amount:,}>"

    @staticmethod
    def of(round_: Round, available: int) -> FundingLine:
        """Draw it for so many NT$."""
        order = np.argsort(-round_.merit, kind="stable")
        merit, taken = round_.merit[order], running(round_.most[order])
        last_of_tie = np.append(merit[1:] != merit[:-1], True)[: len(order)]
        paid = np.flatnonzero(last_of_tie & np.asarray(taken <= available, dtype=bool))
        count = int(paid[-1]) + 1 if len(paid) else 0
        above: BoolArray = np.zeros(round_.size, dtype=bool)
        above[order[:count]] = True
        least = int(merit[count - 1]) if count else None
        return FundingLine(above, least, count, total(round_.most[above]))


def passed_over(line: FundingLine, decision: Decision) -> Places:
    """Return who is at or above the line and got nothing."""
    return np.flatnonzero(line.above & ~decision.fund)


def lost_to_a_sister(round_: Round, decision: Decision) -> Places:
    """Return who got nothing while the same lead school has a funded one of less merit."""
    school, merit = round_.school, np.unique(round_.merit, return_inverse=True)[1]
    funded = np.flatnonzero(decision.fund)
    lowest = funded[np.lexsort((merit[funded], school[funded]))]  # by school, its lowest first
    with_one, first = np.unique(school[lowest], return_index=True)
    waiting = np.flatnonzero(~decision.fund & np.isin(school, with_one))
    sister = lowest[first[np.searchsorted(with_one, school[waiting])]]
    return waiting[merit[sister] < merit[waiting]]
