"""Wherever a limit falls: a list is given, what is called proved is so, and nothing else is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from checks.engines import any_case
from checks.truth import truth_of
from helpers.rounds import random_case, scored_of

from optimizer.cli.terminal_result import standing
from optimizer.foundation import clock
from optimizer.problems.errors import InfeasibleError, LimitError
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.program.start import first_decision
from optimizer.result.headline import say_status
from optimizer.scoring.build import build_program
from optimizer.solving.options import Options
from optimizer.solving.solution import Solution, Step
from optimizer.solving.solve import solve

ENGINES = ("auto", "joined", "highs", "cbc")
CASES = 24


@contextmanager
def looks(count: int) -> Iterator[None]:
    """Let the clock be looked at so many times before a limit of a thousand seconds has passed."""
    seen = 0

    def now() -> float:
        nonlocal seen
        seen += 1
        return 0.0 if seen <= count else 2_000.0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", now)
        yield


def stopped(program: Program, engine: str, count: int) -> Solution:
    with pytest.MonkeyPatch.context() as patch, looks(count):
        patch.setattr("optimizer.solving.solve.FEW", -1 if engine == "joined" else 2_000)
        return solve(program, Options("auto" if engine == "joined" else engine, 1_000.0))


def test_what_a_limit_leaves_is_true_wherever_it_falls() -> None:
    tally: Counter[str] = Counter()
    for number in range(CASES):
        rng = random.Random(number)
        scored = scored_of(any_case(rng))
        truth, program = truth_of(scored), build_program(scored)
        engine = ENGINES[number % len(ENGINES)]
        for count in sorted({2, 3, 5, 9, rng.randint(3, 40), rng.randint(10, 200)}):
            try:
                solution = stopped(program, engine, count)
            except InfeasibleError:
                assert truth is None
                continue
            except LimitError:
                assert first_decision(program) is None
                continue
            assert truth is not None
            proved = [step.proved for step in solution.steps]
            assert proved == sorted(proved, reverse=True), (number, count)
            for step, optimum in zip(solution.steps, truth.optima, strict=True):
                if step.proved:
                    assert step.bound == optimum, (number, count)
            first = solution.steps[0] if solution.steps else None
            assert first is None or first.bound is None or first.bound >= truth.optima[0]
            if solution.optimal:
                assert tuple(solution.decision.award.tolist()) == truth.award
            kind = "optimal" if solution.optimal else "undrawn" if solution.proved else "open"
            tally[kind] += 1
            if kind != "optimal":
                assert solution.certainty is None and not solution.drawn
                assert "optimal" not in say_status(solution).en
                assert ("Proved" in standing(solution).en) == (kind == "undrawn")
    assert min(tally[kind] for kind in ("optimal", "undrawn", "open")) > 2, tally


def test_a_step_is_proved_only_in_its_turn() -> None:
    """The seventh had its bound by counting while the second was open."""
    decision = Decision.of(np.array([1]))
    steps = (Step("a", 3, 3, 3, "cbc"), Step("b", 2, 5, 5, "cbc"), Step("c", 7, 7, 7, "counting"))
    assert not any(step.proved for step in steps)  # a step alone claims nothing
    solution = Solution(decision, steps, None, True, "cbc")
    assert [step.proved for step in solution.steps] == [True, False, False]
    assert not solution.proved and not solution.optimal
    again = Solution(decision, solution.steps[2:], None, True, "cbc")
    assert again.optimal  # and its turn is counted anew where it stands first


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["full", "partial", "graded"])
def test_a_first_list_is_found_where_there_is_one(mode: str) -> None:
    found = possible = 0
    for number in range(150):
        program = build_program(scored_of(random_case(random.Random(number), 7, mode)))
        first = first_decision(program)
        if first is not None:
            assert all(min(rows.slack(first), default=0) >= 0 for rows in program.rows)
            kept = (first.award >= program.least) & (first.award <= program.most)
            assert (kept | ~first.fund).all() and not (first.award % program.unit).any()
            found += 1
            possible += 1
            continue
        try:
            solve(program)
        except InfeasibleError:
            continue
        possible += 1
    assert found >= 0.98 * possible > 0
