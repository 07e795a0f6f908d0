"""Figure: the districts on the map, how many of the applications of each are funded.

Where the policy names no file of outlines, a tile stands for each district.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.path import Path

from optimizer.language.text import Language, Text
from optimizer.plots import drawing
from optimizer.plots.lettering import Quick, fit, safe, width
from optimizer.plots.source import Drawable, caption, numbers, spoken, words
from optimizer.tables.official_order import official
from optimizer.tables.schema import fold
from optimizer.tables.shapes import middle, place_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optimizer.tables.outlines import Point, Polygon

TITLE = Text("各行政區獲補助情形", "Who is funded, by district")
LABELS = Text("區名下為獲補助／申請件數", "below each name: funded / applied")
NOBODY = Text("沒有行政區資料", "No districts")
_EDGE: dict[str, Any] = {"edgecolor": drawing.GREY}
CLASSES: tuple[tuple[Text, dict[str, Any]], ...] = (
    (Text("無申請", "none applied"), {"facecolor": drawing.PALE, "hatch": "////"}),
    (Text("未獲補助", "none funded"), {"facecolor": "white", "hatch": "xxxx"}),
    (Text("至 25%", "to 25%"), {"facecolor": "#DEEBF7"}),
    (Text("至 50%", "to 50%"), {"facecolor": "#9ECAE1"}),
    (Text("至 75%", "to 75%"), {"facecolor": "#4292C6"}),
    (Text("至 100%", "to 100%"), {"facecolor": "#08519C"}),
)
_DARK = 4  # the first class on which letters are white
_HIGH, _MOST_WIDE, _TILE = 5.4, 8.8, 0.82  # inches: of the map, of a tile
_SIDE = 1.1  # inches beside the map, for names that do not fit into their district
_LETTERS = (8.0, 7.0, 6.0)


@dataclass(frozen=True)
class Area:
    """A district on paper: where it is, in inches, and what is said of it."""

    name: str
    funded: int
    applied: int
    polygons: Sequence[Polygon]

    @property
    def kind(self) -> int:
        """Its place in `CLASSES`: by the quarters of its applications that are funded."""
        if not self.applied or not self.funded:
            return int(self.applied > 0)
        return 1 + ceil(4 * self.funded / self.applied)

    @property
    def said(self) -> tuple[str, str]:
        """Its name, and its figures."""
        return self.name, f"{self.funded:,}/{self.applied:,}"


def layout(allocation: Drawable, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    if allocation.outlines is None:
        columns, rows = _grid(max(len(allocation.by_district), 1))
        return drawing.Layout(
            max(columns * _TILE, 5.0) + 0.4, rows * _TILE + 1.1, left=0.2, top=0.95, bottom=0.15
        )
    (left, low), (right, high) = _corners(_areas(allocation))
    across = min(max(_HIGH * (right - left) / (high - low), 4.0), _MOST_WIDE)
    up = min(_HIGH, across * (high - low) / (right - left))
    return drawing.Layout(across + _SIDE + 0.4, up + 1.1, left=0.2, top=0.95, bottom=0.15)


def districts_map(
    allocation: Drawable, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw the districts, the darker the more of their applications are funded, with both numbers.

    With the outlines of the file that ``boundaries`` of the policy's ``[plan]`` names, else as tiles
    in the order of the plan. See `scores_figure` for the parameters.
    """
    lang = spoken(allocation, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(allocation, lang))
        drawing.head(ax, TITLE.say(lang), caption(allocation, LABELS, lang), above=16)
        ax.set_axis_off()
        areas = _areas(allocation)
        if not areas:
            drawing.message(ax, safe(NOBODY.say(lang)))
            return ax
        across, up = drawing.inches(ax)
        ax.set_xlim(0, across)
        ax.set_ylim(0, up)
        tiles, left = allocation.outlines is None, _is_dense_left(areas)
        areas = _tiles(areas, across, up) if tiles else _fitted(areas, across, up, left)
        _fill(ax, areas)
        aside = _write_inside(ax, [area for area in areas if area.polygons])
        _write_aside(ax, aside, left)
        drawing.legend_above(ax, [(text.say(lang), {**_EDGE, **look}) for text, look in CLASSES])
    return ax


def _areas(allocation: Drawable) -> list[Area]:
    """Return every district in official order, with its outline in units that are alike both ways."""
    table = allocation.by_district
    names, funded, applied = (
        list(words(table, "district")),
        numbers(table, "funded"),
        numbers(table, "applications"),
    )
    shapes = {} if allocation.outlines is None else allocation.outlines.levelled()
    return [
        Area(str(names[n]), int(funded[n]), int(applied[n]), shapes.get(fold(str(names[n])), ()))
        for n in official(allocation.districts, names)
    ]


def _corners(areas: Sequence[Area]) -> tuple[tuple[float, float], tuple[float, float]]:
    points = [point for area in areas for polygon in area.polygons for point in polygon[0]]
    xs, ys = ([p[n] for p in points] or [0.0, 1.0] for n in (0, 1))
    return (min(xs), min(ys)), (max(xs), max(ys))


def _is_dense_left(areas: Sequence[Area]) -> bool:
    """Return whether more districts lie in the left half, beside which names stand that do not fit."""
    (low, _), (high, _) = _corners(areas)
    return median([middle(a.polygons)[0] for a in areas if a.polygons] or [0.0]) <= (low + high) / 2


