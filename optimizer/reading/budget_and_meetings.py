"""Reading the optional tables: budget lines and meetings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from optimizer.reading.applications import Applications
from optimizer.reading.columns import objects
from optimizer.reading.findings import Findings
from optimizer.reading.raw_table import RawTable
from optimizer.reading.reader import ReadTable, extra_frame, read_columns
from optimizer.reading.reviews import application_rows
from optimizer.tables.schema import BUDGET_LINES, MEETINGS


def read_budget_lines(
    raw: RawTable, applications: Applications | None, findings: Findings
) -> pd.DataFrame:
    """Read the budget lines, by application in the order of the file."""
    table = read_columns(raw, BUDGET_LINES, findings)
    return _sorted(
        table,
        applications,
        {
            "item": table["item"].text(),
            "quantity": objects(table["quantity"].all()),
            "unit_price": objects(table["unit_price"].all()),
            "amount": pd.Series(table["amount"].all(0), dtype="int64"),
        },
    )


def read_meetings(
    raw: RawTable, applications: Applications | None, findings: Findings
) -> pd.DataFrame:
    """Read the meetings, by application in the order of the file."""
    table = read_columns(raw, MEETINGS, findings)
    return _sorted(
        table,
        applications,
        {
            "date": objects(table["date"].all()),
            "topic": table["topic"].text(),
            "place": table["place"].text(),
            "speaker": table["speaker"].text(),
            "attendance": table["attendance"].integers(),
        },
    )


def _sorted(
    table: ReadTable, applications: Applications | None, columns: dict[str, Any]
) -> pd.DataFrame:
    application = application_rows(table, applications)
    frame = pd.concat(
        [
            pd.DataFrame({"application": application, **columns, "row": table.raw.rows}),
            extra_frame(table).drop(columns=["application", "row", *columns], errors="ignore"),
        ],
        axis=1,
    )
    return frame.iloc[np.argsort(application, kind="stable")].reset_index(drop=True)
