"""In which language a browser is spoken to: what was chosen there, else what it asks for, else the case's own."""

from __future__ import annotations

from contextlib import suppress
from operator import itemgetter

from nicegui import ui
from starlette.requests import Request

from optimizer.language.text import LANGUAGES, Language

_COOKIE = "subsidy_desk_language"
_KEEP = f"{_COOKIE}={{}}; path=/; max-age=31536000; SameSite=Lax"


def language_of(asked: Request, own: Language) -> Language:
    """Return the language that was chosen in the browser that asks, or that it prefers; else ``own``."""
    chosen = asked.cookies.get(_COOKIE, "")
    wanted = [chosen, *preferred(asked.headers.get("accept-language", ""))]
    spoken = {one[:2]: one for one in LANGUAGES}
    return next((spoken[one[:2]] for one in wanted if one[:2] in spoken), own)


def preferred(header: str) -> list[str]:
    """Return the languages that a browser asks for, the dearest first (RFC 9110, 12.5.4)."""
    found = []
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        with suppress(ValueError):
            found.append((-float(weight.strip().removeprefix("q=") or 1), name.strip()))
    return [name for weight, name in sorted(found, key=itemgetter(0)) if weight]


def speak(language: Language) -> None:
    """Go on in another language, in this browser alone."""
    ui.run_javascript(f"document.cookie = '{_KEEP.format(language)}'; location.reload()")


def html_language(language: Language) -> str:
    """Return what HTML calls a language."""
    return "zh-Hant" if language == "zh-TW" else "en"
