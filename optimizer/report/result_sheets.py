"""The tables of a result as the sheets of a workbook.

Headers and codes are said in words, for the people who open a workbook; a program reads the CSV files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from optimizer.facts.measures import MEASURES, Figure
from optimizer.language.text import Language, Text
from optimizer.report.annex import Annex
from optimizer.report.labels import FACTS
from optimizer.report.reason_words import reason_words
from optimizer.report.result_columns import (
    TABLES,
    after_publication,
    clause_titles,
    column_of,
    say_code,
    tables_of,
)
from optimizer.result.dtypes import missing, rounded
from optimizer.result.headline import say_status
from optimizer.workbooks.cell_text import readable
from optimizer.workbooks.sheet import CellKind, Sheet, SheetColumn, Value

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

_SAFE = 2**53  # beyond it a spreadsheet rounds


def sheets_of(allocation: Allocation, annex: Annex | None = None) -> Iterator[Sheet]:
    """Yield a sheet for every table, one that sums the result up, and one of an annex."""
    for name, table in tables_of(allocation):
        yield _table_sheet(name, table, allocation)
    yield _summary_sheet(allocation)
    if annex is not None:
        yield annex.sheet(allocation.language)


_OF_RULES = ("reason_code", "code")  # rules by their titles, and codes that stand beside these


def _table_sheet(name: str, table: pd.DataFrame, allocation: Allocation) -> Sheet:
    language, words = allocation.language, reason_words(allocation)
    table = after_publication(table, allocation)
    if "reason_code" in table:
        said = [words[one].say(language) for one in table["application_id"].astype(str)]
        table = table.assign(reason_code=said)
    titles = clause_titles(allocation)
    columns = tuple(_column(str(column), language) for column in table.columns)
    values = [
        [
            _value(cell, column.kind, language, titles, of_a_rule=name in _OF_RULES)
            for cell in table[name]
        ]
        for name, column in zip(table.columns, columns, strict=True)
    ]
    return Sheet(TABLES[name].say(language), columns, tuple(zip(*values, strict=True)))


def _column(name: str, language: Language) -> SheetColumn:
    known = column_of(name)
    return SheetColumn(known.kind, readable(known.words.say(language)), known.width)


def _value(
    cell: Any, kind: CellKind, language: Language, titles: Mapping[str, Text], of_a_rule: bool
) -> Value:
    if missing(cell):
        return ""
    if kind.numeric:
        return number(cell)
    if kind is CellKind.CODE and cell:
        said = readable(say_code(str(cell), language, titles))
        return said[:1].upper() + said[1:] if of_a_rule else said
    return readable(str(cell))


def number(cell: Any) -> Value:
    """Return a number as one that a spreadsheet holds exactly, else as text."""
    value = float(cell) if isinstance(cell, float) else int(cell)
    return value if abs(value) < _SAFE else str(cell)


def _figure(value: float, exact: str) -> Value:
    """Return what a priority reached: whole, as a decimal, or a fraction that has none as text."""
    return number(int(exact) if exact.removeprefix("-").isdecimal() else value)


def _summary_sheet(allocation: Allocation) -> Sheet:
    language = allocation.language
    rows = [*_facts(allocation), ("", "", ""), *_priorities(allocation)]
    titles = (Text("項目", "Item"), Text("數值", "Value"), Text("說明", "Note"))
    looks = ((CellKind.TEXT, 22), (CellKind.TEXT, 24), (CellKind.LONG, 60))
    columns = tuple(
        SheetColumn(kind, title.say(language), width)
        for (kind, width), title in zip(looks, titles, strict=True)
    )
    return Sheet(Text("摘要", "Summary").say(language), columns, tuple(rows))


def _facts(allocation: Allocation) -> Iterator[tuple[Value, ...]]:
    language, summary = allocation.language, allocation.summary
    yield _row(Text("計畫", "Plan").say(language), allocation.title)
    yield _row(
        Text("狀態", "Status").say(language),
        say_status(allocation.solution, allocation.premise).say(language),
    )
    for section in ("pool", "counts"):
        for name, value in summary[section].items():
            gone = len(allocation.withdrawn) if name == "ineligible" else 0
            note = Text(f"含已撤回 {gone} 件", f"{gone} withdrawn among them").say(language)
            yield _row(
                FACTS[name].say(language) if name in FACTS else name, value, note if gone else ""
            )
    for name, figure in allocation.measures.figures.items():
        if name not in ("funded", "districts_covered"):  # said above
            yield _row(MEASURES[name].say(language), _measure(figure))
    yield _row(Text("抽籤種子", "Seed of the draw").say(language), summary["draw"]["seed"])


def _measure(figure: Figure) -> Value:
    """Return a measure as a spreadsheet holds it: points with two digits."""
    if figure is None:
        return ""
    return rounded(float(figure)) if isinstance(figure, Fraction) else number(figure)


def _priorities(allocation: Allocation) -> Iterator[tuple[Value, ...]]:
    proved = Text("已證明", "proved").say(allocation.language)
    open_ = Text("未證明", "not proved").say(allocation.language)
    for row in allocation.priorities.to_dict("records"):
        note = f"{row['unit']} · {proved if row['proved'] else open_} · {row['sentence']}"
        yield _row(row["title"], _figure(row["value"], row["value_exact"]), note)


def _row(*cells: Value) -> tuple[Value, ...]:
    padded = (*cells, "", "")[:3]
    return tuple(readable(cell) if isinstance(cell, str) else cell for cell in padded)
