"""Rows over bundles, said more tightly as columns are settled, against every point there is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

import numpy as np

from optimizer.foundation.exact import Words, dot, exact
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.priced import narrowed, price
from optimizer.solving.bundled.relations import Relations
from optimizer.solving.bundled.sparse import Sparse
from optimizer.solving.bundled.stated import Weights
from optimizer.solving.options import Options


def frame_of(rng: random.Random) -> Frame:
    """Make a few components and numbers under rows that share their factors, as sums of money do."""
    sizes = [rng.randint(1, 4) for _ in range(rng.randint(2, 5))]
    owner = [c for c, size in enumerate(sizes) for _ in range(size)]
    owner += [-1] * rng.randint(0, 1)
    high = np.array([1 if c >= 0 else 3 for c in owner])
    frame = Frame(np.array(owner), high)
    units = np.array([rng.choice((0, 15, 20, 50)) for _ in owner])
    inside = rng.choice(list(points(frame)))
    for _ in range(rng.randint(1, 4)):
        times = rng.choice(((-3, 22), (-7, 13), (2, 2), (-5, -5)))
        factors = units * np.array([rng.choice(times) for _ in owner])
        slack = rng.choice((0, 0, rng.randint(1, 60)))
        row = Sparse.summed(
            np.zeros_like(factors), np.arange(len(owner)), factors, rows=1, columns=len(owner)
        )
        rhs = dot(factors, inside) - slack
        frame.require(row, exact([rhs]), equal=slack == 0 and rng.random() < 0.9)
    return frame


def points(frame: Frame) -> Iterator[Words]:
    """Yield the points within the columns' values: one bundle a component."""
    open_ = [
        [j for j in np.flatnonzero(frame.component == c) if frame.high[j]]
        for c in range(int(frame.component.max()) + 1)
    ]
    numbers = np.flatnonzero(frame.component < 0)
    spans = [range(int(frame.low[j]), int(frame.high[j]) + 1) for j in numbers]
    for chosen in product(*open_, *spans):
        point = np.zeros(len(frame.high), dtype=np.int64)
        point[list(chosen[: len(open_)])] = 1
        point[numbers] = chosen[len(open_) :]
        yield point


def held(relations: Relations, point: Words) -> bool:
    left = relations.rows.left(exact(point))
    same = np.where(relations.equal, left == relations.rhs, left >= relations.rhs)
    return bool(same.all())


def whole(frame: Frame) -> Relations:
    """Return the rows as they stand, nothing taken out."""
    frame.rest()
    return frame.relations


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
