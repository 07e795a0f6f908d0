"""What every room has: the case's title, undo and redo, what is compared with, the language, the rail."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any, TypeVar

from nicegui import background_tasks, ui

from optimizer.desk.errands import Errand
from optimizer.desk.events import Compare, Event, Redo, Undo
from optimizer.desk.pages.tongue import html_language, language_of, speak
from optimizer.desk.people import Role
from optimizer.desk.rail import Mark, marks
from optimizer.desk.state import CLOSED, FILE
from optimizer.desk.workbench import Listener, Workbench
from optimizer.language.text import EMPTY, Language, Text
from optimizer.problems.errors import Problem, SubsidyError

T = TypeVar("T")
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
        self.client = ui.context.client
        self.language = language_of(self.client.request, desk)
        self.person = desk.person
        self._notice: ui.notification | None = None
        self.client.page.language = "zh-TW" if self.language == "zh-TW" else "en-US"

    def say(self, zh: str, en: str) -> str:
        """Return one of two sentences."""
        return Text(zh, en).say(self.language)

    def told(self, text: Text) -> str:
        """Return a text in the language of the room."""
        return text.say(self.language)

    def files(self) -> None:
        """Say in which language files are written, where it is not that of the room."""
        if self.language != self.desk.language:
            text(
                self.say(
                    "檔案以英文產生（本案的語言）。",
                    "Files are written in Chinese, the case's own language.",
                )
            ).classes("small")

    def in_words(self, number: Mapping[str, Any]) -> dict[str, Any]:
        """Return a number of an answer with its title and unit in the language of the room."""
        said = {name: self.told(v) if isinstance(v, Text) else v for name, v in number.items()}
        if said["unit"] == "NT$":  # it stands before its amount
            said |= {"value": f"NT${said['value']}", "unit": ""}
        return said

    def headed(self, head: str, said: str) -> str:
        """Return words under a head, on one line."""
        return self.say(f"{head}：{said}", f"{head}: {said}")

    def listed(self, words: Iterable[str]) -> str:
        """Return several words, one after the other."""
        return self.say("、", ", ").join(words)

    def count(self, number: int) -> str:
        """Say how many applications."""
        return self.say(f"{number:,} 件", f"{number:,}")

    def listen(
        self,
        to: set[Listener],
        listener: Listener,
        *,
        closed: bool = False,
        owner: ui.element | None = None,
    ) -> None:
        """Hear of something as long as the browser shows the room.

        Parameters
        ----------
        to, listener
            Of what, and what is done then.
        closed
            Whether it is heard of a case, too, that is being read or cannot be.
        owner
            What it is heard for, if that may be gone before the room.
        """

        def heard() -> None:
            if owner is not None and owner.is_deleted:
                to.discard(heard)
                return
            if closed or self.desk.state is not None:
                with self.client:
                    listener()

        to.add(heard)
        self.client.on_delete(lambda: to.discard(heard))

    @contextmanager
    def only(self, role: Role) -> Iterator[None]:
        """Show what takes a role; who has a lesser one sees it shut, and why."""
        if (why := self.person.refusal(role)) == EMPTY:
            yield
            return
        with ui.element("fieldset").classes("only") as shut:
            shut.props["disabled"] = True
            shut.props["title"] = self.told(why)
            yield

    @contextmanager
    def draft(self) -> Iterator[None]:
        """Show what changes rules or decisions; it is shut, and why is said, once the case is closed."""
        with ui.element("fieldset").classes("only") as place:
            yield

        def show() -> None:
            state = self.desk.state
            final = bool(state and state.final)
            if place.props.get("disabled", False) is not final:
                place.props["disabled"] = final
                place.props["title"] = self.told(CLOSED) if final else ""
                place.update()

        show()
        self.listen(self.desk.changed, show, owner=place)

    @property
    def is_there(self) -> bool:
        """Whether the browser still shows it."""
        return not self.client.is_deleted

    async def act(self, doing: Awaitable[Any]) -> None:
        """Do something, and say in words why it could not be done."""
        self.take_back()
        try:
            await doing
        except SubsidyError as error:
            self.refuse(error)

    def try_to(self, doing: Callable[[], T]) -> T | None:
        """Do something at once, and say in words why it could not be done."""
        self.take_back()
        try:
            return doing()
        except SubsidyError as error:
            self.refuse(error)
            return None

    def begin(self, errand: Errand) -> None:
        """Begin an errand, and say in words why it could not be begun."""
        self.try_to(lambda: self.desk.begin(errand))

    def refuse(self, error: SubsidyError) -> None:
        """Say why something could not be done, until something else is done."""
        self.take_back()
        with self.client:
            self._notice = notice(error, self.language)

    def take_back(self) -> None:
        """Take back why something could not be done: its cause may be gone."""
        if self._notice is not None and not self._notice.is_deleted:
            with self.client:
                self._notice.dismiss()
        self._notice = None

    def do(self, event: Event) -> bool:
        """Do one of the things that undo can take back; return whether it could be done."""
        changed = self.try_to(lambda: self.desk.done(event))
        if changed:
            background_tasks.create(self.desk.refresh())
        return changed is not None

    def button(
        self,
        role: Role,
        text: str,
        pressed: Callable[[], Any],
        strong: bool = False,
        **attributes: Any,
    ) -> ui.element:
        """Show a button; who has a lesser role than it takes sees it shut, and why."""
        with self.only(role):
            button = ui.element("button").classes("plain strong" if strong else "plain")
        button.props["type"] = "button"
        button.props.update(attributes)
        with button:
            ui.html(f"<span>{escape(text)}</span>", sanitize=False)
        return button.on("click", pressed)


def notice(error: SubsidyError, language: Language) -> ui.notification:
    """Show why something could not be done until somebody closes it."""
    return ui.notification(
        error.say(language),
        type="negative",
        multi_line=True,
        position="bottom",
        actions=[{"label": Text("關閉", "Close").say(language), "color": "white"}],
        timeout=None,
    )


def text(words: str, tag: str = "p") -> ui.element:
    """Show words, as they are."""
    with ui.element(tag) as shown:
        ui.html(f"<span>{escape(words)}</span>", tag="span", sanitize=False)
    return shown


def choice(label: str, chosen: Callable[[str], Any]) -> ui.element:
    """Show a list of the browser's own with its label; `options` says what can be chosen there."""
    with ui.element("label").classes("field"):
        text(label, "span")
        shown = ui.element("select")
    emit = "(event) => emit(event.target.value)"
    return shown.on("change", lambda event: chosen(str(event.args)), js_handler=emit)


