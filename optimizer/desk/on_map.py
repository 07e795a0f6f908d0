"""The districts on a map, as a browser draws them: outlines once, figures with every answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import dist

from optimizer.tables.outlines import Outlines, Point, Polygon
from optimizer.tables.schema import fold
from optimizer.tables.shapes import place_for

ACROSS = 460  # pixels; half as high at the least, as high at the most
_WIDE, _HIGH = 44, 30  # pixels that a name of three characters takes, above its figures
_CHARACTER = 13
_APART = 0.5  # pixels


@dataclass(frozen=True)
class Drawn:
    """A district on the map.

    Parameters
    ----------
    name
        As schools.csv has it.
    path
        Its outline, as ``d`` of an SVG path has it.
    place
        Where its name has room, in pixels; None where it has not.
    """

    name: str
    path: str
    place: tuple[int, int] | None


@dataclass(frozen=True)
class Map:
    """Every district that has an outline.

    Parameters
    ----------
    high
        Pixels; it is `ACROSS` wide.
    areas
        The districts, those to the north first.
    """

    high: int
    areas: tuple[Drawn, ...]


def on_map(outlines: Outlines, districts: Iterable[str]) -> Map | None:
    """Return the map of some districts; None where none of them has an outline."""
    shapes = outlines.levelled()
    known = {name: shapes[fold(name)] for name in districts if fold(name) in shapes}
    points = [point for polygons in known.values() for p in polygons for point in p[0]]
    if not points:
        return None
    (left, right), (low, high) = ((min(ends), max(ends)) for ends in zip(*points, strict=True))
    scale = min(ACROSS / ((right - left) or 1), ACROSS / ((high - low) or 1))
    aside = (ACROSS - scale * (right - left)) / 2

    def moved(point: Point) -> Point:
        return aside + scale * (point[0] - left), scale * (high - point[1])

    drawn = [
        _drawn(name, [tuple(tuple(_seen(map(moved, ring))) for ring in p) for p in polygons])
        for name, polygons in known.items()
    ]
    return Map(round(scale * (high - low)) + 1, tuple(drawn))


def _seen(ring: Iterable[Point]) -> Iterator[Point]:
    """Yield the points of a ring that can be told apart on the screen, the first again at its end."""
    first = last = None
    for point in ring:
        if last is None or dist(point, last) >= _APART:
            yield point
            first, last = first or point, point
    if first is not None:
        yield first


def _drawn(name: str, polygons: Sequence[Polygon]) -> Drawn:
    wide = max(_WIDE, _CHARACTER * len(name))
    place = place_for(polygons, wide, _HIGH)
    at = None if place is None else (round(place[0]), round(place[1]))
    return Drawn(name, "".join(_rings(polygons)), at)


def _rings(polygons: Sequence[Polygon]) -> Iterator[str]:
    for ring in (ring for polygon in polygons for ring in polygon):
        yield f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in ring)}Z"
