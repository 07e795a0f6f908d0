"""Every made page by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docs.making import api, codes, dictionary, filling_in, formulation, rules, schemas

DOCS = Path(__file__).parent.parent
NOTE = "<!-- Made by python -m docs.making: change what it is made from. -->\n\n"
PAGES: dict[str, Callable[[], str]] = {
    "model.md": formulation.page,
    "policy.md": lambda: rules.page("en"),
    "policy.zh-TW.md": lambda: rules.page("zh-TW"),
    "filling-in.md": filling_in.page,
    "tables.md": dictionary.page,
    "api.md": api.page,
    "exit-codes.md": codes.page,
    "schemas.md": schemas.page,
}


def made(name: str) -> str:
    """Return the text of one page."""
    return NOTE + PAGES[name]().rstrip("\n") + "\n"


def write_pages() -> None:
    """Write every made page into its place."""
    for name in PAGES:
        (DOCS / name).write_text(made(name), "utf-8")
