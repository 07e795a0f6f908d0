"""The chances of the draw against the draw itself, held in every order."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import numpy as np

from optimizer.solving.lottery import chances


def by_every_order(award: list[tuple[int, ...]]) -> list[Fraction]:
    """Hold the draw in every order; the winner is the greatest in that order."""
    width = len(award[0])
    orders = list(itertools.permutations(range(width)))
    funded = [0] * width
    for order in orders:
        winner = max(award, key=lambda row: [row[a] for a in order])
        for a in range(width):
            funded[a] += winner[a] > 0
    return [Fraction(count, len(orders)) for count in funded]


def test_chances_are_those_of_all_orders_together() -> None:
    fractions = set()
    for seed in range(300):
        rng = random.Random(seed)
        width = rng.randint(1, 5)
        amounts = rng.choice(((0, 100), (0, 50, 100)))
        rows = {tuple(rng.choice(amounts) for _ in range(width)) for _ in range(rng.randint(1, 7))}
        award = sorted(rows)
        found = chances(np.array(award, dtype=np.int64))
        assert found == by_every_order(award), seed
        fractions |= set(found)
    assert len(fractions) > 20


def test_one_optimum_leaves_no_chance() -> None:
    assert chances(np.zeros((1, 0), dtype=np.int64)) == []
    assert chances(np.array([[100, 0]])) == [1, 0]
