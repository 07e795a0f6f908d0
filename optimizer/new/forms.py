"""The tables of a new case as forms: which columns, which words in them, which rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optimizer.language.text import Language, Text
from optimizer.tables.schema import RECUSED, Column, Kind, Table, Value, case_tables

if TYPE_CHECKING:
    import pandas as pd

CRITERIA = ("needs", "planning", "goals", "team", "budget", "other")
# columns that an empty table does without: they repeat others, or stand in for a whole table
LEFT_OUT = frozenset({"district", "school_name", "merit"})


@dataclass(frozen=True)
class Form:
    """One table to fill in.

    Parameters
    ----------
    table
        What the program knows of it.
    columns
        Its columns, in order.
    rows
        What stands in it already.
    language
        The language of headers, notes and drop-down lists.
    of
        Whose reviews it is for, where each reviewer has a sheet.
    """

    table: Table
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    language: Language
    of: str = ""

    @property
    def title(self) -> str:
        """Name of the sheet."""
        between = " " if self.of and self.language == "en" else ""
        return f"{Text(self.table.zh, self.table.key).say(self.language)}{between}{self.of}"

    @property
    def file(self) -> str:
        """Name of the file, without its ending."""
        return f"{self.table.key} {self.of}" if self.of else self.table.key

    @property
    def headers(self) -> list[str]:
        """Headers in the form's language."""
        return [Text(column.zh, column.key).say(self.language) for column in self.columns]

    def note(self, column: Column) -> str:
        """Say what to fill in, and whether a cell may stay blank."""
        choices = self.choices(column)
        zh, en = ("如", "For example") if is_list(column) else ("可填", "One of")
        listed = Text(f"{zh}：{'、'.join(choices)}", f"{en}: {', '.join(choices)}")
        parts = [column.help, _must(column), *([listed] if choices else [])]
        return "\n".join(part.say(self.language) for part in parts)

    def choices(self, column: Column) -> list[str]:
        """Return the known values of a column in the form's language, blanks left out."""
        return [
            name for value in column.values if (name := word(value, self.language)) and value.key
        ]


def _must(column: Column) -> Text:
    """Say whether a cell may stay blank."""
    if column.kind is Kind.POINTS:
        return Text(
            "不可空白（整份迴避者除外），除非計畫的 review.missing 另有規定。",
            "May not be blank, unless the review is recused or review.missing of the policy says "
            "what a blank means.",
        )
    if column.filled:
        return Text("必填。", "Must be filled in.")
    return Text("可空白。", "May be blank.")


def and_then(help_: Text, more: Text) -> Text:
    """Return a help with more behind it; after a question there is no other mark."""
    if help_.zh.endswith("？"):
        return Text(f"{help_.zh}{more.zh}", f"{help_.en} {more.en[:1].upper()}{more.en[1:]}")
    return Text(f"{help_.zh}；{more.zh}", f"{help_.en}; {more.en}")


def is_list(column: Column) -> bool:
    """Return whether a cell holds several values."""
    return column.kind in (Kind.LIST, Kind.ID_LIST)


def word(value: Value, language: Language) -> str:
    """Return what one value is called."""
    return Text(value.zh, value.key).say(language)


@dataclass(frozen=True)
class Forms:
    """The tables of a case, and its text files if they are not the usual ones."""

    forms: tuple[Form, ...]
    texts: Mapping[str, str]


def empty_forms(language: Language) -> Forms:
    """Return every table without rows."""
    forms = []
    for table in case_tables(CRITERIA):
        left_out = LEFT_OUT if table.key == "applications" else frozenset()
        columns = (column for column in table.columns if column.key not in left_out)
        forms.append(Form(table, tuple(map(_marked, columns)), (), language))
    return Forms(tuple(forms), {})


def _marked(column: Column) -> Column:
    """Ask for every mark, as the policy of a new case does (``missing = "error"``)."""
    return replace(column, filled=True) if column.kind is Kind.POINTS else column


def example_forms(language: Language) -> Forms:
    """Return the tables of a small invented round, with its policy and scenarios."""
    from optimizer.invented.generate import OUTLINES, generate_round

    made = generate_round(applications=48, schools=40, districts=12, seed=103)
    forms = []
    for table in case_tables(CRITERIA):
        frame: pd.DataFrame = getattr(made, table.key)
        columns = tuple(table.column(str(name)) for name in frame.columns)
        rows = [
            [said(column, str(cell), language) for column, cell in zip(columns, row, strict=True)]
            for row in frame.itertuples(index=False)
        ]
        forms.append(Form(table, columns, tuple(map(tuple, rows)), language))
    texts = {name: getattr(made, name) for name in ("policy", "scenarios", "readings")}
    files = {f"{name}.toml": text for name, text in texts.items()}
    return Forms(tuple(forms), {**files, OUTLINES.name: made.boundaries})


def said(column: Column, cell: str, language: Language) -> str:
    """Say a cell of an invented table in one language."""
    if language == "en" or not cell:
        return cell
    if is_list(column):
        return "、".join(_said(column.values, item) for item in cell.split(";"))
    if column.kind is Kind.POINTS:
        return _said((RECUSED,), cell)
    return _said(column.values, cell)


def _said(values: Iterable[Value], cell: str) -> str:
    return next((value.zh for value in values if value.key == cell), cell)
