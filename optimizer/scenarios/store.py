"""Answers that are kept in a folder, each under a digest of all that it depends on.

A file holds one answer as JSON with its own key, and appears whole: what a run that was killed, or a
power cut, has left half written is no answer, and is worked out again. Nothing is ever out of date, as
the data, the policy, the program and its solvers are all part of the key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from optimizer.case.digest import compact, digest
from optimizer.language.text import Text
from optimizer.problems.errors import UsageError
from optimizer.report.summary import SOLVERS, versions
from optimizer.writing import reason

Answer = Mapping[str, Any]
_PACKAGE = Path(__file__).parent.parent


def _one(answer: Answer) -> int:
    return 1


@dataclass
class Store:
    """Where answers are kept.

    Parameters
    ----------
    folder
        None to keep nothing.
    settled
        Whether an answer is for good, so that it may be kept.
    size
        How much an answer counts for among those that were found.
    reused
        How much was found and not worked out again.
    """

    folder: Path | None = None
    settled: Callable[[Answer], bool] = bool
    size: Callable[[Answer], int] = _one
    reused: int = field(default=0, init=False)

    def find(self, key: str) -> Answer | None:
        """Return an answer that was kept, None if there is none that is whole."""
        if self.folder is None:
            return None
        try:
            found = json.loads(self._place(key).read_bytes())
            answer = dict(found["answer"]) if found["key"] == key else None
            self.reused += 0 if answer is None else self.size(answer)
            return answer
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def keep(self, key: str, answer: Answer) -> None:
        """Keep an answer, if it is for good.

        Raises
        ------
        UsageError
            If the system cannot write it.
        """
        if self.folder is None or not self.settled(answer):
            return
        place = self._place(key)
        half = place.with_suffix(".half")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            half.write_text(compact({"key": key, "answer": answer}), "utf-8")
            half.replace(place)
        except OSError as error:
            why = reason(error)
            raise UsageError(
                Text(
                    f"算過的情境無法存入 {self.folder}（{why.zh}）。請指定別的資料夾（cache）。",
                    f"What was worked out cannot be kept in {self.folder} ({why.en}). Name another "
                    "folder (cache).",
                )
            ) from error

    def _place(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / key[:2] / f"{key}.json"


@cache
def program() -> str:
    """Return a digest of the program: its own source, and the versions of what it solves with."""
    sources = [
        [path.relative_to(_PACKAGE).as_posix(), sha256(path.read_bytes()).hexdigest()]
        for path in sorted(_PACKAGE.rglob("*.py"))
    ]
    known = versions()
    return digest([sources, {name: known[name] for name in SOLVERS}])
