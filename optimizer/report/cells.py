"""Text that is safe in a cell of a spreadsheet, whoever wrote it.

A title such as ``=HYPERLINK(...)`` is data, but a spreadsheet would run it. Text that starts with
one of `DANGEROUS` gets a leading apostrophe, in CSV files and workbooks alike, so that the same
cell reads the same everywhere. Numbers are never touched.
"""

from __future__ import annotations

import re

DANGEROUS = "=+-@\t\r\n＝＋－＠"
APOSTROPHE = "'"
MOST_CHARACTERS = 32_767  # of one cell, in Excel

# XML 1.0 has no place for these, not even escaped
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return APOSTROPHE + text if text[:1] and text[0] in DANGEROUS else text


def plain(text: str) -> str:
    """Return what `safe` was given."""
    guarded = text.startswith(APOSTROPHE) and text[1:2] and text[1] in DANGEROUS
    return text[1:] if guarded else text


def legal(text: str) -> str:
    """Return a text that XML and a cell of a workbook can hold, safe from formulas."""
    clean = _FORBIDDEN.sub("\ufffd", safe(text))
    if len(clean) > MOST_CHARACTERS:
        return clean[: MOST_CHARACTERS - 1] + "…"
    return clean
