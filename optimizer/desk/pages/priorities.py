"""The order of the priorities: dragged with the mouse, or moved with the buttons."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from nicegui import ui

from optimizer.desk.events import moved
from optimizer.desk.pages.room import Room, text
from optimizer.language.text import EMPTY

_GRAB = "(event) => event.dataTransfer.setData('text/plain', %s)"
_DROP = "(event) => emit(event.dataTransfer.getData('text/plain'))"


class Priorities:
    """The list of the priorities in their order."""

    def __init__(self, room: Room) -> None:
        self.room = room
        with ui.element("section").classes("card rule in-order"):
            text(room.say("優先順序的先後", "The order of the priorities"), "h2")
            text(
                room.say(
                    "前面的先決定，後面的只在前面各項相同的名單之間選擇。可拖曳，或用按鈕移動。",
                    "An earlier one decides first; a later one chooses among lists that are as good by "
                    "all before it. Drag them, or move them with the buttons.",
                )
            ).classes("small")
            with room.only("explore"), room.draft():
                self.list = ui.element("ol").classes("order")
        self.labels: list[str] = []
        self.final = False
        self._show()
        room.listen(room.desk.changed, self._show, owner=self.list)

    def _show(self) -> None:
        now = self.room.desk.now
        rules, final = now.draft.priorities, bool(now.final)
        labels = [rule.label for rule in rules]
        if (labels, final) == (self.labels, self.final):
            return
        self.labels, self.final = labels, final
        self.list.clear()
        with self.list:
            for at, rule in enumerate(rules):
                self._line(at, self.room.told(rule.spoken))

    def _line(self, at: int, title: str) -> None:
        room = self.room
        with ui.element("li") as line:
            fixed = self.final or room.person.refusal("explore") != EMPTY
            line.props["draggable"] = "false" if fixed else "true"
            text("⠿", "span").props("aria-hidden=true")
            text(title, "span").classes("title")
            for sign, said, step in (
                ("↑", room.say("上移", "Move up"), -1),
                ("↓", room.say("下移", "Move down"), 1),
            ):
                button = room.button("explore", sign, partial(self._move, at, at + step, step))
                button.props["aria-label"] = room.headed(said, title)
                button.props["disabled"] = not 0 <= at + step < len(self.labels)
                button.props["data-move"] = f"{self.labels[at]} {step}"
        line.on("dragstart", js_handler=_GRAB % json.dumps(str(at)))
        line.on("dragover.prevent", js_handler="() => {}")
        line.on("drop.prevent", partial(self._dropped, at), js_handler=_DROP)

    def _dropped(self, at: int, event: Any) -> None:
        grabbed = str(event.args)
        if grabbed.isdecimal() and int(grabbed) < len(self.labels):
            self._move(int(grabbed), at, 0)

    def _move(self, start: int, end: int, step: int) -> None:
        """Move one; with a button, the same button is pressed again by the next key."""
        name = self.labels[start]
        if self.room.do(moved(self.labels, start, end)) and step:
            wanted = (
                f"[data-move={json.dumps(f'{name} {s}')}]:not([disabled])" for s in (step, -step)
            )
            found = f"({json.dumps(list(wanted))}).map((s) => document.querySelector(s))"
            with self.room.client:  # the button that was pressed is gone
                ui.run_javascript(f"{found}.find(Boolean)?.focus()")
