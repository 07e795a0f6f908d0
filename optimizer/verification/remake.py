"""Workbooks, figures and the report, made anew from the case and held against what is there.

The writers are called again, so this shows that a file is what they would write, not that they are
right: what they show is in the tables, which are checked cell by cell. Where every version that
shapes the bytes is the one that is here, files must be the same byte for byte; elsewhere they must
say the same, and a note says that no more was compared.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from optimizer.allocation import Allocation
from optimizer.errors import Problem
from optimizer.report.columns import tables_of
from optimizer.report.delimited import to_csv
from optimizer.report.reread import problem, read_bytes
from optimizer.report.summary import MadeBy
from optimizer.report.writer import write_parts
from optimizer.text import Text
from optimizer.verification.same import places

_DIFFERS = Text("與依計畫資料重新製作者不同", "is not what is made anew from the case")


@dataclass
class Compared:
    """What came of comparing files."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


def remake(allocation: Allocation, parts: Sequence[str], made_by: MadeBy) -> dict[str, bytes]:
    """Return every file of a result but its summary, by name."""
    made = {f"{name}.csv": to_csv(table) for name, table in tables_of(allocation)}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_parts(allocation, folder, parts, made_by)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return made | {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def claimed_maker(document: Mapping[str, Any]) -> MadeBy:
    """Return what a summary says that it was written by, as far as it says so in the right form."""
    here = MadeBy.here()
    program, versions = document.get("program"), document.get("versions")
    version = program.get("version") if isinstance(program, Mapping) else None
    said = versions if isinstance(versions, Mapping) else {}
    named = {name: said.get(name) for name in here.versions}
    return MadeBy(
        version if isinstance(version, str) else here.program,
        {n: v if isinstance(v, str) else here.versions[n] for n, v in named.items()},
    )


def compare(folder: Path, made: Mapping[str, bytes], said: MadeBy) -> Compared:
    """Hold every file that is there against what was made anew."""
    here, found = MadeBy.here(), Compared()
    others = _other_versions(said, here)
    if others and any(not name.endswith(".csv") for name in made):
        listed = "; ".join(others)
        found.notes.append(
            Text(
                f"此結果由其他版本寫出（{listed}），活頁簿、圖與報告僅比對內容，未逐位元組比對。",
                f"The result was written by other versions ({listed}): workbooks, figures and the "
                "report were compared by what they say, not byte for byte.",
            )
        )
    for name, right in made.items():
        missed: list[Problem] = []
        data = read_bytes(folder, name, missed)  # a missing file is said elsewhere
        if data is not None and data != right:
            _differ(name, data, right, bool(others), found)
    return found


def _other_versions(said: MadeBy, here: MadeBy) -> list[str]:
    pairs = [("subsidy-optimizer", said.program, here.program)]
    pairs += [(name, said.versions[name], version) for name, version in here.versions.items()]
    return [f"{name} {old or '-'} / {new or '-'}" for name, old, new in pairs if old != new]


def _differ(name: str, data: bytes, right: bytes, others: bool, found: Compared) -> None:
    if name.endswith(".csv"):
        found.problems.append(_bytes_differ(name))
        return
    where = places(name, data, right)
    if where:
        found.problems += [
            problem("differs", _DIFFERS, name, None, place.where, place.value, place.expected)
            for place in where
        ]
    elif not others:
        found.problems.append(_bytes_differ(name))
    elif where is None:
        found.notes.append(
            Text(
                f"{name} 由其他版本繪製，無法比對：未能證實其內容。",
                f"{name} was drawn by other versions and could not be compared: nothing is shown "
                "of its content.",
            )
        )


def _bytes_differ(name: str) -> Problem:
    message = Text(
        "內容的位元組與重新製作者不同", "does not have the bytes that are written for this result"
    )
    return problem("bytes", message, name)
