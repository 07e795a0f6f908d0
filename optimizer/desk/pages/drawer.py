"""The drawer of one application: why, what is needed, who stands against it, and the decision by hand."""

from __future__ import annotations

from nicegui import background_tasks, ui

from optimizer.desk.events import Decide, Verdict
from optimizer.desk.grounds import changes, movers, parts
from optimizer.desk.on_screen import OnScreen, Row
from optimizer.desk.pages.room import Room, text
from optimizer.desk.state import step
from optimizer.explain.explanation import Explanation
from optimizer.policy.policy import Policy
from optimizer.problems.errors import SubsidyError


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
        self.shown = application_id
        self.panel.set_visibility(True)
        self.panel.clear()
        with self.panel:
            self._head(application_id)
            text(self.room.say("說明計算中…", "Working out why…")).props("role=status")
        background_tasks.create(self._explain(application_id))

    def _head(self, title: str) -> None:
        self.room.button(self.room.say("關閉", "Close"), self._close).run_method("focus")
        text(title, "h2")

    def _close(self) -> None:
        """Close it, and go back to the row that it was opened from."""
        self.panel.set_visibility(False)
        ui.run_javascript("document.querySelector('tr.chosen button')?.focus()")

    def _again(self) -> None:
        desk = self.room.desk
        if self.panel.visible and desk.waiting is None and desk.answer is not None:
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
        self._head(f"{row[1]} {row[2]}")
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
            who = ui.input(room.say("決定者", "Who decides"), value=self.who).props(
                "dense outlined"
            )
            why = ui.input(room.say("理由", "Why"), value=self.why).props("dense outlined")

            def decide(verdict: Verdict) -> None:
                self.who, self.why = who.value or "", why.value or ""
                if room.do(Decide(application_id, verdict, self.who, self.why)):
                    self.why = ""

            with ui.row():
                room.button(room.say("核定補助", "Fund"), lambda: decide("fund"))
                room.button(room.say("不予補助", "Refuse"), lambda: decide("refuse"))
                if self._without(application_id) is not None:
                    room.button(
                        room.say("依規則決定", "Leave to the rules"), lambda: decide("open")
                    )

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
