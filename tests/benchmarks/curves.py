"""The optimum for every pool, and with every application forced in and out; one JSON line.

    python curves.py CASE [--runs N]

Against one solve of ours of the same program: its clauses without those that tie districts
together, its priorities that are sums over applications.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from clock import tell, turns

from optimizer.case.case import read_case
from optimizer.policy.policy import make_policy
from optimizer.program.program import Program
from optimizer.scoring.build import build_program
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.solving.dynamic import forced, pool_curve
from optimizer.solving.solve import solve

SUMS = ("coverage", "merit", "disadvantage", "sharing")


def additive_program(path: Path) -> Program:
    """State a case by what the dynamic programme can take as a whole."""
    base = read_case(path)
    document = dict(base.policy.document)
    document["clause"] = [c for c in document["clause"] if c["kind"] != "quota"]
    document["priority"] = [p for p in document["priority"] if p["kind"] in SUMS]
    case = base.under(make_policy(document))
    return build_program(score(screen(case.records, case.policy)))


def measure(path: Path, runs: int) -> dict[str, list[dict[str, Any]]]:
    """Measure each `runs` times, turn by turn, after one round that does not count."""
    program = additive_program(path)
    jobs: dict[str, Callable[[], Any]] = {
        "one solve": lambda: solve(program),
        "curve": lambda: pool_curve(program),
        "forced": lambda: forced(program),
    }
    return turns(jobs, runs)


if __name__ == "__main__":
    tell(measure)
