"""What the tests of a report's page share: one tab of a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from helpers.browser import CHROMIUM


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Yield a tab."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        tab = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]).new_page()
        yield tab
        tab.context.browser.close()
