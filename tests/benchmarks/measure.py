"""Measuring: a job in a process of its own, and medians over pairs.

The process that measures stays small (no pandas, no matplotlib): a child's peak memory as the
system reports it is never less than its parent's.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from clock import SLOW, Run

HERE = Path(__file__).parent


def measured(command: Sequence[str], most_seconds: float | None = None) -> Run:
    """Run a command; return its standard output, wall and processor seconds, and peak memory.

    Processor seconds and memory include those of its own children. After `most_seconds` it is
    ended, and ``out`` is None. Bytecode is kept, as that of any installed program is.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=err, env=kept, start_new_session=True)
        late = threading.Event()

        def end() -> None:
            late.set()
            os.killpg(child.pid, signal.SIGKILL)

        timer = threading.Timer(most_seconds or 3_600, end)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        timer.cancel()
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        if child.returncode and not late.is_set():
            raise RuntimeError(f"{' '.join(command)}\n{err.read().decode(errors='replace')}")
        return {
            "out": None if late.is_set() else out.read().decode(),
            "wall": wall,
            "cpu": usage.ru_utime + usage.ru_stime,
            "gb": usage.ru_maxrss / 2**20,
        }


def script(name: str, *words: str, most_seconds: float | None = None) -> Run:
    """Run one of the scripts beside this one; add what its last line of JSON says."""
    found = measured([sys.executable, str(HERE / name), *words], most_seconds)
    out = found.pop("out")
    said: Run = {"proved": False} if out is None else json.loads(out.strip().splitlines()[-1])
    if again := said.get("again"):  # the second time is no part of a fresh process's job
        found["wall"] -= again["wall"]
        found["cpu"] -= again["cpu"]
    return {**found, **said}


def make_case(folder: Path, applications: int, schools: int, districts: int, seed: int) -> Path:
    """Write an invented round without the optional tables."""
    target = folder / f"case-{applications}-{seed}"
    if not target.exists():
        words = {
            "applications": applications,
            "schools": schools,
            "districts": districts,
            "seed": seed,
        }
        options = [word for name, value in words.items() for word in (f"--{name}", str(value))]
        command = [sys.executable, "-m", "optimizer.cli", "generate", str(target), "--no-tables"]
        measured([*command, *options])
    return target


def in_turn(jobs: Mapping[str, Callable[[], Run]], runs: int) -> dict[str, list[Run]]:
    """Do every job `runs` times, turn by turn; a slow one once only."""
    found: dict[str, list[Run]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            if not found[name] or found[name][0]["wall"] <= SLOW:
                found[name].append(job())
    return found


def median(runs: Sequence[Run], key: str) -> float:
    """Return the middle value of one key."""
    return statistics.median(run[key] for run in runs)


def pairwise(ours: Sequence[Run], theirs: Sequence[Run], key: str) -> float:
    """Return the middle of the ratios of runs that were neighbours in time."""
    return statistics.median(a[key] / b[key] for a, b in zip(ours, theirs, strict=False))


def say(progress: str) -> None:
    """Say how far the measuring is."""
    print(progress, file=sys.stderr, flush=True)


def machine() -> dict[str, Any]:
    """Say where this was measured, and how busy it was."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
