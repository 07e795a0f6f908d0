"""journal.jsonl: everything that was done at the workbench, one line each, never changed.

A line says when, who, what (as an event, and what it changed in the policy) and why. The first of a
sitting holds the policy file's text, so that replaying its lines gives the same policy whatever
became of the file since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from optimizer.desk.departures import differences
from optimizer.desk.events import Decide, Event, as_data, from_data
from optimizer.desk.policy_file import policy_of
from optimizer.desk.state import State, step
from optimizer.language.text import Text
from optimizer.problems.errors import SubsidyError, UsageError
from optimizer.writing import reason

NAME = "journal.jsonl"
OPENED = "opened"


@dataclass(frozen=True)
class Journal:
    """The journal of a case.

    Parameters
    ----------
    path
        Its file, which may not exist yet.
    """

    path: Path

    def opened(self, text: str) -> None:
        """Note that a sitting begins, with the text of the policy file."""
        self._add({"event": OPENED, "policy": text})

    def note(self, event: Event, before: State, after: State, who: str = "") -> None:
        """Note what was done, and what it made of the policy."""
        changed = [asdict(part) for part in differences(before.draft, after.draft)]
        why = event.reason if isinstance(event, Decide) else ""
        by = event.decided_by if isinstance(event, Decide) and event.decided_by else who
        self._add({**as_data(event), "who": by, "why": why, "changed": changed})

    def _add(self, line: dict[str, Any]) -> None:
        stamped = {"when": datetime.now(UTC).isoformat(timespec="seconds"), **line}
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(stamped, ensure_ascii=False, default=str) + "\n")
        except OSError as error:
            raise UsageError(_unwritten(self.path, error)) from None

    def lines(self) -> list[dict[str, Any]]:
        """Return every line that can be read: one that was cut short by a crash is left out."""
        try:
            text = self.path.read_text("utf-8")
        except FileNotFoundError:
            return []
        return [line for line in map(_read, text.splitlines()) if line]

    def last(self, file: str) -> State | None:
        """Return the state in which the last sitting ended; None if there was none.

        Parameters
        ----------
        file
            Where problems of the policy are said to stand.
        """
        lines = self.lines()
        opened = [n for n, line in enumerate(lines) if line.get("event") == OPENED]
        if not opened:
            return None
        sitting = lines[opened[-1] :]
        try:
            return replayed(State.of(policy_of(sitting[0]["policy"], file)), _events(sitting[1:]))
        except (SubsidyError, ValueError, KeyError):  # of another version of the program
            return None


def _unwritten(path: Path, error: OSError) -> Text:
    why = reason(error)
    return Text(
        f"操作紀錄 {path} 無法寫入（{why.zh}），未做任何更動。",
        f"The journal {path} cannot be written ({why.en}); nothing was changed.",
    )


def _read(text: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}


def _events(lines: Iterable[dict[str, Any]]) -> Iterator[Event]:
    for line in lines:
        noted = ("when", "who", "why", "changed")
        yield from_data({key: value for key, value in line.items() if key not in noted})


def replayed(state: State, events: Iterable[Event]) -> State:
    """Return the state after all events."""
    for event in events:
        state = step(state, event)
    return state
