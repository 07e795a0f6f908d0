"""Workbooks, figures and the report, made anew from the case and held against what is there.

The writers are called again, so this shows that a file is what they would write, not that they are
right: what they show is in the tables, which are checked cell by cell. Equal bytes are the same
file, whatever versions a result says that it was written by. Different bytes are excused by nothing
but other versions; as anybody can claim those, such a file is compared by what it says, and counts
as not comparable: neither right nor wrong.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect
from optimizer.report.annex import Annex
from optimizer.report.csv_tables import to_csv
from optimizer.report.folder import PROGRAM, files_of
from optimizer.report.result_columns import TABLES, tables_of
from optimizer.report.summary import MadeBy
from optimizer.report.typesetting import installed
from optimizer.report.writer import write_parts
from optimizer.result.allocation import Allocation
from optimizer.stationery.head import Head
from optimizer.verify.file_list import PARTS
from optimizer.verify.reread import mapping, read_bytes
from optimizer.verify.same_file import places
from optimizer.verify.same_rows import Mismatch
from optimizer.verify.verification import Uncompared

_TABLES = frozenset(f"{name}.csv" for name in TABLES)
_NOTHING = Text("此處應無內容", "nothing was expected there")
_DIFFERS = Text("與依計畫資料重新製作者不同", "is not what is made anew from the case")


@dataclass
class Compared:
    """What came of comparing files: differences, and the files that could not be compared."""

    problems: list[Problem] = field(default_factory=list)
    uncompared: list[Uncompared] = field(default_factory=list)


def remake(
    allocation: Allocation,
    parts: Sequence[str],
    made_by: MadeBy,
    annex: Annex | None = None,
    head: Head | None = None,
) -> dict[str, bytes]:
    """Return every file of a result but its summary and what stands beside it, by name."""
    made = {f"{name}.csv": to_csv(table) for name, table in tables_of(allocation)}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        makeable = [part for part in parts if part not in unmakeable()]
        write_parts(allocation, folder, makeable, made_by, annex=annex, head=head)
        paths = files_of(folder)
        return made | {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def unmakeable() -> tuple[str, ...]:
    """Return the parts that cannot be written here, as a package is not installed."""
    return () if installed() else ("record",)


def claimed_maker(document: Mapping[str, Any]) -> MadeBy:
    """Return what a summary says that it was written by, as far as it says so in the right form."""
    here = MadeBy.here()
    version = mapping(document.get("program")).get("version")
    said = mapping(document.get("versions"))
    named = {name: said.get(name) for name in here.versions}
    return MadeBy(
        version if isinstance(version, str) else here.program,
        {n: v if isinstance(v, str) else here.versions[n] for n, v in named.items()},
    )


def compare(
    folder: Path, made: Mapping[str, bytes], said: MadeBy, parts: Sequence[str] = ()
) -> Compared:
    """Hold every file that is there against what was made anew; of `parts`, not all can be."""
    found, others = Compared(), bool(other_versions(said))
    unmade = [name for part in parts if part in unmakeable() for name in PARTS[part]]
    found.uncompared += [Uncompared(name, by_content=False) for name in unmade]
    for name, right in made.items():
        missed: list[Problem] = []
        data = read_bytes(folder, name, missed)  # a missing file is said elsewhere
        if data is not None and data != right:
            _differ(name, data, right, others=others, found=found)
    return found


def other_versions(said: MadeBy) -> list[str]:
    """Return what a result says that it was written by and is not here, each with both versions."""
    here = MadeBy.here()
    pairs = [(PROGRAM, said.program, here.program)]
    pairs += [(name, said.versions[name], version) for name, version in here.versions.items()]
    return [f"{name} {old or '-'} / {new or '-'}" for name, old, new in pairs if old != new]


def _differ(name: str, data: bytes, right: bytes, others: bool, found: Compared) -> None:
    if name in _TABLES:  # held cell by cell elsewhere
        found.problems.append(_bytes_differ(name))
        return
    where = places(name, data, right)
    if where:
        found.problems += [_differs_at(name, one) for one in where]
    elif not others or name.endswith(".csv"):
        found.problems.append(_bytes_differ(name))
    else:
        found.uncompared.append(Uncompared(name, by_content=where is not None))


def _differs_at(name: str, found: Mismatch) -> Problem:
    where, value, expected = found.where, found.value, found.expected
    meant = _NOTHING if value and not expected and not found.said else expected
    if isinstance(where, str):
        return defect(
            found.code,
            found.said or _DIFFERS,
            expected=meant,
            file=name,
            row=found.row,
            column=where,
            value=value,
            application_id=found.application_id,
        )
    said = Text(where.zh + _DIFFERS.zh, f"{where.en} {_DIFFERS.en}")
    if expected and not value:
        said = Text(f"{where.zh}沒有內容", f"nothing stands at {where.en}")
    return defect(found.code, said, expected=meant, file=name, value=value)


def _bytes_differ(name: str) -> Problem:
    message = Text(
        "內容的位元組與重新製作者不同", "does not have the bytes that are written for this result"
    )
    return defect("bytes", message, file=name)
