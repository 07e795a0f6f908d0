"""The published lists as sections of the printed record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from optimizer.language.text import Language, Text, money
from optimizer.language.words import how_many
from optimizer.report.printed_blocks import Block, Row, Section, note, section, table, text
from optimizer.report.roll import Roll
from optimizer.report.typesetting import breakable

MOST_ROWS = 1_000  # of a list, on paper
_NARROW = 100  # lines from which a list runs in narrow columns beside one another
_WIDE = ("application_id", "district", "school", "title")


class PrintedLists:
    """The sections of the lists, in the order of the record."""

    def __init__(self, rolls: Iterable[Roll], language: Language) -> None:
        self.rolls = {roll.name: roll for roll in rolls}
        self.language = language

    def say(self, zh: str, en: str) -> str:
        """Say a sentence in the language of the result."""
        return Text(zh, en).say(self.language)

    def sections(self) -> Iterator[Section]:
        """Yield the section of every list of applications and districts."""
        yield self._list("awarded", self.awarded)
        yield self._list("districts", self.districts)
        yield self._list("ineligible", self.ineligible)
        yield self._list("not_awarded", self.not_awarded)
        yield self._list("waiting", self.waiting)

    def _list(self, name: str, blocks: Callable[[Roll], Iterable[Block]]) -> Section:
        """Return the section of a list; a list that is too long for paper stands elsewhere."""
        roll = self.rolls[name]
        said = [note(line) for line in roll.notes]
        if not roll.rows:
            said = said or [text(self.say("無。", "None."))]
        elif len(roll.rows) > MOST_ROWS:
            where = f"published/{name}.csv"
            said.append(
                text(
                    self.say(
                        f"共 {len(roll.rows):,} 列，超過 {MOST_ROWS:,} 列，不印於此；見 {where} 與 published/lists.ods。",
                        f"{len(roll.rows):,} rows, more than the {MOST_ROWS:,} that are printed here: see {where} "
                        "and published/lists.ods.",
                    )
                )
            )
        else:
            said += blocks(roll)
        return section(roll.title, said, own_page=name == "awarded")

    def awarded(self, roll: Roll) -> Iterator[Block]:
        """List who gets how much, of what was asked for, under the sum of each district."""
        keys = ("application_id", "level", "school", "title", "requested", "award")
        rows: list[Sequence[str] | Row] = []
        place = roll.place("district")
        for district, part in groupby(roll.rows, key=lambda row: row[place]):
            lines = list(part)
            amount = sum(int(row[roll.place("award")]) for row in lines)
            count = how_many(len(lines), "application")
            rows.append(
                Row(
                    "group",
                    self.say(
                        f"{district}：{len(lines)} 件，{money(amount)} 元",
                        f"{district}: {count}, NT${money(amount)}",
                    ),
                )
            )
            rows += _cells(roll, keys, lines)
        total = self.say("總計", "Grand total")
        amounts = (money(roll.sum(key)) for key in ("requested", "award"))
        sums = (total, "", f"{len(roll.rows):,}", "", *amounts)
        rows.append(Row("sum", *sums))
        yield self._table(roll, keys, rows)

    def districts(self, roll: Roll) -> Iterator[Block]:
        """List the totals of every district."""
        keys = ("district", "schools", "applications", "eligible", "funded", "awarded", "stands")
        rows: list[Sequence[str] | Row] = [*_cells(roll, keys, roll.rows)]
        sums = [money(roll.sum(key)) for key in keys[1:-1]]
        rows.append(Row("sum", self.say("總計", "Grand total"), *sums, ""))
        yield self._table(roll, keys, rows)

    def ineligible(self, roll: Roll) -> Iterator[Block]:
        """List who was refused, with what was found."""
        keys = ("application_id", "district", "school", "why", "finding", "reference")
        yield self._table(roll, keys, _cells(roll, keys, roll.rows))

    def not_awarded(self, roll: Roll) -> Iterator[Block]:
        """List who got nothing under each reason; many of them in three columns of a page."""
        narrow, place = len(roll.rows) > _NARROW, roll.place("why")
        keys = ("application_id", "school") if narrow else _WIDE
        rows: list[Sequence[str] | Row] = []
        for why in dict.fromkeys(roll.column("why")):
            lines = [row for row in roll.rows if row[place] == why]
            counted = how_many(len(lines), "application")
            rows.append(Row("group", self.say(f"{why}：{len(lines):,} 件", f"{why}: {counted}")))
            rows += _cells(roll, keys, lines)
        yield self._table(roll, keys, rows, across=3 if narrow else 1)

    def waiting(self, roll: Roll) -> Iterator[Block]:
        """List who comes in for which amount; many of them in two columns of a page."""
        narrow = len(roll.rows) > _NARROW
        keys = (*(("application_id", "school") if narrow else _WIDE), "comes_at")
        yield self._table(roll, keys, _cells(roll, keys, roll.rows), across=2 if narrow else 1)

    def rules(self) -> Iterator[Block]:
        """State the rules, and the priorities in their order."""
        roll = self.rolls["rules"]
        keys = ("rule_kind", "rule", "sentence", "reference")
        yield from map(note, roll.notes)
        yield self._table(roll, keys, _cells(roll, keys, roll.rows))

    def _table(
        self, roll: Roll, keys: Sequence[str], rows: Sequence[Any], across: int = 1
    ) -> Block:
        """Return a table of some columns; short ones take what they need, the others share the rest."""
        columns = [roll.columns[roll.place(key)] for key in keys]
        heads = [(c.header, 0 if c.width <= 12 + c.kind.numeric else c.width) for c in columns]
        numbers = [place for place, column in enumerate(columns) if column.kind.numeric]
        return table(heads, rows, numbers, across=across)


def _cells(roll: Roll, keys: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """Return some columns of rows as texts."""
    places = [roll.place(key) for key in keys]
    return [[_cell(row[place]) for place in places] for row in rows]


def _cell(cell: Any) -> str:
    return money(cell) if isinstance(cell, int) else breakable(str(cell))
