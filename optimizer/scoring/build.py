"""From a scored round to the integer program: every clause says its rows, every priority its goals."""

from __future__ import annotations

import numpy as np

from optimizer.policy.policy import Policy
from optimizer.program.draw import draw_order
from optimizer.program.program import Program
from optimizer.scoring.score import Scored
from optimizer.tables.round import Round


def build_program(scored: Scored) -> Program:
    """Collect what the policy's rules say about a scored round."""
    return state(scored.round, scored.screened.policy)


def state(round_: Round, policy: Policy) -> Program:
    """State the program of some applications under a policy."""
    settings = round_.settings
    return Program(
        ids=round_.ids,
        unit=settings.pool.unit,
        least=round_.least,
        most=round_.most,
        rows=tuple(rows for rule in policy.clauses for rows in rule.rows(round_) if len(rows.rhs)),
        goals=tuple(goal for priority in policy.priorities for goal in priority.goals(round_)),
        draw=np.array(draw_order(settings.draw.seed, round_.ids), dtype=np.int64),
    )
