"""Unpacking a workbook under limits."""

from __future__ import annotations

import io
import zipfile
import zlib

from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem, defect
from optimizer.reading.findings import refuse

MOST_UNPACKED = 512 * 2**20  # bytes of all parts together
MOST_RATIO = 300  # of unpacked to packed bytes of one part, from `_SMALL` on
_SMALL = 4 * 2**20
_MOST_PARTS = 2_000
_PARTS = (".xml", ".rels", "mimetype")  # no pictures, macros or embedded files


def unpack(name: str, data: bytes) -> dict[str, bytes]:
    """Return the XML parts of a workbook.

    Raises
    ------
    CaseError
        If it is no archive, is damaged or locked, or unpacks to a hostile size.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise refuse(_old_or_locked(name))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_parts(name, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise refuse(damaged(name)) from None
    except RuntimeError:  # how zipfile says that a part is encrypted
        raise refuse(_old_or_locked(name)) from None


def _read_parts(name: str, archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    wanted = [entry for entry in entries if entry.filename.endswith(_PARTS)]
    if len(entries) > _MOST_PARTS or _are_hostile(wanted):
        raise refuse(_too_large(name))
    parts: dict[str, bytes] = {}
    room = MOST_UNPACKED
    for entry in wanted:
        part = entry.filename
        with archive.open(entry) as file:
            content = file.read(min(entry.file_size, room) + 1)
        room -= len(content)
        if room < 0:
            raise refuse(_too_large(name))
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:  # these can unfold without end
            hint = Text(f"{part} 含有 DOCTYPE。", f"{part} holds a DOCTYPE.")
            raise refuse(damaged(name, hint))
        parts[part] = content
    return parts


def _are_hostile(entries: list[zipfile.ZipInfo]) -> bool:
    """Return whether parts say themselves that they unpack to too much."""
    return sum(entry.file_size for entry in entries) > MOST_UNPACKED or any(
        entry.file_size > max(_SMALL, MOST_RATIO * entry.compress_size) for entry in entries
    )


def damaged(name: str, hint: Text = EMPTY) -> Problem:
    """Return the problem of a file that is no readable workbook."""
    return defect(
        "damaged_workbook",
        Text("不是完好的活頁簿", "is not an intact workbook"),
        expected=Text("應為 .xlsx 或 .ods。", "An .xlsx or .ods file was expected."),
        hint=hint or Text("請用試算表開啟後另存。", "Open it in a spreadsheet and save it again."),
        file=name,
    )


def _too_large(name: str) -> Problem:
    return defect(
        "unpacks_too_large",
        Text("解壓縮後太大", "unpacks to a hostile size"),
        expected=Text(
            f"至多 {MOST_UNPACKED // 2**20} MB。", f"At most {MOST_UNPACKED // 2**20} MB."
        ),
        file=name,
    )


def _old_or_locked(name: str) -> Problem:
    return defect(
        "locked_workbook",
        Text("已加密，或為舊式 .xls", "is encrypted, or an old .xls"),
        hint=Text(
            "請另存為未加密的 .xlsx 或 .ods。", "Save it as .xlsx or .ods without a password."
        ),
        file=name,
    )
