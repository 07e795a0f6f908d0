"""Bounds on lists that contain a bundle, and merits shifted, against true solves on random rounds."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from helpers.rounds import random_case, scored_of

from optimizer import allocate
from optimizer.explain.asking import Asking
from optimizer.explain.shifting import Told
from optimizer.language.text import EMPTY
from optimizer.problems.errors import InfeasibleError
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows
from optimizer.scoring.build import build_program
from optimizer.solving.dynamic.beside import Beside
from optimizer.solving.dynamic.ceilings import beside, out_of_pools
from optimizer.solving.dynamic.packing import Digit
from optimizer.solving.solve import solve

ROUNDS = 8


def packed(tables: Beside, decision: Decision) -> int:
    """Return a list's worth in the first word, from its goals."""
    worth, factor = 0, 1
    for digit in reversed(tables.structure.worths[0].digits):
        worth += factor * _value(tables, digit, decision)
        factor *= digit.span
    return worth


def _value(tables: Beside, digit: Digit, decision: Decision) -> int:
    goal = tables.structure.program.goals[digit.goal].objective
    return (digit.objective or goal).value(decision)


def best(program: Program, a: int, rows: Sequence[Rows]) -> Decision | None:
    one = np.zeros(program.size, dtype=np.int64)
    one[a] = 1
    funded = Rows.single("asked", "fund", one, sense=">=", rhs=1, label=EMPTY)
    try:
        return solve(replace(program, rows=(*rows, funded))).decision
    except InfeasibleError:
        return None


@pytest.mark.xfail(reason="open: by_amount too low on one random case")
def test_no_list_is_worth_more_than_its_bound() -> None:
    tally: Counter[str] = Counter()
    for seed in range(ROUNDS):
        rng = random.Random(f"beside {seed}")
        program = build_program(scored_of(random_case(rng, most=6)))
        tables = beside(program) if program.size else None
        if tables is None or not program.all_or_nothing:
            continue
        for a in range(program.size):
            ceilings = tables.by_amount(a) or {}
            for amount in range(program.unit, int(program.most[a]) + 1, program.unit):
                bounds = [bound.copy() for bound in (program.least, program.most)]
                for bound in bounds:
                    bound[a] = amount
                changed = replace(program, least=bounds[0], most=bounds[1])
                found = best(changed, a, program.rows)
                if found is not None and ceilings:
                    tally["amounts"] += 1
                    assert packed(tables, found) <= ceilings[amount]
            tally["pools"] += pools_hold(tables, program, a)
    assert tally["amounts"] > 100
    assert tally["pools"] > 100


def pools_hold(tables: Beside, program: Program, a: int) -> int:
    """Hold the bounds under larger pools against true solves; say how many there were."""
    now = next(int(r.rhs[0]) for r in program.rows if r.clause == "pool")
    pools = range(now // program.unit * program.unit, int(program.most.sum()), program.unit)
    if not pools:
        return 0
    left, count = set(out_of_pools(tables, pools).left(a)), 0
    for pool in pools:
        rows = [
            replace(r, rhs=np.array([pool])) if r.clause == "pool" else r for r in program.rows
        ]
        found = best(program, a, rows)
        if found is None:
            continue
        count += 1
        assert packed(tables, found) <= tables.reach(a, pool // tables.structure.step)
        if pool not in left:
            whole = solve(replace(program, rows=tuple(rows)))
            assert whole.certainty is not None
            assert whole.certainty[a] == "none"
    return count


def test_a_shifted_merit_says_what_a_solve_says() -> None:
    tally: Counter[str] = Counter()
    for seed in range(ROUNDS):
        rng = random.Random(f"shift {seed}")
        try:
            found = allocate(random_case(rng, most=6))
        except InfeasibleError:
            continue
        asking = Asking(found)
        for a, application_id in enumerate(asking.round.ids):
            for more in (-7, -1, 1, 7):
                merit = asking.round.merit_of(a) + Fraction(more)
                if not 0 <= merit <= 100:
                    continue
                told, solved = asking.told_merit(a, merit), asking.merit(a, merit)
                assert told.fate(application_id) == solved.fate(application_id)
                tally["told" if isinstance(told, Told) else "solved"] += 1
    assert tally["told"] > 100
