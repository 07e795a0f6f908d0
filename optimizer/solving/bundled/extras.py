"""What an adjustable award may be above its least, stated as tightly as can be.

Under a chosen bundle e of a school under a cap, the extras of its applications come to no more than
the cap leaves, ``room_e``, and each to no more than its span. For every set T of a school's applications

    sum_{a of T} extra_a <= sum_e min(room_e, sum_{a of T and e} span_a) * x_e

holds then, and these rows are all there is to say: they describe the convex hull (a sum of polymatroids is
the polymatroid of the summed ranks; Edmonds 1970, doi 10.1007/3-540-36478-1_2).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.foundation.exact import (
    BoolArray,
    Words,
    exact,
    floored,
    grouped,
    plus,
    sums,
    times,
    words,
)
from optimizer.program.rows import Rows
from optimizer.solving.bundled.bundle_columns import Columns
from optimizer.solving.bundled.sparse import Sparse
from optimizer.solving.dynamic.components import is_pool

ALL_SETS = 4  # applications of a school up to which every set of them has a row
BOUNDLESS = 2**60


def caps(columns: Columns, rows: Rows) -> BoolArray:
    """Return which rows are caps: one upper bound on all awards of one component."""
    found = np.zeros(len(rows.rhs), dtype=bool)
    upper = rows.on == "award" and rows.sense == "<=" and bool((rows.coefficient == 1).all())
    if not upper or is_pool(columns.program, rows):
        return found
    owner, sizes = columns.seat[:, 0], (columns.apps >= 0).sum(axis=1)
    lowest = np.full(len(rows.rhs), len(sizes), dtype=np.int64)
    highest = np.full(len(rows.rhs), -1, dtype=np.int64)
    np.minimum.at(lowest, rows.row, owner[rows.app])
    np.maximum.at(highest, rows.row, owner[rows.app])
    one = np.flatnonzero(lowest == highest)
    found[one] = np.bincount(rows.row, minlength=len(rows.rhs))[one] == sizes[lowest[one]]
    return found


def extra_rows(columns: Columns, room: Words) -> Iterator[tuple[Sparse, Words]]:
    """Yield the rows of each set of places: ``sum_e min(room_e, span) x_e - sum_a extra_a >= 0``."""
    apps, bundles = columns.apps, columns.bundles
    span = np.where(apps >= 0, columns.spans[np.maximum(apps, 0)], 0)
    inside = np.where(columns.member, span[columns.component[:bundles]], 0)
    for places in _sets(apps.shape[1]):
        free = span[:, places] > 0
        some = np.asarray(free.any(axis=1) if len(places) > ALL_SETS else free.all(axis=1))
        mine = np.flatnonzero(some)
        if not len(mine):
            continue
        number = np.full(len(apps), -1, dtype=np.int64)
        number[mine] = np.arange(len(mine))
        most = np.minimum(room, sums(inside[:, places], axis=1))
        bundle = np.flatnonzero(some[columns.component[:bundles]] & (most > 0))
        c, place = np.nonzero(free[mine])
        extra = columns.extra[apps[mine[c], np.array(places)[place]]]
        yield (
            Sparse.summed(
                np.concatenate([number[columns.component[bundle]], c]),
                np.concatenate([bundle, extra]),
                np.concatenate([most[bundle], np.full(len(extra), -1, dtype=np.int64)]),
                rows=len(mine),
                columns=len(columns.component),
            ),
            np.zeros(len(mine), dtype=np.int64),
        )


def _sets(width: int) -> Iterator[list[int]]:
    """Yield sets of places: all of the first few, each of the others, and all together."""
    few = min(width, ALL_SETS)
    for bits in range(1, 2**few):
        yield [place for place in range(few) if bits >> place & 1]
    yield from ([place] for place in range(few, width))
    if width > ALL_SETS:
        yield list(range(width))


def rooms(columns: Columns) -> Words:
    """Return how many units caps leave above the least awards of each bundle. (B,)."""
    room = np.full(columns.bundles, BOUNDLESS, dtype=np.int64)
    bundle, member = columns.inside
    least = words(grouped(exact(columns.program.least[member]), bundle, columns.bundles))
    for rows in columns.program.rows:
        found = caps(columns, rows)
        if found.any():
            rhs = np.full(len(columns.apps), BOUNDLESS, dtype=np.int64)
            at = found[rows.row]
            bound = np.minimum(rows.rhs[rows.row[at]], BOUNDLESS).astype(np.int64)
            np.minimum.at(rhs, columns.seat[rows.app[at], 0], bound)
            whole = rhs[columns.component[: columns.bundles]]
            capped = whole < BOUNDLESS
            more = plus(np.where(capped, whole, 0), times(least, -1))
            left = words(floored(more, columns.program.unit))
            room = np.where(capped, np.minimum(room, left), room)
    return room
