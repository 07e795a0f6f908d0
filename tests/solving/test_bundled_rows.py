"""Rows over bundles, said more tightly as columns are settled, against every point there is."""

from __future__ import annotations

import random

import numpy as np
from helpers.frames import frame_of, held, points, whole

from optimizer.foundation.exact import dot, exact
from optimizer.solving.bundled.priced import narrowed, price
from optimizer.solving.bundled.stated import Weights
from optimizer.solving.options import Options


def test_rows_said_tightly_hold_for_the_same_points() -> None:
    smaller = 0
    for number in range(60):
        rng = random.Random(f"tight {number}")
        frame = frame_of(rng)
        before = whole(frame)
        for j in np.flatnonzero(frame.component >= 0):
            mine = frame.component == frame.component[j]
            if frame.high[mine].sum() > 1 and rng.random() < 0.6:
                frame.high[j] = 0
        rest = frame.rest()
        for point in points(frame):
            assert held(rest.relations, point[rest.columns]) == held(before, point), number
        smaller += sum(abs(rest.rows.value).tolist()) < sum(abs(before.rows.value).tolist())
    assert smaller > 25


def test_what_is_settled_for_a_value_loses_no_point_worth_it() -> None:
    settled = equal = 0
    for number in range(60):
        rng = random.Random(f"narrowed {number}")
        frame = frame_of(rng)
        before = whole(frame)
        row = before.rows.row == 0  # worth is nearly so many times what is bounded
        worth = np.array([rng.randint(0, 1) for _ in frame.high])
        worth[before.rows.col[row]] += 2 * abs(before.rows.value[row]).astype(np.int64)
        stated = Weights(np.arange(len(worth)), exact(worth))
        good = [point for point in points(frame) if held(before, point)]
        value = max(dot(worth, point) for point in good) - rng.choice((0, 3, 5, 7))
        narrow = frame.copy()
        found = narrowed(narrow, price(narrow, stated, None, Options()), value, Options())
        after = whole(narrow)
        left = list(map(tuple, points(narrow)))
        for point in good:
            if dot(worth, point) >= value:
                assert found.outer(found.top) >= dot(worth, point), number
                assert tuple(point) in left and held(after, point), number
        assert all(held(before, np.array(p)) for p in left if held(after, np.array(p))), number
        settled += narrow.high.sum() < frame.high.sum()
        equal += after.equal.sum() > before.equal.sum()
    assert settled > 25 and equal > 1
