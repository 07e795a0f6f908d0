"""Lists held against one yardstick: of how many of the best each is sure, see `optimizer.uncertainty.maximin`.

The best are as many as are funded, by merit; a merit lies between what it is if any one of the
application's own reviewers is left out. Lists of chances are the likeliest, as many as are funded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.exact import BoolArray
from optimizer.foundation.frozen import Content
from optimizer.result.allocation import Allocation
from optimizer.result.dtypes import POINTS, TEXT, WHOLE, exact_text, typed
from optimizer.uncertainty.expected_rank import ExpectedRanks
from optimizer.uncertainty.maximin import Intervals, Lottery, maximin, merit_intervals, sure_of
from optimizer.uncertainty.tally import Tally

MOST = 2_000  # eligible applications: for more the lottery takes minutes


@dataclass(frozen=True, eq=False)
class Yardstick(Content):
    """What lists are held against.

    Parameters
    ----------
    intervals
        Shape (n,), of the eligible in the order of the round.
    lottery
        The chances that are sure of most.
    picked
        How many are funded, and how many of the best are meant.
    """

    intervals: Intervals
    lottery: Lottery
    picked: int

    @staticmethod
    def of(allocation: Allocation) -> Yardstick | None:
        """Return that of an allocation; None where too many are eligible."""
        scored, fund = allocation.scored, allocation.decision.fund
        if len(fund) > MOST:
            return None
        review = scored.screened.policy.settings.review
        eligible = np.zeros(len(scored.scores.merit), dtype=bool)
        eligible[scored.round.position] = True
        intervals = merit_intervals(scored.scores, review).among(eligible)
        picked = int(np.count_nonzero(fund))
        return Yardstick(intervals, maximin(intervals, picked), picked)


def lists(
    allocation: Allocation,
    ranks: ExpectedRanks | None,
    by_chance: Mapping[str, Tally],
    adjusted: Allocation | None,
    yardstick: Yardstick | None,
) -> pd.DataFrame:
    """Return one row a list, the funded one first.

    Columns: `list`; `picked`, how many it holds; `also_funded`, `entering`, `leaving`, against the
    list as funded; `sure`, with `sure_exact`: of so many of the best it is sure, however merits lie
    within their intervals. The last, ``lottery``, is no list: its `sure` is an average, and no list
    and no lottery is sure of more.
    """
    now, others = (
        allocation.decision.fund,
        _others(allocation, ranks, by_chance, yardstick=yardstick),
    )
    if adjusted is not None:
        others["severity_taken_out"] = _also(allocation, adjusted)
    rows = [
        _row(name, inside, now, yardstick) for name, inside in {"funded": now, **others}.items()
    ]
    if yardstick is not None:
        sure = yardstick.lottery.sure
        best = {"list": "lottery", "picked": yardstick.picked}
        rows.append({**best, "sure": sure, "sure_exact": exact_text(sure)})
    columns = ("picked", "also_funded", "entering", "leaving")
    table = pd.DataFrame(rows, columns=["list", *columns, "sure", "sure_exact"], dtype=object)
    return typed(table, {"list": TEXT, **dict.fromkeys(columns, WHOLE), "sure": POINTS})


def _row(name: str, inside: BoolArray, now: BoolArray, by: Yardstick | None) -> dict[str, Any]:
    sure = None if by is None else sure_of(by.intervals, inside.astype(np.int64), by.picked)
    return {
        "list": name,
        "picked": int(np.count_nonzero(inside)),
        "also_funded": int(np.count_nonzero(inside & now)),
        "entering": int(np.count_nonzero(inside & ~now)),
        "leaving": int(np.count_nonzero(now & ~inside)),
        "sure": sure,
        "sure_exact": None if sure is None else str(sure),
    }


def _others(
    allocation: Allocation,
    ranks: ExpectedRanks | None,
    by_chance: Mapping[str, Tally],
    yardstick: Yardstick | None,
) -> dict[str, BoolArray]:
    """Return the lists of the likeliest."""
    round_ = allocation.scored.round
    here, merit = round_.position, round_.merit.tolist()
    values: dict[str, list[Any]] = {"merit": merit}
    values |= {way: tally.times[here].tolist() for way, tally in by_chance.items()}
    if ranks is not None:
        values["expected_rank"] = (-ranks.mean[here]).tolist()
    if yardstick is not None:
        values["maximin"] = yardstick.lottery.chance.tolist()
    picked = int(np.count_nonzero(allocation.decision.fund))
    return {
        name: _first(list(zip(value, merit, strict=True)), picked) for name, value in values.items()
    }


def _first(values: list[tuple[Any, int]], picked: int) -> BoolArray:
    """Mark so many of the greatest; of equals those with more merit, then the earlier."""
    inside = np.zeros(len(values), dtype=bool)
    inside[sorted(range(len(values)), key=values.__getitem__, reverse=True)[:picked]] = True
    return inside


def _also(allocation: Allocation, other: Allocation) -> BoolArray:
    """Return whom of an allocation's eligible another one of the same applications funds."""
    funded = np.zeros(len(allocation.case.records.applications), dtype=bool)
    funded[other.scored.round.position[other.decision.fund]] = True
    return funded[allocation.scored.round.position]
