"""One list that a bureau publishes: columns in the words of its readers, rows, notes, what is added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from optimizer.language.text import Language, Text
from optimizer.report.result_columns import column_of
from optimizer.tables.case_words import term
from optimizer.workbooks.cell_text import readable
from optimizer.workbooks.sheet import CellKind, SheetColumn, Value

Line = dict[str, Any]  # cells by the names of their columns

ROLLS: dict[str, Text] = {
    "awarded": Text("核定名冊", "Awards"),
    "not_awarded": Text("未獲補助名冊", "Not funded"),
    "ineligible": Text("不符資格名冊", "Ineligible"),
    "waiting": Text("候補名冊", "Waiting list"),
    "districts": Text("各區統計", "Districts"),
    "rules": Text("計畫規則", "Rules"),
}
_OF_SCHOOL = ("district", "level", "school_id", "school", "application_id", "title")
KEYS: dict[str, tuple[str, ...]] = {  # the columns of each; LEVEL stands for every level there is
    "awarded": ("number", *_OF_SCHOOL, "requested", "award"),
    "not_awarded": ("number", *_OF_SCHOOL, "requested", "why", "reference"),
    "ineligible": ("number", *_OF_SCHOOL, "why", "finding", "reference"),
    "waiting": (*_OF_SCHOOL, "admissible", "comes_at"),
    "districts": (
        *("district", "schools", "applications", "eligible", "funded"),
        *("funded_LEVEL", "awarded_LEVEL", "requested", "awarded", "stands"),
    ),
    "rules": ("number", "rule_kind", "rule", "sentence", "reference"),
}
WIDEST = 130  # characters that A4 across holds in 10 points or more
_WIDTHS = {"district": 9, "school_id": 9, "school": 20, "application_id": 12, "reference": 9}
_NO_LESS = {"level": 12, "requested": 12}  # English words that would break, in bold


@dataclass(frozen=True)
class Roll:
    """One list.

    Parameters
    ----------
    name
        What its file is called.
    title
        What heads it.
    keys, columns
        The name of each column (`optimizer.report.result_columns`), and its header, kind and width.
    rows
        The cells; text is safe to be put into a cell.
    notes
        What is to be known of it, a sentence each.
    groups
        The columns whose values part it into groups, the widest group first.
    sums
        The columns that are added up, for each group and for all.
    counted
        The column whose cells are counted there; None where the sums say it.
    label
        The column that says that a row adds up.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    counted: str | None = None
    label: str = "school"

    def place(self, key: str) -> int:
        """Return the position of a column."""
        return self.keys.index(key)

    def column(self, key: str) -> list[Value]:
        """Return the cells of a column."""
        return [row[self.place(key)] for row in self.rows]

    def sum(self, key: str) -> int:
        """Return what a column adds up to."""
        return sum(int(cell) for cell in self.column(key) if cell != "")


def made_of(
    name: str,
    lines: Sequence[Line],
    language: Language,
    notes: Sequence[Text],
    widths: Mapping[str, int],
    levels: Sequence[str] = (),
) -> Roll:
    """Return a list of lines, numbered from 1 where it has a column for that.

    Parameters
    ----------
    name
        What its file is called, of `ROLLS`.
    lines
        Its cells; more of them than there are columns do no harm.
    language
        Of headers, codes and notes.
    notes
        What is to be known of it.
    widths
        The widths of columns that are not as wide as elsewhere.
    levels
        The levels that have columns of their own.
    """
    keys = _each_level(KEYS[name], levels)
    columns = tuple(_column(key, language, widths.get(key)) for key in keys)
    over = sum(column.width for column in columns) - WIDEST
    if over > 0 and "title" in keys:  # titles break anywhere, and make room for words
        at = keys.index("title")
        narrow = replace(columns[at], width=columns[at].width - over)
        columns = (*columns[:at], narrow, *columns[at + 1 :])
    rows = tuple(
        tuple(_cell(key, line, number, language) for key in keys)
        for number, line in enumerate(lines, start=1)
    )
    said = tuple(note.say(language) for note in notes)
    title = ROLLS[name].say(language)
    return Roll(name, title, keys, columns=columns, rows=rows, notes=said)


def _each_level(keys: Sequence[str], levels: Sequence[str]) -> tuple[str, ...]:
    """Put the columns of every level where they stand for all of them."""
    parts = [key for key in keys if key.endswith("_LEVEL")]
    first = keys.index(parts[0]) if parts else len(keys)
    split = [key.replace("LEVEL", level) for level in levels for key in parts]
    return (*keys[:first], *split, *keys[first + len(parts) :])


def _column(key: str, language: Language, width: int | None) -> SheetColumn:
    name, _, level = key.partition("_")
    if name in ("funded", "awarded") and level:
        known, of = column_of(name), term(level)
        words = Text(f"{of.zh}{known.words.zh}", f"{known.words.en}, {of.en}")
        return SheetColumn(known.kind, readable(words.say(language)), 13)
    known = column_of(key)
    kind = known.kind if known.kind.numeric else CellKind.LONG  # nothing is cut off on paper
    wide = max(
        width or _WIDTHS.get(key, known.width), _NO_LESS.get(key, 0) if language == "en" else 0
    )
    return SheetColumn(kind, readable(known.words.say(language)), wide)


def _cell(key: str, line: Line, number: int, language: Language) -> Value:
    if key == "number":
        return number
    cell = line[key]
    if key == "level":
        return readable(term(str(cell)).say(language))
    return int(cell) if isinstance(cell, int) else readable(str(cell))
