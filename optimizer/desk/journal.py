"""journal.jsonl: everything that was done at the workbench, one line each, never changed.

A line says when, who, what (as an event, as what it changed in the policy, and in the words of then:
what was changed may have another name later, or none) and why. The first of a sitting holds the policy file's text, so that replaying its lines gives the same policy whatever
became of the file since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from os import SEEK_END
from pathlib import Path
from typing import Any, cast

from optimizer.desk.departures import differences
from optimizer.desk.ending import Ending, Final, ended
from optimizer.desk.events import Event, Reread, Saved, as_data, from_data
from optimizer.desk.fields import change_told
from optimizer.desk.policy_file import policy_of
from optimizer.desk.state import State, step
from optimizer.language.text import Text
from optimizer.problems.errors import SubsidyError, UsageError
from optimizer.writing import reason

NAME = "journal.jsonl"
OPENED = "opened"
FILES, VERIFIED, ERRAND, MENDED = _BESIDE = "files", "verified", "errand", "mended"


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

    def note(
        self, event: Event, before: State, after: State, who: str = "", login: str = ""
    ) -> None:
        """Note what was done, by whom (and at whose login), and what it made of the policy."""
        of_file = isinstance(event, Saved | Reread)
        was, now = (state.file if of_file else state.draft for state in (before, after))
        changed = [asdict(part) for part in differences(was, now)]
        said = asdict(change_told(was, now))
        why = getattr(event, "reason", "")
        by = getattr(event, "decided_by", "") or who or login
        noted: dict[str, Any] = {"who": by, "why": why, "changed": changed, "said": said}
        if isinstance(event, Reread):
            noted["left"] = [asdict(one) for one in after.reread or ()]
        self._add({**as_data(event), **noted, **({"login": login} if login else {})})

    def beside(self, kind: str, login: str, **what: Any) -> None:
        """Note what changes no state: files taken in (`FILES`), a result verified (`VERIFIED`), an `ERRAND` begun or ended, a value `MENDED`."""
        self._add({"event": kind, "who": login, **what})

    def _add(self, line: dict[str, Any]) -> None:
        stamped = {"when": datetime.now(UTC).isoformat(timespec="seconds"), **line}
        try:
            with self.path.open("ab+") as file:
                file.seek(max(0, file.seek(0, SEEK_END) - 1))
                whole = file.read() in (b"", b"\n")  # the last line was not cut short
                said = json.dumps(stamped, ensure_ascii=False, default=str)
                file.write(("" if whole else "\n").encode() + f"{said}\n".encode())
        except OSError as error:
            raise UsageError(_unwritten(self.path, error)) from None

    def lines(self) -> list[dict[str, Any]]:
        """Return every line that can be read: one that was cut short by a crash is left out.

        Raises
        ------
        UsageError
            If the system cannot read the file.
        """
        try:
            text = self.path.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return []
        except OSError as error:
            why = reason(error)
            raise UsageError(
                Text(
                    f"操作紀錄 {self.path} 無法讀取（{why.zh}）。",
                    f"The journal {self.path} cannot be read ({why.en}).",
                )
            ) from None
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
        begun = opened[-1]
        try:
            state = State.of(policy_of(lines[begun]["policy"], file))
            before = replace(state, final=_final(lines[:begun]))
            return replayed(before, _events(lines[begun + 1 :]))
        except (SubsidyError, ValueError, KeyError):  # of another version of the program
            return None

    @property
    def begun_before(self) -> bool:
        """Whether something was done before the last sitting began."""
        kinds = [line["event"] for line in self.lines()]
        return kinds.count(OPENED) > 1 and bool({*kinds} - {OPENED, *_BESIDE})

    @property
    def final(self) -> tuple[Final, ...]:
        """What is final, whatever became of the policy file since."""
        return _final(self.lines())


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
    return line if isinstance(line, dict) and {"when", "event"} <= set(line) else {}


def _final(lines: Iterable[dict[str, Any]]) -> tuple[Final, ...]:
    final: tuple[Final, ...] = ()
    for event in _events(line for line in lines if line.get("event") in _ENDINGS):
        final = ended(final, cast(Ending, event))
    return final


_ENDINGS = ("close", "revise", "release")


def _events(lines: Iterable[dict[str, Any]]) -> Iterator[Event]:
    noted = ("when", "who", "why", "changed", "said", "left", "login")
    for line in (line for line in lines if line.get("event") not in _BESIDE):
        yield from_data({key: value for key, value in line.items() if key not in noted})


def replayed(state: State, events: Iterable[Event]) -> State:
    """Return the state after all events."""
    for event in events:
        state = step(state, event)
    return state
