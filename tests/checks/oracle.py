"""Brute force over every award vector against one solver."""

from __future__ import annotations

import random

import pytest
from helpers.rounds import brute_force, random_case, scored_of

from optimizer.problems.errors import InfeasibleError
from optimizer.scoring.build import build_program
from optimizer.solving.options import Options
from optimizer.solving.solve import possible, solve


def brute_force_agrees(
    rng: random.Random, solver: str, mode: str | None = None, most: int = 8
) -> None:
    case = random_case(rng, most, mode)
    scored = scored_of(case)
    truth = brute_force(scored.round, case.policy)
    program = build_program(scored)
    assert possible(program, Options(solver)) == (truth is not None)
    if truth is None:
        with pytest.raises(InfeasibleError):
            solve(program, Options(solver))
        return
    worth, answer, certainty = truth
    solution = solve(program, Options(solver))
    assert tuple(step.value for step in solution.steps) == worth
    assert all(step.proved for step in solution.steps)
    assert solution.certainty == certainty
    assert list(solution.decision.award) == list(answer.award)
    assert solution.drawn and solution.optimal
