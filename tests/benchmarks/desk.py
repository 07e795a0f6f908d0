"""The workbench in a real browser: how long until a move is drawn, and what it takes; one JSON line.

    python desk.py CASE [--moves 30] [--sessions 1]

Needs the extra ``desk``, playwright and chromium; Linux. From the key that is pressed to the frame in
which numbers, figure and table of the new, proved answer are drawn. Processor seconds are those of the
server and its processes, the browser's left out; memory is their proportional share (PSS). Several
sessions move the knob of one case at once; in the end all must show the one right answer.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

WATCH = """() => {
  window.times = []; window.since = null;
  addEventListener('keydown', () => { window.since = performance.now(); }, true);
  new MutationObserver(() => {
    if (window.since === null || !document.querySelector('.dot.proved')) return;
    const since = window.since; window.since = null;
    requestAnimationFrame(() => requestAnimationFrame(() => window.times.push(performance.now() - since)));
  }).observe(document.querySelector('.answer'), {subtree: true, childList: true, characterData: true, attributes: true});
}"""


def family(process: int) -> list[int]:
    """Return a process and all below it."""
    below = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(one for child in below for one in family(int(child)))]


def spent(process: int) -> float:
    """Return the processor seconds of a process and all below it."""
    ticks = [
        Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in family(process)
    ]
    return sum(int(t[11]) + int(t[12]) for t in ticks) / os.sysconf("SC_CLK_TCK")


def held(process: int) -> dict[str, Any]:
    """Return MB of memory of the server, of all, and of each process that it began."""
    sizes = [
        int(re.findall(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.M)[0])
        for one in family(process)
    ]
    return {
        "server": sizes[0] // 1024,
        "all": sum(sizes) // 1024,
        "each": [size // 1024 for size in sizes[1:]],
    }


def moved(pages: list[Any], process: int, moves: int) -> dict[str, Any]:
    """Move the first knob again and again, in one page or in several at once."""
    before = spent(process)
    for page in pages:
        page.evaluate(WATCH)
        page.locator("input[type=range]").first.focus()
    for number in range(moves):
        for page in pages:
            page.keyboard.press("ArrowRight")
        for page in pages:
            page.wait_for_function(f"window.times.length > {number}", timeout=60_000)
            page.wait_for_timeout(100 // len(pages))
    taken = (spent(process) - before) / (moves * len(pages))
    times = sorted(took for page in pages for took in page.evaluate("window.times"))
    pages[0].wait_for_timeout(2_000)
    return {
        "median_ms": round(statistics.median(times)),
        "p95_ms": round(times[int(0.95 * (len(times) - 1))]),
        "processor_ms_a_move": round(1_000 * taken),
    }


def measured(context: Any, case: Path, moves: int, sessions: int) -> dict[str, Any]:
    """Begin the workbench of a case, with the browser open already, and move the knob."""
    command = [sys.executable, "-m", "optimizer.cli", "desk", str(case), "--no-browser", "--json"]
    began = time.monotonic()
    with subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            address = json.loads(b"".join(process.stdout.readline() for _ in range(4)))["text"]
            reached = time.monotonic() - began
            pages = [shown(context.new_page(), address)]
            usable, taken = time.monotonic() - began, spent(process.pid)
            pages[0].wait_for_timeout(3_000)
            alone = held(process.pid)["server"]
            pages += [shown(context.new_page(), address) for _ in range(sessions - 1)]
            pages[0].wait_for_timeout(3_000)
            more = held(process.pid)["server"] - alone
            found = moved(pages, process.pid, moves)
            return {
                "reached_s": round(reached, 1),
                "usable_s": round(usable, 1),
                "processor_s_until_usable": round(taken, 1),
                **found,
                "memory_mb": held(process.pid),
                "mb_a_session_more": round(more / (sessions - 1), 1) if sessions > 1 else None,
                "right": right(case, {said(page) for page in pages}),
                "load": os.getloadavg()[0],
            }
        finally:
            process.send_signal(signal.SIGINT)


def shown(page: Any, address: str) -> Any:
    """Go to the workbench in a page, and wait until it shows an answer."""
    page.goto(address)
    page.wait_for_selector("tbody button", timeout=120_000)
    return page


def said(page: Any) -> tuple[int, str]:
    """Return the pool that a page shows, and the money awarded."""
    pool = page.locator("input[type=range]").first.input_value()
    return int(pool), page.locator(".numbers dd").nth(1).inner_text().split()[0].removeprefix("NT$")


def right(case: Path, answers: set[tuple[int, str]]) -> bool:
    """Return whether all pages show one answer, and that is the one that `allocate` gives."""
    from optimizer import allocate, read_case

    read = read_case(case)
    [(pool, spent)] = answers
    return spent == f"{allocate(read.under(read.policy.with_(pool=pool))).spent:,}"


def main() -> None:
    """Measure one case."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", type=Path)
    parser.add_argument("--moves", type=int, default=30)
    parser.add_argument("--sessions", type=int, default=1)
    given = parser.parse_args()
    with sync_playwright() as play, tempfile.TemporaryDirectory() as place:
        case = shutil.copytree(given.case, Path(place) / "case")
        chromium = shutil.which("chromium")
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        print(json.dumps(measured(context, case, given.moves, given.sessions)))
        browser.close()


if __name__ == "__main__":
    main()
