"""Text that is safe in a cell of a CSV file, and the way back.

A title such as ``=HYPERLINK(...)`` is data, but a spreadsheet that opens a CSV file would run it. So
text whose first character that is no apostrophe is one of `DANGEROUS` gets an apostrophe in front
when it is written, and loses exactly one when it is read. Text that began with an apostrophe of its
own is told apart by that: no two texts are written alike.

Cells of a workbook have a type. Text stays text there, and is written as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")
APOSTROPHE = "'"

# marks that turn the direction of writing: one in a title could write an amount backwards
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def runs(text: str) -> bool:
    """Return whether a spreadsheet might take a text for a formula, apostrophes set aside."""
    return text.lstrip(APOSTROPHE)[:1] in DANGEROUS


def escape(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return APOSTROPHE + text if runs(text) else text


def unescape(text: str) -> str:
    """Return what `escape` was given."""
    return text[1:] if text[:1] == APOSTROPHE and runs(text) else text


def figure(text: str) -> str:
    """Return a cell of a column of numbers: a number as it stands, also a negative one."""
    return text if _NUMBER.fullmatch(text) else escape(text)


def harmless(cell: str) -> bool:
    """Return whether a cell of a CSV file is a number, or text that was escaped."""
    return cell[:1] not in DANGEROUS or _NUMBER.fullmatch(cell) is not None


def unescape_rows(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return the cells of a CSV file as they were given to be written."""
    return [[unescape(cell) for cell in row] for row in rows]


def unsteered(text: str) -> str:
    """Return a text without the marks that turn the direction of what follows them."""
    return _STEERING.sub("", text)
