"""Marks for what the quick run leaves out: ``pytest -m "not slow"``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def first_quick(values: Iterable[Any], count: int = 1) -> list[Any]:
    """Return parameters of which all but the first, or the first few, are slow."""
    every = list(values)
    slow = [pytest.param(value, marks=pytest.mark.slow) for value in every[count:]]
    return [*every[:count], *slow]
