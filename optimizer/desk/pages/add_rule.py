"""A rule more: every one that the program knows, to be filled in before it is added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from optimizer.clauses import Clause
from optimizer.desk.events import Add, Clear, SetKey
from optimizer.desk.key_forms import fields_of_rule
from optimizer.desk.pages.fields_shown import FieldShown
from optimizer.desk.pages.room import Room, bare, text
from optimizer.desk.samples import alike_in, offered, sample, with_it
from optimizer.policy.catalogue import Rule
from optimizer.problems.errors import Problem, SubsidyError


def add_rule(room: Room, add: Callable[[Add], bool]) -> ui.element:
    """Offer every rule; return where.

    Parameters
    ----------
    room
        Where it is shown.
    add
        Called with the rule that is filled in; says whether it was added.
    """
    known = offered()
    with ui.element("section").classes("card rule") as card, room.only("explore"), room.draft():
        text(room.say("加入規則", "Add a rule"), "h2")
        with ui.element("label").classes("field"):
            text(room.say("規則種類", "Kind of rule"), "span")
            with ui.element("select") as choice:
                none = text("", "option")
                none.props["value"] = ""
                for name, rule in known.items():
                    priority = room.say("（優先順序）", " (priority)")
                    said = room.told(rule.title) + priority * (rule.section == "priority")
                    text(said, "option").props["value"] = name
        place = ui.element("div").classes("rule")
        filled: list[_Filled] = []

        def show(chosen: Any) -> None:
            place.clear()
            filled.clear()
            if rule := known.get(str(chosen.args)):
                with place:
                    filled.append(_Filled(room, rule, added))

        def added(event: Add) -> None:
            if add(event):
                place.clear()
                filled.clear()
                ui.run_javascript(f"document.getElementById('{choice.html_id}').value = ''")

        def say() -> None:
            for one in filled:
                one.say()

        choice.on("change", show, js_handler="(event) => emit(event.target.value)")
        room.listen(room.desk.changed, say)
    return card


class _Filled:
    """The fields of a rule that is not added yet, what it would say, and the button that adds it."""

    def __init__(self, room: Room, rule: Rule, add: Callable[[Add], None]) -> None:
        self.room, self.section, self.add = room, rule.section, add
        self.entry = sample(rule, room.desk.columns)
        if about := room.told(rule.about):
            text(about)
        self.said = ui.element("div").classes("rule").props("aria-live=polite")
        self.keys = ui.element("div").classes("keys")
        self.fields: dict[str, FieldShown] = {}
        self.button = room.button("explore", room.say("加入", "Add"), self._add, strong=True)
        self.say()

    def _add(self) -> None:
        self.add(Add(self.section, dict(self.entry)))  # type: ignore[arg-type]

    def _set(self, change: SetKey | Clear) -> None:
        name = change.key.rpartition(".")[2]
        self.entry.pop(name, None)
        if isinstance(change, SetKey):
            self.entry[name] = change.value
        self.say()

    def say(self) -> None:
        """Say what the rule would be, or what is wrong with it; nothing is added by that."""
        try:
            rule = with_it(self.room.desk.now, self.section, self.entry)
        except SubsidyError as error:
            self._said(None, error.problems, error)
        else:
            self._show(rule)
            self._said(rule)

    def _show(self, rule: Clause) -> None:
        with self.keys:
            for field in fields_of_rule(rule, self.room.desk.columns):
                if field.name in self.fields:
                    self.fields[field.name].show(field)
                else:
                    self.fields[field.name] = FieldShown(self.room, field, self._set)

    def _said(
        self,
        rule: Clause | None,
        problems: Sequence[Problem] = (),
        error: SubsidyError | None = None,
    ) -> None:
        room, named = self.room, [p.column.rpartition(".")[2] for p in problems]
        for name, field in self.fields.items():
            field.mark([p for p, key in zip(problems, named, strict=True) if key == name])
        self.button.props["disabled"] = rule is None
        self.button.update()
        self.said.clear()
        with self.said:
            if rule is not None:
                text(room.headed(room.say("加入後", "Once added"), room.told(rule.sentence())))
                if alike := alike_in(room.desk.now.draft, self.entry):
                    text(self._beside(alike)).classes("wrong")
            elif not problems and error is not None:
                text(room.told(error.message)).classes("wrong")
            for problem, key in zip(problems, named, strict=True):
                if key not in self.fields:
                    text(bare(problem).say(room.language)).classes("wrong")

    def _beside(self, alike: Clause) -> str:
        stands = self.room.told(alike.sentence())
        return self.room.say(
            f"已有同類規則，加入後兩者都須遵守：{stands}",
            f"There is one like it, and both will hold: {stands}",
        )
