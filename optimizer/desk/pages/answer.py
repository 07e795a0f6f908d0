"""The room where she lives: knobs, the proved answer, what changed, why, and decisions by hand."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial
from typing import Any

from nicegui import background_tasks, ui

from optimizer.desk.events import Decide, Mend, Pin, SetKey, Verdict
from optimizer.desk.fields import Number, numbers, typed
from optimizer.desk.on_screen import COLUMNS, OnScreen, Row
from optimizer.desk.pages.room import STATIC, Room, beside, put, text
from optimizer.desk.workbench import Workbench
from optimizer.language.text import Text
from optimizer.problems.errors import InfeasibleError, SubsidyError

_FIRST = ("pool.amount", "clause.school_cap.amount")  # the knobs that are there to begin with
_WORDS = {
    "scores": Text("分數與補助線", "Scores and the funding line"),
    "districts": Text("行政區（獲補助／申請）", "Districts (funded / applied)"),
    "rank": Text("名次（由高分至低分）", "Rank (best first)"),
    "funded": Text("獲補助", "Funded"),
    "not_funded": Text("未獲補助", "Not funded"),
    "passed_over": Text("高於線而未獲補助", "Above the line, not funded"),
    "ineligible": Text("不符資格", "not eligible"),
    "waiting": Text("計算中，以下為前一次的結果", "Working; below is the last answer"),
    "search": Text("搜尋", "Search"),
    "which": Text("顯示哪些申請", "Which applications"),
    "table": Text("申請一覽", "Applications"),
    "nothing": Text("沒有符合條件的申請。", "No application is like that."),
}
_CHIPS = {
    "all": Text("全部", "All"),
    "changed": Text("變動", "Changed"),
    "funded": Text("獲補助", "Funded"),
    "not_funded": Text("未獲補助", "Not funded"),
    "ineligible": Text("不符資格", "Not eligible"),
}


class AnswerView(ui.element, component=str(STATIC / "answer.js")):  # type: ignore[call-arg, misc]
    """One answer, drawn by the browser in one go."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.props["words"] = {
            **{name: room.told(words) for name, words in _WORDS.items()},
            "chips": {name: room.told(words) for name, words in _CHIPS.items()},
            "columns": [room.told(words) for words in COLUMNS.values()],
        }
        self._rows: tuple[Row, ...] = ()
        self.ready = False

    def show(self, answer: OnScreen) -> None:
        """Show an answer; of the rows only those that are others than before are sent."""
        said = {
            "numbers": answer.numbers,
            "proved": answer.proved,
            "status": answer.status,
            "districts": answer.districts,
            "line": answer.line,
        }
        self.run_method("show", {**said, **_rows_that_differ(self._rows, answer.rows)})
        self._rows = answer.rows

    def begin(self) -> None:
        """Send everything again: the browser has begun to show it."""
        self._rows, self.ready = (), True


def _rows_that_differ(before: tuple[Row, ...], now: tuple[Row, ...]) -> dict[str, Any]:
    if [row[1] for row in before] != [row[1] for row in now]:
        return {"rows": now}
    return {"changed": [row for row, old in zip(now, before, strict=True) if row != old]}


def answer_room(room: Room) -> None:
    """Show the room."""
    _knobs(room)
    trouble = ui.element("div").classes("card")
    trouble.set_visibility(False)
    view = AnswerView(room)
    drawer = _Drawer(room)

    def answered() -> None:
        desk = room.desk
        if not view.ready:
            return
        if desk.waiting is not None:
            view.run_method("wait", True)
            return
        trouble.set_visibility(desk.error is not None)
        view.set_visibility(desk.error is None)
        if desk.answer is not None:
            view.show(desk.answer)
        elif desk.error is not None:
            _show_trouble(room, trouble, desk.error)

    def ready() -> None:
        view.begin()
        answered()

    view.on("ready", ready)
    view.on("open", lambda event: drawer.open(event.args))
    room.listen(room.desk.answered, answered)


# ---- knobs --------------------------------------------------------------------------------------


def _knobs(room: Room) -> None:
    desk = room.desk
    known = numbers(desk.now.draft)
    with ui.element("section").classes("card knobs") as strip:
        strip.props["aria-label"] = room.say("旋鈕", "Knobs")
        for key in _FIRST:
            if key in known:
                _Knob(room, known[key])
        more = ui.element("div").classes("knobs")
        rest = {key: room.told(n.title) for key, n in known.items() if key not in _FIRST}
        choice = ui.select(rest, label=room.say("加一個旋鈕", "Add a knob"), clearable=True)
        choice.props("dense outlined options-dense").style("min-width: 14rem")

        def add(event: Any) -> None:
            found = numbers(desk.now.draft).get(event.value or "")
            if found is not None:
                with more:
                    _Knob(room, found)
                choice.set_value(None)

        choice.on_value_change(add)
        _pin(room)


def _pin(room: Room) -> None:
    name = ui.input(room.say("釘選名稱", "Name to pin as")).props("dense outlined maxlength=40")

    def pin() -> None:
        if room.do(Pin(name.value or "")):
            name.set_value("")

    room.button(room.say("釘選目前結果", "Pin this answer"), pin)


