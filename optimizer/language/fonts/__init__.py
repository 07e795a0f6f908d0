"""The bundled Chinese font, so that no figure and no report depends on what a machine has.

`FONT` is a subset of Noto Sans TC Regular under the SIL Open Font License 1.1 (``OFL.txt``), made
by `optimizer.language.fonts.make_subset`.
"""

from __future__ import annotations

import io
import itertools
import struct
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

FAMILY = "Noto Sans TC"
FONT = Path(__file__).with_name("NotoSansTC-Regular.ttf")

_NOTDEF = 0


def webfont(characters: str) -> bytes:
    """Return a WOFF that holds just these characters, for embedding into a page.

    Parameters
    ----------
    characters
        Any text; order and repetition do not matter. What the font lacks is left out, and the
        reader's browser then falls back on its own fonts.

    Returns
    -------
    bytes
        The same bytes for the same set of characters.
    """
    from fontTools.ttLib import TTFont

    with TTFont(FONT, lazy=True, recalcTimestamp=False, recalcBBoxes=False) as font:
        _keep(font, set(map(ord, characters)))
        font.flavor = "woff"
        page = io.BytesIO()
        font.save(page, reorderTables=False)
    return page.getvalue()


def _keep(font: TTFont, characters: set[int]) -> None:
    """Cut a font down to some characters, copying outlines as they are.

    The general subsetter of fontTools parses every outline; as the bundled font has neither
    composite glyphs nor layout tables, whole byte ranges can be moved, four times as fast.
    """
    of_character = {c: g for c, g in sorted(font.getBestCmap().items()) if c in characters}
    ids = sorted({_NOTDEF, *map(font.getGlyphID, of_character.values())})
    names = [font.getGlyphName(i) for i in ids]
    tables = {**_outlines(font, ids), "hmtx": _widths(font, names)}
    for tag in tables:
        del font[tag]
    font.setGlyphOrder(names)
    for tag, data in tables.items():
        _put(font, tag, data)
    font["maxp"].numGlyphs = font["hhea"].numberOfHMetrics = len(ids)
    font["cmap"].tables = [_mapping(of_character)]


def _outlines(font: TTFont, ids: list[int]) -> dict[str, bytes]:
    count = font["maxp"].numGlyphs
    outlines, loca = font.reader["glyf"], font.reader["loca"]
    starts = struct.unpack(f">{count + 1}L", loca)  # long offsets, as the font is large
    parts = [outlines[starts[i] : starts[i + 1]] for i in ids]
    ends = itertools.accumulate(map(len, parts), initial=0)
    return {"glyf": b"".join(parts), "loca": struct.pack(f">{len(ids) + 1}L", *ends)}


def _widths(font: TTFont, names: list[str]) -> bytes:
    widths = font["hmtx"].metrics
    return b"".join(struct.pack(">Hh", *widths[name]) for name in names)


def _mapping(of_character: dict[int, str]) -> CmapSubtable:
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

    mapping = CmapSubtable.newSubtable(12)
    mapping.platformID, mapping.platEncID, mapping.language = 3, 10, 0
    mapping.cmap = of_character
    return mapping


def _put(font: TTFont, tag: str, data: bytes) -> None:
    from fontTools.ttLib.tables.DefaultTable import DefaultTable

    table = DefaultTable(tag)
    table.data = data
    font[tag] = table
