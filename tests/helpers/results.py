"""A small result with everything in it, for the tests of what comes out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.places import TESTS
from helpers.rounds import make_case

from optimizer.case.case import Case
from optimizer.pipe import allocate
from optimizer.reading import Source
from optimizer.report.annex import Annex
from optimizer.report.fingerprints import digest_of
from optimizer.report.summary import MadeBy, summary_bytes
from optimizer.result.allocation import Allocation
from optimizer.solving.solution import Step
from optimizer.stationery.head import Head
from optimizer.verify.remake import remake

GOLDEN = TESTS / "golden"
SCHOOLS = [
    {"school_id": "064601", "name": "礫埕國小", "district": "中區"},
    {"school_id": "064602", "name": "澔岸國小", "district": "東區", "disadvantage": "remote"},
    {
        "school_id": "064603",
        "name": "苒野國中",
        "district": "和平區",
        "level": "junior_high",
        "disadvantage": "extreme_remote",
    },
    {"school_id": "064604", "name": "霏霖國小", "district": "大安區", "evaluation_programme": True},
    {"school_id": "064605", "name": "禾嶺國小", "district": "外埔區"},
]
POLICY: dict[str, Any] = {
    "plan": {"title": "測試計畫", "year": 103},
    "pool": {"amount": 4_100, "unit": 100},
    "review": {"minimum_merit": 70},
    "draw": {"seed": "seed"},
    "clause": [
        {"kind": "programme", "reference": "肆"},
        {"kind": "members", "minimum": 3, "recommended": 6, "reference": "伍二"},
        {"kind": "school_cap", "amount": 3_000, "reference": "捌二(5)"},
    ],
    "priority": [
        {"kind": "coverage", "reference": "柒六(一)"},
        {"kind": "merit", "reference": "柒六(三)"},
        {"kind": "balance"},
    ],
}


def small_case(**document: Any) -> Case:
    """Return a case with a tie, a cap that binds, refusals, a flag and two uncovered districts."""
    rows: list[tuple[str, str, Any, int, int]] = [
        ("A1", "064601", 90, 2_000, 6),
        ("A2", "064601", "247/3", 1_500, 6),
        ("A3", "064602", 80, 1_000, 6),
        ("A4", "064602", 80, 1_000, 6),
        ("A5", "064603", 75, 2_000, 4),
        ("A6", "064603", 80, 1_000, 7),
        ("A7", "064604", 95, 1_000, 6),
        ("A8", "064601", 60, 1_000, 6),
        ("A9", "064602", 80, 1_000, 2),
    ]
    applications = [
        {
            "application_id": a,
            "school_id": s,
            "merit": m,
            "requested": r,
            "members": n,
            "type": "grade" if a < "A3" else "subject",
        }
        for a, s, m, r, n in rows
    ]
    case = make_case(applications, SCHOOLS, **{**POLICY, **document})
    sources = (Source.of("schools.csv", b"1"), Source.of("policy.toml", b"2"))
    return replace(case, sources=sources, as_read=case.content)


def small_allocation(**document: Any) -> Allocation:
    """Allocate the small case."""
    return allocate(small_case(**document))


def unproved(allocation: Allocation) -> Allocation:
    """Return a result of which the second priority is not proved, and so nothing after it."""
    steps = [*allocation.steps]
    steps[1] = Step(steps[1].goal, steps[1].value, steps[1].value + 7, steps[1].value + 7, "highs")
    solution = replace(
        allocation.solution, steps=tuple(steps), drawn=False, certainty=None, chances=None
    )
    return replace(allocation, solution=solution)


def read_rows(path: Path) -> list[list[str]]:
    """Return the rows of a CSV file of a result."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def write_rows(path: Path, rows: list[list[str]]) -> None:
    """Write rows the way the program does."""
    page = io.StringIO(newline="")
    csv.writer(page, lineterminator="\r\n").writerows(rows)
    path.write_bytes(page.getvalue().encode("utf-8-sig"))


def edit_rows(folder: Path, file: str, edit: Callable[[list[list[str]]], Any]) -> None:
    """Change a table of a result."""
    rows = read_rows(folder / file)
    edit(rows)
    write_rows(folder / file, rows)


def edit_summary(folder: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    """Change the summary of a result."""
    path = folder / "summary.json"
    document = json.loads(path.read_bytes())
    edit(document)
    path.write_bytes(summary_bytes(document))


def reseal(folder: Path) -> None:
    """Put the right hashes into a summary, as a careful forger would."""

    def seal(document: dict[str, Any]) -> None:
        for output in document["outputs"]:
            path = folder / output["name"]
            if path.is_file():
                data = path.read_bytes()
                output["sha256"], output["size"] = hashlib.sha256(data).hexdigest(), len(data)
        page = folder / "report.html"
        if "fingerprints" in document and page.is_file():
            document["fingerprints"] = digest_of(page.read_text("utf-8", "replace"))

    edit_summary(folder, seal)


_REMADE: dict[str, dict[str, bytes]] = {}


def remake_once(
    allocation: Allocation,
    parts: Sequence[str],
    made_by: MadeBy,
    annex: Annex | None = None,
    head: Head | None = None,
) -> dict[str, bytes]:
    """Make the files of a result anew, once for all results that say the same."""
    said = [
        allocation.summary,
        list(parts),
        made_by.program,
        dict(made_by.versions),
        str(annex),
        str(head),
    ]
    key = json.dumps(said, sort_keys=True)
    if key not in _REMADE:
        _REMADE[key] = remake(allocation, parts, made_by, annex=annex, head=head)
    return _REMADE[key]
