"""What takes its time, and what needs a name and a reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from nicegui import ui

from optimizer.desk.pages.room import Room, text
from optimizer.desk.pages.trouble import in_lines
from optimizer.language.text import Text
from optimizer.problems.errors import InfeasibleError, Problem, SubsidyError

NARROW = "max-width: 28rem"
Found = TypeVar("Found")


async def working(room: Room, said: ui.element, doing: Awaitable[Found]) -> Found | None:
    """Wait for something that takes its time; None if it could not be done, which is said then."""
    words = room.say("處理中，約需數十秒…", "Working; this takes some tens of seconds…")
    _say(room, said, words)
    with room.client, said:
        ui.element("progress").props["aria-label"] = words
    try:
        found = await doing
    except SubsidyError as error:
        lines: Iterable[str] = (
            in_lines(room, error)
            if isinstance(error, InfeasibleError)
            else (room.told(error.message), *(in_words(room, one) for one in error.problems))
        )
        _say(room, said, "\n".join(lines), wrong=True)
        return None
    _say(room, said, "")
    return found


_CALLED = {
    "withdraw": Text("撤回", "withdrawn"),
    "reduce": Text("減列", "reduced"),
    "paid": Text("已撥付", "paid already"),
    "pool.amount": Text("總經費", "pool"),
}


def in_words(room: Room, problem: Problem) -> str:
    """Say a problem by what people call the field that it is about."""
    called = _CALLED.get(problem.column)
    if called is not None:
        problem = replace(problem, column=room.told(called))
    return problem.say(room.language)


def _say(room: Room, said: ui.element, words: str, wrong: bool = False) -> None:
    if not room.is_there:
        return
    said.clear()
    with room.client, said:
        for line in words.splitlines():
            text(line).classes("wrong" if wrong else "")


def take_back(said: ui.element) -> None:
    """Take back what was said to be wrong: its cause may be gone."""
    if any("wrong" in line.classes for line in said.default_slot.children):
        said.clear()


def tell_problems(room: Room, said: ui.element, problems: Sequence[Problem]) -> None:
    """Say what verifying found, or that it found nothing."""
    lines = [problem.say(room.language) for problem in problems]
    good = room.say(
        "已產生，並由另一個求解方式核對無誤。", "Written, and verified by the other engine."
    )
    head = room.say("核對發現差異：", "Verifying found:")
    _say(room, said, "\n".join([head, *lines]) if lines else good, wrong=bool(lines))


class Signed:
    """Who decides and why, and the button that takes both.

    Parameters
    ----------
    room
        Where it is shown.
    title
        What is decided.
    """

    def __init__(self, room: Room, title: str) -> None:
        self.room = room
        self.panel = ui.element("section").classes("card form")
        with self.panel, room.only("decide"):
            text(title, "h2")
            label = room.say("決定者", "Who decides")
            self._who = ui.input(label, value=room.person.name).props("dense outlined")
            self._why = ui.input(room.say("理由", "Why")).props("dense outlined")
            for field in (self._who, self._why):
                field.style(NARROW)
            self.said = ui.element("div").props("aria-live=polite")

    @property
    def given(self) -> tuple[str, str]:
        """Who and why, as typed."""
        return (self._who.value or "").strip(), (self._why.value or "").strip()

    def button(self, words: str, pressed: Callable[[], Any], strong: bool = True) -> None:
        """Show what is pressed to decide."""
        with self.panel:
            self.room.button("decide", words, pressed, strong).style("justify-self: start")
