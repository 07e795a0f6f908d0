"""Clocks inside a measured process: wall and processor seconds of a job."""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Run = dict[str, Any]
SLOW = 20.0  # seconds; what takes longer is not repeated


def processor() -> float:
    """Return the processor seconds of this process and its children (CBC is one)."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def once(job: Callable[[], Any]) -> Run:
    """Do a job once; add what it says of itself, if that is a dictionary."""
    began, used = time.perf_counter(), processor()
    said = job()
    taken = {"wall": time.perf_counter() - began, "cpu": processor() - used}
    return {**said, **taken} if isinstance(said, dict) else taken


def clocked(job: Callable[[], Run], again: bool) -> Run:
    """Do a job once, or twice and tell the second time apart as ``again``.

    The first time's own seconds are those since the process began to work, as ``inside``.
    """
    first = once(job)
    first["inside"] = first.pop("wall")
    first.pop("cpu")
    return {**first, "again": once(job)} if again else first


def turns(jobs: Mapping[str, Callable[[], Any]], runs: int) -> dict[str, list[Run]]:
    """Do all jobs turn by turn, after one round that does not count unless it is a slow one's."""
    found: dict[str, list[Run]] = {name: [] for name in jobs}
    slow: set[str] = set()
    for turn in range(runs + 1):
        for name, job in jobs.items():
            if name in slow:
                continue
            run = once(job)
            if turn or run["wall"] > SLOW:
                found[name].append(run)
            if run["wall"] > SLOW:
                slow.add(name)
    return found


def tell(measure: Callable[[Path, int], Mapping[str, list[Run]]]) -> None:
    """Be a program that measures a case some times and prints it as one JSON line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    print(json.dumps(measure(given.case, given.runs)))
