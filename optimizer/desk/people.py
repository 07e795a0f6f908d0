"""Who is at the workbench, and what they may do.

Whoever let a request in says who it is from; everything that is done on its account hears of it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, get_args

from optimizer.desk.ending import Close, Release, Revise
from optimizer.desk.events import Decide, Event, Saved
from optimizer.language.text import EMPTY, Text, joined
from optimizer.problems.errors import UsageError

Role = Literal["look", "explore", "decide"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may do what those before it may
_WORDS = {
    "look": Text("檢視", "look"),
    "explore": Text("試算", "explore"),
    "decide": Text("決定", "decide"),
}


@dataclass(frozen=True)
class Person:
    """Somebody at the workbench; without a name where nobody had to say it.

    Parameters
    ----------
    name
        As at the login.
    role
        ``look`` sees everything; ``explore`` also changes the draft, pins and compares; ``decide`` also
        decides by hand, writes files, finishes and revises.
    """

    name: str
    role: Role

    @property
    def said(self) -> Text:
        """The name, with what the person may do."""
        role = _WORDS[self.role]
        return Text(f"{self.name}（{role.zh}）", f"{self.name} ({role.en})")

    def refusal(self, role: Role) -> Text:
        """Say why the person may not do what takes a role; nothing if they may."""
        if ROLES.index(self.role) >= ROLES.index(role):
            return EMPTY
        mine, needed = _WORDS[self.role], _WORDS[role]
        return Text(
            f"您的權限為「{mine.zh}」，此操作須有「{needed.zh}」權限；請洽管理者。",
            f'Your role is "{mine.en}", and this takes "{needed.en}"; ask whoever keeps the list of users.',
        )

    def allow(self, role: Role) -> None:
        """Refuse what takes another role.

        Raises
        ------
        UsageError
            If the person has a lesser one.
        """
        if (why := self.refusal(role)) != EMPTY:
            raise UsageError(why)


class Presence:
    """Who is at one case at the moment, one entry a window of a browser."""

    def __init__(self) -> None:
        self._there: dict[str, Person] = {}
        self.heard: set[Callable[[], None]] = set()  # who hears that somebody came or went

    def comes(self, window: str, person: Person) -> None:
        """Note that somebody has opened a window."""
        self._there[window] = person
        self._tell()

    def goes(self, window: str) -> None:
        """Note that a window was closed."""
        if self._there.pop(window, None) is not None:
            self._tell()

    def _tell(self) -> None:
        for listener in tuple(self.heard):
            listener()

    @property
    def said(self) -> Text:
        """Who is there, by name where there are logins; else that there are several windows."""
        people = dict.fromkeys(person for person in self._there.values() if person.name)
        if people:
            named = joined(person.said for person in people)
            return Text(f"在場：{named.zh}", f"Here: {named.en}")
        count = len(self._there)
        if count < 2:
            return EMPTY
        return Text(f"本案開啟了 {count} 個視窗", f"{count} windows show this case")


OWNER = Person("", "decide")  # of this machine, where nobody else comes in
STRANGER = Person("", "look")  # of whom nothing is known, where others do
at_the_desk: ContextVar[Person] = ContextVar("at_the_desk")


def needed(event: Event) -> Role:
    """Return the role that an event takes."""
    final = isinstance(event, Decide | Saved | Close | Revise | Release)
    return "decide" if final else "explore"
