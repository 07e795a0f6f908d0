"""What every priority is: a clause that states an objective in place of a constraint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from optimizer.clauses.base import Clause, key
from optimizer.foundation.exact import IntArray
from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.program.objectives import Objective
from optimizer.program.program import Goal
from optimizer.program.rows import Decision
from optimizer.tables.round import Round
from optimizer.tables.settings import to_fraction


@dataclass(frozen=True)
class Share:
    """A share of an optimum, as against an amount."""

    share: Fraction

    @property
    def written(self) -> str:
        """Itself as policy.toml has it."""
        return f"{exact_points(100 * self.share)}%"


def to_give_up(value: Any) -> Share | Fraction:
    """Read what a priority may cost: ``"0.5%"`` is a share, a number is an amount.

    Raises
    ------
    ValueError
        If it is neither, or negative.
    """
    if isinstance(value, Share):
        return value
    number = to_fraction(value)
    is_share = isinstance(value, str) and value.strip().endswith("%")
    if number < 0 or (is_share and number > 1):
        raise ValueError("exact_number")
    return Share(number) if is_share else number


GiveUp = Annotated[Share | Fraction, BeforeValidator(to_give_up)]


@dataclass(frozen=True, kw_only=True)
class Priority(Clause):
    """Base of every priority: an objective in the policy's strict order.

    Parameters
    ----------
    give_up
        What later priorities may cost it: a share of its optimum ("0.5%") or an amount in its
        own unit; nothing unless given.
    """

    section: ClassVar[str] = "priority"
    minimised: ClassVar[bool] = False  # whether its objective is the negative of what people read

    give_up: GiveUp = key(
        '可為後項犧牲的幅度：比例（如 "0.5%"）或數額',
        'what later priorities may cost it: a share ("0.5%") or an amount in its unit',
        Fraction(0),
    )

    worse_by: ClassVar[Text] = Text("整體名單會較差", "the list as a whole would be worse")

    @property
    def worse(self) -> Text:
        """What a list that is the worse by it is like, for who asks why."""
        return self.worse_by

    def unit(self) -> Text:
        """Say the unit people read its value in."""
        raise NotImplementedError

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """Return what is maximised: one objective, or several in strict order."""
        raise NotImplementedError

    def scale(self, round_: Round) -> int | Fraction:
        """Return how many of the objective's integers make one unit for people."""
        return 1

    def people_scale(self, round_: Round) -> Fraction:
        """Return how many of the objective's integers make one unit, negative if minimised."""
        scale = Fraction(self.scale(round_))
        return -scale if self.minimised else scale

    def alike(self, round_: Round) -> IntArray | None:
        """Return classes within which "conditions are equal" by this priority; None if it has none."""
        return None

    def favours(self, round_: Round) -> IntArray | None:
        """Return by how much it favours each application, conditions being equal; None if none."""
        return None

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Return the value of each objective, worked out anew from plain integers.

        It must not call the objective: the two are checked against each other.
        """
        raise NotImplementedError

    def goal_names(self, count: int) -> list[str]:
        """Return the names of its objectives."""
        if count == 1:
            return [self.label]
        return [f"{self.label}[{level}]" for level in range(1, count + 1)]

    def goals(self, round_: Round) -> list[Goal]:
        """Return the objectives as the solver hears them, with what may be given up."""
        objectives = self.objectives(round_)
        share, amount = self._give_up(round_)
        return [
            Goal(name, objective, share, amount)
            for name, objective in zip(self.goal_names(len(objectives)), objectives, strict=True)
        ]

    def _give_up(self, round_: Round) -> tuple[Fraction, int]:
        if isinstance(self.give_up, Share):
            return self.give_up.share, 0
        return Fraction(0), int(self.give_up * self.scale(round_))
