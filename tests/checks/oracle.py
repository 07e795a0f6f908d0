"""Brute force over every award vector against solvers."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from helpers.rounds import brute_force, random_case, scored_of

from optimizer.problems.errors import InfeasibleError
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.scoring.build import build_program
from optimizer.solving.options import Options
from optimizer.solving.solve import possible, solve

Truth = tuple[tuple[int, ...], Decision, tuple[str, ...]]


def brute_force_agrees(
    rng: random.Random, solvers: Iterable[str], mode: str | None = None, most: int = 8
) -> None:
    scored = scored_of(case := random_case(rng, most, mode))
    truth, program = brute_force(scored.round, case.policy), build_program(scored)
    for solver in solvers:
        finds(program, solver, truth)


def finds(program: Program, solver: str, truth: Truth | None) -> None:
    """Let a solver find what brute force has found: the values, the answer, who is certain."""
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
