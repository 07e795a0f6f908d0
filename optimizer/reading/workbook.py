"""Opening a workbook by its name: .xlsx or .ods."""

from __future__ import annotations

from pathlib import PurePath

from optimizer.reading.ods import open_ods
from optimizer.reading.raw_sheet import Workbook
from optimizer.reading.xlsx import open_xlsx

_OPENERS = {".xlsx": open_xlsx, ".xlsm": open_xlsx, ".ods": open_ods}
SUFFIXES = tuple(_OPENERS)


def is_workbook(name: str) -> bool:
    """Return whether a file is a workbook by its name."""
    return PurePath(name).suffix.lower() in SUFFIXES


def is_packed(data: bytes) -> bool:
    """Return whether a content is an archive or an old Office file, and so no text."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def open_workbook(name: str, data: bytes) -> Workbook:
    """Open a workbook from its content.

    Raises
    ------
    CaseError
        If it is damaged, locked or hostile.
    """
    return _OPENERS[PurePath(name).suffix.lower()](name, data)
