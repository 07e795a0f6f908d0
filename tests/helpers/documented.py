"""What docs/files.md says that the analyses write, held against what they have written."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from helpers.places import ROOT

PAGE = (ROOT / "docs" / "files.md").read_text("utf-8")
_SOMETIMES = ("sweep.parquet", "CASE/…", "report.html", "record.pdf", "figures/…")
_PLACES = {  # of many files of one kind, by how the page names them
    r"^(figures/.*)\.(svg|png)$": r"\1.*",
    r"^(published/)(?!lists\.).*(\.csv)$": r"\1NAME\2",
    r"^(letters/).*(\.html|\.odt)$": r"\1ID\2",
}
_NAMED = {
    r"award: .+": "award: NAME",
    r"chance_.+": "chance_WAY",
    r"change_(?!exact$).+?(_exact)?": r"change_NAME\1",
    r"(priority|priority_exact)\..+": r"\1.NAME",
}


def sections() -> dict[str, dict[str, list[str]]]:
    """Return the columns of each file of each command, none of a file that has no columns."""
    found: dict[str, dict[str, list[str]]] = {}
    for part in PAGE.split("\n## ")[1:]:
        title, *lines = part.splitlines()
        rows = [line.strip("| ").split("|") for line in lines if line.startswith("| ")][1:]
        found[title] = {row[0].strip(): re.findall("`([^`]+)`", "".join(row[3:])) for row in rows}
    return found


def columns_of(file: Path, keys: tuple[str, ...] = ()) -> list[str]:
    """Return the columns of a file as the page names them."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        heads = next(csv.reader(opened))
    for pattern, name in _NAMED.items():
        heads = [re.sub(f"^{pattern}$", name, head) for head in heads]
    return list(dict.fromkeys("KEY" if head in keys else head for head in heads))


def check_documented(folder: Path, command: str, keys: tuple[str, ...] = ()) -> None:
    """Hold every file of a folder, and the columns of those that have some, against the page."""
    said = sections()[f"subsidy {command}"]
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    if command == "batch":
        names = [name for name in names if "/" not in name]
    for pattern, named in _PLACES.items():
        names = [re.sub(pattern, named, name) for name in names]
    ours = set(names)
    assert ours - {*_SOMETIMES} == set(said) - {*_SOMETIMES}
    for name, columns in said.items():
        if name.endswith(".csv") and columns:
            assert columns_of(folder / name, keys) == columns, name
