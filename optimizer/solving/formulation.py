"""What one solve finds, and what every way of stating a program to a solver can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from optimizer.program.objectives import Additive, LeastShare, Objective
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.options import Options
from optimizer.solving.shares import middle_share, share_below

BUNDLES = "bundles"  # as the engine over bundles is called in summary.json


@dataclass(frozen=True)
class Answer:
    """What one solve found."""

    decision: Decision | None  # the best point, checked in integers; None if none was found
    value: int | None  # its value, in integers
    bound: int | None  # no decision can be worth more; None if unknown
    infeasible: bool = False  # whether it is proved that there is no point at all

    @property
    def proved(self) -> bool:
        """Whether the value is the optimum."""
        return self.value is not None and self.bound is not None and self.bound <= self.value

    def plus(self, offset: int) -> Answer:
        """Return the same with its value and bound shifted."""
        if self.value is None or not offset:
            return self
        bound = None if self.bound is None else self.bound + offset
        return Answer(self.decision, self.value + offset, bound)


class Formulation(Protocol):
    """A program before a solver; rows are added and decisions fixed as priorities are settled."""

    narrows: bool  # whether it is the quicker the more is fixed
    name: str  # what proves a priority, in summary.json
    program: Program
    options: Options
    held: list[tuple[Objective, int]]
    known: Decision | None  # one that obeys all rows so far, to begin with

    @property
    def solves(self) -> int:
        """How many integer programs were solved."""

    def maximise(self, objective: Objective) -> Answer:
        """Solve for one objective under all rows so far; nothing is known if time runs out."""

    def at_once(self, sums: Sequence[Additive]) -> tuple[Decision, int] | None:
        """Settle as many sums as there is room for, one after another; None where that is not done quickly.

        Returns
        -------
        decision, taken
            One of the best, and how many of the sums it is the best of. What none of the best has is settled.
        """

    def improve(self, objective: Additive, brief: bool) -> Answer:
        """Look for a decision that is worth more than the known one; prove it if there is none.

        If `brief`, this is left undone where it would take long.
        """

    def quick_bound(self, objective: Objective) -> int | None:
        """Return what is quickly proved that none exceeds; None for nothing."""

    def feasible(self) -> Answer:
        """Look for any point at all."""

    def hold(self, objective: Objective, floor: int, exactly: bool = False) -> None:
        """Keep an objective at `floor` or above from here on; `exactly` if none is above."""

    def fix(self, a: int, funded: bool) -> None:
        """Settle whether an application is funded."""

    def fix_award(self, a: int, award: int) -> None:
        """Settle what an application gets, NT$."""

    def is_settled(self, a: int) -> bool:
        """Return whether an application's award is known to be the same in every optimum."""

    def trial(self, objective: LeastShare, floor: int) -> Answer:
        """Ask apart, with the same rows held, whether a least share can be reached."""


def broken(program: Program, held: list[tuple[Objective, int]], decision: Decision) -> bool:
    """Return whether a decision breaks a row, an award's own bounds, or what is held."""
    fund, award = decision.fund, decision.award
    bounds = np.where(fund, (award < program.least) | (award > program.most), award)
    return (
        bool(bounds.any())
        or not all(rows.held(decision).all() for rows in program.rows)
        or any(objective.value(decision) < floor for objective, floor in held)
    )


def greatest_share(model: Formulation, objective: LeastShare, first: Answer, top: int) -> Answer:
    """Bisect over the shares that can occur, up to `top`, from a first answer."""
    if first.decision is None:
        return first
    best, value, bound = first, objective.value(first.decision), top
    while value < bound:
        middle = middle_share(model.program, objective, value, bound)
        found = model.trial(objective, middle)
        if found.decision is not None:
            best, value = found, max(value, objective.value(found.decision))
        elif found.infeasible:
            bound = share_below(model.program, objective, middle, value)
        else:
            break
    return Answer(best.decision, value, bound)


def least_awards(program: Program, objective: LeastShare, floor: int) -> list[int]:
    """``award_a >= ceil(floor / denominator * most_a)`` to whole units, in NT$."""
    unit = program.unit
    return [
        -(-floor * int(most) // (objective.denominator * unit)) * unit for most in objective.most
    ]
