"""Money up to NT$10^12 at unit 1 and merits of 18 decimals: brute force agrees with every engine.

The number of cases is SUBSIDY_LARGE_CASES (5,000 for the full run).
"""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from checks.engines import Tally, joined
from checks.large_money import large_case
from checks.truth import check_solution, truth_of
from helpers.rounds import make_case, scored_of

from optimizer.foundation.exact import exact
from optimizer.language.text import EMPTY
from optimizer.problems.errors import CaseError, InfeasibleError, UsageError
from optimizer.program.objectives import Additive
from optimizer.program.program import Goal, Program
from optimizer.program.rows import Decision, Rows
from optimizer.scoring.build import build_program
from optimizer.solving.digits import base_for, digits
from optimizer.solving.dynamic.engine import Dynamic
from optimizer.solving.model import Model, SolverError
from optimizer.solving.options import Options
from optimizer.solving.solve import solve

CASES = int(os.environ.get("SUBSIDY_LARGE_CASES", "20"))


def large_money_agrees(number: int, tally: Tally) -> None:
    """Solve one random case by every engine."""
    rng = random.Random(number)
    try:
        scored = scored_of(large_case(rng))
    except CaseError:
        tally["refused as a case"] += 1
        return
    truth, program = truth_of(scored), build_program(scored)
    for engine in ("auto", "joined", "highs", "dynamic", "cbc"):
        try:
            solution = joined(program) if engine == "joined" else solve(program, Options(engine))
        except InfeasibleError:
            assert truth is None, (number, engine)
        except UsageError:
            assert engine == "dynamic"
        except SolverError:  # said plainly, with another solver as the remedy; never a wrong answer
            assert engine == "cbc", number
            tally["cbc gave up"] += 1
        else:
            assert truth is not None, (number, engine)
            check_solution(solution, truth, program)
            tally[f"{engine} = {solution.engine}"] += 1
    tally["solved" if truth else "without a solution"] += 1


@pytest.mark.slow
def test_large_money_agrees() -> None:
    tally: Tally = Counter()
    for number in range(CASES):
        large_money_agrees(number, tally)
    assert tally["highs = highs"] == tally["solved"] > CASES // 2
    assert tally["cbc gave up"] <= CASES // 20
    assert tally["auto = dynamic"] > CASES // 10
    assert tally["auto = highs"] > 0


@pytest.mark.parametrize("engine", ["auto", "highs", "cbc", "dynamic"])
def test_three_requests_of_400_million(engine: str) -> None:
    """NT$400 million at unit 1 was refused with advice about decimals of merit."""
    case = make_case(
        [
            {"application_id": f"A{n}", "school_id": f"S{n}", "requested": amount, "merit": merit}
            for n, (amount, merit) in enumerate(
                [(133_333_333, 80), (133_333_333, 90), (133_333_335, 85)]
            )
        ],
        pool={"amount": 266_666_667, "unit": 1},
        priority=[{"kind": "merit"}],
    )
    try:
        solution = solve(build_program(scored_of(case)), Options(engine))
    except UsageError as refusal:
        assert engine == "dynamic" and "too many states" in refusal.say("en")
        return
    assert solution.optimal
    assert solution.decision.award.tolist() == [133_333_333, 133_333_333, 0]


def huge(rng: random.Random) -> Program:
    """Make a program of money and merit by the dollar: worths up to 10^30."""
    n = rng.randint(2, 7)
    most = np.array([rng.randint(10**11, 10**12) for _ in range(n)])
    merit = exact([rng.randint(7 * 10**17, 95 * 10**16) for _ in range(n)])
    pool = sum(int(m) for m in most if rng.random() < 0.5) - rng.randint(0, 1)
    everyone = np.ones(n, dtype=np.int64)
    rows = Rows.single("pool", "award", everyone, "<=", max(pool, 0), EMPTY)
    goals = (
        Goal("money", Additive(np.zeros(n, dtype=np.int64), merit)),
        Goal("heads", Additive(everyone)),
    )
    ids = tuple(f"A{a}" for a in range(n))
    return Program(ids, 1, most, most, (rows,), goals, np.arange(n))


