"""A rule more: every one that the program knows, each with an example filled from the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui

from optimizer.desk.events import Add
from optimizer.desk.pages.room import Room, text
from optimizer.desk.samples import alike_in, offered, sample, sentence


def _alike(room: Room, entry: Mapping[str, Any]) -> str:
    """Say that there is a rule about the same already, if there is one."""
    rule = alike_in(room.desk.now.draft, entry)
    if rule is None:
        return ""
    stands = room.told(rule.sentence())
    return room.say(
        f"已有同類規則，兩者都須遵守：{stands}", f"There is one like it, and both hold: {stands}"
    )


def add_rule(room: Room, add: Callable[[Add], Any]) -> None:
    """Offer every rule; `add` is called with the one that is chosen."""
    known = offered()
    with ui.element("section").classes("card rule"), room.only("explore"):
        text(room.say("加入規則", "Add a rule"), "h2")
        with ui.element("label").classes("field"):
            text(room.say("規則種類", "Kind of rule"), "span")
            with ui.element("select") as choice:
                text("", "option").props["value"] = ""
                for name, rule in known.items():
                    priority = room.say("（優先順序）", " (priority)")
                    said = room.told(rule.title) + priority * (rule.section == "priority")
                    text(said, "option").props["value"] = name
        example = ui.element("div").props("aria-live=polite").classes("rule")

        def show(chosen: Any) -> None:
            example.clear()
            rule = known.get(str(chosen.args))
            if rule is None:
                return
            entry = sample(rule, room.desk.columns)
            with example:
                if about := room.told(rule.about):
                    text(about)
                text(room.say("例如：", "For instance: ") + room.told(sentence(rule, entry)))
                note = room.say("加入後可在卡片上修改。", "It can be changed on its card then.")
                text(note).classes("small")
                if alike := _alike(room, entry):
                    text(alike).classes("small wrong")
                event = Add(rule.section, entry)  # type: ignore[arg-type]
                room.button("explore", room.say("加入", "Add"), lambda: add(event))

        choice.on("change", show, js_handler="(event) => emit(event.target.value)")
