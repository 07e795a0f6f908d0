"""The folder of a result: put in its place in one step, and never at the cost of anything else."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, Literal

from optimizer import writing
from optimizer.language.text import EMPTY, Text

PROGRAM = "subsidy-optimizer"
SUMMARY = "summary.json"
REPORT = "report.html"
RECORD = "revision.json"
Kind = Literal[
    "allocation", "revision", "explanations", "comparison", "sweep", "prices", "robustness", "batch"
]
_COMMANDS = {  # where the result is not called as the command that writes it
    "allocation": "allocate",
    "revision": "revise",
    "explanations": "explain",
    "comparison": "compare",
}


def files_of(folder: Path) -> list[Path]:
    """Return every file of a folder, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def new_folder(target: Path, kind: Kind) -> AbstractContextManager[Path]:
    """Give a temporary folder beside the target, and move it there when all went well.

    An earlier result of the same kind at the target is replaced. If anything is raised inside, the
    temporary folder is removed and the target is as it was.

    Raises
    ------
    UsageError
        If the target is a file, or a folder that holds anything else than an earlier result of
        that kind, or cannot be written to.
    """
    return writing.new_folder(target, partial(_in_the_way, kind))


def check_target(target: Path, kind: Kind) -> None:
    """Refuse a target that would cost somebody something else than an earlier result of its kind.

    Raises
    ------
    UsageError
        With the names that stand in the way, or the command whose result does.
    """
    writing.allow(target, partial(_in_the_way, kind))


def _in_the_way(kind: Kind, folder: Path) -> Text:
    earlier, known = _earlier(folder)
    strangers = _foreign_files(folder, known)
    if strangers:
        return _strange(strangers)
    return EMPTY if earlier in ("", kind) else _of_another(earlier, kind)


def _of_another(earlier: str, kind: Kind) -> Text:
    theirs, ours = (f"subsidy {_COMMANDS.get(name, name)}" for name in (earlier, kind))
    return Text(
        f"資料夾內是 {theirs} 的結果，為免遺失，不以 {ours} 的結果覆蓋。請改用另一個資料夾，或先將原資料夾移走",
        f"the folder holds a result of {theirs}, which one of {ours} does not replace. "
        "Name another folder, or move that one away first",
    )


def _strange(strangers: list[str]) -> Text:
    some, more = strangers[:5], len(strangers) - 5
    zh, en = (f"等 {more + 5} 個", f" and {more} more") if more > 0 else ("", "")
    return Text(
        f"資料夾內有並非先前結果的檔案：{'、'.join(some)}{zh}。請改用另一個資料夾",
        f"the folder holds files that are not part of an earlier result: {', '.join(some)}{en}. "
        "Name another folder",
    )


def _foreign_files(folder: Path, known: frozenset[str]) -> list[str]:
    """Return the files in a folder that no earlier result has written."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if _is_leaf(path))
    return sorted(name for name in found if name not in known)


def _earlier(folder: Path) -> tuple[str, frozenset[str]]:
    """Return of what kind a folder's own summary says that it is, and the files that it names."""
    try:
        summary = summary_of(folder)
        if summary["program"]["name"] == PROGRAM:
            names = frozenset((SUMMARY, *(str(output["name"]) for output in summary["outputs"])))
            whole = "revision" if RECORD in names else "allocation"  # their summary has no type
            return str(summary.get("type", whole)), names
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return "", frozenset()


def summary_of(folder: Path) -> dict[str, Any]:
    """Return what the summary of a folder says, whatever wrote it."""
    return dict(json.loads((folder / SUMMARY).read_bytes()))


def _is_leaf(path: Path) -> bool:
    return path.is_symlink() or not path.is_dir()
