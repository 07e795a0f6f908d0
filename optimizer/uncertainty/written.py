"""Writing a robustness analysis: its tables, a summary and the figures, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.language.words import as_counted, figure
from optimizer.problems.arguments import checked
from optimizer.report.csv_tables import write_csv
from optimizer.report.folder import files_of, new_folder
from optimizer.report.summary import summary_of, write_document
from optimizer.result.dtypes import rounded
from optimizer.scoring.severity import RESOLUTION
from optimizer.uncertainty.expected_rank import ExpectedRanks
from optimizer.uncertainty.robustness import Robustness
from optimizer.uncertainty.tables import GROUPS
from optimizer.uncertainty.tally import Tally


@checked
def write_robustness(found: Robustness, target: str | Path) -> list[Path]:
    """Write robustness.csv, lists.csv, rankogram.csv, summary.json and the figures into a folder.

    Parameters
    ----------
    found
        What `robustness` returned.
    target
        As for `optimizer.write_comparison`; what is returned and raised, too.

    Examples
    --------
    >>> firm = robustness(case, draws=10, ways=["bootstrap"])
    >>> "robustness.csv" in [path.name for path in write_robustness(firm, "firm")]
    True
    """
    from optimizer.plots import firmness, save_figure, yardsticks

    with new_folder(Path(target), "robustness") as folder:
        write_csv(found.frame, folder / "robustness.csv")
        write_csv(found.lists, folder / "lists.csv")
        write_csv(found.rankogram, folder / "rankogram.csv")
        figures: dict[str, Callable[..., Any]] = {**firmness.FIGURES, **yardsticks.FIGURES}
        for name, draw in figures.items():
            save_figure(draw(found, lang=found.language), folder / "figures" / name)
        write_document(summary(found), folder)
    return files_of(Path(target))


def summary(found: Robustness) -> dict[str, Any]:
    """Return what summary.json says of a robustness analysis."""
    case, ranks = found.allocation.case, found.ranks
    names = case.records.reviews.reviewers
    left_out = zip(names, found.tallies.get("leave_one_out", ()), strict=False)
    groups = found.groups
    said = {
        "status": found.allocation.status,
        "seed": found.seed,
        "deviation": rounded(found.deviation) if found.deviation == found.deviation else None,
        "ways": [{"way": way, **_counts(tally)} for way, tally in found.by_chance.items()],
        "left_out": [
            {"reviewer": name, "changed": int(flip.sum())} for name, flip in found.flips.items()
        ],
        "left_out_unsettled": [n for n, part in left_out if part.impossible or part.unproved],
        "groups": {name: groups.count(name) for name in GROUPS},
        "funded_by_chance": _both(groups, found, True),
        "not_funded_by_chance": _both(groups, found, False),
        "severity": _severity(found),
        "lists": [
            {name: None if cell is pd.NA else cell for name, cell in row.items() if name != "sure"}
            for row in found.lists.astype(object).to_dict("records")
        ],
        "expected_ranks": _ranks(ranks),
    }
    return summary_of("robustness", case, found.language, said)


def _severity(found: Robustness) -> dict[str, Any] | None:
    """Say how severe each reviewer is, in points above what others give, and whom that decides on."""
    if found.adjusted is None:
        return None
    scores = found.adjusted.scored.scores
    assert scores.effects is not None
    effects = [figure(Fraction(int(e), RESOLUTION)) for e in scores.effects.hundredths]
    severity = dict(zip(scores.reviewers, effects, strict=True))
    table = found.lists[found.lists["list"] == "severity_taken_out"]
    return {
        **{name: int(table[name].iloc[0]) for name in ("entering", "leaving")},
        "reviewers": [
            {"reviewer": name, "effect": severity[name]}
            for name in sorted(severity, key=as_counted)
        ],
    }


def _ranks(ranks: ExpectedRanks | None) -> dict[str, Any] | None:
    if ranks is None:
        return None
    names, values = ("applications", "reviewers", "error"), map(rounded, ranks.deviations)
    return {
        "deviations": dict(zip(names, values, strict=True)),
        "convergence": f"{ranks.convergence:.3f}",
    }


def _counts(tally: Tally) -> dict[str, int]:
    return {"draws": tally.draws, "impossible": tally.impossible, "unproved": tally.unproved}


def _both(groups: Sequence[str], found: Robustness, funded: bool) -> int:
    now = found.funded_now.tolist()
    return sum(g == "chance" and f is funded for g, f in zip(groups, now, strict=True))
