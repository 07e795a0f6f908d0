"""Tables as if some applications had not been handed in."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from optimizer import read_case
from optimizer.scoring.score import Scored, score
from optimizer.scoring.screening import screen


def said_of(scored: Scored) -> dict[str, tuple[object, ...]]:
    """Return what is known of each eligible application, by its id."""
    round_ = scored.round
    bounds = zip(round_.least.tolist(), round_.most.tolist(), strict=True)
    return {
        application_id: (round_.merit_of(a), *both)
        for a, (application_id, both) in enumerate(zip(round_.ids, bounds, strict=True))
    }


def test_what_is_left_says_of_itself_what_it_said(example: Path) -> None:
    case = read_case(example)
    gone = [0, 7, 8, 200, len(case.records.applications) - 1]
    ids = case.records.applications["application_id"]
    away = set(ids.iloc[gone])
    everyone = score(screen(case.records, case.policy))
    then = score(screen(case.records.without(gone), case.policy))
    said = said_of(everyone)
    assert said_of(then) == {i: known for i, known in said.items() if i not in away} != said

    round_ = everyone.round
    fixed = round_.without(np.flatnonzero(np.isin(round_.ids, sorted(away))).tolist())
    assert fixed.ids == then.round.ids
    assert fixed.position.tolist() == then.round.position.tolist()
    assert set(fixed.records.applications["application_id"]) == set(ids) - set(
        ids.iloc[round_.position[np.isin(round_.ids, sorted(away))]]
    )
