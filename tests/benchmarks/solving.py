"""The solving part alone: ours and the rivals turn by turn in one process; prints one JSON line.

    python solving.py CASE [--runs N] [--limit S]

Ours states the program and solves it for every priority of the policy, certainty and draw; a
rival states and solves the plain program for merit alone. CP-SAT is not here: it must not share a
process with HiGHS (rivals.py measures it in one of its own).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clock import turns
from rivals import read_plain, solve_pulp

from optimizer.case.case import read_case
from optimizer.scoring.build import build_program
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.solving.solve import solve


def measure(path: Path, runs: int, limit: float) -> dict[str, list[dict[str, Any]]]:
    """Measure each `runs` times after one round that does not count."""
    case = read_case(path)
    scored = score(screen(case.records, case.policy))
    plain = read_plain(path)
    jobs: dict[str, Callable[[], Any]] = {
        "ours": lambda: {"proved": solve(build_program(scored)).optimal},
        "highs": lambda: vars(solve_pulp(plain, "highs", limit)),
        "cbc": lambda: vars(solve_pulp(plain, "cbc", limit)),
    }
    return turns(jobs, runs)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=120.0)
    given = parser.parse_args()
    print(json.dumps(measure(given.case, given.runs, given.limit)))


if __name__ == "__main__":
    main()
