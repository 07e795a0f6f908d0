"""A program over its open applications alone: what is settled becomes constants."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimizer.foundation.exact import BoolArray, Places
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows


@dataclass(frozen=True)
class Narrowed:
    """A program whose settled applications have become constants."""

    program: Program  # over the v open applications
    open: Places  # shape (v,): which applications of the whole program they are
    settled: Decision  # what the settled applications get, in a decision of the whole program

    def narrow(self, decision: Decision) -> Decision:
        """Return a decision's part over the open applications."""
        return Decision(decision.fund[self.open], decision.award[self.open])

    def widen(self, decision: Decision) -> Decision:
        """Return the whole decision."""
        fund, award = self.settled.fund.copy(), self.settled.award.copy()
        fund[self.open], award[self.open] = decision.fund, decision.award
        return Decision(fund, award)


def narrow(program: Program, open_: BoolArray, known: Decision) -> Narrowed:
    """Leave only the open applications in a program.

    Parameters
    ----------
    program
        The whole program.
    open_
        Shape (n,).
    known
        What all others get; with nobody else funded it must obey the rows that only they are in.

    Returns
    -------
    Narrowed
        Its decisions are those of the whole program that give the settled applications what
        `known` gives them, with the same values of every goal.
    """
    place = np.cumsum(open_) - 1
    settled = Decision(known.fund & ~open_, np.where(open_, 0, known.award))
    rows = (_stated(rows.narrow(open_, settled)) for rows in program.rows)
    goals = (replace(g, objective=g.objective.narrow(open_, settled)) for g in program.goals)
    apps = np.flatnonzero(open_)
    return Narrowed(
        Program(
            tuple(program.ids[a] for a in apps),
            program.unit,
            program.least[apps],
            most=program.most[apps],
            rows=tuple(part for part in rows if len(part.rhs)),
            goals=tuple(goals),
            draw=place[program.draw[open_[program.draw]]],
            title=program.title,
        ),
        apps,
        settled,
    )


def _stated(rows: Rows) -> Rows:
    """Keep the rows that an open application is in, and those that cannot be met without one."""
    kept = np.bincount(rows.row, minlength=len(rows.rhs)) > 0
    kept |= np.asarray(rows.rhs < 0 if rows.sense == "<=" else rows.rhs > 0, dtype=bool)
    number = np.cumsum(kept) - 1
    labels = tuple(label for label, keep in zip(rows.labels, kept, strict=True) if keep)
    return replace(rows, row=number[rows.row], rhs=rows.rhs[kept], labels=labels)
