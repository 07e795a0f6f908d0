"""Marks for what the quick run leaves out: ``pytest -m "not slow"``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import pytest


def first_quick(values: Iterable[Any], count: int = 1) -> list[Any]:
    """Return parameters of which all but the first, or the first few, are slow."""
    every = list(values)
    slow = [pytest.param(value, marks=pytest.mark.slow) for value in every[count:]]
    return [*every[:count], *slow]


def numbers(every: int, usual: int) -> range:
    """Return the numbers of the random cases to ask: every one with SUBSIDY_ALL_CASES, else some."""
    return range(every if os.environ.get("SUBSIDY_ALL_CASES") else usual)
