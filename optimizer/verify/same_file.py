"""Whether two files say the same, where their bytes differ: by the kind of file.

Each comparison takes the file as it stands and as it was made anew, and returns where they differ,
``[]`` if they say the same, or None if they cannot be compared (drawn by another version, say).
"""

from __future__ import annotations

import csv
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from itertools import zip_longest
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from optimizer.language.text import Text
from optimizer.problems.errors import SubsidyError
from optimizer.reading.workbook import open_workbook
from optimizer.report.csv_tables import ENCODING
from optimizer.verify.same_page import first_difference

MOST_PLACES = 20
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/][^<]*|\w+:formula\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_AROUND = re.compile(r"^<[^>]*>|^[\w:]+\s*=\s*(?=[\"'])")
_NEAR = 0.01  # points of a drawing
_PNG = b"\x89PNG\r\n\x1a\n"


class Mismatch(NamedTuple):
    """Where two files differ, and what stands there and should; a place in words where no key names it."""

    where: Text | str
    value: str
    expected: str
    row: int | None = None


Places = list[Mismatch] | None


def places(name: str, data: bytes, right: bytes) -> Places:
    """Compare two files by their content."""
    return _WAYS[name.rpartition(".")[2]](data, right)


def _workbooks(kind: str) -> Callable[[bytes, bytes], Places]:
    def compare(data: bytes, right: bytes) -> Places:
        try:
            if _members(data) == _members(right):
                return []
            return [*_parts(data, right), *_cells(kind, data, right)][:MOST_PLACES]
        except (SubsidyError, BadZipFile, ValueError, OSError, zlib.error, NotImplementedError):
            return [Mismatch("", "", "")]

    return compare


def _members(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > 2**29:
            raise ValueError("too large")
        return {info.filename: archive.read(info) for info in infos}


def _parts(data: bytes, right: bytes) -> Iterator[Mismatch]:
    """Yield parts that one archive has and the other has not, or whose formulas are others."""
    there, should = _members(data), _members(right)
    for name in sorted({*there} ^ {*should}):
        yield Mismatch(name[:80], name[:80] if name in there else "", "" if name in there else name)
    for name, content in there.items():
        found, meant = (_FORMULA.findall(part) for part in (content, should.get(name, b"")))
        for number, (a, b) in enumerate(zip_longest(found, meant, fillvalue=b"")):
            if a != b:
                where = f"{name[:80]} ({number + 1})"
                yield Mismatch(where, _formula(a), _formula(b))


def _formula(markup: bytes) -> str:
    """Return the formula that an element or an attribute holds."""
    return _AROUND.sub("", markup.decode("utf-8", "replace")).strip("\"'")[:120]


def _cells(kind: str, data: bytes, right: bytes) -> Iterator[Mismatch]:
    there, should = (open_workbook(f"awards.{kind}", content) for content in (data, right))
    if there.sheets != should.sheets:
        yield Mismatch("", ", ".join(there.sheets)[:120], ", ".join(should.sheets)[:120])
    for sheet in (name for name in should.sheets if name in there.sheets):
        yield from _rows(sheet, there.read(sheet).rows, should.read(sheet).rows)


def _rows(sheet: str, there: list[list[str]], should: list[list[str]]) -> Iterator[Mismatch]:
    blank: list[str] = []
    for line, (left, right) in enumerate(zip_longest(there, should, fillvalue=blank), start=1):
        for column, (a, b) in enumerate(zip_longest(left, right, fillvalue=""), start=1):
            if a != b:
                yield Mismatch(f"{sheet}, {_letter(column)}{line}", a[:120], b[:120])


def _letter(column: int) -> str:
    return (_letter((column - 1) // 26) if column > 26 else "") + chr(65 + (column - 1) % 26)


def _csv(data: bytes, right: bytes) -> Places:
    """Compare two lists cell by cell, by their rows and the names of their columns."""
    should = _lines(right)
    try:
        there = _lines(data)
    except (UnicodeDecodeError, csv.Error):
        return []
    heads, blank = dict(enumerate(next(iter(should), []))), list[str]()
    found = [
        Mismatch(heads.get(at) or _letter(at + 1), a[:120], b[:120], line)
        for line, (left, right_) in enumerate(zip_longest(there, should, fillvalue=blank), start=1)
        for at, (a, b) in enumerate(zip_longest(left, right_, fillvalue=""))
        if a != b
    ]
    return found[:MOST_PLACES]


def _lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode(ENCODING), newline=""), strict=True))


def _html(data: bytes, right: bytes) -> Places:
    found = first_difference(data, right)
    return [] if found is None else [Mismatch(*found)]


def _svg(data: bytes, right: bytes) -> Places:
    """Compare a drawing stroke by stroke, where both have the same strokes."""
    there, should = (content.decode("utf-8", "replace") for content in (data, right))
    if _NUMBER.sub("0", there) != _NUMBER.sub("0", should):
        return None
    pairs = zip(_NUMBER.findall(there), _NUMBER.findall(should), strict=True)
    far = [(a, b) for a, b in pairs if abs(float(a) - float(b)) > _NEAR]
    return None if far else []


def _png(data: bytes, right: bytes) -> Places:
    there, should = _pixels(data), _pixels(right)
    if there is None:
        return [Mismatch("", "", "PNG")]
    if should is None or there[0] == should[0]:
        return [] if there == should else None
    return [Mismatch("", "{}x{}".format(*there[0]), "{}x{}".format(*(should[0])))]


def _pixels(data: bytes) -> tuple[tuple[int, int], bytes] | None:
    """Return the size of a picture and its rows as they were before they were packed."""
    if not data.startswith(_PNG):
        return None
    at, packed, size = len(_PNG), [], (0, 0)
    try:
        while at < len(data):
            length, kind = struct.unpack_from(">I4s", data, at)
            body = data[at + 8 : at + 8 + length]
            if kind == b"IHDR":
                size = struct.unpack_from(">II", body)
            elif kind == b"IDAT":
                packed.append(body)
            at += length + 12
        return size, zlib.decompressobj().decompress(b"".join(packed), 2**28)
    except (struct.error, zlib.error):
        return None


_WAYS: dict[str, Callable[[bytes, bytes], Places]] = {
    "csv": _csv,
    "xlsx": _workbooks("xlsx"),
    "ods": _workbooks("ods"),
    "html": _html,
    "svg": _svg,
    "png": _png,
    "pdf": lambda data, right: None,
}
