"""Writing a comparison: its tables, a summary and a figure, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from optimizer.problems.arguments import checked
from optimizer.report.csv_tables import write_csv
from optimizer.report.folder import SUMMARY, new_folder
from optimizer.report.summary import MadeBy, outputs, summary_bytes
from optimizer.result.dtypes import missing
from optimizer.scenarios.comparison import Comparison
from optimizer.scenarios.comparison_tables import PRIORITY, PRIORITY_EXACT

SCHEMA_VERSION = 1


@checked
def write_comparison(comparison: Comparison, target: str | Path) -> list[Path]:
    """Write totals.csv, changes.csv, summary.json and the figures into a folder.

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
    from optimizer.plots import compare_figure, lists_figure, save_figure

    with new_folder(Path(target)) as folder:
        for name, table in (("totals", comparison.totals), ("changes", comparison.changes)):
            write_csv(table, folder / f"{name}.csv")
        for name, draw in (("compare", compare_figure), ("lists", lists_figure)):
            save_figure(draw(comparison, lang=comparison.language), folder / "figures" / name)
        document = {**summary(comparison), "outputs": outputs(folder)}
        (folder / SUMMARY).write_bytes(summary_bytes(document))
    return sorted(path for path in Path(target).rglob("*") if path.is_file())


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
        **MadeBy.here().document,
        "inputs": [asdict(source) for source in comparison.case.sources],
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
