"""Which table a sheet or file holds by its headers, whatever it is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimizer.reading.raw_table import Row
from optimizer.tables.schema import APPLICATION, REVIEWS_LONG, TOTALS, Table, fold

_LEAST = 3  # columns below which headers say little: a number and a day may stand anywhere
# columns of a finished result, and so of no table that is handed in
_RESULT = frozenset(
    {
        *("award", "awarded", "funded", "status", "reason_code", "covered"),
        *("核定金額", "補助件數", "結果", "理由說明", "有無獲補助"),
    }
)


def holds_reviews(rows: Iterable[Row], table: Table) -> bool:
    """Return whether a part that is named so holds reviews: applications, and marks or totals."""
    return any(_reviewed(row, table) or _has(row, TOTALS, "merit") for row in rows)


def likely_table(rows: Sequence[Row], tables: Iterable[Table], named: bool) -> Table | None:
    """Return the table whose headers stand in one of the first rows, if it is one.

    Parameters
    ----------
    rows
        The first rows.
    tables
        All tables of the case.
    named
        Whether the name of the sheet or file begins as that of a table does.
    """
    if not named and any(_RESULT & set(map(fold, row)) for row in rows):
        return None
    scores = [(_score(row, table, named), table) for row in rows for table in tables]
    best, table = max(scores, key=lambda scored: scored[0], default=(0, None))
    return table if best else None


def _score(row: Row, table: Table, named: bool) -> int:
    """Return how many columns of a table a row names, or 0 if these are too few."""
    if table.key == REVIEWS_LONG.key:
        return _reviewed(row, table)
    found = _found(row, table)
    needed = {column.key for column in table.columns if column.required}
    enough = table.columns[0].key in found and 2 * len(found & needed) > len(needed)
    return len(found) if enough and (named or len(found) >= _LEAST) else 0


def _reviewed(row: Row, table: Table) -> int:
    """Return how many columns of reviews a row names: one a criterion, or one mark a row."""
    wide, long = _found(row, table), _found(row, REVIEWS_LONG)
    if {"criterion", "points"} <= long and APPLICATION.key in long:
        return len(long)
    marks = wide - {APPLICATION.key, "reviewer", "merit"}
    return len(wide) if APPLICATION.key in wide and marks else 0


def _has(row: Row, table: Table, key: str) -> bool:
    return {APPLICATION.key, key} <= _found(row, table)


def _found(row: Row, table: Table) -> set[str]:
    return {column.key for cell in row if (column := table.find(cell))}
