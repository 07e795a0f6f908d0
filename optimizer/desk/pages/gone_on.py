"""What is said where the files were changed while a draft was worked on."""

from __future__ import annotations

from nicegui import ui

from optimizer.desk.pages.room import Room, text
from optimizer.language.text import Text

_GONE_ON = Text(
    "草案、釘選與人工核定已接續於重新讀取的檔案；草案與計畫檔不同之處，見「規則」。",
    "The draft, the pins and the decisions by hand go on from the files as they are now; where the draft "
    "differs from the policy file is shown under Rules.",
)
_FINAL = Text(
    "本案已定案：已公布的結果與查核碼不受影響。修正將依現行的檔案，與公布時不同之處見「定案」。",
    "The case is closed: what was published and its seal stay as they are. A revision goes by the files as "
    "they are now; where these are not those of the published result is shown under Finish.",
)


def gone_on(room: Room) -> None:
    """Say that the draft goes on from files that say something else, and what could not."""
    state = room.desk.state
    if state is None or state.reread is None:
        return
    with ui.element("section").classes("card rule").props("role=status"):
        text(room.say("檔案曾在他處更動", "The files were changed elsewhere"), "h2")
        text(room.told(_FINAL if state.final else _GONE_ON))
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
