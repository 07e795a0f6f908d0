"""The room where a round is finished: what must hold, the folder, the seal."""

from __future__ import annotations

from nicegui import ui

from optimizer.desk.departures import Differs
from optimizer.desk.fields import told
from optimizer.desk.pages.room import Room, text
from optimizer.desk.pages.studies import zipped
from optimizer.problems.errors import SubsidyError

_LISTED = 200  # lines of the journal


def finish_room(room: Room) -> None:
    """Show the room."""
    panel = ui.element("section").classes("card")
    result = ui.element("section").classes("card").props("aria-live=polite")
    result.set_visibility(False)

    record = ui.element("section").classes("card")

    def show() -> None:
        record.clear()
        with record:
            _record(room)
        panel.clear()
        with panel:
            _checklist(room)
            place = room.desk.target
            text(room.say(f"結果資料夾：{place}", f"Folder of the result: {place}"))
            begin = room.say("產生結果並核對", "Write the result and verify it")
            button = room.button(begin, lambda: _write(room, result), strong=True)
            button.props["disabled"] = not room.desk.fit_to_finish

    show()
    room.listen(room.desk.changed, show)
    room.listen(room.desk.answered, show)


def _checklist(room: Room) -> None:
    desk = room.desk
    text(room.say("定案之前", "Before it is final"), "h2")
    with ui.element("ul").classes("checklist"):
        for holds, said in (
            (
                desk.check is not None and desk.check.usable,
                room.say("資料沒有錯誤", "The data are without errors"),
            ),
            (
                desk.answer is not None and desk.answer.proved,
                room.say("分配結果已證明為最佳", "The answer is proved the best"),
            ),
            (
                not desk.now.differences,
                room.say(
                    "畫面上的規則已寫入計畫檔", "The rules on the screen are in the policy file"
                ),
            ),
        ):
            mark = room.say("已符合", "holds") if holds else room.say("尚未符合", "not yet")
            text(f"{'✓' if holds else '✗'} {said}（{mark}）", "li")


def _record(room: Room) -> None:
    """List what was done to the rules: when, who, what, why."""
    text(room.say("操作紀錄", "Journal"), "h2")
    now = room.desk.now
    done = [line for line in room.desk.journal.lines() if line.get("changed")]
    if not done:
        text(room.say("規則尚無更動。", "The rules have not been changed."))
    with ui.element("ul").classes("list"):
        for line in reversed(done[-_LISTED:]):
            parts = (told((now.draft, now.file), Differs(**part)) for part in line["changed"])
            what = "；".join(map(room.told, parts))
            who = " ".join(filter(None, (line["who"], line["why"])))
            text(f"{line['when'][:16].replace('T', ' ')} {what} {who}".strip(), "li")


async def _write(room: Room, result: ui.element) -> None:
    desk, target = room.desk, room.desk.target
    result.set_visibility(True)
    result.clear()
    with result:
        text(room.say("產生中，約需數十秒…", "Being written; this takes some tens of seconds…"))
    try:
        said = await desk.write(target)
    except SubsidyError as error:
        result.clear()
        with result:
            text(error.say(room.language)).classes("wrong")
        return
    result.clear()
    with result:
        if said["found"]:
            text(room.say("核對發現差異：", "Verifying found:")).classes("wrong")
            for problem in said["found"]:
                text(problem.say(room.language), "p")
            return
        text(
            room.say(
                "已產生，並由另一個求解方式核對無誤。", "Written, and verified by the other engine."
            )
        )
        text(room.say("查核碼（請抄錄於簽呈）", "Seal (to be written on the paper file)"), "h2")
        text(said["seal"]).classes("seal")
        room.button(
            room.say("下載壓縮檔", "Download as a zip"),
            lambda: ui.download.content(zipped(target), f"{target.name}.zip"),
        )
