"""Which files a result has: those it lists, those that are there, those that it should have."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect
from optimizer.report.folder import RECORD, SUMMARY
from optimizer.report.result_columns import TABLES
from optimizer.verify.reread import entries, in_summary

_FIGURES = ("disadvantage", "districts", "map", "pool", "scores")
_LISTS = ("awarded", "districts", "ineligible", "not_awarded", "rules", "waiting")
PARTS: dict[str, tuple[str, ...]] = {
    "workbooks": ("awards.ods", "awards.xlsx"),
    "published": (
        *(f"published/{name}.csv" for name in _LISTS),
        *("published/lists.ods", "published/lists.xlsx"),
    ),
    "figures": tuple(f"figures/{name}.{kind}" for name in _FIGURES for kind in ("png", "svg")),
    "report": ("report.html",),
    "record": ("record.pdf",),
}
_FOLDERS = {"figures": "figures", "published": "published"}  # and the parts that have them


def parts_of(document: Mapping[str, Any], found: list[Problem]) -> list[str]:
    """Return the parts that a summary says were written."""
    said = document.get("parts")
    known = [part for part in PARTS if isinstance(said, list) and part in said]
    if said != known:
        message = Text("不是此程式所寫", "is not as this program writes it")
        found.append(in_summary("malformed", message, "parts", str(said)[:80]))
    return known


def right_names(folder: Path, parts: Collection[str]) -> list[str]:
    """Return the files that a result with these parts has, apart from its summary."""
    tables = [f"{name}.csv" for name in TABLES]
    record = [RECORD] if (folder / RECORD).exists() else []
    return sorted([*tables, *record, *(name for part in parts for name in PARTS[part])])


def file_problems(
    folder: Path, document: Mapping[str, Any], parts: Collection[str]
) -> Iterator[Problem]:
    """Yield every file that is listed or there and should not be, and the other way round."""
    right = right_names(folder, parts)
    listed = [str(output.get("name")) for output in entries(document.get("outputs")) if output]
    for name in right:
        if name not in listed:
            message = Text("未列在 outputs 內", "is not listed under outputs")
            yield in_summary("unlisted", message, "outputs", expected=name)
    for name in listed:
        if name not in right:
            message = Text("不是此結果應有的檔案", "is not a file of such a result")
            yield in_summary("extra_file", message, "outputs", name[:120])
    if [name for name in listed if name in right] != [name for name in right if name in listed]:
        message = Text("檔案的順序不同", "files are listed in another order")
        yield in_summary("order", message, "outputs")
    for name in _there(folder, {_FOLDERS[part] for part in parts if part in _FOLDERS}):
        if name not in right:
            message = Text(
                "不屬於此結果，請移出資料夾", "does not belong to the result; move it away"
            )
            yield defect("extra_file", message, file=name[:200])


def _there(folder: Path, known: Collection[str]) -> Iterator[str]:
    """Yield every file and link, and folders that should not be."""
    for place, folders, files in os.walk(folder):
        inside = Path(place).relative_to(folder)
        yield from sorted((inside / n).as_posix() for n in files if (inside / n) != Path(SUMMARY))
        for name in sorted(folders):
            path = inside / name
            if (folder / path).is_symlink() or path.as_posix() not in known:
                yield path.as_posix()
