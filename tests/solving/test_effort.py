"""Effort that is counted: where it ends nothing is called proved, and the same is said twice."""

from __future__ import annotations

import random
from functools import cache

import pytest
from helpers.rounds import make_case, scored_of

from optimizer.problems.arguments import Solver
from optimizer.problems.errors import LimitError
from optimizer.program.program import Program
from optimizer.scoring.build import build_program
from optimizer.solving.options import Effort, Options
from optimizer.solving.solution import Solution
from optimizer.solving.solve import solve

EFFORTS = (0, 1, 30_000, 100_000, 10**9)


@cache
def shares(number: int) -> Program:
    """Return a round whose money is divided in three within narrow bounds."""
    rng = random.Random(f"effort {number}")
    rows = [
        {"application_id": f"A{n:02}", "school_id": f"S{n // 2:02}", "merit": rng.randint(70, 99),
         "type": rng.choice(("grade", "subject")),
         "requested": rng.randrange(1_000, 4_000, 100)}
        for n in range(60)
    ]  # fmt: skip
    schools = [{"school_id": f"S{n:02}"} for n in range(30)]
    window = {"measure": "amount", "at_least": "40%", "at_most": "42%"}
    rules = [
        {"kind": "school_cap", "amount": 5_000},
        {"kind": "quota", "column": "type", "value": "grade", **window},
        {"kind": "quota", "column": "type", "value": "subject", "measure": "count", "at_least": 9},
    ]
    case = make_case(
        rows, schools, pool={"amount": 60_000, "unit": 100}, clause=rules,
        priority=[{"kind": "merit", "per": "amount"}, {"kind": "balance", "column": "type"}],
    )  # fmt: skip
    return build_program(scored_of(case))


def found(program: Program, solver: Solver, effort: int | None) -> Solution | None:
    """Solve with so much effort; None where no list was found."""
    try:
        return solve(program, Options(solver, effort=None if effort is None else Effort(effort)))
    except LimitError:
        return None


@pytest.mark.parametrize("solver", ["auto", "highs"])
def test_what_is_called_proved_is_the_optimum_however_little_effort_there_is(
    solver: Solver,
) -> None:
    ended = 0
    for number in range(2):
        program = shares(number)
        whole = found(program, solver, None)
        assert whole is not None and whole.optimal
        best = [step.value for step in whole.steps]
        for effort in EFFORTS:
            one, other = (found(program, solver, effort) for _ in range(2))
            assert (one is None) == (other is None)
            if one is None or other is None:
                ended += 1
                continue
            assert one.steps == other.steps and (one.decision.award == other.decision.award).all()
            if one.optimal:
                assert (one.decision.award == whole.decision.award).all()
            for step, top in zip(one.steps, best, strict=True):
                assert step.bound is None or step.goal != whole.steps[0].goal or step.bound >= top
            ended += not one.optimal
        assert found(program, solver, EFFORTS[-1]) is not None
    assert 1 < ended < 10


def test_a_search_ends_after_the_nodes_that_are_left() -> None:
    effort = Effort(1_000)
    assert effort.nodes(entries=10, most=None) == 100
    assert effort.nodes(entries=10, most=7) == 7
    effort.spend(nodes=99, entries=10)
    assert effort.nodes(entries=10, most=None) == 1
    assert Options(effort=effort).deadline is None
    effort.spend(nodes=1, entries=10)
    assert Options(effort=effort).deadline == float("-inf") == Options(effort=effort).left
