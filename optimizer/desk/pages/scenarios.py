"""The room of the scenarios: what was pinned, side by side, and who moves between any two."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from functools import partial
from typing import Any, TypeVar

from nicegui import background_tasks, ui

from optimizer.desk.events import Compare, GoOn, Pin, Rename, Unpin
from optimizer.desk.on_screen import Row
from optimizer.desk.pages.listing import MOST_ROWS, listing, sheet
from optimizer.desk.pages.room import Room, text
from optimizer.desk.pages.studies import Study, studies
from optimizer.desk.scenario_file import scenarios_toml
from optimizer.desk.side_by_side import (
    Alternative,
    Shared,
    districts,
    figures,
    rules_that_differ,
    shared,
    standing,
)
from optimizer.desk.state import FILE, Pinned
from optimizer.language.text import Text, money
from optimizer.problems.errors import SubsidyError

T = TypeVar("T")
_FILE = Text("計畫檔", "Policy file")


def scenarios_room(room: Room) -> None:
    """Show the room."""
    with ui.element("section").classes("card stack"):
        text(room.say("釘選的情境", "Pinned scenarios"), "h2")
        pin_form(room)
        with room.only("explore"):
            pins = ui.element("ul").classes("list pins")
    _SideBySide(room)
    _Moves(room)
    studies(room, (Study.PRICES, Study.ROBUSTNESS))

    shown: list[Pinned] = []

    def show() -> None:
        now = list(room.desk.now.now.pins)
        if now != shown:
            shown[:] = now
            pins.clear()
            with pins:
                for pin in now:
                    _pin(room, pin)

    show()
    room.listen(room.desk.changed, show)


def pin_form(room: Room) -> None:
    """Offer to pin what stands under a name."""
    form = ui.element("form").classes("inline").on("submit.prevent", lambda: None)
    with form, room.only("explore"):
        name = ui.input(room.say("釘選名稱", "Pin as")).props("dense outlined maxlength=40")

        def pin() -> None:
            if room.do(Pin(name.value or "")):
                name.set_value("")

        button = room.button("explore", room.say("釘選目前結果", "Pin this answer"), pin)
        button.props["title"] = room.say("此後並與此比較", "and compare with it from now on")
        name.on("keydown.enter", pin)  # of the button, its own press


def _pin(room: Room, pin: Pinned) -> None:
    """Show one pin: its name, to be typed over, and what can be done with it."""
    with ui.element("li"):
        label = room.say(f"情境名稱：{pin.name}", f"Name of the scenario: {pin.name}")
        with room.draft():
            name = ui.element("input").classes("name")
        name.props.update({"value": pin.name, "aria-label": label, "maxlength": 40})
        name.on(
            "change",
            lambda event: room.do(Rename(pin.name, str(event.args))),
            js_handler="(event) => emit(event.target.value)",
        )
        for said, event in (
            (room.say("與此比較", "Compare with it"), Compare(pin.name)),
            (room.say("以此接續", "Go on from it"), GoOn(pin.name)),
            (room.say("移除", "Remove"), Unpin(pin.name)),
        ):
            with room.draft() if isinstance(event, GoOn) else nullcontext():
                button = room.button("explore", said, partial(room.do, event))
            button.props["aria-label"] = room.headed(said, pin.name)


# ---- side by side -------------------------------------------------------------------------------


class _SideBySide:
    """The policy file and every pin, a column each; what is known of a policy is not asked again."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.known: list[Alternative] = []
        self.panel = ui.element("section").classes("card stack").props("aria-live=polite")
        self._begin()
        room.listen(room.desk.changed, self._begin)

    def _wanted(self) -> list[tuple[str, Any]]:
        now = self.room.desk.now
        names = {FILE: self.room.told(_FILE), **{pin.name: pin.name for pin in now.now.pins}}
        return [(said, now.kept(name)) for name, said in names.items()]

    def _begin(self) -> None:
        wanted = self._wanted()
        if [(one.name, one.policy) for one in self.known] == wanted:
            return
        self.panel.clear()
        with self.panel:
            text(self.room.say("情境並列", "Side by side"), "h2")
            if len(wanted) == 1:
                text(
                    self.room.say(
                        "尚未釘選。調整規則或經費後，為結果取名並按「釘選目前結果」，最多 6 個。",
                        "Nothing is pinned yet: change rules or money, then name what stands and pin "
                        "it; up to six.",
                    )
                )
                return
            text(self.room.say("計算中…", "Working…"))
        background_tasks.create(self._look(wanted))

    async def _look(self, wanted: list[tuple[str, Any]]) -> None:
        found = []
        for name, policy in wanted:
            known = next((one.answer for one in self.known if one.policy == policy), None)
            found.append(Alternative(name, policy, known or await self.room.desk.look(policy)))
        if wanted != self._wanted() or not self.room.is_there:
            return
        self.known = found
        self.panel.clear()
        with self.room.client, self.panel:
            text(self.room.say("情境並列", "Side by side"), "h2")
            self._tables()

    def _tables(self) -> None:
        room, columns = self.room, self.known
        names = [one.name for one in columns]
        rules = [
            (title, list(map(room.told, cells)))
            for title, cells in _told(room, rules_that_differ(room.desk.now.file, columns))
        ]
        status = (room.say("狀態", "Standing"), list(map(room.told, map(standing, columns))))
        listing(
            room.say("情境並列", "Side by side"),
            [room.say("項目", "Item"), *names],
            (
                (room.say("規則差異", "Rules that differ"), rules),
                (room.say("結果", "Results"), [status, *_told(room, figures(columns))]),
                (room.say("優先順序", "Priorities"), _told(room, figures(columns, True))),
            ),
        )
        with ui.element("details"):
            text(room.say("各行政區獲補助件數", "Funded by district"), "summary")
            head = room.say("行政區（申請件數）", "District (applications)")
            listing(head, [head, *names], (("", _told(room, districts(columns))),))
        _who(room, shared(columns), names)
        self._export()

    def _export(self) -> None:
        room = self.room
        pins = room.desk.now.now.pins
        file = scenarios_toml(room.desk.now.file, pins)
        room.button(
            "look",
            room.say("下載 scenarios.toml", "Download scenarios.toml"),
            lambda: ui.download.content(file.encode(), "scenarios.toml"),
        )
        studies(room, (Study.COMPARISON,))


