"""A narrowed program is the whole one with the settled applications given what is known of them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from helpers.rounds import every_decision, random_case, scored_of

from optimizer.program.narrow import narrow
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.scoring.build import build_program


def obeys(program: Program, decision: Decision) -> bool:
    return all(slack >= 0 for rows in program.rows for slack in rows.slack(decision))


@pytest.mark.slow
def test_every_decision_has_the_same_values_and_obeys_the_same_rows() -> None:
    looked_at = obeyed = 0
    kinds = set()
    for seed in range(120):
        rng = random.Random(seed)
        scored = scored_of(random_case(rng, mode=rng.choice((None, "partial"))))
        program = build_program(scored)
        if not program.size:
            continue
        decisions = list(every_decision(scored.round))
        known = rng.choice(decisions)
        open_ = np.array([rng.random() < 0.5 for _ in program.ids], dtype=bool)
        small = narrow(program, open_, known)
        kinds |= {type(goal.objective).__name__ for goal in program.goals}
        for decision in decisions:
            if (decision.award[~open_] != known.award[~open_]).any():
                continue
            part = small.narrow(decision)
            assert (small.widen(part).award == decision.award).all()
            assert obeys(small.program, part) == obeys(program, decision), seed
            for goal, whole in zip(small.program.goals, program.goals, strict=True):
                assert goal.objective.value(part) == whole.objective.value(decision), (seed, goal)
            looked_at += 1
            obeyed += obeys(program, decision)
    assert looked_at > 1_000
    assert 100 < obeyed < looked_at
    assert kinds == {"Additive", "Covered", "Even", "LeastShare", "Shortfall"}
