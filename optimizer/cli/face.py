"""How one run of the command speaks: its language, to people or in JSON, and where."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from optimizer.cli.bilingual import asked_for, language_of
from optimizer.cli.streams import Stdout
from optimizer.language.text import Language, Text

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_PLAIN_WIDTH = 120  # columns where nobody says how wide the page is


@dataclass(frozen=True)
class Face:
    """Language and manner of one run.

    Parameters
    ----------
    language
        What people read.
    json
        Whether stdout is to hold one JSON document and nothing else.
    asked_for
        Whether ``--lang`` says the language, and not the environment.
    """

    language: Language
    json: bool
    asked_for: bool = False

    @staticmethod
    def of(arguments: Sequence[str], environment: Mapping[str, str]) -> Face:
        """Look for ``--lang`` and ``--json`` before anything is parsed, as parsing may fail."""
        language = language_of(arguments, environment)
        return Face(language, "--json" in arguments, any(asked_for(arguments)))

    def say(self, text: Text) -> str:
        """Return a sentence in the language of this run."""
        return text.say(self.language)

    @property
    def out(self) -> Console:
        """Where results for people go."""
        return console(sys.stdout)

    @property
    def err(self) -> Console:
        """Where messages and progress go."""
        return console(sys.stderr)

    def show(self, *items: RenderableType | Text) -> None:
        """Print a result for people; nothing where stdout is for JSON."""
        if not self.json:
            _print(self.out, self.language, items)

    def note(self, *items: RenderableType | Text) -> None:
        """Print a message."""
        _print(self.err, self.language, items)

    def document(self, kind: str, content: Mapping[str, Any]) -> None:
        """Print one JSON document where that is what was asked for; its first entry names its schema.

        ``subsidy schema`` publishes them (`optimizer.cli.schema`).
        """
        if self.json and isinstance(sys.stdout, Stdout):
            name = {"schema": f"urn:subsidy-optimizer:{kind}:1"} if kind else {}
            whole = {**name, **content}
            plain = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
            text = json.dumps(whole, ensure_ascii=not plain, indent=2, allow_nan=False)
            sys.stdout.document(f"{text}\n")


def _print(console: Console, language: Language, items: Iterable[RenderableType | Text]) -> None:
    for item in items:
        if isinstance(item, Text):
            console.print(clean(item.say(language)), markup=False, highlight=False, soft_wrap=True)
        else:
            console.print(item, markup=False, highlight=False)


def console(stream: TextIO) -> Console:
    """Return a console that keeps to a fixed width off a terminal."""
    from rich.console import Console

    known = stream.isatty() or "COLUMNS" in os.environ
    return Console(file=stream, width=None if known else _PLAIN_WIDTH, emoji=False)


def clean(text: str) -> str:
    """Return text of unknown origin without what could steer a terminal."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}"
        for letter in text.replace("\t", " ").replace("\r", "")
    )
