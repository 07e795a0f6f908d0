"""The room of the rules: each says its own sentence, beside the fields that its clause declares."""

from __future__ import annotations

from functools import partial
from typing import Any

from nicegui import background_tasks, ui

from optimizer.clauses import Clause, Priority
from optimizer.desk.departures import Differs
from optimizer.desk.events import Add, Clear, Drop, Event, Order, SetKey, TakeBack
from optimizer.desk.fields import Field, fields_of_rule, fields_of_tables, parsed_sample, told
from optimizer.desk.pages.room import Room, begin_with, beside, options, put, text
from optimizer.language.text import Text
from optimizer.policy.catalogue import catalogue
from optimizer.policy.problems import TABLES
from optimizer.problems.errors import SubsidyError


def rules_room(room: Room) -> None:
    """Show the room."""
    with ui.element("section").classes("card") as effect:
        effect.props["aria-live"] = "polite"
    _Departures(room)
    tables = _Card(room, None)
    with ui.element("div").classes("rules") as cards:
        pass
    shown: dict[str, _Card] = {}

    def show() -> None:
        """Bring every card up to date; they are made anew only where there are others."""
        tables.show(None)
        rules = [r for r in room.desk.now.draft.rules if r.section in ("clause", "priority")]
        if [*shown] == list(map(_name, rules)):
            for rule in rules:
                shown[_name(rule)].show(rule)
            return
        shown.clear()
        cards.clear()
        with cards:
            shown.update({_name(rule): _Card(room, rule) for rule in rules})
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
        room, now = self.room, self.room.desk.now
        said = room.told(told((now.draft, now.file), part))
        with ui.element("li"):
            text(said, "span")
            back = room.button(room.say("取回", "Take back"), lambda: room.do(TakeBack(part.part)))
            back.props["aria-label"] = room.say(f"取回：{said}", f"Take back: {said}")


# ---- cards --------------------------------------------------------------------------------------


class _Card:
    """A rule with its sentence and its fields; or, for None, the tables that every rule may look at."""

    def __init__(self, room: Room, rule: Clause | None) -> None:
        self.room, self.rule = room, rule
        with ui.element("section").classes("card rule") as card:
            title = room.told(rule.spoken) if rule else _TABLES.say(room.language)
            card.props["aria-label"] = title
            text(title, "h2")
            self.sentence = ui.element("div").props("aria-live=polite")
            with ui.element("details"):
                text(room.say("修改", "Change"), "summary")
                with ui.element("div").classes("keys"):
                    self.fields = {field.key: _Shown(room, field) for field in self._fields(rule)}
                if rule:
                    with ui.element("div").classes("keys"):
                        _moves(room, rule)
        self._say(rule)

    def _fields(self, rule: Clause | None) -> list[Field]:
        return fields_of_rule(rule) if rule else fields_of_tables(self.room.desk.now.draft)

    def _say(self, rule: Clause | None) -> None:
        self.sentence.clear()
        rules = (
            [rule] if rule else [r for r in self.room.desk.now.draft.rules if r.section in TABLES]
        )
        with self.sentence:
            for one in rules:
                section = self.room.say(f"依據：{one.reference}", f"Section {one.reference}")
                text(self.room.told(one.sentence()))
                if one.reference:
                    text(section).classes("small")

    def show(self, rule: Clause | None) -> None:
        """Bring it up to date; what is being typed in stays as it is."""
        if rule != self.rule or rule is None:
            self.rule = rule
            self._say(rule)
            for field in self._fields(rule):
                if field.key in self.fields:
                    self.fields[field.key].show(field)


_TABLES = Text("經費、審查與核給", "Pool, review and awards")


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

    def __init__(self, room: Room, field: Field) -> None:
        self.room, self.field = room, field
        with ui.element("label").classes("field"):
            text(room.told(field.title), "span")
            self.control = self._control()
            self.mistake = ui.element("span").classes("wrong").props("role=alert")
        emit = "(event) => emit(event.target.value)"
        self.control.on("change", self._changed, js_handler=emit)

    def _control(self) -> ui.element:
        if not self.field.options:
            control = ui.element("input").props("autocomplete=off")
            begin_with(control, self.field.shown)
            return control
        with ui.element("select") as control:
            words = {value: self.room.told(said) for value, said in self.field.options.items()}
            options(words, self.field.shown)
        return control

    def show(self, field: Field) -> None:
        """Put what stands into the browser, unless it came from there."""
        if field.shown != self.field.shown:
            put(self.control, field.shown)
        self.field = field

    def _changed(self, event: Any) -> None:
        field, said = self.field, str(event.args)
        empty = field.form == "toml" and not said.strip()
        change: Event = Clear(field.key) if empty else SetKey(field.key, field.read(said))
        self.mistake.clear()
        try:
            changed = self.room.desk.done(change)
        except SubsidyError as error:
            with self.mistake:
                for words in beside(self.room, error):
                    text(words, "span")
            return
        if changed:
            background_tasks.create(self.room.desk.refresh())


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