class _Knob:
    """A slider and a field for one number of the policy; both show what stands."""

    def __init__(self, room: Room, number: Number) -> None:
        self.room, self.key = room, number.key
        title = room.told(number.title)
        with ui.element("div").classes("knob"):
            text(title, "span").classes("name")
            self.slider = ui.element("input").props("type=range")
            self.slider.props.update(
                {"min": 0, "max": number.most, "step": number.step, "aria-label": title}
            )
            self.field = ui.element("input").props("inputmode=decimal autocomplete=off")
            self.field.props["aria-label"] = title
            self.mistake = ui.element("p").classes("wrong").props("role=alert")
        self.known = ""  # what the browser shows
        self._show()
        beside = f"document.getElementById('{self.field.html_id}').value = event.target.value"
        moved = f"(event) => {{ {beside}; emit(event.target.value); }}"
        self.slider.on("input", self._moved, js_handler=moved, throttle=0.03)
        self.field.on("change", self._typed, js_handler="(event) => emit(event.target.value)")
        room.listen(room.desk.changed, self._show)

    def _moved(self, event: Any) -> None:
        self._say(None)
        self.known = str(event.args)
        self._set(self.room.desk.move(SetKey(self.key, typed(self.known))))

    def _typed(self, event: Any) -> None:
        self._say(None)
        self.known = ""
        self._set(self.room.desk.do(SetKey(self.key, typed(event.args))))

    def _set(self, doing: Coroutine[Any, Any, None]) -> None:
        async def act() -> None:
            try:
                await doing
            except SubsidyError as error:
                self._say(error)

        background_tasks.create(act())

    def _say(self, error: SubsidyError | None) -> None:
        """Say beside the field what is wrong with what was typed."""
        self.mistake.clear()
        if error is not None:
            with self.mistake:
                for said in beside(self.room, error):
                    text(said, "span")

    def _show(self) -> None:
        """Put what stands into the browser, unless it came from there: no move hears its own echo."""
        now = numbers(self.room.desk.now.draft).get(self.key)
        if now is not None and now.shown != self.known:
            self.known = now.shown
            put(self.slider, self.known)
            put(self.field, self.known)


# ---- where nothing is possible ------------------------------------------------------------------


def _show_trouble(room: Room, panel: ui.element, error: SubsidyError) -> None:
    """Say what contradicts what, with each way out as a button."""
    ways = error.ways_out if isinstance(error, InfeasibleError) else ()
    panel.clear()
    with panel:
        text(room.told(error.message), "h2")
        with ui.element("ul").classes("list"):
            for problem in error.problems:
                if not ways or not problem.hint:  # a change is offered as a button
                    said = " ".join(
                        filter(None, map(room.told, (problem.message, problem.expected)))
                    )
                    text(said, "li")
        if ways:
            text(room.say("可以這樣修改，任選其一：", "Any one of these mends it:"))
        for way in ways:
            event = Mend(way.values, way.drop)
            room.button(room.told(way.text), partial(room.do, event))


# ---- why ----------------------------------------------------------------------------------------


class _Drawer:
    """Why one application got what it got, and the decision on it by hand."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.panel = ui.element("aside").classes("drawer")
        self.panel.props["aria-label"] = room.say("說明", "Explanation")
        self.panel.set_visibility(False)
        self.panel.on("keydown.escape", self._close)
        self.shown = ""
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
        desk: Workbench = self.room.desk
        if self.panel.visible and desk.waiting is None and desk.answer is not None:
            background_tasks.create(self._explain(self.shown))

    async def _explain(self, application_id: str) -> None:
        room, desk = self.room, self.room.desk
        answer = desk.answer
        row = next((r for r in answer.rows if r[1] == application_id), None) if answer else None
        if row is None:
            return
        try:
            said = await desk.explain(application_id)
            lines = [room.told(statement.full) for statement in said.statements]
        except SubsidyError as error:
            lines = [error.say(room.language)]
        if self.shown != application_id or not room.is_there:
            return
        self.panel.clear()
        with room.client, self.panel:
            self._head(f"{application_id} {row[2]}")
            text(f"{row[3]}・{row[4]}")
            for line in lines:
                text(line)
            self._by_hand(application_id)

    def _by_hand(self, application_id: str) -> None:
        room = self.room
        text(room.say("人工核定", "Decide by hand"), "h3")
        with ui.element("div").classes("form"):
            who = ui.input(room.say("決定者", "Who decides")).props("dense outlined")
            why = ui.input(room.say("理由", "Why")).props("dense outlined")

            def decide(verdict: Verdict) -> None:
                room.do(Decide(application_id, verdict, who.value or "", why.value or ""))

            with ui.row():
                room.button(room.say("核定補助", "Fund"), lambda: decide("fund"))
                room.button(room.say("不予補助", "Refuse"), lambda: decide("refuse"))
                room.button(room.say("依規則決定", "Leave to the rules"), lambda: decide("open"))
