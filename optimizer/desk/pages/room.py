"""What every room has: the case's title, undo and redo, what is compared with, the language, the rail."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

from nicegui import background_tasks, ui

from optimizer.desk.events import Compare, Event, Redo, Undo
from optimizer.desk.state import FILE
from optimizer.desk.workbench import Listener, Workbench
from optimizer.language.text import Language, Text
from optimizer.problems.errors import SubsidyError

STATIC = Path(__file__).parent.parent / "static"
ROOMS: dict[str, Text] = {
    "/data": Text("資料", "Data"),
    "/rules": Text("規則", "Rules"),
    "/": Text("分配", "Answer"),
    "/scenarios": Text("情境", "Scenarios"),
    "/finish": Text("定案", "Finish"),
}


class Room:
    """One room as one browser shows it.

    Parameters
    ----------
    desk
        The case.
    """

    def __init__(self, desk: Workbench) -> None:
        self.desk = desk
        self.language: Language = desk.language
        self.client = ui.context.client

    def say(self, zh: str, en: str) -> str:
        """Return one of two sentences."""
        return Text(zh, en).say(self.language)

    def told(self, text: Text) -> str:
        """Return a text in the language of the room."""
        return text.say(self.language)

    def count(self, number: int) -> str:
        """Say how many applications."""
        return self.say(f"{number:,} 件", f"{number:,}")

    def listen(
        self, to: set[Listener], listener: Listener, owner: ui.element | None = None
    ) -> None:
        """Hear of something as long as the browser shows the room, and its owner in it."""

        def heard() -> None:
            if owner is not None and owner.is_deleted:
                to.discard(heard)
                return
            with self.client:
                listener()

        to.add(heard)
        self.client.on_delete(lambda: to.discard(heard))

    @property
    def is_there(self) -> bool:
        """Whether the browser still shows it."""
        return not self.client.is_deleted

    async def act(self, doing: Awaitable[Any]) -> None:
        """Do something, and say in words why it could not be done."""
        try:
            await doing
        except SubsidyError as error:
            self.refuse(error)

    def refuse(self, error: SubsidyError) -> None:
        """Say why something could not be done."""
        with self.client:
            ui.notify(
                error.say(self.language),
                type="negative",
                multi_line=True,
                position="top",
                close_button=self.say("關閉", "Close"),
                timeout=0,
            )

    def do(self, event: Event) -> bool:
        """Do one of the things that undo can take back; return whether it could be done."""
        try:
            changed = self.desk.done(event)
        except SubsidyError as error:
            self.refuse(error)
            return False
        if changed:
            background_tasks.create(self.desk.refresh())
        return True

    def button(
        self, text: str, pressed: Callable[[], Any], strong: bool = False, **attributes: Any
    ) -> ui.element:
        """Show a button."""
        button = ui.element("button").classes("plain strong" if strong else "plain")
        button.props["type"] = "button"
        button.props.update(attributes)
        with button:
            ui.html(f"<span>{escape(text)}</span>", sanitize=False)
        return button.on("click", pressed)


def text(words: str, tag: str = "p") -> ui.element:
    """Show words, as they are."""
    with ui.element(tag) as shown:
        ui.html(f"<span>{escape(words)}</span>", tag="span", sanitize=False)
    return shown


@contextmanager
def frame(desk: Workbench, path: str, built: Iterable[str]) -> Iterator[Room]:
    """Show what every room has, and what it shows itself below."""
    room = Room(desk)
    ui.add_css(STATIC / "desk.css")
    ui.run_javascript(f"document.documentElement.lang = '{_html_language(room.language)}'")
    with ui.element("header").classes("top"):
        _top(room)
    _rail(room, path, built)
    with ui.element("div").classes("room"):
        yield room


def _html_language(language: Language) -> str:
    return "zh-Hant" if language == "zh-TW" else "en"


def _top(room: Room) -> None:
    desk = room.desk
    title = desk.state.draft.settings.plan.title if desk.state else desk.path.name
    text(title or desk.path.name, "h1")
    if desk.state is not None:
        _undo(room)
        _against(room)
    other: Language = "en" if room.language == "zh-TW" else "zh-TW"

    async def speak() -> None:
        await desk.speak(other)
        ui.navigate.reload()

    room.button("English" if other == "en" else "中文", speak, lang=_html_language(other))


def _undo(room: Room) -> None:
    undo = room.button(room.say("復原", "Undo"), lambda: room.do(Undo()))
    redo = room.button(room.say("重做", "Redo"), lambda: room.do(Redo()))

    def show() -> None:
        for button, there in ((undo, room.desk.now.past), (redo, room.desk.now.future)):
            button.props["disabled"] = not there
            button.update()

    show()
    room.listen(room.desk.changed, show)


def _against(room: Room) -> None:
    """Choose what the answer is compared with."""
    now = room.desk.now.now
    options = {FILE: room.say("計畫檔", "the policy file"), **{p.name: p.name for p in now.pins}}
    label = room.say("與何者比較", "Compared with")
    choice = ui.select(options, value=now.against, label=label).props(
        "dense options-dense outlined"
    )
    choice.style("min-width: 11rem")
    choice.on_value_change(lambda event: room.do(Compare(event.value)))

    def show() -> None:
        present = room.desk.now.now
        names = {FILE: options[FILE], **{p.name: p.name for p in present.pins}}
        choice.set_options(names, value=present.against)

    room.listen(room.desk.changed, show)


def _rail(room: Room, path: str, built: Iterable[str]) -> None:
    with ui.element("nav").classes("rail") as rail:
        rail.props["aria-label"] = room.say("工作台", "Workbench")
        for target in built:
            link = ui.link(room.told(ROOMS[target]), target)
            if target == path:
                link.props["aria-current"] = "page"


def beside(room: Room, error: SubsidyError) -> Iterator[str]:
    """Say what is wrong with what was typed, beside where it was typed: the place is plain."""
    for problem in error.problems:
        said = (problem.message, problem.expected, problem.hint)
        yield " ".join(filter(None, map(room.told, said)))


def begin_with(element: ui.element, value: str) -> None:
    """Let a field show a value from the first; who types before the page has begun keeps what was typed."""
    element.props["^value"] = value


def put(element: ui.element, value: str) -> None:
    """Put a value into a field of the browser; with what it begins, see `begin_with`.

    It is no property of the element: as one, it would be put back whenever the page is drawn.
    """
    ui.run_javascript(f"document.getElementById('{element.html_id}').value = {json.dumps(value)}")
