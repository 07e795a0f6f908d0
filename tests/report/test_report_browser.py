"""The report in a browser: the switch, the list that is drawn from what is carried, the search, the checker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.browser import CHROMIUM, needs_browser
from helpers.results import small_allocation

from optimizer.report import write_result

pytestmark = [needs_browser, pytest.mark.slow]
SHOWN = ".face:not([hidden]) "


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    from playwright.sync_api import sync_playwright

    target = tmp_path_factory.mktemp("browser") / "out"
    write_result(small_allocation(), target, parts=["report"])
    address = (target / "report.html").as_uri()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser, address
        browser.close()


def rows(page: Any) -> list[str]:
    return [
        " ".join(one.split()) for one in page.locator(SHOWN + ".list tbody tr").all_text_contents()
    ]


def test_rows_that_are_drawn_say_what_those_that_were_served_said(page_of: tuple[Any, str]) -> None:
    browser, address = page_of
    calm = browser.new_context(java_script_enabled=False).new_page()
    calm.goto(address)
    served = rows(calm)
    page = browser.new_page()
    page.goto(address)
    assert rows(page) == served and len(served) == 9
    assert not calm.locator(SHOWN + ".switch").is_visible()
    assert page.locator(SHOWN + ".list details[open]").count() == 0


def test_a_reader_switches_searches_sorts_and_checks(page_of: tuple[Any, str]) -> None:
    browser, address = page_of
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.locator(SHOWN + "input").fill("苒野")
    assert [row[:2] for row in rows(page)] == ["A5", "A6"]
    page.locator(SHOWN + ".list summary").first.click()
    assert "2,900 元" in page.locator(SHOWN + ".list details[open]").inner_text()
    page.locator(SHOWN + ".switch button").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator(SHOWN + "h2").first.inner_text().endswith("List of awards")
    assert [row[:2] for row in rows(page)] == [
        "A5",
        "A6",
    ]  # what was looked for, and what stood open
    assert page.locator(SHOWN + "input").input_value() == "苒野"
    assert "NT$2,900" in page.locator(SHOWN + ".list details[open]").inner_text()
    page.locator(SHOWN + "input").fill("A5")
    assert page.locator(SHOWN + "output").inner_text().startswith("1 application,")
    page.locator(SHOWN + "input").fill("")
    page.locator(SHOWN + '.list th[data-key="3"] button').click()
    page.locator(SHOWN + '.list th[data-key="3"] button').click()
    assert [row[:2] for row in rows(page)][:3] == ["A7", "A1", "A2"]
    page.locator(SHOWN + ".switch button").click()
    assert [row[:2] for row in rows(page)][:3] == ["A7", "A1", "A2"]
    assert page.locator(SHOWN + '.list th[aria-sort="descending"]').inner_text().startswith("分數")
    page.locator(SHOWN + ".switch button").click()
    page.locator(SHOWN + ".check-it button").click()
    page.locator(SHOWN + ".verdict:not(:empty)").wait_for()
    assert "hold" in page.locator(SHOWN + ".verdict.yes").inner_text()
    assert not errors


def test_an_edited_award_is_named_wherever_it_stands(
    page_of: tuple[Any, str], tmp_path: Path
) -> None:
    browser, address = page_of
    text = Path(address.removeprefix("file://")).read_text("utf-8")
    edits = {
        "served": ('<td class="n award">2,000</td>', '<td class="n award">2,100</td>'),
        "carried": ('2000,2000,2000,"funded"', '2000,2000,2100,"funded"'),
    }
    for name, (was, now) in edits.items():
        assert text.count(was) == 1
        (tmp_path / f"{name}.html").write_text(text.replace(was, now), "utf-8")
        page = browser.new_page()
        page.goto((tmp_path / f"{name}.html").as_uri())
        page.locator(SHOWN + ".check-it button").click()
        page.locator(SHOWN + ".verdict.no:not(:empty)").wait_for()
        altered, said = page.locator(SHOWN + ".findings .no").all_inner_texts()
        assert "指紋" in altered
        assert "A1" in said and "2,100" in said and "2,000" in said
