"""Writing a comparison or a sweep: tables, a summary and figures, all of it or nothing."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from optimizer.language.text import Text
from optimizer.problems.arguments import checked
from optimizer.report.csv_tables import write_csv
from optimizer.report.folder import files_of, new_folder
from optimizer.report.summary import summary_of, write_document
from optimizer.scenarios.combinations import said_value
from optimizer.scenarios.comparison import Comparison
from optimizer.scenarios.comparison_tables import plain_row
from optimizer.scenarios.sweep import Sweep

TABLES = ("totals", "changes", "moves", "always", "by_group", "surprises")
PARQUET = "pyarrow"  # what writes it, where it is installed


@checked
def write_comparison(comparison: Comparison, target: str | Path) -> list[Path]:
    """Write report.html, the workbooks, every table (`TABLES`) as CSV, summary.json and the figures.

    Parameters
    ----------
    comparison
        What `compare` returned.
    target
        The folder. It may be missing, empty, or hold an earlier result of the same kind, which is replaced.

    Returns
    -------
    list of Path
        Every file written, in the order of their names.

    Raises
    ------
    UsageError
        If the target holds anything else than an earlier result of the same kind, or cannot be written to.

    Examples
    --------
    >>> comparison = compare(case, read_scenarios("trial/scenarios.toml")[:1])
    >>> written = write_comparison(comparison, "compared")
    >>> "totals.csv" in [path.name for path in written]
    True
    """
    from optimizer.plots import compare_figure, lists_figure, save_figure

    with new_folder(Path(target), "comparison") as folder:
        for name in TABLES:
            write_csv(getattr(comparison, name), folder / f"{name}.csv")
        for name, draw in (("compare", compare_figure), ("lists", lists_figure)):
            save_figure(draw(comparison, lang=comparison.language), folder / "figures" / name)
        _write_pages(comparison, folder)
        write_document(summary(comparison), folder)
    return files_of(Path(target))


def _write_pages(comparison: Comparison, folder: Path) -> None:
    """Write the workbooks and the report, which say the same."""
    from optimizer.plots.finding import finding
    from optimizer.report.drawings import read_figures
    from optimizer.report.sheet_page import PageHead, render_sheets
    from optimizer.scenarios.comparison_sheets import sheets_of
    from optimizer.workbooks.ods import write_ods
    from optimizer.workbooks.xlsx import write_xlsx

    lang, title = comparison.language, comparison.case.policy.settings.plan.title
    sheets, kicker = sheets_of(comparison), Text("情境比較", "Scenarios compared").say(lang)
    write_xlsx([sheet for sheet, _ in sheets], folder / "comparison.xlsx", title)
    write_ods([sheet for sheet, _ in sheets], folder / "comparison.ods")
    head = PageHead(kicker, title or kicker, finding(comparison.totals).say(lang))
    figures = list(read_figures(folder / "figures", lang))
    page = render_sheets(head, sheets, figures, lang)
    (folder / "report.html").write_bytes(page.encode())


def summary(comparison: Comparison) -> dict[str, Any]:
    """Return what summary.json says of a comparison."""
    scenarios = [
        plain_row({str(name): value for name, value in row.items()})
        for row in comparison.totals.to_dict("records")
    ]
    changed = len(comparison.changes)
    said = {"scenarios": scenarios, "changed_applications": changed}
    return summary_of("comparison", comparison.case, comparison.language, said)


# ---- a sweep ------------------------------------------------------------------------------------


@checked
def write_sweep(sweep: Sweep, target: str | Path) -> list[Path]:
    """Write sweep.csv, sweep.parquet where pyarrow is installed, summary.json and a figure into a folder.

    Parameters
    ----------
    sweep
        What `sweep` returned.
    target
        As for `optimizer.write_comparison`; what is returned and raised, too.

    Examples
    --------
    >>> found = sweep(case, {"pool.amount": [40_000, 50_000]})
    >>> "sweep.csv" in [path.name for path in write_sweep(found, "swept")]
    True
    """
    from optimizer.plots import save_figure, sweep_figure

    with new_folder(Path(target), "sweep") as folder:
        write_csv(sweep.frame, folder / "sweep.csv")
        if find_spec(PARQUET):
            sweep.frame.to_parquet(folder / "sweep.parquet", index=False)
        save_figure(sweep_figure(sweep, lang=sweep.language), folder / "figures" / "sweep")
        write_document(sweep_summary(sweep), folder)
    return files_of(Path(target))


def sweep_summary(sweep: Sweep) -> dict[str, Any]:
    """Return what summary.json says of a sweep."""
    counts = sweep.frame["status"].value_counts(sort=False)
    said = {
        "axes": {key: list(map(said_value, values)) for key, values in sweep.axes.items()},
        "scenarios": len(sweep.frame),
        "statuses": {str(status): int(count) for status, count in counts.items()},
    }
    return summary_of("sweep", sweep.case, sweep.language, said)
