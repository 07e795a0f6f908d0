"""What people call the tables, columns and values of a case: the words of `schema`, by their code."""

from __future__ import annotations

from itertools import chain

from optimizer.language.text import Text
from optimizer.tables.schema import (
    APPLICATIONS,
    BUDGET_LINES,
    CRITERIA,
    MEETINGS,
    REVIEWS_LONG,
    SCHOOLS,
    VALUES,
    Column,
    Value,
)


def term(code: str) -> Text:
    """Return the words for a code of the data; a word of the bureau's own stands for itself."""
    return _TERMS.get(code, Text(code, code))


def code_of(word: str) -> str:
    """Return the code of a Chinese word of the data (偏遠 gives ``remote``), or the word itself."""
    return _CODES.get(word, word)


def column_words(header: str) -> Text:
    """Return what people call a column by its header; a header of the bureau's own stays as it is."""
    return _COLUMN_WORDS.get(header, Text(header, header))


def table_words(name: str) -> Text:
    """Return what people call a table by its key; the name of a file stays as it is."""
    return _TABLE_WORDS.get(name, Text(name, name))


def value_words(column: str, value: str) -> Text:
    """Return what people call a value that stands in a column by its key; any other stays as it is."""
    return _VALUE_WORDS.get((column, value), Text(value, value))


_TABLES = (SCHOOLS, APPLICATIONS, REVIEWS_LONG, BUDGET_LINES, MEETINGS)
_COLUMNS = [column for table in _TABLES for column in table.columns]
_COLUMN_WORDS = {
    **{value.key: Text(value.zh, value.key) for value in CRITERIA},
    **{column.key: Text(column.zh, column.key) for column in _COLUMNS},
}
_TABLE_WORDS = {table.key: Text(f"{table.zh}資料", table.key) for table in _TABLES}
_VALUE_WORDS = {
    (column.key, value.key): Text(value.zh, value.key)
    for column in _COLUMNS
    for value in column.values
    if value.key
}
_SAID: list[Column | Value] = [*_COLUMNS, *chain(*VALUES.values())]
_TERMS = {one.key: Text(one.zh, one.term) for one in _SAID if one.term}
_CODES = {text.zh: code for code, text in _TERMS.items()}
