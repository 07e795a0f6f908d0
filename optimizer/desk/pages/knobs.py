"""The knobs: any number of the policy on a slider, with its value in the file and where the answer changes."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any

from nicegui import background_tasks, ui

from optimizer.desk.departures import differences
from optimizer.desk.errands import Errand, nearest
from optimizer.desk.events import SetKey
from optimizer.desk.fields import Number, numbers
from optimizer.desk.pages.room import Room, begin_with, beside, choice, options, put, text
from optimizer.desk.pages.scenarios import pin_form
from optimizer.language.text import Text
from optimizer.language.words import figure
from optimizer.problems.errors import SubsidyError, UsageError

POOL = "pool.amount"
_NO_NUMBER = Text("請填不小於 0 的數字，例如 5,000。", "Write a number not below 0, e.g. 5,000.")
_SEPARATED = "Number(event.target.value).toLocaleString('en-US')"
_WIDE = 1000  # of a track, in units of its own


def knobs(room: Room) -> None:
    """Show the knobs that are there, what can become one, and the form that pins."""
    with ui.element("section").classes("card knobs") as strip, room.only("explore"):
        strip.props["aria-label"] = room.say("旋鈕", "Knobs")
        with room.draft():
            shown = ui.element("div").classes("knobs")
            more = choice(room.say("＋ 加一個旋鈕", "＋ Add a knob"), lambda key: add(key))
        pin_form(room)

    there: dict[str, ui.element] = {}
    offered: dict[str, str] = {}

    def show() -> None:
        known = numbers(room.desk.now.draft)
        for key in set(there) - {key for key in room.desk.knobs if key in known}:
            there.pop(key).delete()
        with shown:
            for key in room.desk.knobs:
                if key in known and key not in there:
                    there[key] = _Knob(room, known[key], partial(remove, key)).panel
        rest = {key: room.told(n.title) for key, n in known.items() if key not in there}
        if rest != offered:
            offered.clear()
            offered.update(rest)
            more.clear()
            with more:
                options({"": "", **rest}, "")

    def remove(key: str) -> None:
        room.desk.knobs.remove(key)
        show()

    def add(key: str) -> None:
        if key in offered:
            room.desk.knobs.append(key)
            show()

    show()
    room.listen(room.desk.changed, show)


class _Knob:
    """A slider and a field for one number of the policy; both show what stands."""

    def __init__(self, room: Room, number: Number, remove: Any) -> None:
        self.room, self.key, self.number = room, number.key, number
        self.file = numbers(room.desk.now.file).get(number.key)
        self.usual = self.most = max(number.most, self.file.most if self.file else 0)
        self.known = number.plain  # what the browser shows
        title = room.told(number.title)
        with ui.element("div").classes("knob") as self.panel:
            text(title, "span").classes("name")
            button = room.button("explore", "✕", remove).classes("remove")
            button.props["aria-label"] = room.say(f"移除旋鈕：{title}", f"Remove the knob: {title}")
            self.slider = ui.element("input").props("type=range")
            self.slider.props.update(
                {"min": 0, "max": self.most, "step": number.step, "aria-label": title}
            )
            self.field = ui.element("input").props("inputmode=decimal autocomplete=off")
            self.field.props["aria-label"] = title
            begin_with(self.slider, number.plain)
            begin_with(self.field, number.shown)
            self.track = ui.html("", sanitize=False).classes("track")
            with ui.element("div").classes("below"):
                self._below()
            self.mistake = ui.element("p").classes("wrong").props("role=alert")
        beside = f"document.getElementById('{self.field.html_id}').value = {_SEPARATED}"
        moved = f"(event) => {{ {beside}; emit(event.target.value); }}"
        self.slider.on("input", self._moved, js_handler=moved, throttle=0.03)
        self.field.on("change", self._typed, js_handler="(event) => emit(event.target.value)")
        self._drawn()
        room.listen(room.desk.changed, self._show, owner=self.panel)

    def _below(self) -> None:
        """Say what the file has, as a way back to it; of the pool, where the list changes."""
        room, file = self.room, self.file
        if file is not None:
            value = f"{figure(file.value)}{file.sign}"
            said = room.say(f"計畫檔 {value}", f"Policy file {value}")
            back = room.button(
                "explore", said, lambda: room.do(SetKey(self.key, file.read(file.shown)))
            )
            back.classes("back")
            label = room.say("改回計畫檔的值", "Back to the file's value")
            back.props["aria-label"] = (
                f"{said}（{label}）" if room.language != "en" else f"{said}: {label}"
            )
        self.turns = ui.element("span").props("aria-live=polite")
        self.turned = ""  # what was said there last
        if self.key == POOL:
            self.room.listen(self.room.desk.background.heard, self._turns, owner=self.panel)

    # ---- where the answer changes ----------------------------------------------------------------

    def _breaks(self) -> tuple[int, ...] | None:
        """Return where the list changes with the pool; None where that is not known of what stands."""
        done = self.room.desk.background.done
        pool = self.room.desk.now.draft.settings.pool.amount
        for kind in ("pools", "prices"):
            running = done.get(kind)
            if running is None or running.brought is None:
                continue
            differ = differences(running.errand.policy, self.room.desk.now.draft)
            least, most = running.brought.reach
            if {part.part for part in differ} <= {POOL} and least <= pool <= most:
                return tuple(running.brought.breaks)
        return None

    def _turns(self) -> None:
        room, breaks = self.room, self._breaks()
        said = room.say("找出名單的轉折點", "Find where the list changes")
        if looking := "pools" in room.desk.background.under_way:
            said = room.say("找轉折點中…", "Looking…")
        elif breaks is not None:
            said = room.told(nearest(breaks, room.desk.now.draft.settings.pool.amount))
        if said != self.turned:
            self.turned = said
            self.turns.clear()
            with self.turns:
                if looking or breaks is not None:
                    text(said, "span")
                else:
                    room.button("explore", said, self._find).classes("back")
        self._draw(breaks or ())

    def _drawn(self) -> None:
        """Bring the track up to date, and of the pool what is said of its turns."""
        if self.key == POOL:
            self._turns()
        else:
            self._draw()

    def _find(self) -> None:
        desk = self.room.desk
        self.room.begin(Errand("pools", desk.now.draft, desk.beside("pools")))

    def _draw(self, breaks: Sequence[int] = ()) -> None:
        """Draw the file's value and the breaks on the track."""
        lines = "".join(f"M{x} 0V5" for x in dict.fromkeys(_WIDE * b // self.most for b in breaks))
        own = f"M{int(_WIDE * self.file.value / self.most)} 0V12" if self.file else ""
        page = (
            f'<svg viewBox="0 0 {_WIDE} 12" preserveAspectRatio="none" aria-hidden="true">'
            f'<path class="breaks" d="{lines}"/><path class="own" d="{own}"/></svg>'
        )
        if page != self.track.content:
            self.track.set_content(page)

    # ---- moving ------------------------------------------------------------------------------------

    def _moved(self, event: Any) -> None:
        self._say(None)
        self.known = str(event.args)
        self._set(self.room.desk.move(SetKey(self.key, self.number.read(self.known))))

    def _typed(self, event: Any) -> None:
        self._say(None)
        self.known = ""
        value = self.number.read(str(event.args))
        if value is None:
            self._say(UsageError(_NO_NUMBER))
        else:
            self._set(self.room.desk.do(SetKey(self.key, value)))

    def _set(self, doing: Coroutine[Any, Any, None]) -> None:
        async def act() -> None:
            try:
                await doing
            except SubsidyError as error:
                self._say(error)
                if isinstance(error, UsageError):  # not for its value: the knob goes back
                    self.known = ""
                    with self.room.client:
                        self._show()

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
        if now is None:
            return
        self.number = now
        most = self.usual if now.value <= self.usual else now.most
        if most != self.most:
            self.most = most
            self.slider.props["max"] = most
        if now.plain != self.known:
            self.known = now.plain
            put(self.slider, now.plain)
            put(self.field, now.shown)
        self._drawn()
