"""Whoever had the keyboard, in something that is made anew, has it where they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from helpers.browser import browsing, needs_browser

import optimizer.desk

pytestmark = [pytest.mark.slow, needs_browser]
JS = Path(optimizer.desk.__file__).with_name("static") / "desk.js"
PAGE = f"""<!doctype html><meta charset="utf-8"><body>
<button>上一個</button>
<section id="first"><h2 tabindex="-1">定案之前</h2><button>產生結果</button></section>
<section><h2>操作紀錄</h2><a href="#">列印操作紀錄</a></section>
<script>{JS.read_text("utf-8")}</script></body>"""
ANEW = "one => {{ const place = one.parentElement; place.innerHTML = {0!r}; }}"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Any:
    place = tmp_path_factory.mktemp("keyboard") / "page.html"
    place.write_text(PAGE, encoding="utf-8")
    with browsing(place.as_uri()) as found:
        yield found


@pytest.mark.parametrize(
    ("anew", "goes_on"),
    [
        ("<h2>定案之前</h2><p>已符合</p><button>產生結果</button>", "定案之前"),  # the same heading
        (
            "<h2>已定案</h2><button>產生結果</button>",
            "產生結果",
        ),  # no longer there: what comes next
    ],
)
def test_a_heading_that_is_made_anew_keeps_the_keyboard(page: Any, anew: str, goes_on: str) -> None:
    """Not the last link of the page, as if all of it stood before a heading, which takes no tabs."""
    page.reload()
    page.locator("h2").first.focus()
    page.locator("h2").first.evaluate(ANEW.format(anew))
    page.wait_for_function("document.activeElement !== document.body")
    assert page.evaluate("document.activeElement.innerText") == goes_on
