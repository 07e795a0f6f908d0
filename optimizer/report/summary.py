"""What summary.json says: the allocation's own summary, and how, when and by what it was made."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer.case.case import Case
from optimizer.language.text import Language
from optimizer.report.fingerprints import digest_of
from optimizer.report.folder import PROGRAM, REPORT, SUMMARY, files_of
from optimizer.stationery.head import Head

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

SOLVERS = ("pulp", "highspy", "pandas", "numpy")
WRITERS = ("matplotlib", "pillow", "xlsxwriter", "jinja2", "typst")  # they shape the bytes
PACKAGES = (*SOLVERS, *WRITERS)
SCHEMA = Path(__file__).with_name("summary.schema.json")


@dataclass(frozen=True)
class MadeBy:
    """What a result was written by: the version of the program, and of what it depends on."""

    program: str
    versions: Mapping[str, str]

    @staticmethod
    def here() -> MadeBy:
        """Return what writes here and now."""
        return MadeBy(_version(PROGRAM), versions())

    @property
    def document(self) -> dict[str, Any]:
        """What a summary says of it."""
        program = {"name": PROGRAM, "version": self.program}
        return {"program": program, "versions": dict(self.versions)}


def write_summary(
    allocation: Allocation,
    folder: Path,
    started_at: str,
    seconds: Mapping[str, float],
    parts: Collection[str] = (),
    head: Head | None = None,
) -> None:
    """Write summary.json of a folder in which everything else stands already."""
    document = {
        **allocation.summary,
        **MadeBy.here().document,
        "started_at": started_at,
        "seconds": {stage: round(time, 3) for stage, time in seconds.items()},
        "parts": list(parts),
        **({} if head is None else {"templates": [asdict(source) for source in head.sources]}),
        **_fingerprints(folder),
        "outputs": outputs(folder),
    }
    (folder / SUMMARY).write_bytes(summary_bytes(document))


def _fingerprints(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of the fingerprints that the report states, as its own check shows it; nothing without a report."""
    page = folder / REPORT
    return {"fingerprints": digest_of(page.read_text("utf-8"))} if page.exists() else {}


def summary_of(
    kind: str, case: Case, language: Language, said: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the summary of an analysis says: of what case, what, how and by what it was made."""
    return {
        "schema_version": 1,
        "type": kind,
        "language": language,
        "plan": {"title": case.policy.settings.plan.title},
        **said,
        **MadeBy.here().document,
        "inputs": [asdict(source) for source in case.sources],
    }


def write_document(document: Mapping[str, Any], folder: Path) -> None:
    """Write summary.json of an analysis into a folder in which everything else stands already."""
    (folder / SUMMARY).write_bytes(summary_bytes({**document, "outputs": outputs(folder)}))


def summary_bytes(document: Mapping[str, Any]) -> bytes:
    """Return the content of summary.json."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode()


def versions() -> dict[str, str]:
    """Return the versions of Python and of what the result, or its bytes, depend on."""
    return {
        "python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "system": f"{platform.system()} {platform.machine()}",
    }


@cache
def _version(package: str) -> str:
    """Return the version that an installed package says in the head of its METADATA; all of it takes long to parse."""
    try:
        head = distribution(package).read_text("METADATA") or ""
    except PackageNotFoundError:
        return ""
    found = re.search(r"^Version: *(\S+)", head, re.MULTILINE)
    return found[1] if found else distribution(package).version


def outputs(folder: Path) -> list[dict[str, Any]]:
    """Describe every file of a folder but its own summary, in the order of their names."""
    return [
        {"name": path.relative_to(folder).as_posix(), **_content(path.read_bytes())}
        for path in files_of(folder)
        if path != folder / SUMMARY
    ]


def _content(data: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
