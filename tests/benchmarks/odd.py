"""Rounds with odd amounts: the engine that is chosen by rule against each single one; prints one JSON line.

    python odd.py [--rounds 100] [--limit S]

Each engine takes each round in a process of its own, forked when all is imported and the program stated.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from clock import Run, once
from helpers.odd import KINDS, odd_round

from optimizer.problems.errors import UsageError
from optimizer.program.program import Program
from optimizer.scoring.build import build_program
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.solving.bundled import BundleModel
from optimizer.solving.dynamic import NotTakeable
from optimizer.solving.options import Options
from optimizer.solving.solve import ASKED_FOR, solve
from optimizer.solving.staged import integer

SINGLE = ("dynamic", "bundles", "highs")


def forked(job: Callable[[], Run]) -> Run:
    """Do a job in a child; return what it says, with its own processor seconds and peak memory."""
    read, write = os.pipe()
    if not (child := os.fork()):
        said = once(job)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        os.write(write, json.dumps({**said, "mb": peak}).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return dict(json.loads(said))


def solved(program: Program, engine: str, limit: float) -> Run:
    """Let one engine take a program; one that does not take it has proved nothing."""
    options = Options("auto" if engine == "bundles" else engine, limit)  # type: ignore[arg-type]
    try:
        if engine == "bundles":
            found = integer(program, options, ASKED_FOR, BundleModel)
        else:
            found = solve(program, options)
    except (NotTakeable, UsageError):
        return {"proved": False, "engine": engine}
    awards = found.decision.award.tolist()
    return {"proved": found.optimal, "engine": found.engine, "awards": awards}


def measure(seed: int, limit: float) -> dict[str, Any]:
    """Let every engine take one round; say whether all that prove an answer prove the same."""
    import highspy  # noqa: F401 - before the children begin
    import pulp  # noqa: F401

    case = odd_round(seed)
    program = build_program(score(screen(case.records, case.policy)))
    runs = {
        engine: forked(lambda engine=engine: solved(program, engine, limit))  # type: ignore[misc]
        for engine in ("auto", *SINGLE)
    }
    awards = [(run.pop("awards", None), run["proved"]) for run in runs.values()]
    answers = [answer for answer, proved in awards if proved]
    same = all(answer == answers[0] for answer in answers)
    return {"kind": KINDS[seed % len(KINDS)], "size": program.size, "same": same, "runs": runs}


def main() -> None:
    """Measure all rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--limit", type=float, default=60.0)
    given = parser.parse_args()
    rounds = [measure(seed, given.limit) for seed in range(given.rounds)]
    print(json.dumps({"rounds": rounds}))


if __name__ == "__main__":
    main()
