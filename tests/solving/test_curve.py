"""The optimum for every pool, and with every application forced in or out, by looking at everything."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from helpers.rounds import every_decision, make_case, random_case, scored_of

from optimizer.problems.errors import InfeasibleError
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.scoring.build import build_program
from optimizer.scoring.score import Scored
from optimizer.solving.dynamic import NotTakeable, forced, pool_curve, relaxed_optimum
from optimizer.solving.dynamic.structure import additive_goals

Best = tuple[int, ...] | None


def programs(count: int, tally: Counter[str]) -> list[tuple[int, Scored, Program]]:
    """Return random cases whose districts only the pool ties together."""
    found = []
    for seed in range(count):
        rng = random.Random(seed)
        scored = scored_of(random_case(rng, most=6, mode=rng.choice((None, None, "partial"))))
        program = build_program(scored)
        try:
            if program.size:
                pool_curve(program)
                found.append((seed, scored, program))
        except NotTakeable:
            tally["not taken"] += 1
        except InfeasibleError:
            tally["no allocation"] += 1
    return found


def allowed(scored: Scored, program: Program) -> list[Decision]:
    """Return every decision that obeys every clause but the pool."""
    rows = [rows for rows in program.rows if rows.clause != "pool"]
    return [
        decision
        for decision in every_decision(scored.round)
        if all(slack >= 0 for part in rows for slack in part.slack(decision))
    ]


def best(program: Program, decisions: list[Decision], fits: Callable[[Decision], bool]) -> Best:
    goals = program.goals[: additive_goals(program.goals)]
    values = [
        tuple(goal.objective.value(decision) for goal in goals)
        for decision in decisions
        if fits(decision)
    ]
    return max(values, default=None)


@pytest.mark.slow
def test_every_pool_at_once() -> None:
    tally: Counter[str] = Counter()
    for seed, scored, program in programs(150, tally):
        curve, decisions = pool_curve(program), allowed(scored, program)
        most = sum(int(amount) for amount in program.most)
        values = set()
        for pool in {0, *range(curve.step - 1, most, max(curve.step, most // 25)), most, 10 * most}:
            truth = best(program, decisions, lambda d, p=pool: int(d.award.sum()) <= p)
            assert curve.at(pool) == truth, (seed, pool)
            tally["pool too small" if truth is None else "pools"] += 1
            values.add(truth)
        for pool in curve.breaks().tolist()[1:]:
            assert curve.at(pool) != curve.at(pool - 1), (seed, pool)
        tally["different optima"] += len(values)
    assert tally["pools"] > 1_000
    assert tally["pool too small"] > 10
    assert tally["different optima"] > 300


@pytest.mark.slow
def test_every_application_forced_in_and_out() -> None:
    tally: Counter[str] = Counter()
    for seed, scored, program in programs(150, tally):
        if any(rows.clause == "pool" and rows.rhs[0] < 0 for rows in program.rows):
            continue
        decisions = [
            d
            for d in allowed(scored, program)
            if all(s >= 0 for rows in program.rows for s in rows.slack(d))
        ]
        found = forced(program)
        for a in range(program.size):
            inside = best(program, decisions, lambda d, a=a: bool(d.fund[a]))
            outside = best(program, decisions, lambda d, a=a: not d.fund[a])
            assert found.funded[a] == inside, (seed, a)
            assert found.refused[a] == outside, (seed, a)
            tally["impossible"] += (inside is None) + (outside is None)
            tally["applications"] += 1
    assert tally["applications"] > 200
    assert tally["impossible"] > 20


def test_the_plain_table_bounds_every_allocation() -> None:
    for seed, scored, program in programs(60, Counter()):
        decisions = allowed(scored, program)
        truth = best(
            program,
            decisions,
            lambda d, p=program: all(s >= 0 for rows in p.rows for s in rows.slack(d)),
        )
        if truth is not None:
            assert relaxed_optimum(program, 10**9) == truth, seed


def test_quotas_over_districts_are_refused_in_words() -> None:
    case = make_case(
        [{"application_id": f"A{i}", "school_id": f"S{i}", "merit": 80 + i} for i in range(3)],
        [{"school_id": f"S{i}", "district": d} for i, d in enumerate("甲乙丙")],
        clause=[{"kind": "quota", "column": "level", "value": "elementary", "at_most": 2}],
        priority=[{"kind": "coverage"}, {"kind": "merit"}],
    )
    program = build_program(scored_of(case))
    for question in (pool_curve, forced):
        with pytest.raises(NotTakeable, match="besides the pool"):
            question(program)
