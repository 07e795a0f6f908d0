"""Where the districts lie: their outlines on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from statistics import fmean

from optimizer.foundation.frozen import freeze_fields
from optimizer.tables.schema import fold

Point = tuple[float, float]
Polygon = tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, eq=False)  # told apart by which they are: thousands of points
class Outlines:
    """The outlines of districts, for drawing alone.

    Parameters
    ----------
    file
        The name of the file they come from.
    areas
        By the name of the district, as the file has it: its polygons, each a ring around it and the
        rings of its holes, in longitude and latitude (WGS 84).
    """

    file: str
    areas: Mapping[str, Sequence[Polygon]]

    def __post_init__(self) -> None:
        freeze_fields(self)

    def levelled(self) -> dict[str, list[Polygon]]:
        """Return them by folded name, degrees of longitude as long as those of latitude."""
        ups = [y for polygons in self.areas.values() for p in polygons for _, y in p[0]]
        scale = cos(radians(fmean(ups)))
        return {
            fold(name): [
                tuple(tuple((x * scale, y) for x, y in ring) for ring in p) for p in polygons
            ]
            for name, polygons in self.areas.items()
        }
