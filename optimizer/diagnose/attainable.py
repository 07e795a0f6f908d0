"""How far a rule of a conflict can be met, as values that a program can use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from optimizer.diagnose.parts import Part
from optimizer.language.text import EMPTY, Text


@dataclass(frozen=True)
class Figure:
    """The value of one key with which the policy would be possible, every other rule as it is.

    It is the same number as in the repair that changes this key alone: both are the answer to one
    question to the solver, asked under the whole policy.

    Parameters
    ----------
    part
        The clause and the direction. With ``>=`` (a least number or share, decisions to fund) the
        value is the most that can be reached; with ``<=`` (the pool, a cap, a most number or
        share) it is the least that is needed.
    key
        The key, as in a scenario's ``set``.
    wanted
        What the policy has there: an amount, a number, a share such as ``"40%"``, or how many
        decisions.
    value
        What can be reached or is needed, in the same form; None if this key alone does not mend,
        or if not settled.
    unit
        ``NT$``, ``applications``, ``decisions``, ``share``, or the column of numbers that is added up. A share is told to the step: the
        value can be reached, a tenth of a percentage point more cannot.
    settled
        Whether it is known: False after a time limit.
    supply
        What all eligible applications of the group come to, where even they are too few for a
        least number or amount; else None.
    said
        The value in words, to follow *with all other rules kept*.
    """

    part: Part
    key: str
    wanted: Any
    value: Any
    unit: str
    settled: bool = True
    supply: int | None = None
    said: Text = EMPTY
