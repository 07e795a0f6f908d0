"""The published lists as the sheets of a workbook: title block, sums that work, a place to sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

from optimizer.language.text import Language, Text
from optimizer.report.roll import Roll
from optimizer.report.rolls import standing_of
from optimizer.workbooks.cell_text import readable
from optimizer.workbooks.sheet import Cell, Paper, Sheet, Total, Value

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

SIGNATURES = (
    Text("承辦人", "Prepared by"),
    Text("單位主管", "Head of section"),
    Text("會計單位", "Accounting"),
    Text("機關首長", "Head of the agency"),
)
_SUBTOTAL, _SUM, _ALL = (
    Text("小計", "Subtotal"),
    Text("合計", "Total"),
    Text("總計", "Grand total"),
)
SEAL = Text("查核碼 ", "Seal ")
PAGE: Mapping[Language, tuple[str, str, str]] = {
    "zh-TW": ("第 ", " 頁，共 ", " 頁"),
    "en": ("Page ", " of ", ""),
}
_COUNTED: Mapping[Language, Literal["", "件"]] = {"zh-TW": "件", "en": ""}
_UNSIGNED = ("rules",)  # what is only there to be read
Row = tuple[Value, ...]


def roll_sheets(allocation: Allocation, rolls: Iterable[Roll], agency: str = "") -> Iterator[Sheet]:
    """Yield lists of a result, each as a sheet to be printed, signed and published.

    Parameters
    ----------
    allocation, rolls
        The certified result, and its lists.
    agency
        Who decides, if the bureau has said so: it stands before the title.
    """
    standing, edge = standing_of(allocation), SEAL.say(allocation.language) + allocation.seal
    for roll in rolls:
        title = "　".join(filter(None, (readable(agency), readable(allocation.title), roll.title)))
        yield _sheet(roll, (title, *filter(None, standing)), edge, allocation.language)


def _sheet(roll: Roll, head: tuple[str, ...], edge: str, language: Language) -> Sheet:
    signs = () if roll.name in _UNSIGNED else tuple(sign.say(language) for sign in SIGNATURES)
    paper = Paper(head, roll.notes, signs, edge=edge, page=PAGE[language])
    rows = tuple(_Lines(roll, language).rows())
    return Sheet(roll.title, roll.columns, rows, paper=paper)


class _Lines:
    """The lines of a list with those that add up between them."""

    def __init__(self, roll: Roll, language: Language) -> None:
        self.roll, self.language = roll, language
        self.line = 0

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield every line, the sum of all at the end."""
        first = self.line + 1
        yield from self._grouped(self.roll.rows, self.roll.groups)
        if self.roll.rows and (self.roll.sums or self.roll.counted):
            yield self._total(self.roll.rows, first, _ALL, {})

    def _grouped(self, rows: Sequence[Row], groups: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
        """Yield the lines of each group, and its sum below them.

        One alone within another has none, nor has one of a single line within another: it says that line again.
        """
        if not groups:
            self.line += len(rows)
            yield from rows
            return
        place = self.roll.place(groups[0])
        parts = [tuple(part) for _, part in groupby(rows, key=itemgetter(place))]
        outermost = groups == self.roll.groups
        for part in parts:
            first = self.line + 1
            yield from self._grouped(part, groups[1:])
            if outermost or (len(parts) > 1 and len(part) > 1):
                named = self.roll.groups[: len(self.roll.groups) - len(groups) + 1]
                said = {self.roll.place(key): part[0][self.roll.place(key)] for key in named}
                yield self._total(part, first, _SUM if outermost else _SUBTOTAL, said)

    def _total(
        self, rows: Sequence[Row], first: int, word: Text, said: dict[int, Value]
    ) -> tuple[Cell, ...]:
        """Return a line that adds up the lines since the first, `rows` among them."""
        last, roll = self.line, self.roll
        self.line += 1
        cells: dict[int, Cell] = {**said, roll.place(roll.label): word.say(self.language)}
        for key in roll.sums:
            place = roll.place(key)
            value = sum(int(row[place]) for row in rows if row[place] != "")
            cells[place] = Total(value, first, last)
        if roll.counted:
            place = roll.place(roll.counted)
            filled = sum(1 for row in rows if row[place] != "")
            cells[place] = Total(filled, first, last, counts=True, unit=_COUNTED[self.language])
        return tuple(cells.get(place, "") for place in range(len(roll.columns)))
