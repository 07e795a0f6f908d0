"""The price of every rule, and frontiers of 20 points at the most; one JSON line.

    python pricing.py CASE [--runs N]

From the case as read: what a fresh process imports has no part in it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

from clock import tell, turns

from optimizer import frontier, price_of_rules, read_case

POINTS = 20
PAIRS = tuple(product(("merit_band", "merit"), ("disadvantage", "balance")))
LIMIT = 20.0  # seconds for one of them


def measure(path: Path, runs: int) -> dict[str, list[dict[str, Any]]]:
    """Measure each `runs` times, turn by turn, after one round that does not count."""
    case = read_case(path)

    def rules() -> dict[str, Any]:
        return {"proved": price_of_rules(case).proved}

    def points(pair: tuple[str, str]) -> dict[str, Any]:
        found = frontier(case, pair, POINTS, time_limit=LIMIT)
        return {"proved": not found.stopped, "points": len(found.points)}

    jobs: dict[str, Callable[[], Any]] = {"price of rules": rules}
    for pair in PAIRS:
        jobs[" and ".join(pair)] = lambda pair=pair: points(pair)  # type: ignore[misc]
    return turns(jobs, runs)


if __name__ == "__main__":
    tell(measure)