def options(words: Mapping[str, str], chosen: str) -> None:
    """Show what can be chosen, in a list of the browser's own."""
    for value, said in words.items():
        option = text(said, "option")
        option.props["value"] = value
        if value == chosen:
            option.props["^selected"] = ""


def link(words: str, target: str, new_tab: bool = False) -> None:
    """Show a link."""
    ui.link(words, target, new_tab).style("color: var(--blue)")


@contextmanager
def frame(desk: Workbench, path: str, built: Iterable[str]) -> Iterator[Room]:
    """Show what every room has, and what it shows itself below."""
    room = Room(desk)
    ui.add_css(STATIC / "desk.css")
    ui.add_head_html(f"<script>{(STATIC / 'desk.js').read_text('utf-8')}</script>")
    ui.run_javascript(f"document.documentElement.lang = '{html_language(room.language)}'")
    with ui.element("header").classes("top"):
        _titled(room, path)
        _top(room)
    _rail(room, path, built)
    with ui.element("div").classes("room"):
        yield room


def _titled(room: Room, path: str) -> None:
    """Show what the plan is called, which is known once its file is read."""
    panel, known = ui.element("h1"), [""]

    def show() -> None:
        if room.desk.title != known[0]:
            known[0] = room.desk.title
            ui.page_title(f"{room.told(ROOMS[path])} · {known[0]}")
            panel.clear()
            with panel:
                text(known[0], "span")

    show()
    room.listen(room.desk.changed, show, closed=True)


def _top(room: Room) -> None:
    desk = room.desk
    if desk.state is not None:
        _undo(room)
        with room.only("explore"):
            _against(room)
    _present(room)
    other: Language = "en" if room.language == "zh-TW" else "zh-TW"
    name = "English" if other == "en" else "中文"
    room.button("look", name, lambda: speak(other, room.desk), lang=html_language(other))
    if room.person.name:
        link(room.say("登出", "Log out"), "/logout")


