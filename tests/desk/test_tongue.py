"""In which language a browser is spoken to."""

from __future__ import annotations

import pytest
from helpers.browser import needs_desk

pytestmark = needs_desk


@pytest.mark.parametrize(
    ("cookie", "accept", "spoken"),
    [
        ("", "", "zh-TW"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "fr-FR,fr;q=0.9,en;q=0.5,zh-TW;q=0.1", "en"),
        ("", "en;q=0.3, zh-Hant;q=0.8", "zh-TW"),
        ("", "en;q=0", "zh-TW"),
        ("", "en;q=much, de", "zh-TW"),
        ("subsidy_desk_language=zh-TW", "en-US", "zh-TW"),
        ("subsidy_desk_language=en", "zh-TW", "en"),
        ("subsidy_desk_language=<script>", "en", "en"),
    ],
)
def test_what_was_chosen_comes_first_then_what_is_asked_for(
    cookie: str, accept: str, spoken: str
) -> None:
    from starlette.requests import Request

    from optimizer.desk.pages.tongue import language_of

    said = {"cookie": cookie, "accept-language": accept}
    headers = [(name.encode(), value.encode()) for name, value in said.items() if value]
    assert language_of(Request({"type": "http", "headers": headers}), "zh-TW") == spoken
