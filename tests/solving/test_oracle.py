"""Brute force over every award vector agrees with the solver, priority by priority, draw included.

The number of cases is SUBSIDY_ORACLE_CASES (2,000 for the full run).
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest
from checks.extreme import LARGEST_MONEY, ORDINARY_MONEY, extremes_agree
from checks.oracle import brute_force_agrees
from helpers.slow import first_quick

CASES = int(os.environ.get("SUBSIDY_ORACLE_CASES", "200"))
BATCH = 50


@pytest.mark.parametrize("batch", first_quick(range(CASES // BATCH)))
def test_brute_force_agrees(batch: int) -> None:
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        brute_force_agrees(random.Random(number), ("highs", "cbc"))


# ---- long decimals, hostile ids, large money ---------------------------------------------------

EXTREMES = int(os.environ.get("SUBSIDY_EXTREME_CASES", "60"))
MONEY = int(os.environ.get("SUBSIDY_EXTREME_MONEY", str(ORDINARY_MONEY)))  # to 10**12


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["auto", "highs"])
def test_brute_force_agrees_on_extremes(engine: str) -> None:
    found: Counter[str] = Counter()
    for number in range(EXTREMES):
        found += extremes_agree(number, engine, MONEY)
    assert set(found) <= {"proved", "honest", "refused", "empty"}
    assert found["proved"] > EXTREMES // 3, found


def test_brute_force_agrees_on_large_money() -> None:
    """What is refused in words is no wrong answer; how much may be is for other tests to say."""
    for number in range(10**6, 10**6 + EXTREMES // 4):
        extremes_agree(number, "auto", LARGEST_MONEY)
