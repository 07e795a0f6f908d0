"""The room where a round is finished: what must hold, the result, the seal, the journal."""

from __future__ import annotations

from itertools import chain, repeat

from nicegui import ui

from optimizer.desk import finishing
from optimizer.desk.ending import Final
from optimizer.desk.journal_page import entries_of
from optimizer.desk.pages.closed import closed
from optimizer.desk.pages.doing import Signed, take_back, tell_problems, working
from optimizer.desk.pages.handed_out import handed_out, seal
from optimizer.desk.pages.room import Room, link, text
from optimizer.language.text import EMPTY, Text

_LISTED = 200  # lines of the journal


def finish_room(room: Room) -> None:
    """Show the room."""
    final = room.desk.now.final
    if final:
        closed(room, final)
    else:
        _open(room)
    _journal(room)

    def another() -> None:
        if room.desk.now.final != final:
            ui.run_javascript("anew('.room h2')")

    room.listen(room.desk.changed, another)


def _open(room: Room) -> None:
    """Show what must hold, and the two steps: the result is written, then it is made final."""
    desk = room.desk
    panel = ui.element("section").classes("card stack")
    said = ui.element("section").classes("card").props("aria-live=polite")
    grounds = Signed(room, room.say("定案", "Make it final"))

    async def write() -> None:
        problems = await working(room, said, finishing.write(desk))
        if problems is not None:
            tell_problems(room, said, problems)

    async def close() -> None:
        await working(room, said, finishing.close(desk, *grounds.given))
        if room.is_there:
            with room.client:
                show()  # a file may have changed, which nobody tells

    def show() -> None:
        items = finishing.before_closing(desk)
        grounds.panel.set_visibility(not desk.ending and all(item.holds for item in items))
        panel.clear()
        with panel:
            _checklist(room, items)
            place = desk.target
            text(room.say(f"結果資料夾：{place}", f"Folder of the result: {place}"))
            room.files()
            begin = room.say("產生結果並核對", "Write the result and verify it")
            button = room.button("decide", begin, write, strong=desk.verified is None)
            holds = all(item.holds for item in finishing.before_writing(desk))
            button.props["disabled"] = bool(desk.ending) or not holds
            if desk.ending:
                text(room.told(desk.ending)).props("role=status")
            if desk.verified is not None:
                seal(room, desk.verified.seal)
                handed_out(room, Final(place.name, desk.verified.seal))

    grounds.button(room.say("定案，關閉本案", "Final: close the case"), close)

    def another() -> None:
        take_back(said)
        show()

    show()
    room.listen(desk.changed, another)
    room.listen(desk.answered, another)


_MENDED = (  # where what does not hold is mended, in the order of the list
    ("/data", Text("到「資料」更正", "Mend them under Data")),
    ("/", Text("到「分配」查看", "Look under Answer")),
    ("/rules", Text("到「規則」寫入計畫檔", "Write them under Rules")),
    ("/rules", Text("到「規則」補填", "Fill them in under Rules")),
)


def _checklist(room: Room, items: tuple[finishing.Item, ...]) -> None:
    text(room.say("定案之前", "Before it is final"), "h2")
    with ui.element("ul").classes("checklist"):
        for item, (target, there) in zip(items, chain(_MENDED, repeat(("", EMPTY))), strict=False):
            mark = room.say("已符合", "holds") if item.holds else room.say("尚未符合", "not yet")
            if why := room.told(item.why):
                mark += room.say(f"：{why}", f": {why}")
            said = f"{'✓' if item.holds else '✗'} {room.told(item.said)}"
            with text(said + room.say(f"（{mark}）　", f" ({mark}) "), "li"):
                if there and not item.holds:
                    link(room.told(there), target)


def _journal(room: Room) -> None:
    """List what was done: when, who, what, why; the last first."""
    panel = ui.element("section").classes("card stack")

    def show() -> None:
        done = list(entries_of(room.desk.journal.lines()))
        panel.clear()
        with panel:
            text(room.say("操作紀錄", "Journal"), "h2")
            if not done:
                text(room.say("尚無任何操作。", "Nothing has been done yet."))
            else:
                link(room.say("列印操作紀錄", "Journal to print"), "/journal", new_tab=True)
            with ui.element("ul").classes("list"):
                for when, who, what, why in reversed(done[-_LISTED:]):
                    text(
                        "　".join(filter(None, (when, room.told(who), room.told(what), why))), "li"
                    )

    show()
    room.listen(room.desk.changed, show)
