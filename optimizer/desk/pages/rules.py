"""The room of the rules: each says its own sentence, beside the fields that its clause declares."""

from __future__ import annotations

from functools import partial
from typing import Any

from nicegui import background_tasks, ui

from optimizer.clauses import Clause, Priority
from optimizer.desk.departures import ORDER, Differs
from optimizer.desk.events import Add, Clear, Drop, Event, Order, SetKey, TakeBack
from optimizer.desk.fields import Field, fields_of_rule, fields_of_tables, parsed_sample
from optimizer.desk.pages.room import Room, text
from optimizer.policy.catalogue import catalogue
from optimizer.problems.errors import SubsidyError


def rules_room(room: Room) -> None:
    """Show the room."""
    with ui.element("section").classes("card") as effect:
        effect.props["aria-live"] = "polite"
    _Departures(room)
    _tables(room)
    with ui.element("div").classes("rules") as cards:
        pass
    shown: dict[str, Clause] = {}

    def show() -> None:
        """Make the cards anew where a rule is another; the one that is typed in keeps its focus."""
        rules = [r for r in room.desk.now.draft.rules if r.section in ("clause", "priority")]
        if {_name(r): r for r in rules} == shown and [*shown] == list(map(_name, rules)):
            return
        shown.clear()
        shown.update({_name(r): r for r in rules})
        cards.clear()
        with cards:
            for rule in rules:
                _card(room, rule)
            _add(room)

    def answered() -> None:
        effect.clear()
        with effect:
            _effect(room)

    show()
    answered()
    room.listen(room.desk.changed, show)
    room.listen(room.desk.answered, answered)


def _name(rule: Clause) -> str:
    return f"{rule.section}.{rule.label}"


def _effect(room: Room) -> None:
    """Say what the rules come to, or why they cannot be met."""
    desk = room.desk
    if desk.waiting is not None:
        text(room.say("計算中…", "Working…"))
    elif desk.answer is not None:
        said = (
            f"{one['title']} {one['value']} {one['unit']}"
            + (f" {'▲' if one['up'] else '▼'}{one['change']}" if one["change"] else "")
            for one in desk.answer.numbers
        )
        text(f"{'；'.join(said)}。{desk.answer.status}")
    elif desk.error is not None:
        text(room.told(desk.error.message)).classes("wrong")
        for problem in desk.error.problems[:8]:
            text(problem.say(room.language)).classes("wrong")


# ---- what differs from the file ------------------------------------------------------------------


