"""The letters of summary.json: no key twice, and written as this program writes it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from optimizer.language.text import Text
from optimizer.problems.errors import Problem
from optimizer.report.folder import SUMMARY
from optimizer.report.summary import summary_bytes
from optimizer.verify.claims import OF_THE_RUN
from optimizer.verify.reread import in_summary, read_bytes


def repeated_keys(folder: Path) -> list[Problem]:
    """Return every key that stands twice in one object: readers differ in which they believe."""
    found: list[Problem] = []

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for key, times in Counter(key for key, _ in pairs).items():
            if times > 1:
                message = Text("同一個鍵出現多次", "a key stands more than once")
                found.append(in_summary("repeated_key", message, key[:120]))
        return dict(pairs)

    data = read_bytes(folder, SUMMARY, [])
    json.loads(data or b"null", object_pairs_hook=look)  # it was read once already
    return found


def summary_bytes_problem(
    folder: Path, own: Mapping[str, Any], document: Mapping[str, Any]
) -> list[Problem]:
    """Return a problem if the file is not what is written for this document, byte for byte.

    Parameters
    ----------
    folder
        The result.
    own
        What follows from the case, in the order in which it is written.
    document
        What was read, of which only the entries of the run are taken.
    """
    of_the_run = {key: document[key] for key in OF_THE_RUN if key in document}
    data = read_bytes(folder, SUMMARY, [])
    if data is None or data == summary_bytes({**own, **of_the_run}):
        return []
    message = Text(
        "內容的位元組與此程式所寫者不同（次序、空白或寫法）",
        "is not written as this program writes it (order, blanks or spelling)",
    )
    return [in_summary("bytes", message)]
