"""What is said where the files were changed while a draft was worked on."""

from __future__ import annotations

from nicegui import ui

from optimizer.desk.pages.room import Room, text


def gone_on(room: Room) -> None:
    """Say that the draft goes on from files that say something else, and what could not."""
    state = room.desk.state
    if state is None or state.reread is None:
        return
    with ui.element("section").classes("card rule").props("role=status"):
        text(room.say("檔案曾在他處更動", "The files were changed elsewhere"), "h2")
        text(
            room.say(
                "草案、釘選與人工核定已接續於重新讀取的檔案；草案與計畫檔不同之處，見「規則」。",
                "The draft, the pins and the decisions by hand go on from the files as they are now; "
                "where the draft differs from the policy file is shown under Rules.",
            )
        )
        if not state.reread:
            return
        text(
            room.say(
                "下列各項無法接續，請逐一檢視；操作紀錄均有記載，按「復原」可回到先前的步驟：",
                "These could not go on; look at each. The journal has them, and Undo goes back step by step:",
            )
        ).classes("wrong")
        with ui.element("ul").classes("list"):
            for one in state.reread:
                text(room.told(one), "li")
