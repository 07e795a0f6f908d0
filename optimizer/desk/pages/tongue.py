"""In which language a browser is spoken to: what was chosen there, else the case's own."""

from __future__ import annotations

from nicegui import ui
from starlette.requests import Request

from optimizer.language.text import LANGUAGES, Language

_COOKIE = "subsidy_desk_language"
_KEEP = f"{_COOKIE}={{}}; path=/; max-age=31536000; SameSite=Lax"


def language_of(asked: Request, own: Language) -> Language:
    """Return the language that was chosen in the browser that asks; ``own`` where none was."""
    chosen = asked.cookies.get(_COOKIE)
    return next((language for language in LANGUAGES if language == chosen), own)


def speak(language: Language) -> None:
    """Go on in another language, in this browser alone."""
    ui.run_javascript(f"document.cookie = '{_KEEP.format(language)}'; location.reload()")


def html_language(language: Language) -> str:
    """Return what HTML calls a language."""
    return "zh-Hant" if language == "zh-TW" else "en"
