"""The cells of an OpenDocument spreadsheet as XML."""

from __future__ import annotations

import re

from optimizer.workbooks.cell_text import escaped
from optimizer.workbooks.sheet import Cell

_SPECIAL = re.compile(r"[&<>\t\r\n]|  |^ | $")
_GAPS = re.compile(r"^ | {2,}| $|\t")


def cell(value: Cell, style: str, check: str = "", note: str = "", shown: str = "") -> str:
    """Write a cell: its style and what it is held to as attributes, what is noted on it, as what it is shown."""
    if value == "":
        return f"<table:table-cell{check}/>"
    if isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value}"'
    text = paragraphs(shown or str(value))
    return f"<table:table-cell{style}{check} {kind}>{note}{text}</table:table-cell>"


def paragraphs(text: str) -> str:
    """Write a text, a paragraph a line."""
    if not _SPECIAL.search(text):  # as most are
        return f"<text:p>{text}</text:p>"
    return "".join(f"<text:p>{_line(line)}</text:p>" for line in re.split("\r\n|\r|\n", text))


def _line(text: str) -> str:
    """Write one line; blanks that XML would fold are named one by one."""
    return _GAPS.sub(
        lambda gap: "<text:tab/>" if gap[0] == "\t" else f'<text:s text:c="{len(gap[0])}"/>',
        escaped(text),
    )
