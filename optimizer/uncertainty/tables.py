"""The tables of a robustness analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.exact import BoolArray
from optimizer.result.allocation import Allocation
from optimizer.result.dtypes import POINTS, TEXT, WHOLE, typed, typed_column
from optimizer.solving.game import PARTS
from optimizer.uncertainty.expected_rank import ExpectedRanks
from optimizer.uncertainty.redrawn import WAYS
from optimizer.uncertainty.tally import Tally
from optimizer.uncertainty.yardstick import Yardstick

GROUPS = ("firm_in", "chance", "firm_out")
_OF_AWARDS = ["application_id", "school_id", "title", "merit", "rank", "status", "award"]
_NUMBERS = ("expected_rank", "expected_rank_low", "expected_rank_high")
_KINDS = {
    "group": TEXT,
    "reviewers_that_decide": TEXT,
    **dict.fromkeys(_NUMBERS, "points"),
    **{f"chance_{way}": "points" for way in WAYS},
    "band": WHOLE,
}


def group(shares: Sequence[Fraction], firm: Fraction) -> str:
    """Say how firm a decision is, given the share of draws that fund it, way by way."""
    if shares and all(share >= firm for share in shares):
        return "firm_in"
    return "firm_out" if shares and all(share <= 1 - firm for share in shares) else "chance"


def frame(
    allocation: Allocation,
    ranks: ExpectedRanks | None,
    by_chance: Mapping[str, Tally],
    groups: Sequence[str],
    flips: Mapping[str, BoolArray],
) -> pd.DataFrame:
    """Return one row an application, in application_id order.

    Columns: those of awards.csv that say who it is and what it got; `expected_rank` with
    `expected_rank_low` and `expected_rank_high`, its 95% credible interval; for each random way
    `chance_WAY`, the per cent of draws in which the whole program funds it; `group`, ``firm_in``,
    ``chance`` or ``firm_out``; `reviewers_that_decide`, without whom alone it would be decided
    otherwise.
    """
    table = allocation.awards[_OF_AWARDS].copy()
    for name, values in zip(
        _NUMBERS, (ranks.mean, ranks.low, ranks.high) if ranks else ((), (), ()), strict=True
    ):
        table[name] = _known(values, len(table))
    for way, tally in by_chance.items():
        table[f"chance_{way}"] = 100 * tally.times / max(tally.draws - tally.impossible, 1)
    table["group"] = list(groups)
    table["reviewers_that_decide"] = [
        "、".join(name for name, flip in flips.items() if flip[a]) for a in range(len(table))
    ]
    return typed(table, _KINDS)


def beside(
    table: pd.DataFrame,
    allocation: Allocation,
    adjusted: Allocation | None,
    yardstick: Yardstick | None,
) -> pd.DataFrame:
    """Add what other ways of judging say of each application.

    Columns: `merit_adjusted` and `status_adjusted`, with each reviewer's severity taken out;
    `merit_low` and `merit_high`, between what the merit lies if any one of its reviewers is left
    out, and `maximin`, the per cent with which MERIT's lottery picks it, if it is eligible (see
    `optimizer.uncertainty.maximin`).
    """
    table = table.copy()
    if adjusted is not None:
        table["merit_adjusted"] = adjusted.awards["merit"]
        table["status_adjusted"] = adjusted.awards["status"]
    if yardstick is not None:
        intervals, here = yardstick.intervals, allocation.scored.round.position
        for name, values, unit in (
            ("merit_low", intervals.worst, intervals.denominator),
            ("merit_high", intervals.best, intervals.denominator),
            ("maximin", yardstick.lottery.chance, Fraction(PARTS, 100)),
        ):
            cells: list[Fraction | None] = [None] * len(table)
            for a, value in zip(here.tolist(), values.tolist(), strict=True):
                cells[a] = Fraction(value) / unit
            table[name] = typed_column(pd.Series(cells), name, POINTS)
    return table


def _known(values: Any, size: int) -> list[float | None]:
    if len(values) == 0:
        return [None] * size
    return [None if np.isnan(value) else round(float(value), 2) for value in values]


def rankogram(allocation: Allocation, by_chance: Mapping[str, Tally]) -> pd.DataFrame:
    """Return the chance of each application to lie in each part of all ranks.

    Columns: `application_id`, `way`, `band` (1 holds the best ranks of as many equal parts as there
    are), `chance` in per cent; bands that never occur are left out.
    """
    ids = allocation.awards["application_id"].to_numpy()
    parts = [pd.DataFrame(columns=["application_id", "way", "band", "chance"])]
    for way, tally in by_chance.items():
        rows, bands = np.nonzero(tally.bands)
        shares = 100 * tally.bands[rows, bands] / max(tally.draws, 1)
        of_it = {"application_id": ids[rows], "way": way, "band": bands + 1, "chance": shares}
        parts.append(pd.DataFrame(of_it))
    table = pd.concat(parts[1:] or parts, ignore_index=True)
    return typed(table, {**_KINDS, "chance": "points", "way": TEXT})
