"""What a solver claims of a program, and how each claim is said to be proved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from optimizer.language.text import EMPTY, Text
from optimizer.program.program import Goal
from optimizer.program.rows import Decision

Certainty = Literal["every", "some", "none"]


@dataclass(frozen=True)
class Step:
    """What is known of one priority.

    A step by itself is never proved: a later priority decides only among the optima of the earlier
    ones, so a `Solution` marks the steps whose turn has come, one after another.

    Parameters
    ----------
    goal
        Its name.
    value
        What the allocation reaches, in the objective's integers.
    bound
        No allocation that keeps the earlier priorities can have more; None if unknown.
    floor
        What later priorities had to leave it: the bound, unless the policy lets it give some up.
    by
        The method that found the bound.
    again
        The independent method that found the same bound once more; empty if none was asked.
    in_turn
        Whether every earlier priority is proved; set by `Solution` alone.
    """

    goal: str
    value: int
    bound: int | None
    floor: int | None
    by: str
    again: str = ""
    in_turn: bool = field(default=False, init=False)

    @property
    def proved(self) -> bool:
        """Whether the priority is settled: in its turn, with its optimum less what it may give up."""
        return self.in_turn and self.floor is not None and self.value >= self.floor

    @property
    def gap(self) -> int | None:
        """How far the value is below the bound; None if unknown."""
        return None if self.bound is None else max(0, self.bound - self.value)


@dataclass(frozen=True)
class Solution:
    """What a solver claims; only `optimizer.result.allocation.certify` makes an allocation of it.

    Parameters
    ----------
    decision
        Who gets how much.
    steps
        One entry a goal, in order.
    certainty
        Shape (n,): funded in every, some or no optimum before the draw; None if not proved.
    optima
        How many optima there are before the draw; None if not counted.
    chances
        Shape (n,): chance of being funded over all orders of the draw; None if not worked out.
    drawn
        Whether the draw was carried through, so that this is *the* answer.
    engine
        ``dynamic``, ``highs`` or ``cbc``, or two of them joined by ``+``.
    why
        Why that engine: the rule that chose it, in a few words of both languages.
    solves
        How many integer programs were solved.
    seconds
        Time spent.
    """

    decision: Decision
    steps: tuple[Step, ...]
    certainty: tuple[Certainty, ...] | None
    drawn: bool
    engine: str
    optima: int | None = None
    chances: tuple[Fraction, ...] | None = None
    why: Text = EMPTY
    solves: int = 0
    seconds: float = field(default=0.0, compare=False)

    def __post_init__(self) -> None:
        """Mark the steps whose turn has come: those up to the first that is not proved."""
        object.__setattr__(self, "steps", tuple(_in_turn(self.steps)))

    @property
    def proved(self) -> bool:
        """Whether every priority is proved."""
        return all(step.proved for step in self.steps)

    @property
    def optimal(self) -> bool:
        """Whether every priority is proved and the draw was carried through."""
        return self.drawn and self.proved


def _in_turn(steps: Iterable[Step]) -> Iterator[Step]:
    proved = True
    for given in steps:
        step = object.__new__(Step)  # a copy, without a check of what was checked
        vars(step).update(vars(given), in_turn=proved)
        proved = step.proved
        yield step


def step_of(goal: Goal, decision: Decision, optimum: int | None, by: str) -> Step:
    """Return what is known of a goal whose optimum under the earlier ones is `optimum`."""
    floor = None if optimum is None else goal.floor(optimum)
    return Step(goal.name, goal.objective.value(decision), bound=optimum, floor=floor, by=by)


def class_of(seen_in: bool, seen_out: bool) -> Certainty:
    """Class an application by whether some optimum funds it, and some does not."""
    if seen_in and seen_out:
        return "some"
    return "every" if seen_in else "none"
