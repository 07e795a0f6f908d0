"""The drawer of one application: why, what is needed, who stands against it, and the decision by hand."""

from __future__ import annotations

from asyncio import Task

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
_PUBLISHED = Text(
    "請以可對外公開的文字填寫：決定者與理由會載入核定名單與報告；給學校的通知函只載理由，不載決定者。",
    "Write what may be read by others: the list of awards and the report say who and why; the letter to "
    "the school says why, and not who.",
)
_ANEW = Text("名單已有更動，說明重新計算中…", "The list is another; working out why anew…")


def explained(room: Room, said: Explanation) -> None:
    """Show what is said of an application under its headings."""
    for head, statements in parts(said):
        text(room.told(head), "h3")
        for statement in statements:
            text(room.told(statement.full))


class Drawer:
    """Why one application got what it got, and the decision on it by hand."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.panel = ui.element("aside").classes("drawer")
        self.panel.props["aria-label"] = room.say("說明", "Explanation")
        self.panel.set_visibility(False)
        self.panel.on("keydown.escape", self._close)
        self.shown = ""
        self.who = room.person.name  # until another is typed
        self._asked: Task[None] | None = None
        room.listen(room.desk.answered, self._again)

    def open(self, application_id: str) -> None:
        """Show one application: what is known at once, then why."""
        room, self.shown = self.room, application_id
        self.panel.classes(remove="late").set_visibility(True)
        self.panel.clear()
        with self.panel:
            room.button("look", room.say("關閉", "Close"), self._close).run_method("focus")
            row = self._row()
            text(f"{application_id} {row[2] if row else ''}", "h2")
            self.late = ui.element("p").classes("status").props("role=status")
            text(f"{row[3]}・{row[4]}" if row else "")
            self.cost = ui.element("section").classes("cost").props("aria-live=polite")
            self.reasons = ui.element("section").classes("cost")
            self._by_hand()
        self._say(Text("說明計算中…", "Working out why…"))
        self._begin()

    def _begin(self) -> None:
        """Work out why; what was being worked out before is wanted no longer."""
        self._end()
        self._asked = background_tasks.create(self._explain(self.shown))

    def _end(self) -> None:
        if self._asked is not None:
            self._asked.cancel()

    def _row(self) -> Row | None:
        """Return the row of what is shown in the list that stands."""
        answer = self.room.desk.answer
        return next((r for r in answer.rows if r[1] == self.shown), None) if answer else None

    def _close(self) -> None:
        """Close it, and go back to the row that it was opened from."""
        self._end()
        self.panel.set_visibility(False)
        ui.run_javascript(_BACK)

    def _say(self, said: Text | None) -> None:
        """Say how far what is shown is of what stands."""
        self.late.clear()
        if said is not None:
            with self.late:
                text(self.room.told(said), "span")

    def _again(self) -> None:
        """Say that what is shown is of another list than what stands, and work it out anew."""
        desk = self.room.desk
        if not self.panel.visible:
            return
        none = desk.waiting is None and desk.answer is None
        self.panel.classes("late")
        self._say(_NO_LIST if none else _ANEW)
        if desk.waiting is None and not none:
            self._begin()

    async def _explain(self, application_id: str) -> None:
        room, desk = self.room, self.room.desk
        answer = desk.answer
        if self._row() is None:
            return
        said: Explanation | SubsidyError
        try:
            said = await desk.explain(application_id)
        except SubsidyError as error:
            said = error
        if self.shown != application_id or desk.answer is not answer or not room.is_there:
            return
        with room.client:
            self._show(said)
        await self._cost(application_id)

    def _show(self, said: Explanation | SubsidyError) -> None:
        room = self.room
        self.panel.classes(remove="late")
        self._say(None)
        self.to_rules.set_visibility(self._without(self.shown) is not None)
        for old in (self.cost, self.reasons):
            old.clear()
        with self.reasons:
            if isinstance(said, SubsidyError):
                text(said.say(room.language)).classes("wrong")
                return
            explained(room, said)

    # ---- by hand -----------------------------------------------------------------------------------

    def _by_hand(self) -> None:
        room, application_id = self.room, self.shown
        text(room.say("人工核定", "Decide by hand"), "h3")
        with room.only("decide"), room.draft(), ui.element("div").classes("form"):
            who = ui.input(room.say("決定者", "Who decides"), value=self.who)
            why = ui.input(room.say("理由", "Why"))
            for field in (who, why):
                field.props("dense outlined")
            text(room.told(_PUBLISHED)).classes("small")

            def decide(verdict: Verdict) -> None:
                self.who = who.value or ""
                if room.do(Decide(application_id, verdict, self.who, why.value or "")):
                    why.set_value("")

            with ui.row():
                room.button("decide", room.say("指定補助", "Fund"), lambda: decide("fund"))
                room.button("decide", room.say("指定不補助", "Refuse"), lambda: decide("refuse"))
                open_ = room.say("依規則決定", "Leave to the rules")
                self.to_rules = room.button("decide", open_, lambda: decide("open"))
                self.to_rules.set_visibility(self._without(application_id) is not None)

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
        answer = desk.answer

        def late() -> bool:
            return cost.is_deleted or not room.is_there or desk.answer is not answer

        without, draft = self._without(application_id), desk.now.draft
        if without is None:
            return
        with room.client, cost:
            text(room.say("人工核定的代價計算中…", "Working out what the decision costs…"))
        found = await desk.look(draft, without)
        if late() or not isinstance(found, OnScreen):
            return
        moved = await desk.moves(draft, without, room.language)
        if late():
            return
        cost.clear()
        with room.client, cost:
            text(room.say("這項人工核定的代價", "What this decision costs"), "h3")
            if not moved.rows:
                text(room.say("無：依規則也是同一名單。", "Nothing: the rules give the same list."))
                return
            text(room.say("與依規則決定相較：", "Against leaving it to the rules:"))
            with ui.element("ul").classes("list"):
                for line in map(room.told, (*changes(found), *movers(moved))):
                    text(line, "li")


# the row may have left the list
_BACK = "document.querySelector('tr.chosen button, .table:not(:has(tr.chosen))')?.focus()"
