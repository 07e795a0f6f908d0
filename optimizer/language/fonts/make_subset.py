"""Make the bundled font out of the full Noto Sans TC Regular, and a few characters of Noto Sans SC.

The full TTF comes in the npm package ``@expo-google-fonts/noto-sans-tc`` (0.4.3), and is also what
Google Fonts hands out under that name. It lacks characters that stand in names of places in
Taiwan (`_BORROWED`); its sister Noto Sans SC (0.4.3, of the same design and licence) has them::

    npm pack @expo-google-fonts/noto-sans-tc    # and noto-sans-sc, each unpacked with tar
    python -m optimizer.language.fonts.make_subset NotoSansTC_400Regular.ttf NotoSansSC_400Regular.ttf

The same sources and fontTools version give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from optimizer.language.fonts import FONT

# Latin, Greek, punctuation, arrows, mathematical and geometric signs: everything below the CJK
# blocks that the font has.
_BELOW_CJK = range(0x20, 0x2E80)
# CJK punctuation (〓 marks a missing character), kana and bopomofo; full-width forms.
_PUNCTUATION = [*range(0x3000, 0x3130), *range(0x31A0, 0x31C0), *range(0xFE30, 0xFE50)]
_FULL_WIDTH = range(0xFF00, 0xFFEF)
# CJK Unified Ideographs. cp950 lacks thousands of them that stand in names (喆 廍 槺 堃 峯 犇).
_IDEOGRAPHS = range(0x4E00, 0xA000)
_BORROWED = "㵞"  # 㵞 of a village and its school
# Tables that only serve vertical setting, old rasterisers and OpenType features.
_UNUSED_TABLES = ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "prep", "vhea", "vmtx"]
_NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # copyright, names, version, licence and its address


def cp950_characters() -> set[int]:
    """Return every code point that the code page of Taiwan's spreadsheets can write."""
    trails = [*range(0x40, 0x7F), *range(0x80, 0xFF)]
    pairs = (bytes([lead, trail]) for lead in range(0x81, 0xFF) for trail in trails)
    return {ord(c) for pair in pairs for c in pair.decode("cp950", "ignore")}


def make_subset(source: Path, sister: Path, target: Path = FONT) -> int:
    """Write the subset of a full font, with what its sister lends it, and return its size in bytes."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(
        layout_features=[], hinting=False, glyph_names=False, notdef_outline=True, name_IDs=_NAMES
    )
    options.drop_tables += _UNUSED_TABLES
    kept = {*cp950_characters(), *_BELOW_CJK, *_PUNCTUATION, *_IDEOGRAPHS, *_FULL_WIDTH}
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=kept)
    with TTFont(source, recalcTimestamp=False) as font:
        subsetter.subset(font)
        with TTFont(sister) as lender:
            for character in _BORROWED:
                _lend(lender, font, ord(character))
        font.save(target)
    return target.stat().st_size


def _lend(lender: Any, font: Any, code: int) -> None:
    """Put the outline and the width of a character of one font into another of the same em."""
    name, own = lender.getBestCmap()[code], f"uni{code:04X}"
    font.setGlyphOrder([*font.getGlyphOrder(), own])
    font["glyf"].glyphs[own] = lender["glyf"][name]
    font["hmtx"].metrics[own] = lender["hmtx"].metrics[name]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = own


if __name__ == "__main__":
    print(f"{FONT.name}: {make_subset(*map(Path, sys.argv[1:3])):,} bytes")
