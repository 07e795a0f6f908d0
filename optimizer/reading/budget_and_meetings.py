"""Reading the optional tables: budget lines and meetings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from optimizer.reading.applications import Applications
from optimizer.reading.findings import Findings
from optimizer.reading.raw_table import RawTable
from optimizer.reading.reader import extra_frame, read_columns
from optimizer.reading.reviews import application_rows
from optimizer.tables.schema import Table


def read_details(
    raw: RawTable, schema: Table, applications: Applications | None, findings: Findings
) -> pd.DataFrame:
    """Read the budget lines or the meetings, by application in the order of the file."""
    table = read_columns(raw, schema, findings)
    columns = {column.key: table[column.key].series() for column in schema.columns[1:]}
    if "amount" in columns:
        columns["amount"] = pd.Series(table["amount"].all(0), dtype="int64")
    application = application_rows(table, applications)
    own = pd.DataFrame({"application": application, **columns, "row": table.raw.rows})
    further = extra_frame(table).drop(columns=list(own.columns), errors="ignore")
    frame = pd.concat([own, further], axis=1)
    return frame.iloc[np.argsort(application, kind="stable")].reset_index(drop=True)
