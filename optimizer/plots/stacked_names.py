"""Names below the dots of a figure, one a line, each at the end of a stem from its dot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from optimizer.plots.lettering import fit, width

SIZE = 8  # points, of the letters
_ASIDE = 6.0  # points between a stem and its name, and behind it
_CROSSED = 100.0  # points of a name cut off that are as bad as a stem through a name


@dataclass(frozen=True)
class Named:
    """A name and where it stands.

    Parameters
    ----------
    place
        Which of the names it is.
    text
        What of the name has room.
    stem
        Points from the left of the axes to its stem.
    left
        Whether it stands right of its stem, aligned left; else left of it.
    cut
        Points of the name that had no room.
    """

    place: int
    text: str
    stem: float
    left: bool
    cut: float

    @property
    def ends(self) -> tuple[float, float]:
        """Points from the left of the axes to where it begins and ends."""
        wide = 72 * width(self.text, SIZE) + _ASIDE
        return (self.stem, self.stem + wide) if self.left else (self.stem - wide, self.stem)


def stacked(
    names: Sequence[str], stems: Sequence[float], across: float, heading: str
) -> list[Named]:
    """Return names and their heading from the lowest line up, such that no stem crosses one, if that can be.

    The first few stand right of their stems, the best lowest; the others left of theirs, the best
    highest; one group stands above the other. Neither crosses itself.

    Parameters
    ----------
    names, stems
        From left to right: what is said, and points from the left of the axes to each stem.
    across
        Points from the left of the axes to where names must end.
    heading
        What stands above them all, on the last line.
    """
    found = list(_ways(names, stems, across, heading))
    return min(found, key=lambda way: sum(n.cut for n in way) + _CROSSED * _crossings(way))


def _ways(
    names: Sequence[str], stems: Sequence[float], across: float, heading: str
) -> Iterator[list[Named]]:
    for split in range(len(names), -1, -1):
        each = [
            _named(place, name, stem, across, left=place < split)
            for place, (name, stem) in enumerate(zip(names, stems, strict=True))
        ]
        lefts, rights = each[:split], each[split:][::-1]
        for way in ([*lefts, *rights], [*rights, *lefts]):
            top = way[-1]
            yield [*way, _named(len(names), heading, top.stem, across, left=top.left)]


def _named(place: int, name: str, stem: float, across: float, *, left: bool) -> Named:
    room = max((across - stem if left else stem) - _ASIDE, 0)
    whole = 72 * width(name, SIZE)
    text = name if whole <= room else fit(name, room / 72, SIZE)
    return Named(place, text, stem, left=left, cut=max(whole - room, 0.0))


def _crossings(way: Sequence[Named]) -> int:
    """Count the names that the stem of a lower one goes through."""
    return sum(
        name.ends[0] < lower.stem < name.ends[1]
        for line, name in enumerate(way)
        for lower in way[:line]
    )
