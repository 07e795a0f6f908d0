"""The bundled Chinese font, so that no figure and no report depends on what a machine has.

`FONT` is a subset of Noto Sans TC Regular under the SIL Open Font License 1.1 (``OFL.txt``), made
by `optimizer.language.fonts.make_subset`.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import accumulate
from pathlib import Path

FAMILY = "Noto Sans TC"
FONT = Path(__file__).with_name("NotoSansTC-Regular.ttf")

_NOTDEF = 0
_ORDER = ("head", "hhea", "maxp", "OS/2", "cmap", "name", "post", "glyf", "hmtx", "loca")
_WHOLE = 0xB1B0AFBA  # what all words of an OpenType font add up to, modulo 2**32
Tables = dict[str, bytes]


def webfont(characters: str) -> bytes:
    """Return a WOFF that holds just these characters, for embedding into a page.

    Whole byte ranges are moved: the bundled font has neither composite glyphs nor layout tables, so
    no outline needs to be understood. That takes a tenth of what a general subsetter takes.

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
    full = _tables(FONT.read_bytes())
    glyph_of = dict(_glyphs(full["cmap"], sorted(map(ord, set(characters)))))
    return _woff(_cut(full, glyph_of))


def drawable(characters: Iterable[str]) -> frozenset[str]:
    """Return those of some characters that the font has."""
    codes = sorted(set(map(ord, characters)))
    return frozenset(chr(code) for code, _ in _glyphs(_mapped(), codes))


@cache
def _mapped() -> bytes:
    """Return which characters the font has, as it says it itself."""
    return _tables(FONT.read_bytes())["cmap"]


def _tables(font: bytes) -> Tables:
    """Return the tables of an OpenType file by their names."""
    (count,) = struct.unpack_from(">H", font, 4)
    entries = struct.iter_unpack(">4s4x2L", font[12 : 12 + 16 * count])
    return {name.decode(): font[start : start + size] for name, start, size in entries}


def _glyphs(cmap: bytes, codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield those code points that a font has, with their glyphs (OpenType, cmap format 4)."""
    (at,) = struct.unpack_from(">L", cmap, 8)
    (twice,) = struct.unpack_from(">H", cmap, at + 6)
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{twice // 2}H", cmap, at + place)
        for place in (14, 16 + twice, 16 + 2 * twice, 16 + 3 * twice)
    )
    for code in codes:
        n = bisect_left(ends, code)
        if n == len(ends) or code < starts[n]:
            continue
        glyph = code
        if offsets[n]:
            place = at + 16 + 3 * twice + 2 * n + offsets[n] + 2 * (code - starts[n])
            (glyph,) = struct.unpack_from(">H", cmap, place)
        glyph = (glyph + deltas[n]) % 2**16 if glyph or not offsets[n] else _NOTDEF
        if glyph != _NOTDEF:
            yield code, glyph


def _cut(full: Tables, glyph_of: Mapping[int, int]) -> Tables:
    """Return the tables of a font that has only some characters."""
    ids = sorted({_NOTDEF, *glyph_of.values()})
    place = {glyph: n for n, glyph in enumerate(ids)}
    size = struct.pack(">H", len(ids))
    return full | {
        **_outlines(full, ids),
        "hmtx": _widths(full, ids),
        "maxp": full["maxp"][:4] + size + full["maxp"][6:],
        "hhea": full["hhea"][:34] + size,
        "cmap": _mapping({code: place[glyph] for code, glyph in glyph_of.items()}),
    }


def _outlines(full: Tables, ids: Iterable[int]) -> Tables:
    outlines, loca = full["glyf"], full["loca"]
    starts = struct.unpack(f">{len(loca) // 4}L", loca)  # long offsets, as the font is large
    parts = [outlines[starts[i] : starts[i + 1]] for i in ids]
    ends = list(accumulate(map(len, parts), initial=0))
    return {"glyf": b"".join(parts), "loca": struct.pack(f">{len(ends)}L", *ends)}


def _widths(full: Tables, ids: Iterable[int]) -> bytes:
    """Return width and left bearing of each glyph; the last ones of the font share one width."""
    hmtx = full["hmtx"]
    (own,) = struct.unpack_from(">H", full["hhea"], 34)
    shared = hmtx[4 * own - 4 : 4 * own - 2]
    return b"".join(
        hmtx[4 * i : 4 * i + 4] if i < own else shared + hmtx[2 * (own + i) : 2 * (own + i) + 2]
        for i in ids
    )


def _mapping(glyph_of: Mapping[int, int]) -> bytes:
    """Return a cmap of format 12: runs of code points whose glyphs follow each other."""
    runs: list[list[int]] = []
    for code, glyph in sorted(glyph_of.items()):
        if runs and (code, glyph - runs[-1][2]) == (runs[-1][1] + 1, code - runs[-1][0]):
            runs[-1][1] = code
        else:
            runs.append([code, code, glyph])
    windows = (0, 1, 3, 10, 12)  # one subtable, over all of Unicode
    told = (12, 0, 16 + 12 * len(runs), 0, len(runs))
    head = struct.pack(">4HL2H3L", *windows, *told)
    return head + b"".join(struct.pack(">3L", *run) for run in runs)


def _woff(tables: Tables) -> bytes:
    """Put tables into a WOFF file (W3C, WOFF File Format 1.0)."""
    tables = tables | {"head": _signed(tables)}
    entries, body = {}, b""
    start = 44 + 20 * len(tables)
    for name in _ORDER:
        data = tables[name]
        packed = data if name == "head" else min(data, zlib.compress(data, 6), key=len)
        sizes = (start + len(body), len(packed), len(data))
        entries[name] = struct.pack(">4s4L", name.encode(), *sizes, _checksum(name, data))
        body += _padded(packed)
    whole = 12 + sum(16 + len(_padded(data)) for data in tables.values())
    version = struct.unpack_from(">2H", tables["head"], 4)
    told = (2**16, start + len(body), len(tables), 0, whole, *version)
    head = struct.pack(">4s2L2HL2H20x", b"wOFF", *told)
    return head + b"".join(entries[name] for name in sorted(entries)) + body


def _signed(tables: Tables) -> bytes:
    """Return the table ``head`` with what brings the sum over the unpacked font to `_WHOLE`."""
    count = len(tables)
    power = count.bit_length() - 1
    told = (2**16, count, 16 * 2**power, power, 16 * count - 16 * 2**power)
    directory = struct.pack(">L4H", *told)
    sums = {name: _checksum(name, tables[name]) for name in _ORDER}
    sizes = [len(_padded(tables[name])) for name in _ORDER]
    starts = dict(zip(_ORDER, accumulate(sizes, initial=12 + 16 * count), strict=False))
    for name in sorted(_ORDER):
        place = (sums[name], starts[name], len(tables[name]))
        directory += struct.pack(">4s3L", name.encode(), *place)
    adjustment = (_WHOLE - _words(directory) - sum(sums.values())) % 2**32
    return tables["head"][:8] + struct.pack(">L", adjustment) + tables["head"][12:]


def _checksum(name: str, data: bytes) -> int:
    """Return the checksum of a table; that of ``head`` leaves out what is made of all of them."""
    return _words(data[:8] + bytes(4) + data[12:] if name == "head" else data)


def _words(data: bytes) -> int:
    """Add up all words of four bytes, modulo 2**32."""
    whole = _padded(data)
    return int(sum(struct.unpack(f">{len(whole) // 4}L", whole))) % 2**32


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
