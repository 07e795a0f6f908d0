"""Text that a cell of a workbook can hold, whoever wrote it."""

from __future__ import annotations

import re
from html import escape

from optimizer.foundation.escaping import unsteered

MOST_CHARACTERS = 32_767  # of one cell, in Excel

# XML 1.0 has no place for these, not even escaped
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_SPACES = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def legal_xml(text: str) -> str:
    """Return a text that XML can hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def escaped(text: str) -> str:
    """Return a text as it stands between the tags of XML."""
    return escape(text, quote=False)


def quoted(text: str) -> str:
    """Return a text as the value of an attribute in XML, in quotes.

    As ``xml.sax.saxutils.quoteattr`` does, which would load a web client with it.
    """
    inside = escaped(text).translate(_SPACES)
    if '"' not in inside:
        return f'"{inside}"'
    return f"'{inside}'" if "'" not in inside else f'"{inside.replace(chr(34), "&quot;")}"'


def legal(text: str) -> str:
    """Return a text that XML and a cell of a workbook can hold."""
    clean = legal_xml(text)
    if len(clean) > MOST_CHARACTERS:
        return clean[: MOST_CHARACTERS - 1] + "…"
    return clean


def readable(text: str) -> str:
    """Return such a text for reading, without the marks that turn the direction of what follows them."""
    return legal(unsteered(text))
