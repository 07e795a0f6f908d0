"""Writing a comparison: its tables, a summary and a figure, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.report.columns import column_of
from optimizer.report.delimited import write_cells
from optimizer.report.folder import PROGRAM, SUMMARY, new_folder
from optimizer.report.summary import outputs, versions
from optimizer.scenarios.comparison import Comparison
from optimizer.scenarios.tables import AWARD, FIGURES, PRIORITY

SCHEMA_VERSION = 1


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
    header = [str(name) for name in table.columns]
    rows = ([_cell(value) for value in row] for row in table.itertuples(index=False))
    return write_cells(header, rows, [_is_numeric(name) for name in header])


def _cell(value: Any) -> str:
    return "" if value is None or value != value else str(value)  # NaN is a blank


def _is_numeric(name: str) -> bool:
    return (
        name in ("pool", *FIGURES)
        or name.startswith((PRIORITY, AWARD))
        or column_of(name).kind.numeric
    )


def summary(comparison: Comparison) -> dict[str, Any]:
    """Return what summary.json says of a comparison."""
    return {
        "schema_version": SCHEMA_VERSION,
        "type": "comparison",
        "language": comparison.language,
        "plan": {"title": comparison.case.policy.settings.plan.title},
        "scenarios": [
            {key: None if value != value else value for key, value in row.items()}
            for row in plain(comparison.totals)
        ],
        "changed_applications": len(comparison.changes),
        "program": {"name": PROGRAM, "version": version(PROGRAM)},
        "versions": versions(),
        "inputs": [
            {"name": source.name, "sha256": source.sha256, "size": source.size}
            for source in comparison.case.sources
        ],
    }


def plain(table: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """Yield the rows of a table as plain mappings with text keys."""
    for row in table.to_dict("records"):
        yield {str(key): value for key, value in row.items()}
