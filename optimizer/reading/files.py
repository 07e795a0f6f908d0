"""Opening input files: what is read, from where, and how much of it."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect
from optimizer.reading.findings import refuse

MOST_BYTES = 256 * 2**20  # of one file: a million applications, twice over


OF_A_FRAME = " (DataFrame)"  # ends the name of a table that is no file, but stood in a notebook


@dataclass(frozen=True)
class Source:
    """A file that was read, or what took the place of one (see `optimizer.reading.frames`).

    Parameters
    ----------
    name
        Its name, without any folder.
    sha256
        SHA-256 of its content, hexadecimal.
    size
        Its size in bytes.
    """

    name: str
    sha256: str
    size: int

    @staticmethod
    def of(name: str, data: bytes) -> Source:
        """Describe a file by its content."""
        return Source(name, hashlib.sha256(data).hexdigest(), len(data))


def read_source(path: Path) -> Source:
    """Describe a file that another reader reads, under the same precautions."""
    return Source.of(path.name, load(path))


def load(path: Path) -> bytes:
    """Return the content of a regular file of bounded size.

    Links, folders, pipes and devices are refused, as a case must hold its own data.

    Raises
    ------
    CaseError
        If it cannot be read.
    """
    if os.path.islink(path):  # noqa: PTH114 - no error where a name is too long
        message = Text("這是符號連結", "is a symbolic link")
        itself = Text("請放入檔案本身。", "Put the file itself here.")
        raise refuse(defect("symbolic_link", message, expected=itself, file=path.name))
    try:
        with os.fdopen(_open(path), "rb") as file:
            _check_kind(path, os.fstat(file.fileno()))
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise refuse(_unreadable(path, error)) from None
    if len(data) > MOST_BYTES:
        raise refuse(_too_large(path))
    return data


def _open(path: Path) -> int:
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags)


def _check_kind(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise refuse(_folder(path))
    if not stat.S_ISREG(status.st_mode):
        message = Text("這不是一般檔案", "is not a regular file")
        raise refuse(defect("not_a_file", message, file=path.name))
    if status.st_size > MOST_BYTES:
        raise refuse(_too_large(path))


def _unreadable(path: Path, error: OSError) -> Problem:
    if error.errno in (errno.EISDIR, errno.EACCES) and path.is_dir():
        return _folder(path)
    if error.errno == errno.ENOENT:
        return defect("missing_file", Text("找不到檔案", "does not exist"), file=path.name)
    reason = os.strerror(error.errno) if error.errno else "?"
    return defect(
        "unreadable", Text(f"無法讀取（{reason}）", f"cannot be read ({reason})"), file=path.name
    )


def _folder(path: Path) -> Problem:
    return defect(
        "not_a_file", Text("這是資料夾，不是檔案", "is a folder, not a file"), file=path.name
    )


def _too_large(path: Path) -> Problem:
    most = MOST_BYTES // 2**20
    return defect(
        "too_large",
        Text("檔案太大", "is too large"),
        expected=Text(f"每檔至多 {most} MB。", f"At most {most} MB a file."),
        file=path.name,
    )
