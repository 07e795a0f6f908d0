"""The fingerprints of a report, as its summary names them: what the page's own check shows is compared with that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from optimizer.language.text import Text
from optimizer.problems.errors import Problem
from optimizer.report.fingerprints import digest_of
from optimizer.report.folder import REPORT
from optimizer.verify.reread import in_summary, read_bytes

KEY = "fingerprints"
_OTHERS = Text(
    "不是 report.html 所載指紋之 SHA-256",
    "is not the SHA-256 of the fingerprints that report.html states",
)


def fingerprint_problems(folder: Path, document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem if a summary names other fingerprints than its report states."""
    page = read_bytes(folder, REPORT, [])
    said = document.get(KEY)
    should = None if page is None else digest_of(page.decode("utf-8", "replace"))
    if said != should:
        yield in_summary("differs", _OTHERS, KEY, value=str(said or "")[:80], expected=should or "")
