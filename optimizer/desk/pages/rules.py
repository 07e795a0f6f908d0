"""The room of the rules: each says its own sentence and its price, beside the fields that it declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nicegui import background_tasks, ui

from optimizer.clauses import Clause, Priority
from optimizer.desk.departures import Differs
from optimizer.desk.events import Add, Drop, TakeBack
from optimizer.desk.fields import told
from optimizer.desk.key_forms import Field, fields_of_rule, fields_of_tables
from optimizer.desk.pages.add_rule import add_rule
from optimizer.desk.pages.fields_shown import FieldShown
from optimizer.desk.pages.gone_on import gone_on
from optimizer.desk.pages.if_closed import if_closed
from optimizer.desk.pages.policy_text import PolicyText
from optimizer.desk.pages.priorities import Priorities
from optimizer.desk.pages.room import Room, link, text
from optimizer.desk.pages.trouble import no_list
from optimizer.desk.rule_price import RulePrices
from optimizer.desk.state import CLOSED
from optimizer.language.text import EMPTY, Text
from optimizer.policy.awarding import award_sentence
from optimizer.policy.problems import TABLES
from optimizer.problems.errors import InfeasibleError, Problem, SubsidyError


def rules_room(room: Room) -> None:
    """Show the room."""
    with ui.element("section").classes("card") as effect:
        effect.props["aria-live"] = "polite"
    if_closed(room, CLOSED)
    _Departures(room)
    way = ui.element("div")
    prices = RulePrices(room.desk)
    tables = _Card(room, None, prices)
    cards = ui.element("div").classes("rules")
    shown: dict[str, _Card] = {}

    def show() -> None:
        """Bring every card up to date; they are made anew only where there are others."""
        tables.show(None)
        rules = [r for r in room.desk.now.draft.rules if r.section in ("clause", "priority")]
        if [*shown] == list(map(_name, rules)):
            for rule in rules:
                shown[_name(rule)].show(rule)
            return
        opened = _still_open(shown, list(map(_name, rules)))
        shown.clear()
        cards.clear()
        with cards:
            for rule in rules:
                if isinstance(rule, Priority) and rule is room.desk.now.draft.priorities[0]:
                    Priorities(room)
                shown[_name(rule)] = _Card(room, rule, prices, _name(rule) in opened)

    def add(event: Add) -> bool:
        """Add a rule, and go to its card."""
        before = set(shown)
        added = room.do(event)
        for name in set(shown) - before:
            shown[name].go_to()
        return added

    def priced() -> None:
        if not room.is_there:
            return
        with room.client:
            found = [*prices.remarks, *_at_fault(room.desk.error)]
            for card in (tables, *shown.values()):
                card.mark(found)

    def answered() -> None:
        _effect(room, effect)
        priced()
        if room.desk.waiting is None and room.desk.answer is not None:
            background_tasks.create(prices.work_out(priced))

    show()
    added = add_rule(room, add)
    with way:
        link(room.say("↓ 加入規則", "↓ Add a rule"), f"#{added.html_id}")
    answered()
    PolicyText(room)
    room.listen(room.desk.changed, show)
    room.listen(room.desk.answered, answered)


def _at_fault(error: SubsidyError | None) -> Iterator[Problem]:
    """Yield what stands against a list; where a button mends it, no line of a file is told."""
    for problem in error.problems if error else ():
        yield replace(problem, hint=EMPTY) if isinstance(error, InfeasibleError) else problem


def _still_open(shown: Mapping[str, _Card], names: Sequence[str]) -> set[str]:
    """Return which cards stay open; where a name is another, the rule in its place has got it."""
    same = len(shown) == len(names)
    return {
        names[at] if same else name for at, (name, card) in enumerate(shown.items()) if card.is_open
    }


def _name(rule: Clause) -> str:
    return f"{rule.section}.{rule.label}"


def _effect(room: Room, panel: ui.element) -> None:
    """Say what the rules come to, or why they cannot be met, with each way out as a button."""
    desk = room.desk
    none = desk.waiting is None and desk.answer is None and desk.error is not None
    panel.classes(**{"add" if none else "remove": "trouble"})
    if none and desk.error is not None:
        no_list(room, panel, desk.error)
        return
    panel.clear()
    with panel:
        if desk.waiting is not None:
            text(room.say("計算中…", "Working…"))
        elif desk.answer is not None:
            said = (
                f"{one['title']} {one['value']} {one['unit']}".rstrip()
                + (f" {'▲' if one['up'] else '▼'}{one['change']}" if one["change"] else "")
                for one in map(room.in_words, desk.answer.numbers)
            )
            text(room.say("；", "; ").join((*said, room.told(desk.answer.status))))


# ---- what differs from the file ------------------------------------------------------------------


class _Departures:
    """What differs from policy.toml, each to be taken back; and the button that writes it there."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.panel = ui.element("section").classes("card rule")
        self.outside = room.desk.is_changed_outside
        self._show()
        room.listen(room.desk.changed, self._show)
        ui.timer(_LOOKED_AT, self._look)

    def _look(self) -> None:
        """See whether the file was changed by somebody else."""
        if self.outside != self.room.desk.is_changed_outside:
            self.outside = not self.outside
            self._show()

    def _show(self) -> None:
        room, differ = self.room, self.room.desk.now.differences
        self.panel.clear()
        with self.panel:
            gone_on(room)
            text(room.say("與計畫檔的差異", "What differs from the policy file"), "h2")
            if self.outside:
                text(room.told(_OUTSIDE)).classes("wrong")
                link(room.say("到「資料」重新讀取", "Read it again under Data"), "/data")
            if not differ:
                text(room.say("沒有差異。", "Nothing."))
                return
            save = room.say("寫入計畫檔（保留註解）", "Write to the policy file (comments kept)")
            with room.draft():
                with ui.element("ul").classes("list differs"):
                    for part in differ:
                        self._part(part)
                room.button("decide", save, lambda: room.act(room.desk.save()), strong=True)

    def _part(self, part: Differs) -> None:
        room, now = self.room, self.room.desk.now
        said = room.told(told((now.draft, now.file), part))
        with ui.element("li"):
            text(said, "span")
            take = room.say("取回", "Take back")
            back = room.button("explore", take, lambda: room.do(TakeBack(part.part)))
            back.props["aria-label"] = room.headed(take, said)


