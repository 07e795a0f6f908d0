"""The workbench as it is opened: over the network by a plain client, and in a real browser where there is one."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from optimizer.desk.guard import MOST_BYTES
from optimizer.new import new_case
from optimizer.policy.policy import read_policy

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not importlib.util.find_spec("nicegui"), reason="the extra desk is missing"),
]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_BROWSER = not (CHROMIUM and importlib.util.find_spec("playwright"))
AXE = os.environ.get("AXE", "")  # axe.min.js, where it is on this machine
ROOMS = ("/", "/data", "/rules", "/scenarios", "/finish")


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


def get(address: str, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    host, port = re.findall(r"//([^:]+):(\d+)", address)[0]
    connection = HTTPConnection(host, int(port), timeout=30)
    connection.request("GET", path, headers={n.replace("_", "-"): v for n, v in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), dict(answer.getheaders())


@pytest.fixture
def case(tmp_path: Path) -> Path:
    new_case(tmp_path / "case", example=True)
    return tmp_path / "case"


def test_every_room_is_shown_to_who_has_the_token_and_to_nobody_else(case: Path) -> None:
    with opened(case) as address:
        status, _, told = get(address, f"/?{address.partition('?')[2]}")
        cookie = told["set-cookie"].partition(";")[0]
        assert status == 303
        for path in ROOMS:
            status, page, _ = get(address, path, cookie=cookie)
            assert status == 200 and "定案" in page, path
            assert get(address, path)[0] == 403
            assert get(address, path, cookie=cookie, host="evil.example")[0] == 403
            assert get(address, path, cookie=cookie, origin="http://evil.example")[0] == 403
        large = {"cookie": cookie, "content_length": str(MOST_BYTES + 1)}
        status, said, _ = get(address, "/", **large)
        assert status == 413 and "檔案太大" in said
        assert get(address, "/../../etc/passwd", cookie=cookie)[0] == 404
        assert get(address, "/journal")[0] == get(address, "/record/0")[0] == 403
        assert get(address, "/journal", cookie=cookie)[0] in (
            200,
            404,
        )  # 404 until the case is open
        assert get(address, "/record/0", cookie=cookie)[0] == 404  # nothing is written yet


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_server_that_is_killed_leaves_no_process_behind(case: Path) -> None:
    process, _ = begun(case)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    process.wait()
    for _ in range(300):
        left = [child for child in children if Path(f"/proc/{child}").exists()]
        if not left:
            break
        time.sleep(0.1)
    assert children and not left


@pytest.mark.skipif(NO_BROWSER, reason="no chromium, or playwright is missing")
def test_a_morning_in_a_real_browser(case: Path) -> None:
    from playwright.sync_api import sync_playwright

    with opened(case) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(address)
        assert "token" not in page.url
        morning(page, case)
        base = page.url.rpartition("/")[0]
        assert not [url for url in asked if not url.startswith((base, "data:", "blob:"))]
        browser.close()
    done = [json.loads(line)["event"] for line in (case / "journal.jsonl").read_text().splitlines()]
    kept = [event for event, _ in groupby(done)]  # a slow machine may rest between two keys
    assert kept == ["opened", "set", "decide", "pin", "set", "undo", "set", "saved"]


def morning(page: Any, case: Path) -> None:
    """Explore, explain, decide, pin, contradict and mend, save, write and read the seal."""
    numbers, proved = page.locator(".numbers"), page.locator(".dot.proved")
    page.wait_for_selector("tbody button")
    page.locator("input[type=range]").first.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    numbers.get_by_text("63,000").wait_for()  # 20 keys, of NT$100 each: the last one counts
    proved.wait_for()
    page.locator(".chip", has_text="未獲補助").click()
    chosen = page.locator("tbody button").first.inner_text()
    page.locator("tbody button").first.click()
    page.locator(".drawer h2", has_text=chosen).wait_for()
    page.get_by_label("決定者").fill("王科長")
    page.get_by_label("理由", exact=True).fill("示範學校")
    page.get_by_role("button", name="核定補助").click()
    page.locator(f'tr:has(button:text-is("{chosen}"))').wait_for(state="detached")
    page.keyboard.press("Escape")
    page.get_by_label("釘選名稱").fill("甲案")
    page.get_by_role("button", name="釘選目前結果").click()
    page.get_by_label("與何者比較").get_by_text("甲案")
    field = page.locator(".knob input:not([type=range])").first
    field.fill("1000")
    field.press("Tab")
    page.get_by_role("heading", name="現有規則無法同時遵守").wait_for()
    page.get_by_role("button", name="復原").click()
    proved.wait_for()
    page.get_by_role("link", name="規則").click()
    page.locator("summary").first.click()
    page.get_by_label("預備金").fill("2,000")
    page.get_by_label("預備金").press("Tab")
    page.get_by_text("預備金：（未訂） → 2,000").wait_for()
    page.get_by_role("button", name="寫入計畫檔").click()
    page.get_by_text("沒有差異。").wait_for()
    assert read_policy(case / "policy.toml").settings.pool.contingency == 2_000
    look(page)
    page.get_by_role("link", name="定案").click()
    page.get_by_role("button", name="產生結果並核對").click()
    seal = page.locator(".seal").inner_text(timeout=90_000)
    summary = json.loads((case.with_name("case-result") / "summary.json").read_text("utf-8"))
    assert seal == summary["seal"]


def look(page: Any) -> None:
    """Hold every room against WCAG 2.2 AA, in both languages, where axe is on this machine."""
    base = page.url.rpartition("/")[0]
    for _ in ("zh-TW", "en") if AXE else ():
        for path in ROOMS:
            page.goto(base + path)
            page.wait_for_load_state("networkidle")
            page.evaluate(Path(AXE).read_text("utf-8"))
            assert page.evaluate("axe.run(document)")["violations"] == [], path
        page.locator("header button").last.click()
        page.wait_for_load_state("networkidle")
    page.goto(f"{base}/rules")
