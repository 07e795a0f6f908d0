"""The text of policy.toml as it would be written, for those who want it."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from optimizer.desk.pages.room import Room, text
from optimizer.problems.errors import SubsidyError


class PolicyText:
    """The text, shown when somebody opens it, to be read and copied."""

    def __init__(self, room: Room) -> None:
        self.room, self.is_open = room, False
        with ui.element("section").classes("card"), ui.element("details") as details:
            text(room.say("計畫檔的文字（TOML）", "The text of the policy file (TOML)"), "summary")
            self.body = ui.element("div").classes("rule")
        details.on("toggle", self._toggled, js_handler="(event) => emit(event.target.open)")
        room.listen(room.desk.changed, self._fill)

    def _toggled(self, event: Any) -> None:
        self.is_open = bool(event.args)
        self._fill()

    def _fill(self) -> None:
        self.body.clear()
        if not self.is_open:
            return
        room = self.room
        with self.body:
            try:
                shown_text = room.desk.policy_text
            except SubsidyError as error:
                text(error.say(room.language)).classes("wrong")
                return
            shown = text(shown_text, "pre").props("tabindex=0 role=region")
            shown.props["aria-label"] = room.say("計畫檔的文字", "The text of the policy file")
            said = f"document.getElementById('{shown.html_id}').innerText"
            copied = f"() => navigator.clipboard.writeText({said})"
            said_now = shown_text.encode()
            room.button(
                "look",
                room.say("下載", "Download"),
                lambda: ui.download.content(said_now, "policy.toml"),
            )
            room.button("look", room.say("複製", "Copy"), lambda: None).on(
                "click", js_handler=copied
            )