def _fitted(areas: Sequence[Area], across: float, up: float, left: bool) -> list[Area]:
    """Return the areas in inches: as large as the axes allow, with room for names on one side."""
    (x_low, y_low), (x_high, y_high) = _corners(areas)
    side = min(_SIDE, across / 4)
    scale = min((across - side) / max(x_high - x_low, 1e-9), up / max(y_high - y_low, 1e-9))
    x0 = side if left else across - side - scale * (x_high - x_low)
    y0 = (up - scale * (y_high - y_low)) / 2

    def moved(point: Point) -> Point:
        return x0 + scale * (point[0] - x_low), y0 + scale * (point[1] - y_low)

    return [
        replace(a, polygons=[tuple(tuple(map(moved, ring)) for ring in p) for p in a.polygons])
        for a in areas
    ]


def _grid(count: int) -> tuple[int, int]:
    across = ceil(sqrt(count * 1.6))
    return across, ceil(count / across)


def _tiles(areas: Sequence[Area], across: float, up: float) -> list[Area]:
    """Return the areas as squares in rows, in their order."""
    columns, rows = _grid(len(areas))
    size = min(across / columns, up / rows)
    found = []
    for n, area in enumerate(areas):
        row, column = divmod(n, columns)
        x, y, s = column * size, up - (row + 1) * size, 0.96 * size
        square = ((x, y), (x + s, y), (x + s, y + s), (x, y + s), (x, y))
        found.append(replace(area, polygons=[(square,)]))
    return found


def _fill(ax: Axes, areas: Sequence[Area]) -> None:
    for kind, (_, look) in enumerate(CLASSES):
        paths = [_path(p) for area in areas if area.kind == kind for p in area.polygons]
        if paths:
            ax.add_collection(
                PathCollection(paths, linewidth=0.6, clip_on=False, **_EDGE, **look), autolim=False
            )


def _path(polygon: Polygon) -> Path:
    rings = [Path(np.array(ring), closed=True) for ring in polygon]
    return Path.make_compound_path(*rings)


def _inside(area: Area) -> tuple[Point, float] | None:
    """Return where in a district its name and figures have room, and their size."""
    for size in _LETTERS:
        wide = max(width(text, size) for text in area.said) + 0.05
        place = place_for(area.polygons, wide, 2.6 * size / 72)
        if place is not None:
            return place, size
    return None


def _write_inside(ax: Axes, areas: Sequence[Area]) -> list[Area]:
    """Write names and figures into districts, on a plate over lines to others; return what has no room."""
    placed = [(area, _inside(area)) for area in areas]
    plates, faces = [], []
    for area, found in placed:
        if found is None:
            continue
        (x, y), size = found
        wide, line = max(width(text, size) for text in area.said) / 2 + 0.02, 1.2 * size / 72
        plates.append(
            [(x - wide, y - line), (x + wide, y - line), (x + wide, y + line), (x - wide, y + line)]
        )
        faces.append(CLASSES[area.kind][1]["facecolor"])
        color = "white" if area.kind >= _DARK else drawing.INK
        for text, height in zip(area.said, (y + line / 2, y - line / 2), strict=True):
            _write(ax, x, height, safe(text), fontsize=size, color=color, ha="center")
    ax.add_collection(
        PolyCollection(plates, facecolors=faces, linewidth=0, zorder=2.5), autolim=False
    )
    return [area for area, found in placed if found is None]


def _write(ax: Axes, x: float, y: float, text: str, **look: Any) -> None:
    ax.add_artist(Quick(x, y, text, va="center", clip_on=False, **look))


def _write_aside(ax: Axes, areas: Sequence[Area], left: bool) -> None:
    """Write beside the map what did not fit, each with a line to its district, if there is room for all."""
    across, up = drawing.inches(ax)
    if not areas or len(areas) * 1.3 * _LETTERS[-1] / 72 > up:
        return  # too small a map for names
    at, turn = (0.0, 1) if left else (across, -1)
    placed = sorted(((area, *middle(area.polygons)) for area in areas), key=lambda p: p[2])
    size, lines = min(_LETTERS[0], 72 * up / len(placed) / 1.3), []
    for (area, x, y), height in zip(placed, _spread([p[2] for p in placed], up), strict=True):
        said = fit(" ".join(area.said), min(_SIDE, across / 4) - 0.05, size)
        _write(
            ax, at, height, said, fontsize=size, color=drawing.INK, ha="left" if left else "right"
        )
        lines.append([(at + turn * (width(said, size) + 0.04), height), (x, y)])
    ax.add_collection(LineCollection(lines, colors=drawing.INK, linewidth=0.5), autolim=False)
    ax.plot(*zip(*(line[1] for line in lines), strict=True), "o", markersize=2, color=drawing.INK)


def _spread(heights: Sequence[float], up: float) -> Iterator[float]:
    """Yield heights in the same order, from the lowest up, far enough apart for a line of text."""
    apart = min(0.17, up / max(len(heights), 1))
    last = -apart / 2
    for n, height in enumerate(heights):
        last = min(max(height, last + apart), up - apart * (len(heights) - n - 0.5))
        yield last
