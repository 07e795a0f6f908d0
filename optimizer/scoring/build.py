"""From a scored round to the integer program: every clause says its rows, every priority its goals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from optimizer.clauses import Clause
from optimizer.foundation.exact import IntArray
from optimizer.foundation.remembered import Remembered
from optimizer.policy.policy import Policy
from optimizer.program.draw import draw_order
from optimizer.program.program import Goal, Program
from optimizer.program.rows import Rows
from optimizer.scoring.score import Scored
from optimizer.tables.round import Round

_T = TypeVar("_T")


def build_program(scored: Scored, kept: Remembered | None = None) -> Program:
    """Collect what the policy's rules say about a scored round."""
    return state(scored.round, scored.screened.policy, kept=kept)


@dataclass(frozen=True)
class Said:
    """What is known of a program before its rules are asked.

    Parameters
    ----------
    ids
        Of which applications, in which order.
    draw
        Their draw.
    """

    ids: tuple[str, ...] = ()
    draw: IntArray | None = None
    _parts: dict[int, tuple[Clause, tuple[Any, ...]]] = field(default_factory=dict)

    def keep(self, rule: Clause, part: tuple[Any, ...] | None) -> None:
        """Keep the rows or goals of a rule; None if they are not known."""
        if part is not None:
            self._parts[id(rule)] = (rule, part)

    def of(self, rule: Clause) -> tuple[Any, ...] | None:
        """Return the rows or goals of this very rule, if they are known."""
        return self._parts[id(rule)][1] if id(rule) in self._parts else None


_NOTHING = Said()


def state(
    round_: Round, policy: Policy, said: Said = _NOTHING, kept: Remembered | None = None
) -> Program:
    """State the program of some applications under a policy; what is known is not asked again."""
    settings, ids, ask = round_.settings, round_.ids, kept.of if kept else _asked
    rows: list[Rows] = []
    goals: list[Goal] = []
    for rule in policy.clauses:
        mine = said.of(rule)
        rows += ask(type(rule).rows, rule, round_) if mine is None else mine
    for priority in policy.priorities:
        mine = said.of(priority)
        goals += ask(type(priority).goals, priority, round_) if mine is None else mine
    draw = said.draw if ids is said.ids else None
    if draw is None:
        draw = np.array(ask(draw_order, settings.draw.seed, ids), dtype=np.int64)
    return Program(
        ids=ids,
        unit=settings.pool.unit,
        least=round_.least,
        most=round_.most,
        rows=tuple(part for part in rows if len(part.rhs)),
        goals=tuple(goals),
        draw=draw,
    )


def _asked(function: Callable[..., _T], *given: Any) -> _T:
    return function(*given)
