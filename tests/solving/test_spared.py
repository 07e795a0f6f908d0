"""What slack alone loses, against every point there is."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import numpy as np
from helpers.frames import frame_of, held, holds_the_best, points, whole

from optimizer.foundation.exact import dot, exact
from optimizer.solving.bundled.at_once import _Seeking
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.priced import Priced
from optimizer.solving.bundled.reduced_costs import losses
from optimizer.solving.bundled.spared import Sides
from optimizer.solving.bundled.stated import Weights
from optimizer.solving.merging.tied import FAR
from optimizer.solving.options import Options

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


def priced_anyhow(rng: random.Random, frame: Frame, worth: Weights) -> Priced:
    """Bound a sum by prices that are drawn: whatever they are, what they prove holds."""
    priced = Priced.of(frame, worth)
    prices = [rng.choice((0.0, 0.02, 0.1, 0.3)) for _ in range(priced.rest.rows.rows)]
    found = losses(priced.rest, priced.worth[priced.rest.columns], prices)
    return replace(priced, losses=found)


def test_no_bundle_of_a_list_that_is_good_enough_is_left_out_for_what_slack_loses() -> None:
    """The floor is what the best are worth: what they lose and what slack loses is the whole gap."""
    tally: Counter[str] = Counter()
    for seed in range(CASES):
        rng = random.Random(f"spared bundles {seed}")
        frame = frame_of(rng)
        before, column = whole(frame), np.arange(len(frame.high))
        worth = Weights(column, exact([rng.randint(-1, 6) for _ in column]))
        priced = priced_anyhow(rng, frame, worth)
        good = [point for point in points(frame) if held(before, point)]
        values = [dot(worth.value, point) for point in good]
        gap = priced.gap(priced.inner(max(values)))
        spared = Sides.of(priced).lost_by_any(priced.rest, gap)
        assert spared is not None, seed
        search = _Seeking(frame, [worth], Options(), None)
        found = search._of_bundles(frame.copy(), priced, max(values))
        assert found is not None, seed
        best = [p for p, value in zip(good, values, strict=True) if value == max(values)]
        holds_the_best(found, frame, best, sums=1, seed=seed)
        tally["spared"] += spared > 0
    assert tally["spared"] > CASES // 20, tally
