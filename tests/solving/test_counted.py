"""Priorities that count in each zone up to so many (soft quotas), by every engine against every decision there is.

``SUBSIDY_COUNTED_CASES`` says how many random small rounds are drawn.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import numpy as np
from checks.engines import solved
from checks.truth import check_solution, truth_of
from helpers.rounds import counting_case, scored_of
from helpers.structures import drawn

from optimizer.problems.errors import InfeasibleError, UsageError
from optimizer.program.objectives import Shortfall
from optimizer.program.rows import Decision
from optimizer.scoring.build import build_program
from optimizer.solving.dynamic.counted import counted
from optimizer.solving.dynamic.reached import least_by_zone

CASES = int(os.environ.get("SUBSIDY_COUNTED_CASES", "24"))


def test_every_engine_finds_the_best_of_every_decision() -> None:
    tally: Counter[str] = Counter()
    for seed in range(CASES):
        rng = random.Random(f"counted {seed}")
        case = counting_case(rng, 5, ("partial", "partial", "full")[seed % 3])
        scored = scored_of(case)
        truth, program = truth_of(scored), build_program(scored)
        for engine in ("auto", "listed", "joined", "levels", "bundles"):
            try:
                found = solved(program, engine)
            except InfeasibleError:
                assert truth is None, (seed, engine)
            except UsageError:
                assert engine == "listed"
            else:
                assert truth is not None, (seed, engine)
                check_solution(found, truth, program)
                tally[f"{engine}: {found.engine}"] += 1
    assert tally["auto: dynamic"] > CASES // 2 < tally["listed: dynamic"], tally


def test_what_is_counted_by_zone_is_what_the_goal_is_worth() -> None:
    tally: Counter[bool] = Counter()
    for seed in range(CASES):
        rng = random.Random(f"worth {seed}")
        program = build_program(scored_of(counting_case(rng, 5, "full")))
        for goal in (g.objective for g in program.goals if isinstance(g.objective, Shortfall)):
            zones = counted(goal)
            tally[zones is not None] += 1
            if zones is None:
                continue
            zones = zones.over(program.size)
            fund = np.array([rng.random() < 0.5 for _ in range(program.size)], dtype=bool)
            inside = fund & (zones.group >= 0)
            reached = np.bincount(zones.group[inside], zones.each[inside], minlength=len(zones.top))
            worth = int(np.minimum(reached, zones.top).sum()) + zones.constant
            assert worth == goal.value(Decision.of(np.where(fund, program.most, 0))), seed
    assert min(tally[True], tally[False]) > 2, tally


def test_the_least_that_a_zone_loses_is_that_of_all_choices() -> None:
    for seed in range(CASES):
        rng = random.Random(f"zone {seed}")
        structure = drawn(rng)
        bonus = rng.choice((1, 4, 9))
        loss = np.array([rng.randint(0, 8) for _ in structure.cost])
        found = least_by_zone(structure, loss, bonus).tolist()
        for zone, levels in enumerate(structure.levels.tolist()):
            ends = {0: 0}  # by what is added, the least that is lost
            for c in np.flatnonzero(structure.zone == zone).tolist():
                mine = range(*structure.start[c : c + 2].tolist())
                ways = [
                    (before + int(structure.adds[e]), lost + int(loss[e]))
                    for before, lost in ends.items()
                    for e in mine
                ]
                ends = {added: min(x for a, x in ways if a == added) for added, _ in ways}
            assert found[zone] == min(
                lost + bonus * max(0, levels - added) for added, lost in ends.items()
            ), (seed, zone)
