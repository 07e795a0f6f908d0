"""What slack alone loses, against every point there is."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import numpy as np
from helpers.frames import frame_of, points

from optimizer.foundation.exact import exact
from optimizer.solving.bundled.priced import Priced
from optimizer.solving.bundled.reduced_costs import losses
from optimizer.solving.bundled.spared import Sides
from optimizer.solving.bundled.stated import Weights
from optimizer.solving.merging.tied import FAR

CASES = 200


def test_no_point_loses_less_by_slack_than_is_said() -> None:
    tally: Counter[str] = Counter()
    for seed in range(CASES):
        rng = random.Random(f"spared {seed}")
        frame = frame_of(rng)
        number = frame.component < 0
        if rng.random() < 0.7:
            frame.low[number] = 1
        nothing = Weights(np.arange(0), exact([]))
        priced = Priced.of(frame, nothing)
        rest, count = priced.rest, priced.rest.rows.rows
        equal = rest.relations.equal | (np.array([rng.random() for _ in range(count)]) < 0.2)
        less = np.array([rng.randint(0, 9) for _ in range(count)])
        rhs = exact(rest.rhs - np.where(rest.relations.equal, 0, less))
        rest = replace(rest, relations=replace(rest.relations, rhs=rhs, equal=equal))
        prices = [rng.choice((-1.0, 0.0, 1.0, 2.0)) for _ in range(count)]
        lost = losses(rest, priced.worth[rest.columns], prices)
        charged, sides = (
            np.maximum(lost.charged, 0),
            Sides.of(replace(priced, rest=rest, losses=lost)),
        )
        costs, eased = [], []
        for point in points(frame):
            slack = rest.rows.left(exact(point[rest.columns])) - rest.rhs
            if np.where(equal, slack == 0, slack >= 0).all():
                costs.append(int((np.where(equal, 0, charged) * slack).sum()))
            if np.where(equal & (charged == 0), slack == 0, slack >= 0).all():
                eased.append(int((charged * slack).sum()))
        least = sides.lost_by_any(rest, FAR)
        if costs:
            assert least is not None and least <= min(costs), seed
            tally["reached" if least == min(costs) else "steps alone"] += 1
            tally["costs"] += least > 0
        if least:
            assert sides.lost_by_any(rest, least) == least, seed
            assert sides.lost_by_any(rest, least - 1) is None, seed
        if eased:
            easier = sides.lost_by_any(rest, FAR, anew=True)
            assert easier is not None and easier <= min(eased), seed
            tally["easier"] += least is None or easier < least
    assert min(tally["reached"], tally["costs"]) > CASES // 8, tally
    assert tally["easier"] > 2, tally
