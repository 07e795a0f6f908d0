"""What is added to a result that is more than an allocation: blocks of words, for page and workbook."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.language.text import Language, Text
from optimizer.workbooks.cell_text import readable
from optimizer.workbooks.sheet import CellKind, Sheet, SheetColumn, Value

Cells = tuple[Value, Value, Value, Value]
_HEADS = (
    (CellKind.TEXT, Text("項目", "Item"), 34),
    (CellKind.MONEY, Text("異動前", "Before"), 18),
    (CellKind.MONEY, Text("異動後", "Now"), 18),
    (CellKind.LONG, Text("說明", "Note"), 70),
)


@dataclass(frozen=True)
class Block:
    """A small table.

    Parameters
    ----------
    title
        What it is about.
    heads
        What stands above its four columns.
    rows
        Its cells; whole numbers are numbers in a workbook.
    """

    title: str
    heads: tuple[str, str, str, str]
    rows: tuple[Cells, ...]


@dataclass(frozen=True)
class Annex:
    """A section near the top of the report, and a sheet of the workbooks.

    Parameters
    ----------
    title
        What heads it.
    lines
        What is said first.
    blocks
        Its tables.
    language
        In which it is told.
    other
        The same in the other language.
    """

    title: str
    lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    language: Language = "zh-TW"
    other: Annex | None = None

    def in_language(self, language: Language) -> Annex:
        """Return it in a language, or as it is if it is told in one alone."""
        return self.other if self.other and language == self.other.language else self

    def sheet(self, language: Language) -> Sheet:
        """Return it as one sheet."""
        columns = tuple(
            SheetColumn(kind, head.say(language), width) for kind, head, width in _HEADS
        )
        rows: list[Cells] = [("", "", "", line) for line in self.lines]
        for block in self.blocks:
            rows += [("", "", "", ""), (block.title, "", "", ""), block.heads, *block.rows]
        return Sheet(self.title, columns, tuple(tuple(map(_safe, row)) for row in rows))


def _safe(cell: Value) -> Value:
    return readable(cell) if isinstance(cell, str) else cell
