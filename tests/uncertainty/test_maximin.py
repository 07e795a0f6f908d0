"""MERIT against every set of the best that intervals allow."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from optimizer.solving.game import PARTS
from optimizer.uncertainty.maximin import Intervals, Lottery, maximin, sure_of


def drawn(number: int) -> tuple[Intervals, int]:
    """Draw up to eight intervals, ties among them, and how many are picked."""
    rng = np.random.default_rng(number)
    size = int(rng.integers(1, 9))
    low = rng.integers(0, 12, size)
    return Intervals(low, low + rng.integers(0, 6, size)), int(rng.integers(0, size + 1))


def best_sets(of: Intervals, picked: int) -> list[tuple[int, ...]]:
    """Return every set that can be the best: nobody outside lies wholly above anyone inside."""
    everyone = range(len(of.worst))
    return [
        inside
        for inside in combinations(everyone, picked)
        if all(of.worst[a] <= of.best[b] for a in everyone if a not in inside for b in inside)
    ]


@pytest.mark.parametrize("number", range(40))
def test_a_list_and_a_lottery_are_sure_of_what_the_worst_set_leaves(number: int) -> None:
    of, picked = drawn(number)
    sets = best_sets(of, picked)
    rng = np.random.default_rng(number)
    for chance in (rng.integers(0, 2, len(of.worst)), rng.integers(0, 100, len(of.worst))):
        assert sure_of(of, chance, picked) == min(int(chance[list(s)].sum()) for s in sets)
    found = maximin(of, picked)
    assert found.chance.sum() <= picked * PARTS and found.chance.max(initial=0) <= PARTS
    worst = min(int(found.chance[list(s)].sum()) for s in sets)
    assert found.sure == Fraction(worst, PARTS)
    assert 0 <= found.bound - found.sure <= Fraction(1, 10**6)
    inside = np.array([[a in s for a in range(len(of.worst))] for s in sets])
    assert all(found.chance[a] == PARTS for a in np.flatnonzero(inside.all(axis=0)))
    assert all(found.chance[a] == 0 for a in np.flatnonzero(~inside.any(axis=0)))


def test_an_example_that_can_be_followed_with_a_pencil() -> None:
    """Two of three are picked: one is surely the best, of two nobody can tell which is the second."""
    of = Intervals(np.array([8, 1, 2]), np.array([9, 5, 4]))
    found = maximin(of, 2)
    assert isinstance(found, Lottery)
    assert found.chance.tolist() == [PARTS, PARTS // 2, PARTS // 2]
    assert found.sure == found.bound == Fraction(3, 2)
    assert sure_of(of, np.array([1, 1, 0]), 2) == 1
