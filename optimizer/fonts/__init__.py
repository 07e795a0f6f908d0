"""The bundled Chinese font, so that no figure and no report depends on what a machine has.

`FONT` is a subset of Noto Sans TC Regular under the SIL Open Font License 1.1 (``OFL.txt``), made
by `optimizer.fonts.make_subset`.
"""

from __future__ import annotations

import io
from pathlib import Path

FAMILY = "Noto Sans TC"
FONT = Path(__file__).with_name("NotoSansTC-Regular.ttf")


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
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(layout_features=[], hinting=False, glyph_names=False, notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    with TTFont(FONT, lazy=True, recalcTimestamp=False) as font:
        subsetter.subset(font)
        font.flavor = "woff"
        page = io.BytesIO()
        font.save(page)
    return page.getvalue()
