"""All explanations of a case against twenty allocations of it, in one process; one JSON line.

    python explaining.py CASE [--runs N]

Both from the case as read: what is read, and what a fresh process imports, has no part in it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from clock import tell, turns

from optimizer import allocate, read_case
from optimizer.explain import explain_all

ALLOCATIONS = 20


def measure(path: Path, runs: int) -> dict[str, list[dict[str, Any]]]:
    """Measure each `runs` times, turn by turn, after one round that does not count."""
    case = read_case(path)
    found: list[Any] = []  # what the turn before allocated: nothing is known of it yet

    def twenty() -> None:
        found[:] = [allocate(case) for _ in range(ALLOCATIONS)]

    jobs: dict[str, Callable[[], Any]] = {
        "20 allocations": twenty,
        "explanations": lambda: explain_all(found.pop()),
    }
    return turns(jobs, runs)


if __name__ == "__main__":
    tell(measure)
