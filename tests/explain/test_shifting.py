"""A merit shifted, nothing solved, against solving the changed round."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

from helpers.rounds import random_case

from optimizer import allocate
from optimizer.explain.asking import Asking
from optimizer.explain.shifting import Told
from optimizer.problems.errors import InfeasibleError

ROUNDS = 8


def test_a_shifted_merit_says_what_a_solve_says() -> None:
    tally: Counter[str] = Counter()
    for seed in range(ROUNDS):
        rng, mode = random.Random(f"shift {seed}"), ("full", "partial")[seed % 2]
        try:
            found = allocate(random_case(rng, 6 - seed % 2, mode))
        except InfeasibleError:
            continue
        asking = Asking(found)
        for a, application_id in enumerate(asking.round.ids):
            for more in (-7, -1, 1, 7):
                merit = asking.round.merit_of(a) + Fraction(more)
                if not 0 <= merit <= 100:
                    continue
                steps = int(more / asking.changed.merit_step(a))
                told, solved = asking.told_merit(a, steps), asking.merit(a, merit)
                assert told.fate(application_id) == solved.fate(application_id)
                tally[mode] += isinstance(told, Told)
    assert min(tally["full"], tally["partial"]) > 10, tally