@pytest.mark.parametrize("engine", ["auto", "highs", "cbc"])
def test_worths_of_thirty_digits(engine: str) -> None:
    for number in range(8):
        program = huge(random.Random(number))
        every = [
            Decision.of(np.where(chosen, program.most, 0))
            for chosen in itertools.product((0, 1), repeat=program.size)
        ]
        fits = [d for d in every if min(program.rows[0].slack(d)) >= 0]
        best = max(fits, key=lambda d: [g.objective.value(d) for g in program.goals])
        solution = solve(program, Options(engine))
        assert solution.optimal
        assert [s.bound for s in solution.steps] == [g.objective.value(best) for g in program.goals]


def test_awards_in_parts_of_a_dollar_up_to_10_to_the_12() -> None:
    """Of a pool of an odd amount not a dollar is left, and the shares are as even as can be."""
    most = np.array([10**12, 700_000_000_003, 999_999_999_999])
    least = most // 2
    everyone = np.ones(3, dtype=np.int64)
    rows = Rows.single("pool", "award", everyone, "<=", 1_700_000_000_007, EMPTY)
    money = Additive(np.zeros(3, dtype=np.int64), everyone)
    goals = (Goal("heads", Additive(everyone)), Goal("money", money))
    program = Program(("a", "b", "c"), 1, least, most, (rows,), goals, np.arange(3))
    solution = solve(program, Options("highs"))
    assert [(s.value, s.bound) for s in solution.steps] == [(3, 3), (1_700_000_000_007,) * 2]
    # the draw gives the first as much as the least awards of the others leave
    assert solution.decision.award[0] == 1_700_000_000_007 - int(least[1]) - int(least[2])
    assert solution.decision.award[1] == least[1] and solution.optimal


def test_digits_add_up() -> None:
    rng = random.Random(1)
    for _ in range(300):
        factors = [rng.randint(-(10 ** rng.randint(1, 30)), 10**30) for _ in range(4)]
        base, count = base_for(factors, rng.choice((2, 3, 1_000, 10**7)))
        for number in factors:
            found = digits(number, base, count)
            assert sum(d * base**i for i, d in enumerate(found)) == number
            assert all(abs(d) < base for d in found)


def test_a_wide_row_is_its_chain() -> None:
    """Every vector is allowed by the chain if and only if it is by the row."""
    rng = random.Random(2)
    for _ in range(6):
        factors = exact([rng.randint(-(10**12), 10**12) for _ in range(4)])
        chosen = [rng.random() < 0.5 for _ in range(4)]
        rhs = sum(int(f) for f, c in zip(factors, chosen, strict=True) if c)
        for least in (rhs, rhs + 1):
            rows = Rows.single("wide", "fund", factors, ">=", least, EMPTY)
            one = np.ones(4, dtype=np.int64)
            program = Program(tuple("abcd"), 1, one, one, (rows,), (), np.arange(4))
            for vector in itertools.product((False, True), repeat=4):
                model = Model(program)
                for a, funded in enumerate(vector):
                    model.fix(a, funded)
                allowed = sum(int(f) for f, c in zip(factors, vector, strict=True) if c) >= least
                assert (model.feasible().decision is not None) == allowed


def test_a_word_of_the_draw_holds_whatever_can_be_awarded() -> None:
    """The first outweighs all that come after it, and the whole fits into 64 bits."""
    for top in (1, 2, 10, 10**6, 2**30, 10**11, 2**59, 2**61):
        most = np.full(70, top, dtype=np.int64)
        program = SimpleNamespace(most=most, unit=1, all_or_nothing=False, size=70)
        chosen = list(range(70))
        while chosen:
            weights, left = Dynamic._word(cast(Dynamic, SimpleNamespace(program=program)), chosen)
            taken = chosen[: len(chosen) - len(left)]
            worth = [int(weights[a]) * top for a in taken]
            assert taken and sum(worth) < 2**63
            assert all(int(weights[a]) > sum(worth[n + 1 :]) for n, a in enumerate(taken))
            assert sum(map(bool, weights.tolist())) == len(taken)
            chosen = left
