"""All explanations of a case against twenty allocations of it, in one process; one JSON line.

    python explaining.py CASE [--runs N]

Both from the case as read: what is read, and what a fresh process imports, has no part in it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clock import turns

from optimizer import allocate, read_case
from optimizer.explain import explain_all

ALLOCATIONS = 20


def measure(path: Path, runs: int) -> dict[str, list[dict[str, Any]]]:
    """Measure each `runs` times, turn by turn, after one round that does not count."""
    case = read_case(path)
    found = allocate(case)
    jobs: dict[str, Callable[[], Any]] = {
        "20 allocations": lambda: [allocate(case) for _ in range(ALLOCATIONS)],
        "explanations": lambda: explain_all(found),
    }
    return turns(jobs, runs)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    print(json.dumps(measure(given.case, given.runs)))


if __name__ == "__main__":
    main()
