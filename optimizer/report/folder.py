"""The folder of a result: put in its place in one step, and never at the cost of anything else."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from optimizer import writing
from optimizer.language.text import EMPTY, Text

PROGRAM = "subsidy-optimizer"
SUMMARY = "summary.json"


def files_of(folder: Path) -> list[Path]:
    """Return every file of a folder, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def new_folder(target: Path) -> AbstractContextManager[Path]:
    """Give a temporary folder beside the target, and move it there when all went well.

    An earlier result at the target is replaced. If anything is raised inside, the temporary folder
    is removed and the target is as it was.

    Raises
    ------
    UsageError
        If the target is a file, or a folder that holds anything else than an earlier result, or
        cannot be written to.
    """
    return writing.new_folder(target, _in_the_way)


def check_target(target: Path) -> None:
    """Refuse a target that would cost somebody something else than an earlier result.

    Raises
    ------
    UsageError
        With the names that stand in the way.
    """
    writing.allow(target, _in_the_way)


def _in_the_way(folder: Path) -> Text:
    strangers = foreign_files(folder)
    if not strangers:
        return EMPTY
    shown = "、".join(strangers[:5]) + ("…" if len(strangers) > 5 else "")
    return Text(
        f"資料夾內有並非先前結果的檔案：{shown}。請改用另一個資料夾",
        f"the folder holds files that are not part of an earlier result: {shown}. "
        "Name another folder",
    )


def foreign_files(folder: Path) -> list[str]:
    """Return the files in a folder that no earlier result has written."""
    known = known_files(folder)
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if _is_leaf(path))
    return sorted(name for name in found if name not in known)


def known_files(folder: Path) -> frozenset[str]:
    """Return the files that a folder's own summary names, none if it has no such summary."""
    try:
        summary = summary_of(folder)
        if summary["program"]["name"] != PROGRAM:
            return frozenset()
        return frozenset((SUMMARY, *(str(output["name"]) for output in summary["outputs"])))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()


def summary_of(folder: Path) -> dict[str, Any]:
    """Return what the summary of a folder says, whatever wrote it."""
    return dict(json.loads((folder / SUMMARY).read_bytes()))


def _is_leaf(path: Path) -> bool:
    return path.is_symlink() or not path.is_dir()