_LOOKED_AT = 5.0  # seconds between two looks at the file
_OUTSIDE = Text(
    "計畫檔已在他處更動，這裡還是先前讀入的內容；重新讀取之前無法寫入。",
    "The policy file was changed elsewhere; what stands here is what was read before. Nothing can be "
    "written to it until it is read again.",
)


# ---- cards --------------------------------------------------------------------------------------


class _Card:
    """A rule with its sentence, price and fields; or, for None, the tables that all rules look at."""

    def __init__(
        self, room: Room, rule: Clause | None, prices: RulePrices, is_open: bool = False
    ) -> None:
        self.room, self.rule, self.prices, self.is_open = room, rule, prices, is_open
        with ui.element("section").classes("card rule") as card:
            title = _title(room, rule) if rule else _TABLES.say(room.language)
            card.props["aria-label"] = title
            text(title, "h2")
            self.sentence = ui.element("div").props("aria-live=polite")
            self.price = ui.element("div").classes("price")
            with ui.element("details") as details:
                self.details = details
                details.props["open"] = is_open
                details.on("toggle", self._toggled, js_handler="(e) => emit(e.target.open)")
                text(room.say("修改", "Change"), "summary")
                with room.draft():
                    with ui.element("div").classes("keys"):
                        self.fields = {f.key: FieldShown(room, f) for f in self._fields(rule)}
                    if rule:
                        self._remove(rule)
        self.priced: object = None
        self._say(rule)
        self._show_price()

    def go_to(self) -> None:
        """Open it, and bring it and the keyboard to its first field."""
        self.is_open = True
        self.details.props["open"] = True
        with self.room.client:
            ui.run_javascript(_GO_TO % self.details.html_id)

    def _toggled(self, event: Any) -> None:
        self.is_open = bool(event.args)

    def _remove(self, rule: Clause) -> None:
        said = self.room.say("刪除這條規則", "Remove this rule")
        button = self.room.button("explore", said, lambda: self.room.do(Drop(_name(rule))))
        button.props["aria-label"] = self.room.headed(said, _title(self.room, rule))

    def _fields(self, rule: Clause | None) -> list[Field]:
        desk = self.room.desk
        return fields_of_rule(rule, desk.columns) if rule else fields_of_tables(desk.now.draft)

    def _say(self, rule: Clause | None) -> None:
        self.sentence.clear()
        rules = (
            [rule] if rule else [r for r in self.room.desk.now.draft.rules if r.section in TABLES]
        )
        with self.sentence:
            said = [(one.sentence(), one.reference) for one in rules]
            if rule is None:
                settings = self.room.desk.now.draft.settings
                said.append((award_sentence(settings), settings.award.reference))
            for sentence, section in said:
                text(self.room.told(sentence))
                if section:
                    head = self.room.say(f"計畫條文：{section}", f"Section {section}")
                    text(head).classes("small")

    def show(self, rule: Clause | None) -> None:
        """Bring it up to date; what is being typed in stays as it is."""
        if rule != self.rule or rule is None:
            self.rule = rule
            self._say(rule)
            for field in self._fields(rule):
                if field.key in self.fields:
                    self.fields[field.key].show(field)
        self._show_price()

    def mark(self, found: Iterable[Problem]) -> None:
        """Show its price, and beside its fields what the data say of them."""
        self._show_price()
        problems = list(found)
        for key, field in self.fields.items():
            field.mark([p for p in problems if p.column == key])

    def _show_price(self) -> None:
        """Say what the round would be without the rule; grey while that is of an earlier policy."""
        if self.rule is None:
            return
        desk, known = self.room.desk, self.prices.said(_name(self.rule))
        none = desk.waiting is None and desk.answer is None  # of no list, nothing is worked out
        if (none, known) == self.priced:
            return
        self.priced = none, known
        self.price.clear()
        self.price.set_visibility(not none)
        with self.price:
            said, current = known
            _price(self.room, self.room.told(said), current)


