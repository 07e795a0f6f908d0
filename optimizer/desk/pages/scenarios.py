"""The room of the scenarios: what was pinned, side by side."""

from __future__ import annotations

from functools import partial

from nicegui import background_tasks, ui

from optimizer.desk.departures import differences
from optimizer.desk.events import Compare, Unpin
from optimizer.desk.fields import told
from optimizer.desk.on_screen import OnScreen
from optimizer.desk.pages.room import Room, text
from optimizer.desk.scenario_file import scenarios_toml
from optimizer.desk.state import Pinned
from optimizer.problems.errors import SubsidyError

Known = OnScreen | SubsidyError


def scenarios_room(room: Room) -> None:
    """Show the room."""
    panel = ui.element("section").classes("card")

    def show() -> None:
        panel.clear()
        with panel:
            pins = room.desk.now.now.pins
            text(room.say("釘選的情境", "Pinned scenarios"), "h2")
            if not pins:
                text(
                    room.say(
                        "尚未釘選。請在「分配」調整後，為結果取名並按「釘選目前結果」。",
                        "Nothing is pinned yet: in Answer, name what stands and pin it.",
                    )
                )
                return
            text(room.say("計算中…", "Working…"))
            background_tasks.create(_side_by_side(room, panel, pins))

    show()
    room.listen(room.desk.changed, show)


async def _side_by_side(room: Room, panel: ui.element, pins: tuple[Pinned, ...]) -> None:
    """Show the five numbers of each, and what its rules say otherwise than the file."""
    desk = room.desk
    found = [(pin, await desk.look(pin.policy)) for pin in pins]
    if pins != desk.now.now.pins or not room.is_there:
        return
    panel.clear()
    with panel:
        text(room.say("釘選的情境", "Pinned scenarios"), "h2")
        _table(room, found)
        file = scenarios_toml(desk.now.file, pins)
        room.button(
            room.say("下載 scenarios.toml", "Download scenarios.toml"),
            lambda: ui.download.content(file.encode(), "scenarios.toml"),
        )


def _table(room: Room, found: list[tuple[Pinned, Known]]) -> None:
    with ui.element("div").classes("wide").props("tabindex=0 role=region") as wide:
        wide.props["aria-label"] = room.say("情境並列", "Side by side")
        with ui.element("table").classes("plain-table"):
            with ui.element("thead"), ui.element("tr"):
                text(room.say("項目", "Figure"), "th").props("scope=col")
                for pin, _ in found:
                    text(pin.name, "th").props("scope=col")
            with ui.element("tbody"):
                _numbers(room, found)
                _row(room.say("規則差異", "Rules"), [_rules(room, pin) for pin, _ in found])
                _buttons(room, [pin for pin, _ in found])


def _numbers(room: Room, found: list[tuple[Pinned, Known]]) -> None:
    shown = [known for _, known in found if isinstance(known, OnScreen)]
    for number, one in enumerate(shown[0].numbers if shown else ()):
        cells = [_number(known, number) for _, known in found]
        _row(f"{one['title']}（{one['unit']}）", cells)
    _row(
        room.say("狀態", "Standing"),
        [k.status if isinstance(k, OnScreen) else room.told(k.message) for _, k in found],
    )


def _number(known: Known, number: int) -> str:
    if not isinstance(known, OnScreen):
        return "—"
    one = known.numbers[number]
    change = f" {'▲' if one['up'] else '▼'}{one['change']}" if one["change"] else ""
    return f"{one['value']}{change}"


def _row(title: str, cells: list[str]) -> None:
    with ui.element("tr"):
        text(title, "th").props("scope=row")
        for cell in cells:
            text(cell, "td")


def _rules(room: Room, pin: Pinned) -> str:
    file = room.desk.now.file
    differ = (room.told(told((pin.policy, file), part)) for part in differences(file, pin.policy))
    return "；".join(differ) or room.say("與計畫檔相同", "as the policy file")


def _buttons(room: Room, pins: list[Pinned]) -> None:
    with ui.element("tr"):
        text("", "td")
        for pin in pins:
            with ui.element("td"):
                for said, event in (
                    (room.say("與此比較", "Compare with it"), Compare(pin.name)),
                    (room.say("移除", "Remove"), Unpin(pin.name)),
                ):
                    button = room.button(said, partial(room.do, event))
                    button.props["aria-label"] = f"{said}: {pin.name}"
