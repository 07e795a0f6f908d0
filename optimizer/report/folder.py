"""Putting a finished folder in its place in one step, so that nobody ever sees half a result."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from optimizer.errors import Problem, Severity, UsageError
from optimizer.text import EMPTY, Text

PROGRAM = "subsidy-optimizer"
SUMMARY = "summary.json"


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside the target, and move it there when all went well.

    An earlier result at the target is replaced. If anything is raised inside, the temporary folder
    is removed and the target is as it was.

    Raises
    ------
    UsageError
        If the target is a file, or a folder that holds anything else than an earlier result, or
        cannot be written to.
    """
    place = Path(os.path.realpath(target))
    check_target(place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
    except OSError as error:
        raise _refuse(target, _cannot_write(error)) from error
    try:
        yield work
        work.chmod(0o777 & ~_umask())
        _put(work, place)
    except OSError as error:
        raise _refuse(target, _cannot_write(error)) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def check_target(target: Path) -> None:
    """Refuse a target that would cost somebody something else than an earlier result.

    Raises
    ------
    UsageError
        With the names that stand in the way.
    """
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise _refuse(target, Text("這是檔案，不是資料夾", "is a file, not a folder"))
    strangers = foreign_files(target)
    if strangers:
        shown = "、".join(strangers[:5]) + ("…" if len(strangers) > 5 else "")
        raise _refuse(
            target,
            Text(
                f"資料夾內有並非先前結果的檔案：{shown}",
                f"the folder holds files that are not part of an earlier result: {shown}",
            ),
        )


def foreign_files(folder: Path) -> list[str]:
    """Return the files in a folder that no earlier result has written."""
    known = known_files(folder)
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if _is_leaf(path))
    return sorted(name for name in found if name not in known)


def known_files(folder: Path) -> frozenset[str]:
    """Return the files that a folder's own summary names, none if it has no such summary."""
    try:
        summary = json.loads((folder / SUMMARY).read_bytes())
        if summary["program"]["name"] != PROGRAM:
            return frozenset()
        return frozenset((SUMMARY, *(_name(output) for output in summary["outputs"])))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()


def _name(output: Any) -> str:
    return str(output["name"])


def _is_leaf(path: Path) -> bool:
    return path.is_symlink() or not path.is_dir()


def _put(work: Path, place: Path) -> None:
    """Move a folder into place; an earlier one steps aside first and is removed last."""
    if not place.exists():
        work.rename(place)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".old", dir=place.parent))
    earlier = aside / place.name
    try:
        check_target(place)
        place.rename(earlier)
        _rename_or_return(work, place, earlier)
    except BaseException:
        if not earlier.exists():
            aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _rename_or_return(work: Path, place: Path, earlier: Path) -> None:
    try:
        work.rename(place)
    except BaseException:
        earlier.rename(place)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _cannot_write(error: OSError) -> Text:
    reason = error.strerror or type(error).__name__
    return Text(f"無法寫入（{reason}）", f"cannot be written to ({reason})")


def _refuse(target: Path, message: Text) -> UsageError:
    problem = Problem(Severity.ERROR, "target", message, EMPTY, EMPTY, target.name)
    return UsageError(
        Text(f"結果無法寫入 {target}", f"the result cannot be written to {target}"), [problem]
    )
