"""The bundled font: what it covers, and the cuts made of it for web pages."""

from __future__ import annotations

import io

from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from optimizer.language.fonts import FONT, webfont
from optimizer.language.fonts.make_subset import cp950_characters

NAMES = "臺中市豐原區喆廍槺舘堃峯犇啓温瑠煊㵞"


def outline(font: TTFont, character: str) -> object:
    pen = RecordingPen()
    font.getGlyphSet()[font.getBestCmap()[ord(character)]].draw(pen)
    return pen.value


def test_font_covers_the_code_page_and_names() -> None:
    with TTFont(FONT, lazy=True) as font:
        covered = set(font.getBestCmap())
    assert {chr(c) for c in cp950_characters() - covered} <= {"ˍ", "≒"}
    assert set(map(ord, NAMES + "，。、；：「」（）《》〓①→←≥≤×●○▲■—…①é¥")) <= covered


def test_font_is_small_and_its_licence_lies_beside_it() -> None:
    assert FONT.stat().st_size < 6_000_000
    assert "SIL OPEN FONT LICENSE" in FONT.with_name("OFL.txt").read_text(encoding="utf-8")


def test_font_has_neither_composites_nor_layout_which_webfont_relies_on() -> None:
    with TTFont(FONT) as font:
        assert not any(font["glyf"][name].isComposite() for name in font.getGlyphOrder())
        assert not {"GSUB", "GPOS", "GDEF"} & set(font.keys())
        assert font["head"].indexToLocFormat == 1


def test_webfont_holds_the_characters_with_their_outlines_and_widths() -> None:
    page = webfont(NAMES + "A1, ")
    assert page[:4] == b"wOFF"
    with TTFont(io.BytesIO(page), checkChecksums=2) as cut, TTFont(FONT, lazy=True) as full:
        assert set(cut.getBestCmap()) == set(map(ord, NAMES + "A1, "))
        assert cut["maxp"].numGlyphs == len(set(NAMES + "A1, ")) + 1
        for character in NAMES:
            assert outline(cut, character) == outline(full, character)
            names = (font.getBestCmap()[ord(character)] for font in (cut, full))
            assert cut["hmtx"][next(names)] == full["hmtx"][next(names)]


def test_webfont_knows_every_character_of_the_font_and_its_width() -> None:
    with TTFont(FONT, lazy=True) as full:
        glyphs, metrics = full.getBestCmap(), full["hmtx"].metrics
        sharing = full.getGlyphOrder()[full["hhea"].numberOfHMetrics :]
        assert {*glyphs.values()} & {*sharing}, "no character has a shared width"
        page = webfont("".join(map(chr, glyphs)))
        with TTFont(io.BytesIO(page), lazy=True, checkChecksums=2) as cut:
            found, widths = cut.getBestCmap(), cut["hmtx"].metrics
            assert {c: widths[g] for c, g in found.items()} == {
                c: metrics[g] for c, g in glyphs.items()
            }


def test_webfont_depends_on_the_set_of_characters_only() -> None:
    assert webfont("臺中臺") == webfont("中臺")


def test_webfont_leaves_out_what_the_font_lacks() -> None:
    assert webfont("中🦉") == webfont("中")
    assert webfont("")[:4] == b"wOFF"
