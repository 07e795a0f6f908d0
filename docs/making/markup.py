"""Markdown out of texts and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimizer.language.text import Text


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; what a cell holds cannot end the cell."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Return a text as code; nothing for none."""
    return f"`{text}`" if text else ""


def fenced(text: str, language: str) -> str:
    """Return a block of code."""
    return f"```{language}\n{text}\n```"


def both(text: Text) -> str:
    """Say a text in both languages, Chinese first."""
    return " · ".join(filter(None, (text.zh, text.en)))


def paragraphs(*parts: str) -> str:
    """Put parts one under the other."""
    return "\n\n".join(part for part in parts if part) + "\n"
