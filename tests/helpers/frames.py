"""Small programs over bundles, drawn at random, and every point there is of one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from optimizer.foundation.exact import Words, dot, exact
from optimizer.solving.bundled.at_once import AtOnce
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.relations import Relations
from optimizer.solving.bundled.sparse import Sparse


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


def holds_the_best(
    found: AtOnce, frame: Frame, best: Sequence[Words], *, sums: int, seed: int
) -> None:
    """Assert that what was settled at once is one of the best points, and has what they all have."""
    assert found.taken == sums
    assert any((found.point == point).all() for point in best), seed
    assert (found.high == np.max(best, axis=0)).all(), seed
    number = frame.component < 0
    assert (found.low[number] == np.min(best, axis=0)[number]).all(), seed
