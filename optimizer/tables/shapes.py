"""Where text fits into a shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer.tables.outlines import Point, Polygon

_LINES = 15  # level lines that are tried

Span = tuple[float, float]
Edge = tuple[float, float, float, float]


def place_for(polygons: Sequence[Polygon], wide: float, high: float) -> Point | None:
    """Return the middle of the widest place for a box inside of polygons; None if it fits nowhere.

    Of places as wide as each other, the one nearest to the middle.
    """
    best, found, edges = 0.99 * wide, None, edges_of(polygons)
    for y in _lines(polygons):
        inside = spans(edges, y)
        for other in (y - high / 2, y + high / 2):
            if not any(b - a > 1.01 * best for a, b in inside):
                break  # no line beside it makes room
            inside = list(_both(inside, spans(edges, other)))
        for a, b in inside:
            if b - a > 1.01 * best:
                best, found = b - a, ((a + b) / 2, y)
    return found


def middle(polygons: Sequence[Polygon]) -> Point:
    """Return a point inside of polygons: in the middle of the widest level line."""
    edges = edges_of(polygons)
    spanned = [(b - a, (a + b) / 2, y) for y in _lines(polygons) for a, b in spans(edges, y)]
    _, x, y = max(spanned, default=(0.0, *polygons[0][0][0]))
    return x, y


def edges_of(polygons: Sequence[Polygon]) -> list[Edge]:
    """Return the edges of polygons, each from where to where: ``x0, y0, x1, y1``."""
    return [(*a, *b) for polygon in polygons for ring in polygon for a, b in pairwise(ring)]


def spans(edges: Sequence[Edge], y: float) -> list[Span]:
    """Return from where to where a level line lies inside of the polygons of some edges, by the even-odd rule."""
    crossings = sorted(
        [
            x0 + (y - y0) * (x1 - x0) / (y1 - y0)
            for x0, y0, x1, y1 in edges
            if (y0 <= y) != (y1 <= y)
        ]
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _lines(polygons: Sequence[Polygon]) -> list[float]:
    heights = [y for polygon in polygons for _, y in polygon[0]]
    half = (max(heights) - min(heights)) / 2
    away = [half * n / (_LINES // 2 + 1) for n in range(_LINES // 2 + 1)]
    return [min(heights) + half + side * n for n in away for side in (1, -1)]


def _both(one: Sequence[Span], other: Sequence[Span]) -> Iterator[Span]:
    """Yield where two level lines are both inside."""
    for a, b in one:
        for c, d in other:
            if min(b, d) > max(a, c):
                yield max(a, c), min(b, d)
