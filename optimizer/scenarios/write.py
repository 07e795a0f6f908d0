"""Writing a comparison: its tables, a summary and a figure, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.api.types import is_float_dtype, is_numeric_dtype

from optimizer.problems.arguments import checked
from optimizer.report.csv_tables import write_cells
from optimizer.report.folder import PROGRAM, SUMMARY, new_folder
from optimizer.report.summary import outputs, versions
from optimizer.result.dtypes import missing, rounded
from optimizer.scenarios.comparison import Comparison
from optimizer.scenarios.comparison_tables import PRIORITY, PRIORITY_EXACT

SCHEMA_VERSION = 1


@checked
def write_comparison(comparison: Comparison, target: str | Path) -> list[Path]:
    """Write totals.csv, changes.csv, summary.json and the figure into a folder.

    Parameters
    ----------
    comparison
        What `compare` returned.
    target
        The folder. It may be missing, empty, or hold an earlier result, which is replaced.

    Returns
    -------
    list of Path
        Every file written, in the order of their names.

    Raises
    ------
    UsageError
        If the target holds anything else than an earlier result, or cannot be written to.
    """
    from optimizer.plots import compare_figure, save_figure

    with new_folder(Path(target)) as folder:
        for name, table in (("totals", comparison.totals), ("changes", comparison.changes)):
            (folder / f"{name}.csv").write_bytes(to_csv(table))
        save_figure(
            compare_figure(comparison, lang=comparison.language), folder / "figures" / "compare"
        )
        document = {**summary(comparison), "outputs": outputs(folder)}
        text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
        (folder / SUMMARY).write_bytes(f"{text}\n".encode())
    return sorted(path for path in Path(target).rglob("*") if path.is_file())


def to_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV; text cannot run in a spreadsheet, headers included."""
    columns = [table[name] for name in table.columns]
    rows = zip(*map(_texts, columns), strict=True)
    numeric = [is_numeric_dtype(cells.dtype) for cells in columns]
    return write_cells([str(name) for name in table.columns], rows, numeric)


def _texts(cells: pd.Series) -> list[str]:
    """Return cells as text; points are rounded for reading."""
    say = rounded if is_float_dtype(cells.dtype) else str
    return ["" if missing(cell) else say(cell) for cell in cells]


def summary(comparison: Comparison) -> dict[str, Any]:
    """Return what summary.json says of a comparison."""
    return {
        "schema_version": SCHEMA_VERSION,
        "type": "comparison",
        "language": comparison.language,
        "plan": {"title": comparison.case.policy.settings.plan.title},
        "scenarios": [
            _plain({str(name): value for name, value in row.items()})
            for row in comparison.totals.to_dict("records")
        ],
        "changed_applications": len(comparison.changes),
        "program": {"name": PROGRAM, "version": version(PROGRAM)},
        "versions": versions(),
        "inputs": [
            {"name": source.name, "sha256": source.sha256, "size": source.size}
            for source in comparison.case.sources
        ],
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the totals as JSON has it: exact figures as text where they are points."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if f"{name}_exact" in row or name.startswith(PRIORITY):
            continue
        plain = name.removesuffix("_exact").replace(PRIORITY_EXACT, PRIORITY, 1)
        found[plain] = None if missing(value) or (plain != name and value == "") else value
    return found
