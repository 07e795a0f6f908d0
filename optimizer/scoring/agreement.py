"""How far reviewers agree: by application and by reviewer, for reading beside the scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from optimizer.foundation.frozen import Content, table
from optimizer.language.words import as_counted
from optimizer.scoring.score import Scored
from optimizer.scoring.severity import linked

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Agreement(Content):
    """Two tables, in points.

    Parameters
    ----------
    applications
        One row an application: `application_id`, `reviews`, `mean`, `lowest`, `highest`, `spread`
        (highest less lowest) and `deviation`, the sample standard deviation (blank for one
        review).
    reviewers
        One row a reviewer, 甲 before 乙 and 2 before 10: `reviewer`, `reviews`, `mean`, `severity`: the mean of
        (own total - mean total of the other reviewers of the same application) over the
        applications that others reviewed too, negative for a severe reviewer; `compared`, how many
        those are; `taken_out`, what the policy takes out of the reviewer's totals (0 unless it
        asks for that); `group`, the group of reviewers linked by common applications.
    """

    applications: pd.DataFrame = table()
    reviewers: pd.DataFrame = table()


def agreement(scored: Scored) -> Agreement:
    """Compare the reviewers' totals as they gave them, before any adjustment for severity."""
    scores = scored.scores
    totals = scores.totals.astype(np.float64) / scores.totals_denominator
    if scores.effects is not None:
        totals += scores.effects.hundredths[np.maximum(scores.reviewer, 0)] / 100
    totals = np.where(scores.present, totals, np.nan)
    ids = scored.screened.records.applications["application_id"]
    return Agreement(_by_application(ids, totals), _by_reviewer(scored, totals))


def _by_application(ids: pd.Series, totals: Floats) -> pd.DataFrame:
    table = pd.DataFrame(totals, dtype=np.float64)
    lowest, highest = table.min(axis=1), table.max(axis=1)
    return pd.DataFrame(
        {
            "application_id": ids.to_numpy(),
            "reviews": table.count(axis=1),
            "mean": table.mean(axis=1),
            "lowest": lowest,
            "highest": highest,
            "spread": highest - lowest,
            "deviation": table.std(axis=1, ddof=1),
        }
    )


def _by_reviewer(scored: Scored, totals: Floats) -> pd.DataFrame:
    scores = scored.scores
    count = scores.present.sum(axis=1, keepdims=True)
    others = np.maximum(count - 1, 1)
    away = totals - (np.nansum(totals, axis=1, keepdims=True) - totals) / others
    away = np.where(count > 1, away, np.nan)  # nobody to compare a single review with
    table = pd.DataFrame(
        {
            "reviewer": scores.reviewer[scores.present],
            "total": totals[scores.present],
            "away": away[scores.present],
        }
    )
    by = table.groupby("reviewer")
    every = range(len(scores.reviewers))
    effects = scores.effects
    found = pd.DataFrame(
        {
            "reviewer": list(scores.reviewers),
            "reviews": by["total"].count().reindex(every, fill_value=0).to_numpy(),
            "mean": by["total"].mean().reindex(every).to_numpy(),
            "severity": by["away"].mean().reindex(every).to_numpy(),
            "compared": by["away"].count().reindex(every, fill_value=0).to_numpy(),
            "taken_out": 0.0 if effects is None else effects.hundredths / 100,
            "group": _groups(scored),
        }
    )
    order = sorted(every, key=lambda r: as_counted(scores.reviewers[r]))
    return found.iloc[order].reset_index(drop=True)


def _groups(scored: Scored) -> npt.NDArray[np.int64]:
    scores = scored.scores
    if scores.effects is not None:
        return scores.effects.group
    return linked(scores.present, scores.reviewer, len(scores.reviewers))
