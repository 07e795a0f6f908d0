"""An official's morning at the workbench, in a real browser, from the example to the verified result."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os
import re
import tomllib
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from helpers.browser import browsing, needs_browser, needs_desk, opened
from helpers.commands import run

from optimizer.desk.pages.room import ROOMS
from optimizer.new import new_case
from optimizer.policy.policy import read_policy

pytestmark = [pytest.mark.slow, needs_desk, needs_browser]
TAKES_FILES = importlib.util.find_spec("optimizer.desk.uploads")  # the room of the data does
TEN = {
    "申請金額": ("三千五", "-100", "約 2,000"),
    "成員人數": ("六人半", "?"),
    "活動次數": ("很多",),
    "社群類型": ("社團", "其它類"),
    "學校代碼": ("999999", ""),
}
AXE = os.environ.get("SUBSIDY_AXE", "")  # axe.min.js, where it is on this machine


@pytest.fixture
def case(tmp_path: Path) -> Path:
    new_case(tmp_path / "case", example=True)
    return tmp_path / "case"


def test_a_morning(case: Path) -> None:
    policy = (case / "policy.toml").read_bytes()
    with opened(case) as address, browsing(address) as page:
        if TAKES_FILES:
            hand_in(page, case)
        page.wait_for_selector("tbody button")
        explore(page)
        decide(page)
        pin(page)
        change_a_rule(page)
        assert (case / "policy.toml").read_bytes() == policy  # nobody has asked for more yet
        page.reload()
        page.get_by_text("預備金：0 元 → 2,000 元").wait_for()  # what was done is still there
        page.get_by_role("button", name="寫入計畫檔").click()
        page.get_by_text("沒有差異。").wait_for()
        seal = finish(page)
        close(page)
        try_a_revision(page)
        open_again(page)
        speak_otherwise(page, address)
    assert read_policy(case / "policy.toml").settings.pool.contingency == 2_000
    lines = (case / "journal.jsonl").read_text("utf-8").splitlines()
    kept = [event for event, _ in groupby(json.loads(line)["event"] for line in lines)]
    pinned = ["pin", "set"] * 3
    taken = ["files"] if TAKES_FILES else []
    removed = ["drop", "undo"]
    done = [
        *taken,
        "set",
        "decide",
        "undo",
        *pinned,
        "undo",
        "set",
        *removed,
        "saved",
        "verified",
        "close",
        "release",
    ]
    assert kept == ["opened", *done]
    as_the_command_writes(case, case.with_name("case-result"), seal)


def hand_in(page: Any, case: Path) -> None:
    """Drop a table with ten mistakes, see them all, and drop it mended."""
    table = case / "applications.csv"
    good = table.read_bytes()
    page.get_by_role("link", name="資料").click()
    page.wait_for_url("**/data")
    for content, said in ((with_mistakes(good), "有 10 處錯誤"), (good, "資料沒有錯誤")):
        file = {"name": table.name, "mimeType": "text/csv", "buffer": content}
        page.set_input_files("input.chooser", file)
        page.get_by_text(said).wait_for()
        if content is not good:  # a room that is shut says why
            page.get_by_role("link", name="規則").click()
            page.get_by_text("「規則」須待資料與計畫檔沒有錯誤").wait_for()
    page.get_by_role("link", name="前往「規則」").wait_for()
    assert table.read_bytes() == good
    page.get_by_role("link", name="分配").click()


def with_mistakes(good: bytes) -> bytes:
    """Return a table of applications with one cell wrong in each of its first ten rows."""
    rows = list(csv.reader(io.StringIO(good.decode("utf-8-sig"))))
    wrong = [(column, value) for column, values in TEN.items() for value in values]
    for row, (column, value) in zip(rows[1:], wrong, strict=False):
        row[rows[0].index(column)] = value
    page = io.StringIO()
    csv.writer(page).writerows(rows)
    return page.getvalue().encode()


def explore(page: Any) -> None:
    """Move the pool by twenty keys, each of NT$100: the last one counts."""
    page.locator("input[type=range]").first.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    page.locator(".numbers").get_by_text("63,000").wait_for()
    page.locator(".dot.proved").wait_for()
    district = page.locator(".map .area").first
    said, _, figures = district.get_attribute("aria-label").partition(" ")
    district.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=f"{said} ✕").wait_for()
    shown = page.locator("tbody tr[aria-rowindex]").count()
    assert figures.partition("/")[2] == str(shown)
    page.keyboard.press("Space")
    page.get_by_role("button", name=f"{said} ✕").wait_for(state="detached")


def decide(page: Any) -> None:
    """Fund one that got nothing, and hear why and at what cost; refuse two, and take the last back."""
    for chip, verdict in (("未獲補助", "指定補助"), *(("獲補助", "指定不補助"),) * 2):
        page.get_by_role("button", name=re.compile(f"^{chip} ")).click()
        chosen = page.locator("tbody button").first.inner_text()
        page.locator("tbody button").first.click()
        page.locator(".drawer h2", has_text=chosen).wait_for()
        page.get_by_label("決定者").fill("王科長")
        page.get_by_label("理由", exact=True).fill("示範學校")
        page.get_by_role("button", name=verdict).click()
        page.locator(f'tr:has(button:text-is("{chosen}"))').wait_for(state="detached")
        if verdict == "指定補助":
            for said in ("這項人工核定的代價", "補助可維持至何種程度"):
                page.get_by_role("heading", name=said).wait_for()
        page.keyboard.press("Escape")
        page.locator(".drawer").wait_for(state="hidden")
    page.get_by_role("button", name="復原").click()
    page.locator(f'tr:has(button:text-is("{chosen}"))').wait_for()


def pin(page: Any) -> None:
    """Pin three answers, ask for what cannot be, go back, and take the scenarios along."""
    pool = page.get_by_role("textbox", name="總經費")
    for name, amount in (("甲案", "63,000"), ("乙案", "65,000"), ("丙案", "66,000")):
        pool.fill(amount)
        page.evaluate("put(document.activeElement.id, '1')")  # as when another's move comes now
        pool.press("Tab")
        page.locator(".numbers").get_by_text(amount).wait_for()
        page.get_by_label("釘選名稱").fill(name)
        page.get_by_role("button", name="釘選目前結果").click()
        page.get_by_label("與何者比較").get_by_text(name)
    pool.fill("1000")
    pool.press("Tab")
    page.get_by_role("heading", name="現有規則無法同時遵守").wait_for()
    page.get_by_role("button", name="復原").click()
    page.locator(".dot.proved").wait_for()
    page.get_by_role("link", name="情境").click()
    page.wait_for_url("**/scenarios")
    with page.expect_download() as download:
        page.get_by_role("button", name="scenarios.toml").click()
    scenarios = tomllib.loads(download.value.path().read_text("utf-8"))["scenario"]
    assert [one["name"] for one in scenarios] == ["甲案", "乙案", "丙案"]


def change_a_rule(page: Any) -> None:
    """Hold some of the pool back; the sentence of what differs says so."""
    page.get_by_role("link", name="規則").click()
    page.wait_for_url("**/rules")
    page.locator("summary").first.click()
    field = page.get_by_role("textbox", name="預備金")
    field.fill("2,000")
    field.press("Tab")
    page.get_by_text("預備金：0 元 → 2,000 元").wait_for()
    last = page.locator(".rules > section.rule").last
    last.locator("summary", has_text="修改").click()
    last.get_by_role("button", name="刪除這條規則").press("Enter")
    # what comes next, a rule more, has the keyboard, and can be seen
    page.wait_for_function(
        "(one => one.matches('select') && one.getBoundingClientRect().top > 0"
        " && one.getBoundingClientRect().bottom <= innerHeight)(document.activeElement)"
    )
    page.get_by_role("button", name="復原").click()
    page.get_by_label("規則種類").select_option(label="每案最低補助")
    adding = page.locator("section.rule", has=page.get_by_role("heading", name="加入規則"))
    least = adding.locator(".keys input").first
    least.clear()
    least.press_sequentially("4321")
    page.get_by_text("獲補助者每案至少 4,321 元").wait_for()  # while it is still being typed in


def finish(page: Any) -> str:
    """Write the result, verified; return the seal that is shown."""
    page.get_by_role("link", name="定案").click()
    page.wait_for_url("**/finish")
    page.get_by_role("button", name="產生結果並核對").click()
    seal: str = page.locator(".seal").inner_text()
    return seal


def close(page: Any) -> None:
    """Make it final: who and why are asked for; the keyboard goes on where the page does."""
    page.get_by_role("button", name="定案，關閉本案").click()
    page.get_by_text("須寫明決定者與理由").first.wait_for()
    sign(page, "複核無誤")
    page.get_by_role("button", name="定案，關閉本案").click()
    page.get_by_role("heading", name="本案已定案").wait_for()
    page.wait_for_function("document.activeElement.innerText === '本案已定案'")


def sign(page: Any, why: str) -> None:
    page.get_by_label("決定者").last.fill("承辦人")
    page.get_by_label("理由", exact=True).last.fill(why)


def try_a_revision(page: Any) -> None:
    """Note a withdrawal and an award that is less, take one back, and see what they come to."""
    form = page.locator("section", has=page.get_by_role("heading", name=re.compile("^修正")))
    form.get_by_label("申請編號").fill("A999")
    form.get_by_role("button", name="加入").click()
    form.get_by_text("沒有此申請編號").wait_for()
    form.get_by_label("申請編號").fill("A001")
    form.get_by_role("button", name="加入").click()
    form.get_by_text("A001 撤回").wait_for()
    form.get_by_label("異動").select_option(label="減列為")
    form.get_by_label("申請編號").fill("A002")
    form.get_by_label("金額（元）").fill("兩千")
    form.get_by_role("button", name="加入").click()
    form.get_by_text("請填整數金額").wait_for()
    form.get_by_label("金額（元）").fill("1,000")
    form.get_by_role("button", name="加入").click()
    less = form.get_by_role("listitem").filter(has_text="A002 減列為 1,000 元")
    less.get_by_role("button").click()
    less.wait_for(state="detached")
    form.get_by_role("button", name="試算").click()
    form.get_by_text("撤回 1 件").wait_for()
    page.get_by_role("button", name="寫出修正並核對").wait_for()


def open_again(page: Any) -> None:
    """Not published yet, and to be decided again: the room begins with its heading again."""
    sign(page, "漏列一件")
    again = page.get_by_role("button", name="撤銷定案")
    again.focus()
    again.press("Enter")
    page.get_by_role("heading", name="定案之前").wait_for()
    page.wait_for_function("document.activeElement.innerText === '定案之前'")


def speak_otherwise(page: Any, address: str) -> None:
    """Read English in this browser; in another it stays Chinese, and what is written is of the case."""
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Before it is final").wait_for()
    page.wait_for_function(
        "document.activeElement.innerText === '中文'"
    )  # whence it can be turned back
    page.get_by_text("the case's own language").first.wait_for()
    other = page.context.browser.new_context(locale="zh-TW").new_page()
    other.goto(address)
    other.get_by_text("最佳，已證明").wait_for()
    page.get_by_role("link", name="Answer").click()
    page.get_by_text("optimal, proved").wait_for()
    assert other.locator("html[lang=zh-Hant]").count() == 1


def as_the_command_writes(case: Path, result: Path, seal: str) -> None:
    """Hold the written folder against what the command writes of the same policy, byte for byte."""
    command = case.with_name("command")
    assert run("allocate", case, "--out", command, lang="zh-TW").exit_code == 0
    names = [path.relative_to(command) for path in command.rglob("*") if path.is_file()]
    assert len(names) > 15
    for name in names:
        written = [(folder / name).read_bytes() for folder in (result, command)]
        if name.name == "summary.json":  # when it was, and for how long, is different each time
            written = [json.loads(text) | {"started_at": 0, "seconds": 0} for text in written]
            assert written[0]["seal"] == seal
        assert written[0] == written[1], name


@pytest.mark.skipif(not AXE, reason="SUBSIDY_AXE names no axe.min.js")
def test_every_room_is_for_everybody(case: Path) -> None:
    """Hold every room, what can be unfolded unfolded, against WCAG 2.2 AA, in both languages."""
    with opened(case) as address, browsing(address) as page:
        for language, other in (("zh-Hant", "English"), ("en", "中文")):
            page.locator(f"html[lang={language}]").wait_for()
            for path in ROOMS:
                look(page, f"{address.partition('/?')[0]}{path}")
            page.get_by_role("button", name=other).click()


def look(page: Any, room: str) -> None:
    """Hold one room against the rules of axe, wide and narrow."""
    page.goto(room)
    page.locator(".room .card:not(:empty)").first.wait_for()
    if room.endswith("/"):
        page.locator("tbody button").first.click()
        page.locator(".drawer .cost h3").first.wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.evaluate(Path(AXE).read_text("utf-8"))
    for width in (1280, 820, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("axe.run(document)")["violations"] == [], (room, width)
