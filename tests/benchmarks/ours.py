"""One whole `allocate` of ours, stage by stage; prints one JSON line.

    python ours.py CASE [--again]

With ``--again`` the job is done twice, as in a notebook, and the second time is told apart.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from clock import clocked


def run(path: Path) -> dict[str, Any]:
    """Read, screen, score, solve with every priority of the policy, certify."""
    since = (time.perf_counter(), time.process_time())
    from optimizer.case.case import read_case
    from optimizer.result.certify import certify
    from optimizer.scoring.build import build_program
    from optimizer.scoring.score import score
    from optimizer.scoring.screening import screen
    from optimizer.solving.solve import solve

    stages: dict[str, tuple[float, float]] = {}

    def lap(stage: str) -> None:
        nonlocal since
        now = (time.perf_counter(), time.process_time())
        stages[stage] = (now[0] - since[0], now[1] - since[1])
        since = now

    lap("import")
    case = read_case(path)
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
        "work": sum(wall for stage, (wall, _) in stages.items() if stage != "import"),
        "work_cpu": sum(cpu for stage, (_, cpu) in stages.items() if stage != "import"),
        "solving": stages["build"][0] + stages["solve"][0],
        "solving_cpu": stages["build"][1] + stages["solve"][1],
        "stages": stages,
        "engine": solution.engine,
        "why": solution.why.en,
    }


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=Path)
    parser.add_argument("--again", action="store_true", help="and a second time")
    given = parser.parse_args()
    print(json.dumps(clocked(lambda: run(given.case), given.again)))


if __name__ == "__main__":
    main()
