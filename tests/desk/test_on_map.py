"""The districts as a browser draws them: each inside the frame, its name inside of it."""

from __future__ import annotations

import re
from math import cos, pi, sin

from helpers.places import ROOT

from optimizer.case.case import read_case
from optimizer.desk.found import case_found
from optimizer.desk.on_map import ACROSS, on_map
from optimizer.tables.outlines import Outlines


def corners(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", path)]


def test_every_district_of_the_example_has_its_place() -> None:
    case = read_case(ROOT / "data" / "taichung-103")
    drawn = case_found(case).map
    assert drawn is not None
    assert {area.name for area in drawn.areas} == set(case.records.schools["district"])
    for area in drawn.areas:
        xs, ys = zip(*corners(area.path), strict=True)
        assert min(xs) >= 0 and max(xs) <= ACROSS and min(ys) >= 0 and max(ys) <= drawn.high
        if area.place:
            assert min(xs) < area.place[0] < max(xs) and min(ys) < area.place[1] < max(ys)
    [west] = [area for area in drawn.areas if area.name == "梧棲區"]
    [east] = [area for area in drawn.areas if area.name == "和平區"]
    assert max(x for x, _ in corners(west.path)) < min(x for x, _ in corners(east.path))


def test_of_a_fine_outline_the_browser_gets_what_can_be_seen() -> None:
    many = 20_000
    round_ = [(cos(2 * pi * n / many), sin(2 * pi * n / many)) for n in range(many + 1)]
    drawn = on_map(Outlines("map.geojson", {"中區": [(tuple(round_),)]}), ["中區"])
    assert drawn is not None
    [area] = drawn.areas
    points = corners(area.path)
    assert 1_000 < len(points) < 3_200 and points[0] == points[-1] and area.place is not None


def test_north_is_up_a_hole_stays_and_what_has_no_outline_is_left_out() -> None:
    def square(x: float, y: float, side: float) -> tuple[tuple[float, float], ...]:
        return (x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)

    areas = {"台北": [(square(0, 1, 1), square(0.4, 1.4, 0.2))], "南": [(square(0, 0, 1),)]}
    drawn = on_map(Outlines("map.geojson", areas), ["南", "臺北", "海"])
    assert drawn is not None and [area.name for area in drawn.areas] == ["南", "臺北"]
    south, north = drawn.areas
    assert max(y for _, y in corners(north.path)) <= min(y for _, y in corners(south.path))
    assert north.path.count("Z") == 2 and south.path.count("Z") == 1
    assert on_map(Outlines("map.geojson", areas), ["海"]) is None
