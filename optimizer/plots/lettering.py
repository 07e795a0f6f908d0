"""Text from data on figures: never mathematics, never a box, never wider than its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, takewhile
from typing import Any

import matplotlib as mpl
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.text import Text

from optimizer.language.fonts import FONT

MISSING = "〓"  # the printers' mark for a character that the fount lacks
_BELOW = (
    0.26  # of the size: how far a line's foot stands below the middle between p's tail and l's head
)


@cache
def _latin() -> FT2Font:
    return FT2Font(mpl.get_data_path() + "/fonts/ttf/DejaVuSans.ttf")


@cache
def drawable() -> frozenset[int]:
    """Return the code points that the two fonts of the figures can draw."""
    return frozenset(_latin().get_charmap()) | frozenset(FT2Font(str(FONT)).get_charmap())


def safe(text: object) -> str:
    """Return text as matplotlib should be given it, so that it is drawn as it stands.

    A dollar sign is escaped (two of them would start mathematics); controls go; runs of white
    space become one blank; a character that neither font has becomes 〓.
    """
    line = " ".join(str(text).split())
    if not line.isascii() or not line.isprintable():
        line = "".join(_character(c) for c in line)
    return line.replace("$", r"\$")


def _character(character: str) -> str:
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Mn", "Me"}:
        return ""
    return character if ord(character) in drawable() else MISSING


@cache
def ems(character: str) -> float:
    """Return how wide a character is, in units of its font size."""
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    glyph = _latin().load_char(ord(character), LoadFlags.NO_SCALE)
    return float(glyph.horiAdvance / _latin().units_per_EM)


def width(text: str, size: float) -> float:
    """Return how wide text is in inches at a font size in points."""
    return sum(map(ems, text.replace(r"\$", "$"))) * size / 72


def largest(text: str, inches: float, sizes: Sequence[float]) -> float:
    """Return the first size at which text is no wider than `inches`, else the last."""
    return next((size for size in sizes if width(text, size) <= inches), sizes[-1])


def fit(text: str, inches: float, size: float) -> str:
    """Return safe text, cut with an ellipsis where it would be wider than `inches`."""
    return safe(cut(text, inches, size))


def cut(text: str, inches: float, size: float) -> str:
    """Return text on one line, cut with an ellipsis where it would be wider than `inches`."""
    line = " ".join(str(text).split())
    if width(line, size) <= inches:
        return line
    room = inches * 72 / size - 1
    ends = accumulate(map(ems, line))
    kept = sum(1 for _ in takewhile(lambda end: end <= room, ends))
    return _whole(line, kept).rstrip(" ,:;，：；、(（") + "…"


def _whole(line: str, kept: int) -> str:
    """Return the beginning of a line without the part of a word at its end, if enough is left."""
    short = line[:kept]
    if line[kept - 1 : kept + 1].isascii() and line[kept - 1 : kept + 1].isalpha():
        words = short.rpartition(" ")[0]
        return words if len(words) * 2 > kept else short
    return short


_PIECE = re.compile(  # a unit in brackets, a Chinese character with the marks that cling to it, a word
    r"（[^（）]{1,4}）[^⺀-\uffef ]?|[（「『]?[⺀-\uffef][）」』，。、：；]*|[^⺀-\uffef ]+ ?|\s"
)


def wrapped(text: str, inches: float, size: float) -> str:
    """Return safe text on as many lines as it takes: broken at blanks, or between Chinese."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and width((lines[-1] + piece).rstrip(), size) > inches:
            lines.append("")
        lines[-1] += piece
    return "\n".join(safe(line) for line in lines)


def in_two_lines(
    text: str, inches: float, sizes: Sequence[float], least: float
) -> tuple[str, float]:
    """Return safe text and its size: on one line at one of `sizes`, else on two, at least at `least`.

    Two lines stand at a size below the last of `sizes`, if they fit; only what has no room there is cut.
    """
    line = " ".join(str(text).split())
    size = largest(line, inches, sizes)
    if width(line, size) <= inches:
        return safe(line), size
    size = float(sizes[-1])
    while size >= least:
        said = wrapped(line, inches, size)
        if said.count("\n") < 2 and all(width(part, size) <= inches for part in said.split("\n")):
            return said, size
        size -= 0.5
    first = wrapped(line, inches, least).split("\n")
    return "\n".join(
        [fit(first[0], inches, least), fit(" ".join(first[1:]).replace(r"\$", "$"), inches, least)]
    ), least


_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}  # of the width, that stands left of its point


class Quick(Text):
    """Level text beside a point, its middle at the point's height; one line is not laid out.

    Figures have hundreds, and what a layout looks at (boxes, line spacing, rotation) takes longer
    than the drawing.
    """

    def draw(self, renderer: Any) -> None:
        """Draw it right of the point, or left of it where it ends there, or on both sides."""
        if "\n" in self.get_text():
            super().draw(renderer)
            return
        x, y = self.get_transform().transform(self.get_position())
        shown, font = self.get_text().replace(r"\$", "$"), self.get_fontproperties()
        before = _BEFORE[self.get_horizontalalignment()]
        if before:
            x -= before * renderer.get_text_width_height_descent(shown, font, ismath=False)[0]
        y -= renderer.points_to_pixels(_BELOW * font.get_size_in_points())
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        pen = renderer.new_gc()
        pen.set_foreground(self.get_color())
        renderer.draw_text(pen, x, y, shown, prop=font, angle=0)
        pen.restore()
