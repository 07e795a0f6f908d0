"""A report's page, edited and opened: what its own checker says of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from optimizer.report.fingerprints import as_stated, fingerprints

CHECK = "() => document.querySelector('.check-it button').click()"
FOUND = """() => Array.from(document.querySelectorAll('.face'), (face) => [face.querySelector('.verdict').className,
Array.from(face.querySelectorAll('.findings .no'), (one) => one.textContent)])"""
ADDRESS = "https://report.invalid/"


def stamped(html: str) -> str:
    """Return an edited page with the fingerprints of what was edited, as a forger would who knows of them."""
    prints = as_stated(fingerprints(html))
    return re.sub(r'(?<=id="fingerprints">)[^<]*', lambda _: prints, html, count=1)


def said(tab: Any, html: str, script: str = "") -> list[list[Any]]:
    """Open a page, do something to it, and return what its checker says: of each language verdict and red lines."""
    tab.unroute_all()
    tab.route(
        "**/*", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")
    )
    tab.goto(ADDRESS)
    if script:
        tab.evaluate(script)
    tab.evaluate(CHECK)
    tab.wait_for_function("() => !document.querySelector('.check-it button').disabled")
    found: list[list[Any]] = tab.evaluate(FOUND)
    return found


def after(where: str, was: str, now: str, last: bool = False) -> Callable[[str], str]:
    """Edit the first text behind a place, of the first or of the last half of the page."""

    def edit(html: str) -> str:
        at = (html.rindex if last else html.index)(where)
        assert was in html[at:]
        return html[:at] + html[at:].replace(was, now, 1)

    return edit