def _present(room: Room) -> None:
    """Say who is here, and what the others do."""
    desk, client = room.desk, room.client
    panel = ui.element("span").classes("small").props("role=status")
    known = [desk.did]

    def show() -> None:
        panel.clear()
        with panel:
            text(room.told(desk.present.said), "span")

    def tell() -> None:
        if desk.did is not known[0]:
            known[0] = desk.did
            if desk.did.who == room.person.name:
                room.take_back()
            elif desk.did.said != EMPTY:
                ui.notify(
                    room.headed(desk.did.who, room.told(desk.did.said)), position="bottom-left"
                )

    def gone() -> None:
        if not client.has_socket_connection:
            desk.present.goes(client.id)

    client.on_connect(lambda: desk.present.comes(client.id, room.person))
    client.on_disconnect(gone)
    room.listen(desk.present.heard, show)
    room.listen(desk.changed, tell)
    show()


def _undo(room: Room) -> None:
    undo = room.button("explore", room.say("復原", "Undo"), lambda: room.do(Undo()))
    redo = room.button("explore", room.say("重做", "Redo"), lambda: room.do(Redo()))

    def show() -> None:
        for button, there in ((undo, room.desk.now.past), (redo, room.desk.now.future)):
            if button.props.get("disabled") is not (not there):
                button.props["disabled"] = not there
                button.update()

    show()
    room.listen(room.desk.changed, show)
    ui.run_javascript(_KEYS.format(undo=undo.html_id, redo=redo.html_id))


# not where text is typed: there, the browser's own undo is meant
_KEYS = """
document.addEventListener('keydown', (event) => {{
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.target.matches('input:not([type=range]), textarea, [contenteditable]')) return;
  const key = event.key.toLowerCase();
  const again = key === 'y' || (key === 'z' && event.shiftKey);
  if (!again && key !== 'z') return;
  event.preventDefault();
  document.getElementById(again ? '{redo}' : '{undo}')?.click();
}});
"""


def _against(room: Room) -> None:
    """Choose what the answer is compared with."""
    label = room.say("與何者比較", "Compared with")
    against = choice(label, lambda name: room.do(Compare(name)))

    shown: list[tuple[dict[str, str], str]] = []

    def show() -> None:
        now = room.desk.now.now
        file = {FILE: room.say("計畫檔", "the policy file")}
        wanted = {**file, **{pin.name: pin.name for pin in now.pins}}, now.against
        if [wanted] != shown:
            shown[:] = [wanted]
            against.clear()
            with against:
                options(*wanted)

    show()
    room.listen(room.desk.changed, show)


def _rail(room: Room, path: str, built: Iterable[str]) -> None:
    """Show the rooms, each with how far it is."""
    shown: dict[str, tuple[Mark, ui.element]] = {}
    with ui.element("nav").classes("rail") as rail:
        rail.props["aria-label"] = room.say("工作台", "Workbench")
        for target in built:
            with ui.link(target=target) as link:
                text(room.told(ROOMS[target]), "span")
                shown[target] = (_NO_MARK, ui.element("span").classes("small"))
            if target == path:
                link.props["aria-current"] = "page"

    def show() -> None:
        for target, mark in marks(room.desk).items():
            before, place = shown[target]
            if mark != before:
                shown[target] = (mark, place)
                place.clear()
                with place:
                    text(f" {mark.sign} {room.told(mark.words)}", "span")

    show()
    room.listen(room.desk.changed, show, closed=True)
    room.listen(room.desk.answered, show)


_NO_MARK = Mark("", EMPTY)


def beside(room: Room, error: SubsidyError) -> Iterator[str]:
    """Say what is wrong with what was typed, beside where it was typed: the place is plain."""
    if not error.problems:
        yield room.told(error.message)
    for problem in error.problems:
        yield bare(problem).say(room.language)


def bare(problem: Problem) -> Problem:
    """Return a problem without its place and value, to be said where these are seen."""
    return replace(problem, file="", row=None, column="", value="")


def begin_with(element: ui.element, value: str) -> None:
    """Let a field show a value from the first; who types before the page has begun keeps what was typed."""
    element.props["^value"] = value


def put(element: ui.element, value: str) -> None:
    """Put a value into a field of the browser, unless somebody is typing there; see `begin_with`.

    It is no property of the element: as one, it would be put back whenever the page is drawn.
    """
    ui.run_javascript(f"put('{element.html_id}', {json.dumps(value)})")
