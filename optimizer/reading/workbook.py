"""Workbooks: .xlsx and .ods files whose sheets are tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

SUFFIXES = (".xlsx", ".xlsm", ".ods")


@dataclass(frozen=True)
class Sheet:
    """One sheet as rows of texts.

    Parameters
    ----------
    file
        Its name for messages: ``case.xlsx[schools]``.
    rows
        All rows from the first line on, equally wide.
    suspects
        Cells without a value of their own, by (line, column position), with the reason.
    """

    file: str
    rows: list[list[str]]
    suspects: Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class Workbook:
    """A workbook that was opened.

    Parameters
    ----------
    sheets
        The names of its sheets in order.
    read
        Reads one of them.
    """

    sheets: tuple[str, ...]
    read: Callable[[str], Sheet]


def is_workbook(name: str) -> bool:
    """Return whether a file is a workbook by its name."""
    return PurePath(name).suffix.lower() in SUFFIXES


def unzips(data: bytes) -> bool:
    """Return whether a content is a zip archive or an old Office file."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def open_workbook(name: str, data: bytes) -> Workbook:
    """Open a workbook from its content."""
    raise NotImplementedError
