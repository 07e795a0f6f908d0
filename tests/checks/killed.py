"""Runs that are killed at any point of their writing: a driver that forks, so that each kill is quick.

``python tests/checks/killed.py PLACE WAY MANNER`` kills a run before its n-th audited call (open, rename,
mkdir, remove ...) for every n, and says what it saw as JSON; with a number as MANNER it kills so many
runs at random moments.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from optimizer import writing
from optimizer.language.text import EMPTY
from optimizer.writing import atomic
from optimizer.writing.exchange import exchange

FILES = ("a.txt", "b/c.txt", "summary.json")
Write = Callable[[Path, str], None]


def folder(target: Path, content: str) -> None:
    """Write a folder, slowly enough to be killed on the way."""
    with writing.new_folder(target, lambda folder: EMPTY) as made:
        for name in FILES:
            (made / name).parent.mkdir(exist_ok=True)
            (made / name).write_text(content * 200)


def file(target: Path, content: str) -> None:
    """Write a file."""
    writing.new_file(target, content.encode() * 200)


def fill(target: Path, content: str) -> None:
    """Write into the empty folder that the run stands in."""
    target.mkdir(exist_ok=True)
    os.chdir(target)
    folder(target, content)


def state(target: Path) -> str:
    """Say what a target holds: one content, whole; nothing; or something torn."""
    if target.is_file():
        found = {target.read_text()}
    elif target.is_dir():
        names = {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()}
        if not names:
            return "empty"
        found = {(target / name).read_text() for name in names}
        if names != set(FILES):
            return "torn"
    else:
        return "missing"
    (text,) = found if len(found) == 1 else ("",)
    return text[:3] if text == text[:3] * 200 else "torn"


def attempt(write: Write, target: Path, content: str, at: int | None) -> bool:
    """Run a writer in a child; kill it before its at-th audited call. Return whether it was killed."""
    child = os.fork()
    if child == 0:
        calls = 0

        def hook(event: str, _: object) -> None:
            nonlocal calls
            calls += 1
            if calls == at:
                os.kill(os.getpid(), signal.SIGKILL)

        code = 1
        try:
            if at is not None:
                sys.addaudithook(hook)
            write(target, content)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "the writer failed"
    return False


def every_call(place: Path, write: Write, before: str) -> Counter[str]:
    """Kill before each call in turn; after each, write again and see that nothing is left over."""
    seen: Counter[str] = Counter()
    at, killed = 0, True
    while killed:
        at += 1
        parent = place / f"{at}"
        parent.mkdir()
        target = parent / "out"
        if before:
            attempt(write, target, before, None)
        killed = attempt(write, target, "new", at)
        seen[f"after the kill: {state(target)}"] += 1
        atomic.recover(parent)
        recovered = state(target)
        seen[f"recovered: {recovered}"] += 1
        seen[f"left over: {sorted(p.name for p in parent.iterdir() if p != target)}"] += 1
        if write is not fill:
            attempt(write, target, "two", None)
            seen[f"written again: {state(target)}"] += 1
            seen[f"left over: {sorted(p.name for p in parent.iterdir() if p != target)}"] += 1
    seen["calls"] = at - 1
    return seen


def at_random(place: Path, write: Write, count: int) -> Counter[str]:
    """Kill runs at random moments; two run at once, every third time."""
    seen: Counter[str] = Counter()
    target, rng = place / "out", random.Random(103)
    attempt(write, target, "old", None)
    started = time.monotonic()
    attempt(write, target, "old", None)
    usual = time.monotonic() - started
    for number in range(count):
        children = [_endless(write, target) for _ in range(1 + (number % 3 == 0))]
        time.sleep(rng.uniform(0, 4 * usual))
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        after = state(target)
        seen["after the kill: " + (after if after in ("torn", "missing") else "whole")] += 1
        if number % 5 == 0:
            attempt(write, target, "old", None)
            seen[f"left over: {sorted(p.name for p in place.iterdir() if p != target)}"] += 1
    return seen


def _endless(write: Write, target: Path) -> int:
    child = os.fork()
    if child == 0:
        while True:
            write(target, "new")
            write(target, "old")
    return child


WAYS: dict[str, Write] = {"folder": folder, "file": file, "fill": fill}


def main(place: Path, way: str, manner: str) -> Counter[str]:
    """Kill runs of one way of writing, in one manner."""
    name, _, system = way.partition("-")
    atomic.exchange = (lambda one, other: False) if system == "renames" else exchange
    write = WAYS[name]
    if manner.isdecimal():
        return at_random(place, write, int(manner))
    return every_call(place, write, "" if manner == "first" else "old")


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])))
