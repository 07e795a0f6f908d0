"""A decision that a solver hands over breaks its program if one thing alone is wrong with it."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
from helpers.rounds import random_case, scored_of

from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.scoring.build import build_program
from optimizer.solving.formulation import broken

CASES = 40


def any_decision(program: Program, rng: random.Random) -> Decision:
    """Fund a few with amounts within their bounds; now and then leave them by one step."""
    fund = np.array([rng.random() < 0.3 for _ in range(program.size)], dtype=bool)
    ends = zip(program.least.tolist(), program.most.tolist(), strict=True)
    award = np.array([rng.choice(end) for end in ends], dtype=np.int64) * fund
    if rng.random() < 0.3:
        award[rng.randrange(program.size)] += rng.choice((-1, 1)) * program.unit
    return Decision(fund, award)


def rows_hold(program: Program, decision: Decision) -> bool:
    for rows in program.rows:
        given = decision.fund if rows.on == "fund" else decision.award
        left = [0] * len(rows.rhs)
        for row, app, factor in zip(rows.row, rows.app, rows.coefficient, strict=True):
            left[row] += int(factor) * int(given[app])
        for mine, right in zip(left, rows.rhs.tolist(), strict=True):
            if mine > right if rows.sense == "<=" else mine < right:
                return False
    return True


def in_bounds(program: Program, decision: Decision) -> bool:
    given = zip(decision.fund, decision.award, program.least, program.most, strict=True)
    return all(least <= award <= most if got else award == 0 for got, award, least, most in given)


def test_a_decision_is_broken_by_any_one_reason() -> None:
    alone: Counter[tuple[bool, bool, bool]] = Counter()
    for number in range(CASES):
        rng = random.Random(f"broken {number}")
        program = build_program(scored_of(random_case(rng)))
        for _ in range(20 if program.size else 0):
            decision = any_decision(program, rng)
            more = rng.choice((-1, 0, 1))
            held = [(g.objective, g.objective.value(decision) + more) for g in program.goals]
            good = (
                in_bounds(program, decision),
                rows_hold(program, decision),
                more <= 0 or not held,
            )
            assert broken(program, held, decision) == (not all(good)), (number, good)
            alone[good] += 1
    assert min(alone[reason] for reason in ONE_AT_A_TIME) > 4, alone


ONE_AT_A_TIME = [(True, True, True), (False, True, True), (True, False, True), (True, True, False)]
