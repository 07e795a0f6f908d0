"""Goal after goal: prices that are the best there are, and a core's list that none beats."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from helpers.structures import drawn, every

from optimizer.program.objectives import Even
from optimizer.program.rows import Decision
from optimizer.solving.dynamic.core import least_loss
from optimizer.solving.dynamic.filler import Filler
from optimizer.solving.dynamic.levels import Level, as_sum
from optimizer.solving.dynamic.prices import find_prices

CASES = 150


def test_prices_that_are_not_only_close_are_the_best() -> None:
    inside = 0
    for seed in range(CASES):
        structure = drawn(random.Random(f"prices {seed}"))
        if not every(structure, {}, structure.pool):
            continue
        prices = find_prices(structure, close=False)
        bounds = [replace(prices, pool=price).bound for price in range(40)]
        assert prices.bound == min(bounds), seed
        inside += bounds[0] > prices.bound
    assert inside > CASES // 10


def test_a_core_finds_what_the_best_list_loses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.solving.dynamic.core.SIZES", (1, 2, 100))
    tally: Counter[bool] = Counter()
    for seed in range(CASES):
        structure = drawn(random.Random(f"core {seed}"))
        lists = every(structure, {}, structure.pool)
        if not lists:
            continue
        prices = find_prices(structure, close=False)
        found = least_loss(prices, Filler(None, 10**6))
        assert found.loss == prices.bound - max(lists), seed
        awards = structure.award[sorted(found.bundles.tolist())].ravel().tolist()
        assert awards in lists[max(lists)], seed
        tally[found.loss > 0] += 1
    assert min(tally[True], tally[False]) > CASES // 10


def test_an_even_spread_whose_signs_are_settled_is_a_sum() -> None:
    tally: Counter[bool] = Counter()
    for seed in range(CASES):
        rng = random.Random(f"even {seed}")
        structure = drawn(rng)
        size = structure.program.size
        uses = np.array([[rng.randint(0, 1) for _ in range(size)] for _ in range(3)])
        goal = Even(uses, tuple(rng.randint(0, 12) for _ in range(3)))
        none = np.zeros(0, dtype=np.int64)
        level = Level(structure, np.arange(len(structure.cost)), none, held=none, bonus=0)
        found = as_sum(goal, level, structure)
        tally[found is None] += 1
        lists = [awards for some in every(structure, {}, 10**6).values() for awards in some]
        decisions = [Decision.of(np.array(awards)) for awards in lists]
        if found is not None:
            assert len({goal.value(d) - found.value(d) for d in decisions}) == 1, seed
        elif len({tuple(np.sign(_apart(goal, d))) for d in decisions}) == 1:
            raise AssertionError(seed)
    assert min(tally[True], tally[False]) > CASES // 10


def _apart(goal: Even, decision: Decision) -> list[int]:
    counts = goal.counts(decision)
    return [len(counts) * n - sum(counts) for n in counts]
