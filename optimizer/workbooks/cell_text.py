"""Text that a cell of a workbook can hold, whoever wrote it."""

from __future__ import annotations

import re

from optimizer.foundation.escaping import unsteered

MOST_CHARACTERS = 32_767  # of one cell, in Excel

# XML 1.0 has no place for these, not even escaped
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legal_xml(text: str) -> str:
    """Return a text that XML can hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def legal(text: str) -> str:
    """Return a text that XML and a cell of a workbook can hold."""
    clean = legal_xml(text)
    if len(clean) > MOST_CHARACTERS:
        return clean[: MOST_CHARACTERS - 1] + "…"
    return clean


def readable(text: str) -> str:
    """Return such a text for reading, without the marks that turn the direction of what follows them."""
    return legal(unsteered(text))
