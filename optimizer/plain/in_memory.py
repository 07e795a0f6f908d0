"""Tables that were made or changed in memory, written out as the text that a file would hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from optimizer.tables.originals import Original
from optimizer.tables.records import Records
from optimizer.tables.schema import APPLICATIONS, REVIEWS_LONG, SCHOOLS


def written(records: Records) -> Mapping[str, tuple[Original, ...]]:
    """Write the cells of a case out, table by table."""
    ids = list(records.applications["application_id"])
    tables = {
        "schools": _table(records.schools, [c.key for c in SCHOOLS.columns]),
        "applications": _table(records.applications, [c.key for c in APPLICATIONS.columns]),
        "reviews": _table(records.reviews.table(ids), [c.key for c in REVIEWS_LONG.columns]),
    }
    if records.budget_lines is not None:
        keys = ["item", "quantity", "unit_price", "amount"]
        tables["budget_lines"] = _table(
            _owned(records.budget_lines, ids), ["application_id", *keys]
        )
    if records.meetings is not None:
        tables["meetings"] = _table(_owned(records.meetings, ids), ["application_id", "date"])
    return {key: (Original(key, cells=tuple(rows), made=True),) for key, rows in tables.items()}


def _table(frame: pd.DataFrame, keys: Sequence[str]) -> list[tuple[str, ...]]:
    present = [key for key in keys if key in frame.columns]
    columns = [[_cell(value) for value in frame[key].tolist()] for key in present]
    return [tuple(present), *zip(*columns, strict=True)]


def _owned(frame: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """Put the number of the application back where records hold its row."""
    return frame.assign(application_id=[ids[row] for row in frame["application"].tolist()])


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple | list):
        return ";".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Fraction):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None or pd.isna(value) else str(value)
