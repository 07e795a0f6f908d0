"""The workbench begun by its command, in a process of its own, and a browser before it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_desk = pytest.mark.skipif(
    not importlib.util.find_spec("nicegui"), reason="the extra desk is missing"
)
needs_browser = pytest.mark.skipif(
    not (CHROMIUM and importlib.util.find_spec("playwright")),
    reason="no chromium on this machine, or playwright is missing",
)


def begun(case: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Open the workbench in a process of its own; return it, and the address that it says."""
    command = [sys.executable, "-m", "optimizer.cli", "desk", str(case), "--no-browser", "--json"]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    process = subprocess.Popen(
        [*command, "--port", "0"], stdout=subprocess.PIPE, env={**outside, "SUBSIDY_LANG": "zh-TW"}
    )
    assert process.stdout is not None
    said = [process.stdout.readline().decode() for _ in range(4)]
    return process, json.loads("".join(said))["text"]


@contextmanager
def opened(case: Path) -> Iterator[str]:
    """Give the address of the workbench, and end it as people do."""
    process, address = begun(case)
    try:
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
    assert code == 0


@contextmanager
def browsing(address: str, **context: Any) -> Iterator[Any]:
    """Give a page of a browser at an address; no error may occur in it, nothing outside be asked for."""
    from playwright.sync_api import sync_playwright

    outside: list[str] = []
    here = address.partition("/?")[0]
    near = (here, here.replace("http", "ws", 1), "data:", "blob:")

    def asked(request: Any) -> None:
        if not request.url.startswith(near):
            outside.append(request.url)

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        wanted = {"locale": "zh-TW", "viewport": {"width": 1280, "height": 900}, **context}
        page = browser.new_page(**wanted)
        page.set_default_timeout(90_000)  # of a machine that is busy; nothing is measured
        page.on("request", asked)
        page.on("pageerror", lambda error: outside.append(str(error)))
        page.goto(address)
        assert "token" not in page.url
        yield page
        browser.close()
    assert not outside
