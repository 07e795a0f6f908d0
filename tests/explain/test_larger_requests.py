"""Larger requests held against the best list without one: bounds taken from other amounts are no other answer."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from optimizer.explain.larger_requests import _Others
from optimizer.solving.dynamic.beside import Bundle


@pytest.mark.parametrize("seed", range(20))
def test_a_bound_from_a_costlier_bundle_never_says_more_than_the_tables(seed: int) -> None:
    rng = random.Random(f"others {seed}")
    left = sorted((rng.randint(0, 30) for _ in range(12)), reverse=True)  # by what a bundle costs
    most = lambda _, bundle: bundle.worth + left[bundle.cost]  # noqa: E731
    others = _Others(cast(Any, SimpleNamespace(most=most)), component=0)
    for _ in range(60):
        bundle = Bundle((1,), rng.randrange(12), rng.randint(0, 20))
        enough = rng.randint(0, 50)
        assert others.exceed(enough, bundle) is (most(0, bundle) > enough)
