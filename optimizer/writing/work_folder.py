"""The folder in which a run prepares what it writes, and what is done about those of dead runs.

It stands beside the target, so that a move between them is a rename. Whoever holds the lock on its
record is alive; the system lets go of a dead run's lock. A folder without a record of ours is
nobody's business here, unless it is empty.

    .subsidy-0123456789abcdef.part/
        run.json    whose folder it is, and the name of its target; held locked
        new         what is to stand at the target
        old         what stood there, where the system cannot exchange the two in one step
        filling     what was new, while it is moved file by file into a folder that must stay
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

PROGRAM = "subsidy-optimizer"
_PATTERN = ".subsidy-????????????????.part"
_RECORD, _NEW, _OLD, _FILLING = "run.json", "new", "old", "filling"
_TRIES = 100


@dataclass(frozen=True)
class Work:
    """A folder to prepare things in, held by a living run."""

    folder: Path
    record: int  # an open file; its lock says that the run is alive

    @property
    def new(self) -> Path:
        """What is to stand at the target."""
        return self.folder / _NEW

    @property
    def old(self) -> Path:
        """What stood at the target."""
        return self.folder / _OLD

    @property
    def filling(self) -> Path:
        """What is being moved into a folder that must stay."""
        return self.folder / _FILLING

    def fill(self, place: Path) -> None:
        """Move all that is new into an empty folder in which somebody stands."""
        self.new.rename(self.filling)
        names = sorted(path.name for path in self.filling.iterdir())
        try:
            for name in names:
                (self.filling / name).rename(place / name)
        except BaseException:
            for name in names:
                delete(place / name)
            raise

    def remove(self) -> None:
        """Remove everything in it and itself, the record last."""
        for path in (self.new, self.old, self.filling):
            delete(path)
        os.close(self.record)
        with suppress(OSError):
            (self.folder / _RECORD).unlink()
        with suppress(OSError):
            self.folder.rmdir()


@contextmanager
def working(place: Path) -> Iterator[Work]:
    """Give a folder beside a target, which must not be there any more when all is done."""
    work = _make(place)
    try:
        yield work
    finally:
        work.remove()


def _make(place: Path) -> Work:
    """Make a folder; another run may take it for a dead one's until its record is locked."""
    for _ in range(_TRIES):
        folder = place.parent / f".subsidy-{secrets.token_hex(8)}.part"
        folder.mkdir(0o700)
        try:
            record = os.open(folder / _RECORD, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except FileNotFoundError:
            continue
        work = Work(folder, record)
        if not _held(record) or not _is_there(folder, record):
            os.close(record)
            continue
        try:
            os.write(record, json.dumps({"program": PROGRAM, "target": place.name}).encode())
        except BaseException:
            work.remove()
            raise
        return work
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(place.parent))


def _held(record: int) -> bool:
    """Take the lock on a record of this run; a disk without locks keeps others away, too."""
    try:
        return _lock(record)
    except OSError:
        return True


def recover(parent: Path) -> None:
    """Finish what dead runs have left in a folder, as far as this run may.

    Where a run was ended after the earlier result had stepped aside and before the new one stood in
    its place, the new one, which was complete, is put there. Everything else of theirs goes.
    """
    with suppress(OSError):
        for folder in sorted(parent.glob(_PATTERN)):
            if folder.is_dir() and not folder.is_symlink():
                with suppress(OSError):
                    _recover(folder)


def _recover(folder: Path) -> None:
    try:
        record = os.open(folder / _RECORD, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        folder.rmdir()  # only if it is empty
        return
    work, target = Work(folder, record), None
    try:
        if _lock(record) and _is_there(folder, record):
            target = _target(record)
    finally:
        if target is None:
            os.close(record)
    if target is not None:
        _finish(work, folder.parent / target)
        work.remove()


def _finish(work: Work, place: Path) -> None:
    """Put a new result in the place from which the earlier one had stepped aside, or fill it up."""
    if work.filling.is_dir() and place.is_dir():
        for path in work.filling.iterdir():
            if not os.path.lexists(place / path.name):
                path.rename(place / path.name)
    if os.path.lexists(work.old) and os.path.lexists(work.new) and not os.path.lexists(place):
        work.new.rename(place)


def _target(record: int) -> str | None:
    """Return the name in a record, empty if it ends before any; None if it is not of this program."""
    data = os.read(record, 65_536)
    if not data:
        return ""
    try:
        said = json.loads(data)
        name = str(said["target"]) if said["program"] == PROGRAM else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return name if name and name not in (".", "..") and PurePath(name).name == name else None


def _is_there(folder: Path, record: int) -> bool:
    """Return whether the record that is locked is still the one that stands in the folder."""
    try:
        return os.path.samestat((folder / _RECORD).stat(), os.fstat(record))
    except FileNotFoundError:
        return False


def _lock(record: int) -> bool:
    """Take the lock on a record if nobody holds it; raises where the disk knows no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(record, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(record, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


def delete(path: Path) -> None:
    """Remove a file, a link, or a folder with all it holds."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
