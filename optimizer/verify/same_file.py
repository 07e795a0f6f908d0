"""Whether two files say the same, where their bytes differ: by the kind of file.

Each comparison takes the file as it stands and as it was made anew, and returns where they differ,
``[]`` if they say the same, or None if they cannot be compared (drawn by another version, say).
"""

from __future__ import annotations

import csv
import re
import struct
import zlib
from collections.abc import Callable, Collection, Iterator
from functools import partial
from io import BytesIO, StringIO
from itertools import chain, islice, zip_longest
from zipfile import BadZipFile, ZipFile

from optimizer.language.text import Text
from optimizer.problems.errors import SubsidyError
from optimizer.reading.raw_sheet import FORMULA
from optimizer.reading.workbook import open_workbook
from optimizer.report.csv_tables import ENCODING
from optimizer.verify.same_page import first_difference
from optimizer.verify.same_rows import Mismatch, Rows, row_mismatches
from optimizer.verify.verification import NOT_LISTED

MOST_PLACES = 10_000
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/][^<]*|\w+:formula\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_SAVED = re.compile(rb"(</(?:\w+:)?f>)<(?:\w+:)?v>[^<]*</(?:\w+:)?v>")
_DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,20}", re.ASCII)
_AROUND = re.compile(r"^<[^>]*>|^[\w:]+\s*=\s*(?=[\"'])")
_NEAR = 0.01  # points of a drawing
_ADDED = Text(
    "檔案內多出此部分，可能由其他程式另存",
    "this part of the file is not written here; perhaps another program saved it",
)
_LACKING = Text(
    "檔案內沒有此部分，可能由其他程式另存",
    "this part of the file is missing; perhaps another program saved it",
)
_OTHER_FORMULA = Text("公式不同", "the formula is another")
_OTHER_SHEETS = Text("工作表不同", "the sheets are others")
_UNREADABLE = Text("無法讀取，未能比對", "cannot be read, and so not be compared")
_PNG = b"\x89PNG\r\n\x1a\n"


Places = list[Mismatch] | None


def places(name: str, data: bytes, right: bytes) -> Places:
    """Compare two files by their content."""
    return _WAYS[name.rpartition(".")[2]](data, right)


def _listed(found: Iterator[Mismatch]) -> list[Mismatch]:
    """List so many places, and say how many more there are."""
    listed = list(islice(found, MOST_PLACES))
    more = sum(1 for _ in found)
    said = Text("此檔另有不符而未逐一列出，處數", "further differences of this file, not listed")
    return [*listed, Mismatch("", str(more), "", code=NOT_LISTED, said=said)] if more else listed


def _workbooks(kind: str) -> Callable[[bytes, bytes], Places]:
    def compare(data: bytes, right: bytes) -> Places:
        try:
            if _members(data) == _members(right):
                return []
            return _listed(chain(_parts(data, right), _cells(kind, data, right)))
        except (SubsidyError, BadZipFile, ValueError, OSError, zlib.error, NotImplementedError):
            return [Mismatch("", "", "", said=_UNREADABLE)]

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
        code, said = ("extra_part", _ADDED) if name in there else ("missing_part", _LACKING)
        yield Mismatch(name[:80], "", "", code=code, said=said)
    for name, content in there.items():
        found, meant = (_FORMULA.findall(part) for part in (content, should.get(name, b"")))
        for number, (a, b) in enumerate(zip_longest(found, meant, fillvalue=b"")):
            if _formula(a) != _formula(b):
                where = f"{name[:80]}, {number + 1}"
                yield Mismatch(where, _formula(a), _formula(b), code="formula", said=_OTHER_FORMULA)


def _formula(markup: bytes) -> str:
    """Return the formula that an element or an attribute holds; when it is worked out is no part of it."""
    return _AROUND.sub("", markup.decode("utf-8", "replace")).strip("\"'")[:120]


def _cells(kind: str, data: bytes, right: bytes) -> Iterator[Mismatch]:
    there, should, unsaved = (
        open_workbook(f"awards.{kind}", content) for content in (data, right, _unsaved(kind, right))
    )
    if there.sheets != should.sheets:
        names, meant = (", ".join(book.sheets)[:120] for book in (there, should))
        yield Mismatch("", names, meant, code="sheets", said=_OTHER_SHEETS)
    for sheet in (name for name in should.sheets if name in there.sheets):
        found, rows = there.read(sheet), should.read(sheet).rows
        blank = {(line - 1, at) for (line, at), why in found.suspects.items() if why == FORMULA}
        formulas = unsaved.read(sheet).rows if blank else rows
        excused = partial(_excused, (found.rows, rows, formulas), blank)
        yield from row_mismatches(found.rows, rows, partial(_in_sheet, sheet), excused)


def _excused(
    tables: tuple[Rows, Rows, Rows],
    unsaved: Collection[tuple[int, int]],
    i: int,
    j: int,
    at: int,
) -> bool:
    """Say whether two cells of a workbook are the same, though another program saved one of them.

    Of the rows as they stand, as they should, and as they should with formulas instead of values.
    It may leave the value of a formula out: then they are compared by the formula. And it keeps 15
    digits of a number that is not whole.
    """
    there, should, formulas = tables
    if at >= min(len(there[i]), len(should[j])):
        return False
    if (i, at) in unsaved:
        return there[i][at] == formulas[j][at]
    a, b = there[i][at], should[j][at]
    decimal = _DECIMAL.fullmatch(a) and _DECIMAL.fullmatch(b)
    return bool(decimal) and f"{float(a):.15g}" == f"{float(b):.15g}"


def _unsaved(kind: str, data: bytes) -> bytes:
    """Return a workbook without the values of its formulas, as a program saves it that works out none."""
    if kind != "xlsx":
        return data
    bare = BytesIO()
    with ZipFile(bare, "w") as archive:
        for name, content in _members(data).items():
            archive.writestr(name, _SAVED.sub(rb"\1", content))
    return bare.getvalue()


def _in_sheet(sheet: str, line: int | None, column: int | None) -> tuple[str, None]:
    """Say where a cell of a sheet stands, a row, or the sheet."""
    if line is None:
        return sheet, None
    rows = f"{line + 1}:{line + 1}"
    return f"{sheet}, {rows if column is None else f'{_letter(column + 1)}{line + 1}'}", None


def _letter(column: int) -> str:
    return (_letter((column - 1) // 26) if column > 26 else "") + chr(65 + (column - 1) % 26)


def _csv(data: bytes, right: bytes) -> Places:
    """Compare two lists row by row, by the names of their columns."""
    should = _lines(right)
    try:
        there = _lines(data)
    except (UnicodeDecodeError, csv.Error):
        return []
    heads = dict(enumerate(next(iter(should), [])))

    def place(line: int | None, at: int | None) -> tuple[str, int | None]:
        where = "" if at is None else heads.get(at) or _letter(at + 1)
        return where, None if line is None else line + 1

    return _listed(row_mismatches(there, should, place))


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
