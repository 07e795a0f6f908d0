"""One whole `allocate` in a process of its own; prints one JSON line.

``python ours.py CASE [--warm]``; with ``--warm`` the job is done once before it is measured.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Do the job once, or twice with ``--warm``, and print the measures of the last time."""
    if "--warm" in sys.argv:
        run()
    print(json.dumps(run()))


def run() -> dict[str, Any]:
    """Read, screen, score, solve with every default priority, certify."""
    from optimizer.allocation import certify
    from optimizer.build import build_program
    from optimizer.case import read_case
    from optimizer.scoring import score
    from optimizer.screening import screen
    from optimizer.solve import solve

    stages, began = {}, time.perf_counter()

    def lap(stage: str) -> None:
        stages[stage] = time.perf_counter() - began - sum(stages.values())

    case = read_case(Path(sys.argv[1]))
    lap("read")
    screened = screen(case.records, case.policy)
    lap("screen")
    scored = score(screened)
    lap("score")
    program = build_program(scored)
    lap("build")
    solution = solve(program)
    lap("solve")
    allocation = certify(case, scored, program, solution)
    lap("certify")
    return {
        "proved": allocation.status == "optimal",
        "whole": sum(stages.values()),
        "solving": stages["build"] + stages["solve"],
        "stages": stages,
        "engine": solution.engine,
        "gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


if __name__ == "__main__":
    main()
