"""The integer program as plain data: what clauses say, before any solver hears it.

For each eligible application a there are two decisions, ``fund_a in {0, 1}`` and the award in NT$, a
multiple of the unit, with ``least_a * fund_a <= award_a <= most_a * fund_a``. `Rows` are linear
inequalities over them and an `Objective` is something to maximise, both with integer coefficients
only. The integer program (`optimizer.solving.model`) and the dynamic programme (`optimizer.solving.dynamic`) are
two readers of the same data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from optimizer.foundation.exact import IntArray
from optimizer.foundation.frozen import Content
from optimizer.language.text import EMPTY, Text
from optimizer.program.objectives import Objective
from optimizer.program.rows import Rows


@dataclass(frozen=True)
class Goal:
    """One priority as the solver hears it.

    Parameters
    ----------
    name
        The priority's name in the policy, e.g. ``coverage``.
    objective
        What is maximised, in integers.
    give_up_share, give_up_amount
        What later priorities may cost it: a share of its optimum, or an amount in its own integers.
    enough
        The value beyond which later priorities may cost it whatever they ask for; None for no such.
    """

    name: str
    objective: Objective
    give_up_share: Fraction = Fraction(0)
    give_up_amount: int = 0
    enough: int | None = None

    @property
    def gives(self) -> bool:
        """Whether later priorities may cost it anything."""
        return bool(self.give_up_share or self.give_up_amount or self.enough is not None)

    def floor(self, optimum: int) -> int:
        """Return the least value that later priorities must leave it."""
        if not self.gives:
            return optimum
        left = optimum - max(self.give_up_amount, int(self.give_up_share * abs(optimum)))
        return left if self.enough is None else min(left, self.enough)


@dataclass(frozen=True, eq=False)
class Program(Content):
    """The whole integer program of a round, over the n eligible applications in id order.

    Parameters
    ----------
    ids
        Application ids.
    unit
        NT$; every award is a multiple of it.
    least, most
        Shape (n,), NT$, multiples of `unit`: bounds of the award when funded. Equal where the
        award is not a choice.
    rows
        The hard constraints, the pool among them (``clause == "pool"``).
    goals
        The priorities in strict order, the draw left out.
    draw
        Shape (n,): the applications in the order of the draw.
    """

    ids: tuple[str, ...]
    unit: int
    least: IntArray
    most: IntArray
    rows: tuple[Rows, ...]
    goals: tuple[Goal, ...]
    draw: IntArray
    title: Text = field(default=EMPTY)

    @property
    def size(self) -> int:
        """How many eligible applications there are."""
        return len(self.ids)

    @cached_property
    def ordinal(self) -> dict[str, int]:
        """Where each application stands."""
        return {application_id: a for a, application_id in enumerate(self.ids)}

    @property
    def all_or_nothing(self) -> bool:
        """Whether no award is a choice: funded, each application gets a set amount."""
        return bool((self.least == self.most).all())