def _told(room: Room, rows: Iterable[tuple[Text, list[T]]]) -> list[tuple[str, list[T]]]:
    return [(room.told(head), cells) for head, cells in rows]


def _who(room: Room, found: Shared, names: list[str]) -> None:
    """Say who is funded in all lists, in some, in none."""
    text(room.say("誰在哪些情境獲補助", "Who is funded where"), "h3")
    _people(room, room.say("各情境皆獲補助", "Funded in all"), found.all)
    _people(room, room.say("各情境皆未獲補助（符合資格）", "Eligible, funded in none"), found.none)
    some = room.say("部分情境獲補助", "Funded in some")
    with ui.element("details").props("open"):
        text(room.headed(some, room.count(len(found.some))), "summary")
        rows = [
            (_named(who), [_amount(award) for award in awards])
            for who, awards in found.some[:MOST_ROWS]
        ]
        listing(some, [room.say("申請", "Application"), *names], (("", rows),))


def _people(room: Room, said: str, who: tuple[Row, ...]) -> None:
    with ui.element("details"):
        text(room.headed(said, room.count(len(who))), "summary")
        text(room.listed(f"{one[0]} {one[1]}" for one in who) or "—")


def _named(who: Row) -> str:
    return " ".join(map(str, who))


def _amount(award: int | None) -> str:
    if award is None:
        return "—"
    return f"✓ {money(award)}" if award else "✗"


# ---- who moves ----------------------------------------------------------------------------------


class _Moves:
    """Who moves between any two of them, and why."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.panel = ui.element("section").classes("card stack")
        self.names: list[str] = []
        self.chosen: list[str] = []
        self._show()
        room.listen(room.desk.changed, self._show)

    def _names(self) -> list[str]:
        return [FILE, *(pin.name for pin in self.room.desk.now.now.pins)]

    def _show(self) -> None:
        room, names = self.room, self._names()
        if names == self.names:
            return
        self.names = names
        self.panel.set_visibility(len(names) > 1)
        self.panel.clear()
        if len(names) < 2:
            return
        self.chosen = [FILE, names[-1]]
        with self.panel:
            text(room.say("兩個情境之間誰有異動", "Who moves between two"), "h2")
            with ui.element("div").classes("inline"):
                for at, label in enumerate((room.say("從", "From"), room.say("到", "To"))):
                    self._select(at, label, names)
                room.button(
                    "look", room.say("列出異動與理由", "List who moves, and why"), self._ask
                )
            self.found = ui.element("div").props("aria-live=polite")

    def _select(self, at: int, label: str, names: list[str]) -> None:
        with ui.element("label").classes("field"):
            text(label, "span")
            with ui.element("select") as choice:
                for name in names:
                    option = text(name or self.room.told(_FILE), "option")
                    option.props["value"] = name
                    option.props["selected"] = name == self.chosen[at]

        def chosen(event: Any) -> None:
            self.chosen[at] = str(event.args)

        choice.on("change", chosen, js_handler="(event) => emit(event.target.value)")

    async def _ask(self) -> None:
        room, now, found = self.room, self.room.desk.now, self.found
        one, other = map(now.kept, self.chosen)
        found.clear()
        with found:
            text(room.say("計算中…", "Working…"))
        said: Any
        try:
            said = await room.desk.moves(other, one, room.language)
        except SubsidyError as error:
            said = error
        if found.is_deleted or not room.is_there:
            return
        found.clear()
        with room.client, found:
            if isinstance(said, SubsidyError):
                text(said.say(room.language)).classes("wrong")
            elif not said.rows:
                text(room.say("兩者的核定名單與金額完全相同。", "The awards are the same in both."))
            else:
                text(room.count(len(said.rows)))
                sheet(said)
