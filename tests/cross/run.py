"""Allocate a case in a process of its own: ``python -m cross.run CASE SOLVER THREADS``.

The bytes of awards.csv go to standard output.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def awards(case: Path, solver: str = "auto", threads: int = 1, hash_seed: int = 0) -> bytes:
    """Return awards.csv as a fresh process writes it."""
    return subprocess.run(
        [sys.executable, "-m", "cross.run", str(case), solver, str(threads)],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        check=True,
        capture_output=True,
    ).stdout


def main(case: str, solver: str, threads: str) -> None:
    """Write awards.csv to standard output."""
    from optimizer import allocate, read_case
    from optimizer.report.csv_tables import to_csv

    allocation = allocate(read_case(case), solver, threads=int(threads))
    assert allocation.status == "optimal"
    sys.stdout.buffer.write(to_csv(allocation.awards))


if __name__ == "__main__":
    main(*sys.argv[1:])
