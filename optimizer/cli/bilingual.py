"""Help texts in two languages: written once as a pair, told apart when a command is run."""

from __future__ import annotations

import functools
import locale
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import typer

from optimizer.language.text import Language, Text

_BETWEEN = "\x1f"  # between the two languages of one help text
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def both(zh: str, en: str) -> str:
    """Write one help text in both languages."""
    return f"{zh}{_BETWEEN}{en}"


def option(name: str, zh: str, en: str, **more: Any) -> Any:
    """Describe an option of a command."""
    return typer.Option(name, help=both(zh, en), **more)


def argument(metavar: str, zh: str, en: str) -> Any:
    """Describe an argument of a command."""
    return typer.Argument(metavar=metavar, help=both(zh, en))


def told(text: str, language: Language) -> str:
    """Return one language of a help text."""
    zh, between, en = text.partition(_BETWEEN)
    return Text(zh, en if between else zh).say(language)


def tell(command: Any, language: Language) -> None:
    """Let a command, its parameters and its subcommands speak one language from here on."""
    found = getattr(command, "_help_option", None)
    if found is None and hasattr(command, "get_help_option"):
        found = command.get_help_option(command.context_class(command))
    if found is not None:
        found.help = HELP_OPTION.say(language)
    for item in (command, *command.params):
        for name in ("help", "short_help", "epilog"):
            _choose(item, name, language)
    for sub in getattr(command, "commands", {}).values():
        tell(sub, language)


def _choose(item: Any, name: str, language: Language) -> None:
    """Choose from the pair, which is kept aside: one process may speak both languages in turn."""
    pair = vars(item).setdefault(f"_both_{name}", getattr(item, name, None))
    if isinstance(pair, str):
        setattr(item, name, told(pair, language))


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language to speak: ``--lang``, SUBSIDY_LANG, the locale, else Chinese."""
    asked = (*asked_for(arguments), environment.get("SUBSIDY_LANG", ""))
    for word in asked:
        if word.lower().startswith(("zh", "en")):
            return "en" if word.lower().startswith("en") else "zh-TW"
    names = (environment.get(variable) for variable in _LOCALE_VARIABLES)
    word = next(filter(None, names), None) or locale.getlocale()[0] or ""
    return "en" if word.lower().startswith("en") else "zh-TW"


def asked_for(arguments: Sequence[str]) -> Iterator[str]:
    """Yield what ``--lang`` says, the last first, wherever it stands."""
    for position in reversed(range(len(arguments))):
        word, equals, value = arguments[position].partition("=")
        if word == "--lang":
            yield value if equals else next(iter(arguments[position + 1 : position + 2]), "")


HELP_WORDS = {
    "ARGUMENTS_PANEL_TITLE": Text("參數", "Arguments"),
    "OPTIONS_PANEL_TITLE": Text("選項", "Options"),
    "COMMANDS_PANEL_TITLE": Text("指令", "Commands"),
    "DEFAULT_STRING": Text("（預設：{}）", "[default: {}]"),
    "REQUIRED_LONG_STRING": Text("（必填）", "[required]"),
}
HELP_OPTION = Text("顯示用法", "show how to use it")


def tell_help_words(language: Language) -> None:
    """Let the headings of help pages speak one language, as far as typer lets them.

    Their texts go on in the next line: rich would cut a Chinese phrase, which has no blanks, at the
    edge of its column.
    """
    from typer import rich_utils

    for name, text in HELP_WORDS.items():
        if hasattr(rich_utils, name):
            setattr(rich_utils, name, text.say(language))
    made = getattr(rich_utils, "_make_rich_text", None)
    if made is not None:
        setattr(rich_utils, made.__name__, _folded(made))


def _folded(made: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(made)
    def folded(**what: Any) -> Any:
        text = made(**what)
        text.overflow = "fold"
        return text

    return folded
