"""When two names are the same name: of columns, of values, of codes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from optimizer.tables.schema import Value

_NOTHING = dict.fromkeys(
    [*map(ord, "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060_-"), *map(ord, " \t\n\r")]
)
_HALF_WIDTH = {
    0x3000: " ",
    0xFEFF: None,
    0x200B: None,
    **{0xFEE0 + n: n for n in range(0x21, 0x7F)},
}
_OPENING = "([{<【〔〖〈《「『"
_CLOSING = ")]}>】〕〗〉》」』"


@lru_cache(maxsize=4096)
def alike(name: str) -> str:
    """Return what is left of a name without case, width, blanks and the variants of 臺."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("臺", "台")
    return plain.translate(_NOTHING)


def split_note(name: str) -> tuple[str, tuple[str, ...]]:
    """Part a header from the notes in brackets behind it: 申請金額（元）is 申請金額, and 元."""
    bare = alike(name)
    start = next((at for at, mark in enumerate(bare) if at and mark in _OPENING), len(bare))
    brackets = str.maketrans(dict.fromkeys(_OPENING + _CLOSING, " "))
    return bare[:start].rstrip(":/,、"), tuple(bare[start:].translate(brackets).split())


def half_width(text: str) -> str:
    """Return a text in plain characters, without blanks around it or marks that nobody sees."""
    return text.strip() if text.isascii() else text.translate(_HALF_WIDTH).strip()


def key_of(word: str, values: Iterable[Value]) -> str:
    """Return the key of a value by any of its names; a word of the bureau's own stays as it is."""
    wanted = alike(word)
    for value in values:
        if wanted in map(alike, value.names):
            return value.key
    return word.strip()


def spellings(key: str, values: Iterable[Value]) -> tuple[str, ...]:
    """Return every way to write a value in a sentence."""
    names = next((value.names for value in values if value.key == key), (key,))
    return (*names, key.replace("_", " "))
