"""How far a solver's floats are believed: the same for every formulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]

# sum of the factors of an objective or row: at the least tolerance, less than 1/2 of it is in doubt
LARGEST = 4 * 10**8
LOOSEST = 1e-6  # how far from an integer a solver may leave a variable, where the factors allow it
FARTHEST = 2**40  # a left side that reaches farther is stated in digits: floats are coarse there


def tolerance(size: int) -> float:
    """Return how far from an integer a solver may leave a variable, by the greatest sum of factors."""
    return min(LOOSEST, 0.4 / max(1, size))


def whole(bound: float | None) -> int | None:
    """Turn the solver's bound into an integer one, erring on the safe side."""
    if bound is None or not math.isfinite(bound):
        return None
    doubt = 1e-6 * max(1.0, abs(bound) * 1e-3)
    return math.floor(bound + min(0.5, max(1e-4, doubt)))
