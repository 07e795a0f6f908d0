"""Take the screens of the officials' tutorial from the workbench itself: ``python docs/screens.py``.

It plays the tutorial, from the files handed in to the revision, on the invented round of ``subsidy new
--example``. Needs the extra ``desk``, playwright and a Chromium (``CHROMIUM`` names another than the one
that is found).
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from optimizer import new_case

PLACE = Path(__file__).parent / "screens"
WIDE, HIGH = 1180, 760
HELD = 2_000  # NT$ of the pool
WRONG = {"申請金額": "三千五", "成員人數": "六人半", "學校代碼": "999999"}


def main() -> None:
    """Take all of them anew."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir()
    case = Path(tempfile.gettempdir()) / "補助" / "試用"  # the pictures show where it is
    case.parent.mkdir()
    try:
        new_case(case, example=True)
        with _opened(case) as address, _browsing(address) as page:
            play(page, case)
    finally:
        shutil.rmtree(case.parent)


def play(page: Page, case: Path) -> None:
    """Go through the tutorial, with a picture where it has one."""
    _hand_in(page, case)
    _rules(page)
    _answer(page)
    _scenarios(page)
    _finish(page)
    _revise(page)


def _hand_in(page: Page, case: Path) -> None:
    good = (case / "applications.csv").read_bytes()
    _room(page, "資料")
    for content, said, name in (
        (_with_mistakes(good), "處錯誤", "data-mistakes"),
        (good, "資料沒有錯誤", "data-good"),
    ):
        file = {"name": "applications.csv", "mimeType": "text/csv", "buffer": content}
        page.set_input_files("input.chooser", file)  # type: ignore[arg-type]
        page.get_by_text(said).first.wait_for()
        if content is not good:
            page.get_by_text("三千五").last.evaluate("one => one.scrollIntoView({block: 'center'})")
        _take(page, name, top=content is good)


def _with_mistakes(good: bytes) -> bytes:
    rows = list(csv.reader(io.StringIO(good.decode("utf-8-sig"))))
    for row, (column, value) in zip(rows[1:], WRONG.items(), strict=False):
        row[rows[0].index(column)] = value
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _rules(page: Page) -> None:
    _room(page, "規則")
    page.locator("summary").first.click()
    field = page.get_by_role("textbox", name="預備金")
    field.fill(f"{HELD:,}")
    field.press("Tab")
    page.get_by_text("預備金：0 元 → 2,000 元").wait_for()
    _take(page, "rules")
    page.get_by_role("button", name="寫入計畫檔").click()
    page.get_by_text("沒有差異。").wait_for()


def _answer(page: Page) -> None:
    _room(page, "分配")
    page.locator(".dot.proved").wait_for()
    _take(page, "answer")
    page.get_by_role("button", name=re.compile("^未獲補助 ")).click()
    page.locator("tbody button").first.click()
    page.locator(".drawer h2").wait_for()
    page.locator(".drawer").get_by_text("說明計算中").wait_for(state="hidden")
    _take(page, "why")
    page.keyboard.press("Escape")
    page.locator(".drawer").wait_for(state="hidden")


def _scenarios(page: Page) -> None:
    pool = page.get_by_role("textbox", name="總經費")
    first = pool.input_value()
    for name, amount in (("原經費", first), ("多五千元", f"{_number(first) + 5_000:,}")):
        pool.fill(amount)
        pool.press("Tab")
        page.locator(".numbers").get_by_text(f"{_number(amount) - HELD:,}").wait_for()
        page.get_by_label("釘選名稱").fill(name)
        page.get_by_role("button", name="釘選目前結果").click()
        page.get_by_label("與何者比較").get_by_text(name)
    _room(page, "情境")
    page.get_by_role("cell", name="多五千元").or_(
        page.get_by_role("columnheader", name="多五千元")
    ).first.wait_for()
    _take(page, "scenarios")
    _room(page, "分配")
    pool.fill(first)
    pool.press("Tab")
    page.locator(".numbers").get_by_text(f"{_number(first) - HELD:,}").wait_for()
    page.locator(".dot.proved").wait_for()


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _finish(page: Page) -> None:
    _room(page, "定案")
    page.get_by_role("button", name="產生結果並核對").click()
    page.locator(".seal").wait_for()
    _signed(page, "承辦人", "複核無誤")
    _take(page, "finish")
    page.get_by_role("button", name="定案，關閉本案").click()
    page.get_by_role("heading", name="本案已定案").wait_for()
    _take(page, "closed")


def _signed(page: Page, who: str, why: str) -> None:
    page.get_by_label("決定者").last.fill(who)
    page.get_by_label("理由", exact=True).last.fill(why)


def _revise(page: Page) -> None:
    page.get_by_label("申請編號").last.fill("A001")
    page.get_by_role("button", name="加入").click()
    page.get_by_text("A001 撤回").wait_for()
    page.get_by_role("button", name="試算").click()
    page.get_by_role("button", name="寫出修正並核對").wait_for()
    page.get_by_role("heading", name=re.compile("^修正")).scroll_into_view_if_needed()
    _take(page, "revise", top=False)


def _room(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name).first.click()
    page.locator(".room .card:not(:empty)").first.wait_for()


def _take(page: Page, name: str, top: bool = True) -> None:
    """Take what the window shows, in the few colours that it has."""
    page.wait_for_timeout(700)  # what slides or fades has come to rest
    if top:
        page.evaluate("scrollTo(0, 0)")
    shot = Image.open(io.BytesIO(page.screenshot()))
    shot.convert("RGB").quantize(128).save(PLACE / f"{name}.png", optimize=True)


@contextmanager
def _opened(case: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "optimizer.cli", "desk", str(case), "--no-browser", "--json"]
    with subprocess.Popen(
        [*command, "--port", "0"],
        stdout=subprocess.PIPE,
        env={**os.environ, "SUBSIDY_LANG": "zh-TW"},
    ) as process:
        assert process.stdout is not None
        said = b"".join(process.stdout.readline() for _ in range(4))
        try:
            yield json.loads(said)["text"]
        finally:
            process.send_signal(signal.SIGINT)


@contextmanager
def _browsing(address: str) -> Iterator[Any]:
    found = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, filter(None, found))), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        size: Any = {"width": WIDE, "height": HIGH}
        page = browser.new_page(viewport=size, locale="zh-TW")
        page.set_default_timeout(90_000)  # of a machine that is busy
        page.goto(address)
        page.locator("tbody button").first.wait_for()
        yield page
        browser.close()


if __name__ == "__main__":
    main()
