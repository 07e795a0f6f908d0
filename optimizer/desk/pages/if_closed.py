"""What a room says of a case that is closed."""

from __future__ import annotations

from nicegui import ui

from optimizer.desk.pages.room import Room, text
from optimizer.language.text import Text


def if_closed(room: Room, said: Text) -> None:
    """Say something as soon as the case is closed."""
    panel = ui.element("section").classes("card rule").props("role=status")

    def show() -> None:
        panel.clear()
        if room.desk.now.final:
            with panel:
                text(room.told(said))

    show()
    room.listen(room.desk.changed, show)
