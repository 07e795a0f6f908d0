"""The drawer of one application: why, what is needed, who stands against it, and the decision by hand."""

from __future__ import annotations

from typing import Any

from nicegui import background_tasks, ui

from optimizer.desk.events import Decide, Verdict
from optimizer.desk.grounds import changes, movers, parts
from optimizer.desk.on_screen import OnScreen, Row
from optimizer.desk.pages.room import Room, text
from optimizer.desk.state import step
from optimizer.explain.explanation import Explanation
from optimizer.language.text import Text
from optimizer.policy.policy import Policy
from optimizer.problems.errors import SubsidyError

_NO_LIST = Text(
    "現在沒有可行的名單；以下是先前名單的說明。",
    "There is no list now; what follows is of the list before.",
)
_ANEW = Text("名單已有更動，說明重新計算中…", "The list is another; working out why anew…")


class Drawer:
    """Why one application got what it got, and the decision on it by hand."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.panel = ui.element("aside").classes("drawer")
        self.panel.props["aria-label"] = room.say("說明", "Explanation")
        self.panel.set_visibility(False)
        self.panel.on("keydown.escape", self._close)
        self.shown = ""
        self.who = self.why = ""  # as they were typed last
        room.listen(room.desk.answered, self._again)

    def open(self, application_id: str) -> None:
        """Show one application."""
        self.shown, self.why = application_id, ""
        self.panel.set_visibility(True)
        self.panel.clear()
        with self.panel:
            self._head(application_id).run_method("focus")
            text(self.room.say("說明計算中…", "Working out why…")).props("role=status")
        background_tasks.create(self._explain(application_id))

    def _head(self, title: str) -> ui.element:
        """Show the title, and what closes the drawer, which is returned."""
        self.panel.classes(remove="late")
        close = self.room.button(self.room.say("關閉", "Close"), self._close)
        text(title, "h2")
        self.late = ui.element("p").classes("status").props("role=status")
        return close

    def _close(self) -> None:
        """Close it, and go back to the row that it was opened from."""
        self.panel.set_visibility(False)
        ui.run_javascript("document.querySelector('tr.chosen button')?.focus()")

    def _again(self) -> None:
        """Say that what is shown is of another list than what stands, and work it out anew."""
        desk = self.room.desk
        if not self.panel.visible:
            return
        none = desk.waiting is None and desk.answer is None
        self.panel.classes("late")
        self.late.clear()
        with self.late:
            text(self.room.told(_NO_LIST if none else _ANEW), "span")
        if desk.waiting is None and not none:
            background_tasks.create(self._explain(self.shown))

    async def _explain(self, application_id: str) -> None:
        room, desk = self.room, self.room.desk
        answer = desk.answer
        row = next((r for r in answer.rows if r[1] == application_id), None) if answer else None
        if row is None:
            return
        said: Explanation | SubsidyError
        try:
            said = await desk.explain(application_id)
        except SubsidyError as error:
            said = error
        if self.shown != application_id or desk.answer is not answer or not room.is_there:
            return
        self.panel.clear()
        with room.client, self.panel:
            self._show(row, said)
        await self._cost(application_id)

    def _show(self, row: Row, said: Explanation | SubsidyError) -> None:
        room = self.room
        close = self._head(f"{row[1]} {row[2]}")
        ui.run_javascript(f"caught('{close.html_id}')")
        text(f"{row[3]}・{row[4]}")
        self.cost = ui.element("section").classes("cost").props("aria-live=polite")
        if isinstance(said, SubsidyError):
            text(said.say(room.language)).classes("wrong")
        else:
            for head, statements in parts(said):
                text(room.told(head), "h3")
                for statement in statements:
                    text(room.told(statement.full))
        self._by_hand(row[1])

    # ---- by hand -----------------------------------------------------------------------------------

    def _by_hand(self, application_id: str) -> None:
        room = self.room
        text(room.say("人工核定", "Decide by hand"), "h3")
        with ui.element("div").classes("form"):
            self._typed("who", room.say("決定者", "Who decides"))
            self._typed("why", room.say("理由", "Why"))

            def decide(verdict: Verdict) -> None:
                if room.do(Decide(application_id, verdict, self.who, self.why)):
                    self.why = ""

            with ui.row():
                room.button(room.say("核定補助", "Fund"), lambda: decide("fund"))
                room.button(room.say("不予補助", "Refuse"), lambda: decide("refuse"))
                if self._without(application_id) is not None:
                    room.button(
                        room.say("依規則決定", "Leave to the rules"), lambda: decide("open")
                    )

    def _typed(self, name: str, label: str) -> None:
        """Show a field of which what is typed stays while the rest is worked out anew."""

        def heard(event: Any) -> None:
            setattr(self, name, event.value or "")

        ui.input(label, value=getattr(self, name), on_change=heard).props("dense outlined")

    def _without(self, application_id: str) -> Policy | None:
        """Return the policy without the decision by hand on an application; None if there is none."""
        now = self.room.desk.now
        try:
            after = step(now, Decide(application_id, "open"))
        except SubsidyError:
            return None
        return None if after.draft == now.draft else after.draft

    async def _cost(self, application_id: str) -> None:
        """Say what the decision by hand costs, and whom."""
        room, desk, cost = self.room, self.room.desk, self.cost
        without, draft = self._without(application_id), desk.now.draft
        if without is None:
            return
        with room.client, cost:
            text(room.say("人工核定的代價計算中…", "Working out what the decision costs…"))
        found = await desk.look(draft, without)
        if cost.is_deleted or not room.is_there or not isinstance(found, OnScreen):
            return
        moved = await desk.moves(draft, without)
        if cost.is_deleted or not room.is_there:
            return
        cost.clear()
        with room.client, cost:
            text(room.say("這項人工核定的代價", "What this decision costs"), "h3")
            if not moved.rows:
                text(room.say("無：依規則也是同一名單。", "Nothing: the rules give the same list."))
                return
            text(room.say("與依規則決定相較：", "Against leaving it to the rules:"))
            with ui.element("ul").classes("list"):
                for line in (*changes(found), *map(room.told, movers(moved))):
                    text(line, "li")
