"""The tables of a frontier."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np
import pandas as pd

from optimizer.facts.certified import Certified
from optimizer.facts.measures import MEASURES, POINTS_OF
from optimizer.foundation.exact import BoolArray
from optimizer.result.dtypes import EXACT, POINTS, WHOLE, YES, exact_text, typed
from optimizer.scenarios.comparison_tables import AWARD, PRIORITY, PRIORITY_EXACT
from optimizer.scenarios.frontier_point import FrontierPoint, listed

_SIGNS = ("is_policy", "on_frontier")
_MOVES = ("entering", "leaving")


def points(base: Certified, names: Sequence[str], found: Sequence[FrontierPoint]) -> pd.DataFrame:
    """Return one row a point, the list of the policy as it is behind them if it is none of them.

    Columns: point (0 is the list of the policy as it is, the others from 1), is_policy (whether it is that list),
    on_frontier, ``priority.NAME`` for the chosen priorities, then for the others, each with
    ``priority_exact.NAME`` (exact, as text), spent (NT$), the nine measures (points also exactly),
    entering and leaving (how many are in, and out, against the list of the policy as it is).
    """
    policy = listed(base, base.decision)
    rows = [
        (number, point, True) for number, point in zip(_numbers(base, found), found, strict=True)
    ]
    if 0 not in (number for number, *_ in rows):
        rows.append((0, policy, False))
    order = [*names, *(name for name in policy.values if name not in names)]
    table = pd.DataFrame(
        [_row(number, point, policy, order) | {"on_frontier": on} for number, point, on in rows],
        columns=_columns(order),
        dtype=object,
    )
    counts = dict.fromkeys(("point", "funded", *_MOVES), WHOLE)
    values = {f"{PRIORITY}{name}": POINTS for name in order}
    return typed(table, counts | values | dict.fromkeys(_SIGNS, YES))


def _columns(order: Sequence[str]) -> list[str]:
    values = [prefix + name for name in order for prefix in (PRIORITY, PRIORITY_EXACT)]
    exact = [name + EXACT for name in POINTS_OF]
    return ["point", *_SIGNS, *values, "spent", *MEASURES, *exact, *_MOVES]


def _row(
    number: int, point: FrontierPoint, policy: FrontierPoint, order: Sequence[str]
) -> dict[str, Any]:
    fund, before = point.decision.fund, policy.decision.fund
    figures = point.measures.figures
    return {
        "point": number,
        "is_policy": number == 0,
        **{PRIORITY + name: point.values[name] for name in order},
        **{PRIORITY_EXACT + name: exact_text(point.values[name]) for name in order},
        "spent": point.spent,
        **figures,
        **{name + EXACT: exact_text(getattr(point.measures, name)) for name in POINTS_OF},
        "entering": int((fund & ~before).sum()),
        "leaving": int((before & ~fund).sum()),
    }


def _numbers(base: Certified, found: Sequence[FrontierPoint]) -> list[int]:
    """Return the number of each point in both tables: 0 is the policy as it is, the others from 1."""
    others = count(1)
    return [0 if point.decision == base.decision else next(others) for point in found]


def lists(base: Certified, found: Sequence[FrontierPoint]) -> pd.DataFrame:
    """Return one row an eligible application that does not get the same at every point.

    Columns: application_id, school_id, school (its name), district, title, merit and merit_exact,
    ``award: 0`` under the policy as it is, then ``award: N`` at each other point, NT$.
    """
    round_, records = base.scored.round, base.case.records
    numbered = zip(_numbers(base, found), found, strict=True)
    lanes = {0: base.decision} | {n: point.decision for n, point in numbered}
    awards = {f"{AWARD}{n}": decision.award for n, decision in lanes.items()}
    merit = [round_.merit_of(a) for a in range(round_.size)]
    table = pd.DataFrame(
        {
            **{name: round_.table[name] for name in ("application_id", "school_id")},
            "school": records.schools["name"].iloc[round_.school].to_numpy(dtype=object),
            **{name: round_.table[name] for name in ("district", "title")},
            "merit": merit,
            "merit_exact": [exact_text(value) for value in merit],
            **awards,
        }
    )
    chosen = table[_differs(list(awards.values()))].reset_index(drop=True)
    return typed(chosen, dict.fromkeys(awards, WHOLE))


def _differs(awards: Sequence[Any]) -> BoolArray:
    stacked = np.array(awards)
    return np.asarray((stacked != stacked[:1]).any(axis=0), dtype=bool)
