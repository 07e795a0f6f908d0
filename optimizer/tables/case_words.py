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
)


def term(code: str) -> Text:
    """Return the words for a value of the data; a word of the bureau's own stands for itself."""
    return _TERMS.get(code, Text(code, code))


def column_term(key: str) -> Text:
    """Return what sentences call a column; one of the bureau's own is quoted as it stands."""
    return _COLUMN_TERMS.get(key, Text(f"「{key}」", f'"{key}"'))


def column_name(key: str) -> Text:
    """Return what titles, which are quoted themselves, call a column: without quotation marks."""
    return _COLUMN_TERMS.get(key, Text(key, key))


def code_of(word: str) -> str:
    """Return the code of a value in Chinese (偏遠 gives ``remote``), or the word itself."""
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
_TERMS = {value.key: Text(value.zh, value.term) for value in chain(*VALUES.values()) if value.term}
_COLUMN_TERMS = {
    **{column.key: Text(column.zh, column.term) for column in _COLUMNS if column.term},
    "application_id": Text("申請案", "application"),  # of which it is the number
    "school_id": Text("學校", "school"),
}
_CODES = {text.zh: code for code, text in _TERMS.items()}