class _Departures:
    """What differs from policy.toml, each to be taken back; and the button that writes it there."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.panel = ui.element("section").classes("card")
        self._show()
        room.listen(room.desk.changed, self._show)

    def _show(self) -> None:
        room, differ = self.room, self.room.desk.now.differences
        self.panel.clear()
        with self.panel:
            text(room.say("與計畫檔的差異", "What differs from the policy file"), "h2")
            if not differ:
                text(room.say("沒有差異。", "Nothing."))
                return
            with ui.element("ul").classes("list"):
                for part in differ:
                    self._part(part)
            save = room.say("寫入計畫檔（保留註解）", "Write to the policy file (comments kept)")
            room.button(save, lambda: room.act(room.desk.save()), strong=True)

    def _part(self, part: Differs) -> None:
        room = self.room
        name = room.say("優先順序", "order") if part.part == ORDER else part.part
        with ui.element("li"):
            nothing = room.say("（無）", "(nothing)")
            text(f"{name}：{part.before or nothing} → {part.after or nothing}", "span")
            back = room.button(room.say("取回", "Take back"), lambda: room.do(TakeBack(part.part)))
            back.props["aria-label"] = room.say(f"取回 {name}", f"Take back {name}")


# ---- fields -------------------------------------------------------------------------------------


def _tables(room: Room) -> None:
    with ui.element("section").classes("card rule"):
        text(room.say("經費、審查與核給", "Pool, review and awards"), "h2")
        with ui.element("div").classes("keys"):
            for field in fields_of_tables(room.desk.now.draft):
                _Shown(room, field, room.told(field.title))


def _card(room: Room, rule: Clause) -> None:
    with ui.element("section").classes("card rule") as card:
        card.props["aria-label"] = room.told(rule.spoken)
        text(room.told(rule.spoken), "h2")
        text(room.told(rule.sentence()))
        if rule.reference:
            text(room.say(f"依據：{rule.reference}", f"Section {rule.reference}")).classes("small")
        with ui.element("details"):
            text(room.say("修改", "Change"), "summary")
            with ui.element("div").classes("keys"):
                for field in fields_of_rule(rule):
                    _Shown(room, field, room.told(field.title))
            with ui.element("div").classes("keys"):
                _moves(room, rule)


def _moves(room: Room, rule: Clause) -> None:
    name = room.told(rule.spoken)
    buttons: list[tuple[str, str, Event]] = []
    if isinstance(rule, Priority):
        labels = [one.label for one in room.desk.now.draft.priorities]
        at = labels.index(rule.label)
        if at > 0:
            buttons.append(("↑", room.say("上移", "Move up"), _swapped(labels, at - 1)))
        if at < len(labels) - 1:
            buttons.append(("↓", room.say("下移", "Move down"), _swapped(labels, at)))
    buttons.append(("✕", room.say("刪除", "Remove"), Drop(_name(rule))))
    for sign, said, event in buttons:
        button = room.button(f"{sign} {said}", partial(room.do, event))
        button.props["aria-label"] = f"{said}: {name}"


def _swapped(labels: list[str], at: int) -> Order:
    """Return the order in which one and the next have changed places."""
    return Order((*labels[:at], labels[at + 1], labels[at], *labels[at + 2 :]))


class _Shown:
    """One field, with what is wrong with what was typed beside it."""

    def __init__(self, room: Room, field: Field, title: str) -> None:
        self.room, self.field = room, field
        with ui.element("label").classes("field"):
            text(title, "span")
            self._control()
        self.mistake = ui.element("p").classes("wrong").props("role=alert")

    def _control(self) -> None:
        field, room = self.field, self.room
        choices = {"true": room.say("是", "yes"), "false": room.say("否", "no")}
        if field.form == "choice":
            choices = {choice: choice for choice in field.choices}
        if field.form in ("choice", "yes_no"):
            control = ui.element("select")
            with control:
                for value, said in choices.items():
                    option = text(said, "option")
                    option.props.update({"value": value, "selected": value == field.shown})
        else:
            control = ui.element("input").props("autocomplete=off")
            ui.run_javascript(
                f"document.getElementById('{control.html_id}').value = {_quoted(field.shown)}"
            )
        control.on("change", self._changed, js_handler="(event) => emit(event.target.value)")

    def _changed(self, event: Any) -> None:
        background_tasks.create(self._set(str(event.args)))

    async def _set(self, said: str) -> None:
        field = self.field
        empty = field.form == "toml" and not said.strip()
        event: Event = Clear(field.key) if empty else SetKey(field.key, field.read(said))
        self.mistake.clear()
        try:
            await self.room.desk.do(event)
        except SubsidyError as error:
            with self.mistake:
                for problem in error.problems:
                    text(problem.say(self.room.language), "span")


def _quoted(said: str) -> str:
    import json

    return json.dumps(said)


# ---- a rule more --------------------------------------------------------------------------------


def _add(room: Room) -> None:
    """Offer every rule that the program knows, each with its example."""
    known = {f"{rule.section}.{rule.kind}": rule for rule in catalogue()}
    with ui.element("section").classes("card rule"):
        text(room.say("加入規則", "Add a rule"), "h2")
        with ui.element("label").classes("field"):
            text(room.say("規則種類", "Kind of rule"), "span")
            with ui.element("select") as choice:
                text("", "option").props["value"] = ""
                for name, rule in known.items():
                    kind = room.say("優先順序", "priority")
                    title = room.told(rule.title)
                    said = f"{title}（{kind}）" if rule.section == "priority" else title
                    text(said, "option").props["value"] = name
        example = ui.element("div")

        def show(event: Any) -> None:
            example.clear()
            rule = known.get(str(event.args))
            if rule is None:
                return
            with example:
                text(room.told(rule.about) or rule.about.en)
                text(room.say("例如：", "For instance: ") + room.told(rule.example))
                add = Add(rule.section, parsed_sample(rule.toml, rule.section))  # type: ignore[arg-type]
                room.button(room.say("加入", "Add"), lambda: room.do(add))

        choice.on("change", show, js_handler="(event) => emit(event.target.value)")