def _title(room: Room, rule: Clause) -> str:
    """Return what a rule is called; several of one name are told apart by their numbers."""
    twins = [_name(one) for one in room.desk.now.draft.rules if one.spoken == rule.spoken]
    said = room.told(rule.spoken)
    if len(twins) == 1:
        return said
    number = twins.index(_name(rule)) + 1
    return room.say(f"{said}之 {number}", f"{said}, no. {number}")


_GO_TO = """setTimeout(() => {
  const card = document.getElementById('%s');
  card?.closest('.card').scrollIntoView();
  card?.querySelector('input, select')?.focus({preventScroll: true});
})"""
_TABLES = Text("經費、審查與核給", "Pool, review and awards")


def _price(room: Room, said: str, current: bool) -> None:
    """Show the price of a rule: who moves at once, all figures one click away."""
    if not said:
        text(room.say("若無此規則：計算中…", "Without this rule: being worked out…")).classes("old")
        return
    stop = room.say("；", "; ")
    parts = said.split(stop)
    moved = [part for part in parts if "→" not in part]
    head = room.say("若無此規則：", "Without this rule: ") + stop.join(moved).rstrip("。.")
    old = "" if current else room.say("（先前規則下的結果）", " (under the earlier rules)")
    if len(moved) == len(parts):
        text(head + old).classes("" if current else "old")
        return
    with ui.element("details").classes("" if current else "old"):
        text(head + old, "summary")
        with ui.element("ul").classes("list"):
            for part in parts[len(moved) :]:
                text(part.rstrip("。."), "li")
