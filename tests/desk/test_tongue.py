"""In which language a browser is spoken to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from helpers.browser import needs_desk

pytestmark = needs_desk


@pytest.mark.parametrize(
    ("cookie", "accept", "asked_for", "spoken"),
    [
        ("", "", "", "zh-TW"),
        ("", "en-US,en;q=0.9", "", "en"),
        ("", "fr-FR,fr;q=0.9,en;q=0.5,zh-TW;q=0.1", "", "en"),
        ("", "en;q=0.3, zh-Hant;q=0.8", "", "zh-TW"),
        ("", "en;q=0", "", "zh-TW"),
        ("", "en;q=much, de", "", "zh-TW"),
        ("subsidy_desk_language=zh-TW", "en-US", "", "zh-TW"),
        ("subsidy_desk_language=en", "zh-TW", "", "en"),
        ("", "zh-TW", "en", "en"),  # desk --lang en
        ("subsidy_desk_language=zh-TW", "zh-TW", "en", "en"),  # chosen before
        ("subsidy_desk_language=zh-TW@en", "en", "en", "zh-TW"),  # chosen since
        ("subsidy_desk_language=zh-TW@en", "en", "", "en"),
        ("subsidy_desk_language=<script>", "en", "", "en"),
    ],
)
def test_what_was_chosen_comes_first_then_what_is_asked_for(
    cookie: str, accept: str, asked_for: str, spoken: str
) -> None:
    from starlette.requests import Request

    from optimizer.desk.pages.tongue import language_of

    said = {"cookie": cookie, "accept-language": accept}
    headers = [(name.encode(), value.encode()) for name, value in said.items() if value]
    desk: Any = SimpleNamespace(language="zh-TW", asked_for=asked_for)
    assert language_of(Request({"type": "http", "headers": headers}), desk) == spoken
