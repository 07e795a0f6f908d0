"""Money up to NT$10^12 at unit 1 and merits of 18 decimals: brute force agrees with every engine.

The number of cases is SUBSIDY_LARGE_CASES (5,000 for the full run).
"""

from __future__ import annotations

import os
import random
from collections import Counter

from large_money import large_case
from small import scored_of
from test_engines import Tally, check, joined, truth_of

from optimizer.build import build_program
from optimizer.errors import CaseError, InfeasibleError, UsageError
from optimizer.solve import solve

CASES = int(os.environ.get("SUBSIDY_LARGE_CASES", "40"))


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
            solution = joined(program) if engine == "joined" else solve(program, engine)
        except InfeasibleError:
            assert truth is None, (number, engine)
        except UsageError:
            assert engine == "dynamic"
        else:
            assert truth is not None, (number, engine)
            check(solution, truth, program)
            tally[f"{engine} = {solution.engine}"] += 1
    tally["solved" if truth else "without a solution"] += 1


def test_large_money_agrees() -> None:
    tally: Tally = Counter()
    for number in range(CASES):
        large_money_agrees(number, tally)
    assert tally["highs = highs"] == tally["cbc = cbc"] == tally["solved"] > CASES // 2
    assert tally["auto = dynamic"] > CASES // 10
    assert tally["auto = highs"] > CASES // 10
