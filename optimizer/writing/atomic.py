"""A folder or a file that appears whole, or not at all: everything that is written goes this way.

Kill the run at any moment: the target is wholly what it was or wholly what it is to be, and the
next run that writes beside it clears up. On a system without an exchange in one step (Windows, some
network disks) there is a moment between two renames in which the target is missing; then the next
run puts the new one there. An empty working folder is filled file by file, as whoever stands in it
would else be nowhere; the next run fills it up if this one is killed.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import UsageError, defect
from optimizer.writing.exchange import exchange
from optimizer.writing.work_folder import Work, delete, recover, working
from optimizer.writing.write_errors import reason

_RACES = 50  # times that another run may come first
_LOST = (errno.ENOENT, errno.EEXIST, errno.ENOTEMPTY)

Check = Callable[[Path], Text]


@contextmanager
def new_folder(target: Path, check: Check) -> Iterator[Path]:
    """Give an empty folder, and put it at the target when all went well.

    If anything is raised inside, the target is as it was.

    Parameters
    ----------
    target
        Links are followed; folders above it are made.
    check
        Says why what stands at a path must not be replaced; empty if it may.

    Raises
    ------
    UsageError
        If it must not be replaced, or the system cannot write there.
    """
    place = resolved(target)
    allow(target, check)
    with _above(target, place), working(place) as work:
        work.new.mkdir()
        yield work.new
        _flush(work.new)
        _land(work, place, target, check)


def allow(target: Path, check: Check) -> None:
    """Refuse a target that must not be replaced, or that nobody can replace.

    Raises
    ------
    UsageError
        With the reason.
    """
    place = resolved(target)
    if not os.path.lexists(place):
        return
    if not place.is_dir():
        raise refused(target, Text("這是檔案，不是資料夾", "is a file, not a folder"))
    try:
        why = _standing(place) or check(place)
    except OSError as error:
        raise _cannot(target, error) from error
    if why:
        raise refused(target, why)


def only_if_empty(place: Path) -> Text:
    """Say why a folder that holds anything must not be replaced; a check for `new_folder`."""
    if not any(place.iterdir()):
        return EMPTY
    return Text(
        "不是空資料夾；為免覆蓋，未寫入任何檔案",
        "is not an empty folder; nothing was written, so that nothing is lost",
    )


def new_file(target: Path, content: bytes) -> None:
    """Write a file; one that is there already is replaced. A device or a pipe is written to.

    Raises
    ------
    UsageError
        If the target is a folder, or the system cannot write there.
    """
    place = resolved(target)
    if place.is_dir():
        raise refused(target, Text("這是資料夾，不是檔案", "is a folder, not a file"))
    if place.exists() and not place.is_file():
        with _refusals(target, place):
            place.write_bytes(content)
        return
    with _above(target, place), working(place) as work:
        work.new.write_bytes(content)
        if place.exists():
            work.new.chmod(stat.S_IMODE(place.stat().st_mode))
        _flush(work.new)
        work.new.replace(place)


def resolved(target: Path) -> Path:
    """Return where a target is, every link followed.

    Raises
    ------
    UsageError
        If that cannot be said: the working folder is gone, or links go in a circle.
    """
    try:
        place = Path(os.path.realpath(target))
        circle = place.is_symlink()
    except FileNotFoundError:
        gone = Text(
            "目前所在的資料夾已被刪除；請先切換到別的資料夾",
            "the working folder has been deleted; change to another one first",
        )
        raise refused(target, gone) from None
    except OSError as error:
        raise _cannot(target, error) from error
    if circle:
        raise refused(target, Text("連結繞成一圈", "its links go in a circle"))
    return place


def refused(target: Path, why: Text) -> UsageError:
    """Return the error of a target that cannot be, or must not be, written to."""
    problem = defect("target", why, file=str(target))
    return UsageError(
        Text(f"結果無法寫入 {target}", f"the result cannot be written to {target}"), [problem]
    )


@contextmanager
def _above(target: Path, place: Path) -> Iterator[None]:
    """Make the folders above a target, and clear up after dead runs; take back what failed."""
    with _refusals(target, place):
        made = [p for p in place.parents if not p.exists()]
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            recover(place.parent)
            yield
        except BaseException:
            for folder in made:
                with suppress(OSError):
                    folder.rmdir()
            raise


@contextmanager
def _refusals(target: Path, place: Path) -> Iterator[None]:
    """Say what the system will not do; an error about a file that lies elsewhere is not of it."""
    try:
        yield
    except OSError as error:
        if error.filename is not None and not _is_near(error.filename, place):
            raise
        raise _cannot(target, error) from error


def _cannot(target: Path, error: OSError) -> UsageError:
    why = reason(error)
    return refused(target, Text(f"無法寫入（{why.zh}）", f"cannot be written to ({why.en})"))


def _is_near(name: object, place: Path) -> bool:
    path = Path(os.fsdecode(name)) if isinstance(name, (str, bytes)) else place
    return path in place.parents or place.parent in (path, *path.parents)


def _land(work: Work, place: Path, target: Path, check: Check) -> None:
    """Move a finished folder to its place, whoever else may be moving there."""
    for _ in range(_RACES):
        allow(target, check)
        try:
            _move(work, place)
            break
        except OSError as error:
            if error.errno not in _LOST or not work.new.exists():
                raise
    else:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(place))
    _flush_folder(place.parent)


def _standing(place: Path) -> Text:
    """Say why nobody may take a folder away: whoever stands in it would be nowhere."""
    if _is_stood_in(place) and any(place.iterdir()):
        return Text(
            "目前正在此資料夾之內，不能將它換掉；請先切換到別的資料夾，或指定另一個名稱",
            "it is the working folder, or holds it, and cannot be exchanged; change to another "
            "folder first, or name another target",
        )
    return EMPTY


def _is_stood_in(place: Path) -> bool:
    """Return whether a folder is the working folder, or holds it."""
    try:
        here = Path.cwd()
    except OSError:
        return False
    return place in (here, *here.parents)


def _move(work: Work, place: Path) -> None:
    """Move a folder to its place; what stands there steps aside."""
    if not os.path.lexists(place):
        work.new.rename(place)
        return
    if _is_stood_in(place):
        work.fill(place)
        return
    if exchange(work.new, place):
        return
    delete(work.old)  # another run has put its own there since
    place.rename(work.old)
    try:
        work.new.rename(place)
    except BaseException:
        if not os.path.lexists(place):
            work.old.rename(place)
        raise


def _flush(path: Path) -> None:
    """Have the disk hold everything before the exchange, so that a power cut finds it whole."""
    if not path.is_dir():
        _flush_file(path)
        return
    for folder, _, files in os.walk(path):
        for name in files:
            _flush_file(Path(folder, name))
        _flush_folder(Path(folder))


def _flush_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_folder(path: Path) -> None:
    """Flush a folder's own entries; not every system has this."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
