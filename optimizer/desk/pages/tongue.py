"""In which language a browser is spoken to: as chosen there, as ``--lang`` says, as it asks, or in the case's own."""

from __future__ import annotations

from contextlib import suppress
from operator import itemgetter

from nicegui import ui
from starlette.requests import Request

from optimizer.desk.workbench import Workbench
from optimizer.language.text import LANGUAGES, Language

_COOKIE = "subsidy_desk_language"
_KEEP = f"{_COOKIE}={{}}; path=/; max-age=31536000; SameSite=Lax"


def language_of(asked: Request, desk: Workbench) -> Language:
    """Return the language that was chosen in the browser that asks, that the command was told, or that it prefers.

    What was chosen where the command was told another language counts no more: ``--lang`` opens in its own.
    """
    chosen, _, under = asked.cookies.get(_COOKIE, "").partition("@")
    first = [chosen if under == desk.asked_for else "", desk.asked_for]
    wanted = [*first, *preferred(asked.headers.get("accept-language", ""))]
    spoken = {one[:2]: one for one in LANGUAGES}
    return next((spoken[one[:2]] for one in wanted if one[:2] in spoken), desk.language)


def preferred(header: str) -> list[str]:
    """Return the languages that a browser asks for, the dearest first (RFC 9110, 12.5.4)."""
    found = []
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        with suppress(ValueError):
            found.append((-float(weight.strip().removeprefix("q=") or 1), name.strip()))
    return [name for weight, name in sorted(found, key=itemgetter(0)) if weight]


def speak(language: Language, desk: Workbench) -> None:
    """Go on in another language, in this browser alone."""
    chosen = "@".join(filter(None, (language, desk.asked_for)))
    ui.run_javascript(f"document.cookie = '{_KEEP.format(chosen)}'; anew('.top button[lang]')")


def html_language(language: Language) -> str:
    """Return what HTML calls a language."""
    return "zh-Hant" if language == "zh-TW" else "en"
