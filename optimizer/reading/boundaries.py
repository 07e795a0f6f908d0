"""Reading the outlines of the districts: a GeoJSON file (RFC 7946) in the folder of the case.

Nothing depends on them but a picture; still they are read under limits, and whole or not at all.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import CaseError, Problem, defect, shorten
from optimizer.problems.likeness import closest, is_it
from optimizer.reading.files import Source, load
from optimizer.tables.outlines import Outlines, Point, Polygon
from optimizer.tables.schema import fold

NAMES = ("name", "district", "行政區", "TOWNNAME", "NAME")  # of the property with a district's name
MOST_BYTES = 2 * 2**20
MOST_AREAS = 2_000
MOST_POINTS = 100_000
_LINES_AT_THE_MOST = 20  # problems of one file


class UnfitError(ValueError):
    """What is wrong with a part of the file."""

    def __init__(self, said: Text) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True)
class Read:
    """What became of the file.

    Parameters
    ----------
    outlines
        The outlines, if it could be read.
    sources
        The file, if it was there.
    problems
        All that is wrong with it.
    """

    outlines: Outlines | None = None
    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_boundaries(folder: Path, name: str) -> Read:
    """Read the outlines of districts.

    Parameters
    ----------
    folder
        The folder of the case.
    name
        The name of a file in it, as the policy has it; empty for none.
    """
    if not name:
        return Read()
    try:
        data = load(folder / name)
    except CaseError as error:
        return Read(problems=tuple(error.problems))
    source = (Source.of(name, data),)
    try:
        outlines, wrong = _outlines(name, data)
    except UnfitError as error:
        return Read(None, source, (_problem(name, error.said),))
    return Read(None if wrong else outlines, source, tuple(wrong[:_LINES_AT_THE_MOST]))


def without_outline(outlines: Outlines, districts: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each district that the file does not have."""
    known = {fold(name): name for name in outlines.areas}
    for district in dict.fromkeys(districts):
        if district and fold(district) not in known:
            yield defect(
                "no_outline",
                Text("沒有這一區的界線", "has no outline of this district"),
                hint=is_it(closest(district, list(known.values()))),
                file=outlines.file,
                value=shorten(district),
            )


def _outlines(name: str, data: bytes) -> tuple[Outlines, list[Problem]]:
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise UnfitError(
            Text(
                f"檔案超過 {most} MB，請先簡化界線", f"is larger than {most} MB: simplify it first"
            )
        )
    features = _features(_parsed(data))
    areas, problems, points = dict[str, tuple[Polygon, ...]](), list[Problem](), 0
    for number, feature in enumerate(features, start=1):
        try:
            district = _district(feature)
            areas[district] = _polygons(feature.get("geometry"))
            points += sum(len(ring) for polygon in areas[district] for ring in polygon)
        except UnfitError as error:
            problems.append(_problem(name, error.said, number))
        if points > MOST_POINTS:
            raise UnfitError(
                Text(
                    f"超過 {MOST_POINTS:,} 個點，請先簡化界線",
                    f"has more than {MOST_POINTS:,} points: simplify it first",
                )
            )
    problems += _twice(name, features)
    return Outlines(name, areas), problems


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UnfitError(Text("不是 UTF-8 的 JSON", "is no JSON in UTF-8")) from None


def _no_number(text: str) -> float:
    raise ValueError(text)


def _features(document: Any) -> Sequence[Any]:
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise UnfitError(
            Text("不是 GeoJSON 的 FeatureCollection", "is no FeatureCollection of GeoJSON")
        )
    if not 1 <= len(features) <= MOST_AREAS:
        raise UnfitError(
            Text(f"應有 1 至 {MOST_AREAS:,} 區", f"1 to {MOST_AREAS:,} areas were expected")
        )
    return features


def _district(feature: Any) -> str:
    own = feature.get("properties") if isinstance(feature, dict) else None
    held = own if isinstance(own, Mapping) else {}
    found = next((held[key] for key in NAMES if isinstance(held.get(key), str)), "")
    if not found.strip():
        raise UnfitError(
            Text(
                f"沒有區名；應寫在屬性 {'、'.join(NAMES)} 之一",
                f"has no name of a district, in one of the properties {', '.join(NAMES)}",
            )
        )
    return str(found).strip()


def _polygons(geometry: Any) -> tuple[Polygon, ...]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise UnfitError(Text("不是 Polygon 或 MultiPolygon", "is no Polygon or MultiPolygon"))
    held = geometry.get("coordinates")
    return tuple(
        tuple(tuple(_ring(ring)) for ring in _list(polygon))
        for polygon in _list(held if kind == "MultiPolygon" else [held])
    )


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise UnfitError(
            Text("座標不是 GeoJSON 的形式", "has coordinates that are not as GeoJSON has them")
        )
    return value


def _ring(value: Any) -> list[Point]:
    ring = [_point(point) for point in _list(value)]
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise UnfitError(
            Text(
                "有一圈界線未閉合，或不足四點",
                "has a ring that is not closed, or of less than four points",
            )
        )
    return ring


def _point(value: Any) -> Point:
    numbers = [n for n in value if type(n) in (int, float)] if isinstance(value, list) else []
    if len(numbers) not in (2, 3) or len(numbers) != len(value):
        raise UnfitError(Text("有一點不是兩個數字", "has a point that is not two numbers"))
    x, y = numbers[:2]
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise UnfitError(
            Text(
                "座標應為經度、緯度（WGS 84），經度在前",
                "has coordinates that are no longitude and latitude (WGS 84), in that order",
            )
        )
    return float(x), float(y)


def _twice(name: str, features: Sequence[Any]) -> Iterator[Problem]:
    named = Counter[str]()
    for feature in features:
        try:
            named[fold(_district(feature))] += 1
        except UnfitError:
            continue
    for district, count in named.items():
        if count > 1:
            said = Text(f"有 {count} 個同名的區", f"has {count} areas of this name")
            hint = Text("請只留本市的各區。", "Keep the districts of this city alone.")
            yield _problem(name, said, value=district, hint=hint)


def _problem(
    file: str, said: Text, area: int | None = None, value: str = "", hint: Text = EMPTY
) -> Problem:
    where = said if area is None else Text(f"第 {area} 區{said.zh}", f"area {area} {said.en}")
    return defect("boundaries", where, hint=hint, file=file, value=shorten(value))
