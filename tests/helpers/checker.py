"""The report's own checker, run in Node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from typing import Any

from helpers.places import ROOT, TESTS

from optimizer.report.evidence import as_json
from optimizer.report.page import PROOF

Findings = list[dict[str, Any]]


def checked(carried: Iterable[Any]) -> list[Findings]:
    """Return what the checker says of some lists."""
    script = TESTS / "report/check_all.js"
    parts = [str(ROOT / "optimizer/report/templates" / name) for name in PROOF]
    done = subprocess.run(
        ["node", str(script), *parts],
        input="\n".join(map(as_json, carried)),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def verdicts(findings: Findings, kinds: Sequence[str] = ()) -> set[bool | None]:
    """Return what was found, of some kinds of findings."""
    return {one["ok"] for one in findings if not kinds or one["what"] in kinds}
