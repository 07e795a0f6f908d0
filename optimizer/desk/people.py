"""Who is at the workbench, and what they may do.

Whoever let a request in says who it is from; everything that is done on its account hears of it.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, get_args

from optimizer.desk.ending import Close, Release, Revise
from optimizer.desk.events import Decide, Event, Saved
from optimizer.language.text import Text
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

    def allow(self, role: Role) -> None:
        """Refuse what takes another role.

        Raises
        ------
        UsageError
            If the person has a lesser one.
        """
        if ROLES.index(self.role) < ROLES.index(role):
            mine, needed = _WORDS[self.role], _WORDS[role]
            raise UsageError(
                Text(
                    f"您的權限為「{mine.zh}」，此操作須有「{needed.zh}」權限；請洽管理者。",
                    f'Your role is "{mine.en}", and this takes "{needed.en}"; ask whoever keeps the list '
                    "of users.",
                )
            )


OWNER = Person("", "decide")  # of this machine, where nobody else comes in
STRANGER = Person("", "look")  # of whom nothing is known, where others do
at_the_desk: ContextVar[Person] = ContextVar("at_the_desk")


def needed(event: Event) -> Role:
    """Return the role that an event takes."""
    final = isinstance(event, Decide | Saved | Close | Revise | Release)
    return "decide" if final else "explore"
