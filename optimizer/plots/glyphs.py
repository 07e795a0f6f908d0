"""Lines of text as outlines, laid out once in a process, whatever their size.

A round's figures write the same names and numbers in two files and, on a page, in two languages. Letters of
Europe and Chinese stand one beside another, which is done here, with each glyph loaded once; whatever is written from
the right, or on top of other letters, is matplotlib's to lay out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font, Kerning, LoadFlags
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

_LAYOUT: Any = text_to_path
_SIZE = text_to_path.FONT_SCALE  # at which matplotlib lays out
_PARTS = 64  # of a unit of that size: so fine are FreeType's outlines
EM = _PARTS * _SIZE
_OUTLINES: dict[str, Path] = {}  # of every glyph that was met, by its name
Face = tuple[tuple[str, ...], Any, Any, Any]  # what of a font is not its size


@dataclass(frozen=True)
class TextLine:
    """A line of text, laid out: how large it is at a size of 1, and the name and place of each glyph, in `EM`."""

    text: str
    width: float
    height: float
    descent: float
    glyphs: tuple[tuple[str, int, int], ...]

    @cached_property
    def path(self) -> Path:
        """All glyphs as one outline."""
        if not self.glyphs:
            return Path(np.empty((0, 2)))
        points = [np.add(_OUTLINES[name].vertices, (x, y)) for name, x, y in self.glyphs]
        codes = [np.asarray(_OUTLINES[name].codes) for name, _, _ in self.glyphs]
        return Path(np.concatenate(points), np.concatenate(codes))

    @cached_property
    def markup(self) -> str:
        """The glyphs as elements of an SVG that defines each of them by its name."""
        return "".join(
            f'<use xlink:href="#{name}" x="{x}"' + (f' y="{y}"/>' if y else "/>")
            for name, x, y in self.glyphs
        )


def outline(name: str) -> Path:
    """Return the outline of a glyph that a line has."""
    return _OUTLINES[name]


def laid_out(text: str, font: FontProperties) -> TextLine:
    """Return a line of text, without mathematics, in a font of any size."""
    face = tuple(font.get_family()), font.get_style(), font.get_weight(), font.get_file()
    return _laid_out(text, face)


@lru_cache(8192)
def _laid_out(text: str, face: Face) -> TextLine:
    if any(map(_is_shaped, text)):
        return _shaped(text, face)
    glyphs = [glyph for character in text if (glyph := _glyph(character, face))]
    if not text or len(glyphs) < len(text):
        return _shaped(text, face)
    steps = [one.advance - _overlap(one, other) for one, other in pairwise(glyphs)]
    places = list(accumulate(steps, initial=0.0))
    foot, top = min(glyph.foot for glyph in glyphs), max(glyph.top for glyph in glyphs)
    return TextLine(
        text,
        width=(places[-1] + glyphs[-1].advance) / EM,
        height=(top - foot) / EM,
        descent=-foot / EM,
        glyphs=tuple((g.name, round(x), 0) for g, x in zip(glyphs, places, strict=True)),
    )


@cache
def _is_shaped(character: str) -> bool:
    """Say whether a character is not simply set after the one before."""
    right = unicodedata.bidirectional(character) in {"R", "AL", "AN"}
    return right or unicodedata.category(character)[0] in "MC"


@dataclass(frozen=True)
class _Glyph:
    """A character in one of the fonts of a face; all measures in `EM`."""

    name: str
    font: Any
    number: int
    advance: float
    foot: float
    top: float


@cache
def _fonts(face: Face) -> list[Any]:
    """Return the fonts in which a face looks for a character, one after another."""
    files = fontManager._find_fonts_by_props(_properties(face))
    fonts = [FT2Font(file) for file in files]
    for font in fonts:
        font.set_size(_SIZE, _LAYOUT.DPI)
    return fonts


@cache
def _glyph(character: str, face: Face) -> _Glyph | None:
    """Return a character's glyph; none where no font has it."""
    for font in _fonts(face):
        if number := font.get_char_index(ord(character)):
            loaded = font.load_glyph(number, LoadFlags.NO_HINTING)
            name = _keep(f"{font.postscript_name}-{number:x}", font.get_path())
            _, foot, _, top = loaded.bbox
            advance = loaded.linearHoriAdvance / 2**16 * _PARTS
            return _Glyph(name, font, number, advance=advance, foot=foot, top=top)
    return None


@lru_cache(2**16)
def _overlap(one: _Glyph, other: _Glyph) -> float:
    """Return how much nearer two glyphs stand than their widths say (kerning)."""
    if one.font is not other.font:
        return 0.0
    return -float(one.font.get_kerning(one.number, other.number, Kerning.UNFITTED))


def _shaped(text: str, face: Face) -> TextLine:
    """Let matplotlib lay out a line; it warns of characters that no font has."""
    font = _properties(face)
    wide, high, low = _LAYOUT.get_text_width_height_descent(text, font, ismath=False)
    met: dict[str, Any] = {}
    glyphs, _, _ = _LAYOUT.get_glyphs_with_font(_LAYOUT._get_font(font), text, met)
    named = {name: _keep(name, drawn) for name, drawn in met.items()}
    places = ((named[name], round(_PARTS * x), round(_PARTS * y)) for name, x, y, _ in glyphs)
    return TextLine(text, width=wide, height=high, descent=low, glyphs=tuple(places))


def _properties(face: Face) -> FontProperties:
    family, style, weight, file = face
    return FontProperties(family=list(family), style=style, weight=weight, fname=file, size=1)


def _keep(name: str, drawn: tuple[Any, Any]) -> str:
    """Remember a glyph's outline; return the name that it has in a file, which no other outline has."""
    kept = re.sub(r"[^\w-]", "_", name, flags=re.ASCII)
    points, codes = np.rint(drawn[0] * _PARTS), drawn[1]
    while kept in _OUTLINES and not np.array_equal(_OUTLINES[kept].vertices, points):
        kept += "_"  # of another font of the same name
    _OUTLINES.setdefault(kept, Path(points, codes))
    return kept
