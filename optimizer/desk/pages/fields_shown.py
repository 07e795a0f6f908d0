"""The fields of a rule in the browser: each of the kind that its key is of, what is wrong beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from nicegui import background_tasks, ui

from optimizer.desk.events import Clear, SetKey
from optimizer.desk.filled_in import NAMED, ROWS, Said, code_named, name_words
from optimizer.desk.key_forms import Field
from optimizer.desk.pages.room import Room, bare, begin_with, beside, options, put, text
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem, SubsidyError

Do = Callable[[SetKey | Clear], None]
_TYPING = 0.3  # seconds between two looks at what is being typed
_VALUE = "(event) => emit(event.target.value)"
_CHOSEN = ("yes_no", "choice", "column", "measure", "value")
_NUMBERS = ("number", "money", "share", "bound")
_UNITS = {"share": Text("%", "%"), "money": Text("元", "NT$")}


class FieldShown:
    """One field, with what is wrong with what was filled in beside it.

    Parameters
    ----------
    room, field
        Where, and which.
    do
        Does what was filled in, or raises what is wrong with it; unless given, it is done at once.
    """

    def __init__(self, room: Room, field: Field, do: Do | None = None) -> None:
        self.room, self.field, self._do = room, field, do or self._at_once
        self.live = do is not None  # what is shown of it goes along with the typing
        group = field.form in ROWS or (field.form == "list" and field.options)
        with ui.element("fieldset" if group else "label").classes("field") as self.place:
            self.place.props["title"] = field.name  # as policy.toml has it
            with ui.element("legend" if group else "span"):
                text(room.told(field.title), "span")
            with room.only("explore"):
                self.body = ui.element("div").classes("filled")
            self.mistake = ui.element("span").classes("wrong").props("role=alert")
        self.again: tuple[str, ...] = ()
        self.control: ui.element | None = None
        self._fill()

    def show(self, field: Field) -> None:
        """Put what stands into the browser, unless it came from there."""
        before, self.field = self.field, field
        if field.options != before.options or (self.control is None and field.said != before.said):
            self._fill()
        elif self.control is not None and field.said != before.said:
            put(self.control, field.shown)

    def mark(self, problems: Iterable[Problem]) -> None:
        """Say what the data say of it; what can be chosen stands in the field already."""
        chosen = bool(self.field.options)
        without = (replace(p, expected=EMPTY) if chosen else p for p in problems)
        found = tuple(bare(p).say(self.room.language) for p in without)
        if found != self.again:
            self.again = found
            self._wrong(found)

    def _wrong(self, said: Iterable[str]) -> None:
        self.mistake.clear()
        with self.mistake:
            for words in said:
                plain = words.replace(f"{self.field.name} = ", "")  # here, its value alone is typed
                text(f"✗ {plain}", "span")

    def _fill(self) -> None:
        self.control = None  # where there is one alone: it stays, with whoever is in it
        self.body.clear()
        with self.body:
            if self.field.form in ROWS:
                self._rows([list(row) for row in self.field.rows])
            elif self.field.form == "list" and self.field.options:
                self._boxes()
            elif self.field.form in _CHOSEN and self.field.options:
                self._select()
            else:
                self._input()

    def _input(self) -> None:
        control = self.control = ui.element("input").props("autocomplete=off")
        if self.field.form == "date":
            control.props["type"] = "date"
        elif self.field.form in _NUMBERS:
            control.props["inputmode"] = "decimal"
        begin_with(control, self.field.shown)
        control.on("change", lambda event: self._changed(str(event.args)), js_handler=_VALUE)
        if self.live:
            control.on(
                "input",
                lambda event: self._changed(str(event.args)),
                js_handler=_VALUE,
                throttle=_TYPING,
                leading_events=False,
            )
        if unit := _UNITS.get(self.field.form):
            text(self.room.told(unit), "span").classes("unit")

    def _select(self) -> None:
        room, stands = self.room, self.field.shown
        words = {value: room.told(said) for value, said in self.field.options.items()}
        if self.field.form == "value":
            words = {"": room.say("（未訂）", "(not set)"), **words}
        words.setdefault(stands, room.told(name_words(stands)))
        with ui.element("select") as control:
            options(words, stands)
        self.control = control
        control.on("change", lambda event: self._changed(str(event.args)), js_handler=_VALUE)

    def _boxes(self) -> None:
        """Show a box for each value that there is, and for each that the policy names."""
        chosen = list(self.field.said or ())
        named = {**self.field.options, **{one: name_words(one) for one in chosen}}

        def toggled(value: str, event: Any) -> None:
            kept = [one for one in named if (event.args if one == value else one in chosen)]
            self._changed(kept)

        for value, words in named.items():
            with ui.element("label").classes("box"):
                box = ui.element("input").props("type=checkbox")
                box.props["checked"] = value in chosen
                text(self.room.told(words), "span")
            box.on(
                "change",
                partial(toggled, value),
                js_handler="(event) => emit(event.target.checked)",
            )

    def _rows(self, rows: list[list[str]]) -> None:
        """Show a table with a row to be filled in at its end."""
        heads = ROWS[self.field.form]
        rows.append(["" for _ in heads])

        def typed(line: int, column: int, event: Any) -> None:
            said = str(event.args)
            named = column == 0 and self.field.form in NAMED
            rows[line][column] = code_named(said.strip(), self.field.form) if named else said
            if all(rows[line][: 2 if self.field.form != "decisions" else 1]):
                self._changed(rows)

        def removed(line: int) -> None:
            self._changed([row for n, row in enumerate(rows) if n != line])

        with ui.element("table").classes("plain-table"):
            with ui.element("thead"), ui.element("tr"):
                for head in heads:
                    text(self.room.told(head), "th").props("scope=col")
                text("", "td")
            with ui.element("tbody"):
                for line, row in enumerate(rows):
                    self._row(line, row, typed, removed)

    def _row(self, line: int, row: list[str], typed: Any, removed: Any) -> None:
        heads = ROWS[self.field.form]
        with ui.element("tr"):
            for column, (head, cell) in enumerate(zip(heads, row, strict=True)):
                with ui.element("td"):
                    control = ui.element("input").props("autocomplete=off")
                    control.props["aria-label"] = f"{self.room.told(head)} {line + 1}"
                words = NAMED.get(self.field.form) if column == 0 else None
                begin_with(control, self.room.told(words(cell)) if words else cell)
                control.on("change", partial(typed, line, column), js_handler=_VALUE)
            with ui.element("td"):
                if any(row):
                    name = self.room.say("刪除此列", "Remove the row")
                    button = self.room.button("explore", "✕", partial(removed, line))
                    button.props["aria-label"] = f"{name} {line + 1}"

    def _changed(self, said: Said) -> None:
        """Do what was filled in; what cannot be is said beside it, and stays as it was typed."""
        read = self.field.read(said)
        change = Clear(self.field.key) if read is None else SetKey(self.field.key, read)
        self.again = ()
        self._wrong(())
        try:
            self._do(change)
        except SubsidyError as error:
            self._wrong(dict.fromkeys(beside(self.room, error)))

    def _at_once(self, change: SetKey | Clear) -> None:
        if self.room.desk.done(change):
            background_tasks.create(self.room.desk.refresh())
