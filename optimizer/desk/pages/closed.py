"""What can still be done with a case that is closed: handed out, explained, revised, opened again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from nicegui import ui

from optimizer.desk import finishing
from optimizer.desk.afterwards import Intent, Tried
from optimizer.desk.ending import REVISED, Final, Release
from optimizer.desk.fields import told, typed
from optimizer.desk.pages.doing import NARROW, Signed, in_words, tell_problems, working
from optimizer.desk.pages.drawer import explained
from optimizer.desk.pages.handed_out import handed_out, seal
from optimizer.desk.pages.room import Room, choice, options, text
from optimizer.language.text import Text, money
from optimizer.problems.errors import SubsidyError

_OTHER_RULES = Text(
    "注意：計畫檔與公布結果所依者不同。修正將依現行計畫檔的規則，已公布的核定可能因此不符資格、減少或不再補助；"
    "如非有意更正，請先還原計畫檔，再至「資料」重新讀取。不同之處：",
    "Mind: the policy file is not the one of the published result. A revision goes by the file as "
    "it is now: by that, published awards may be not eligible, less or lost. If that is not meant, put the "
    "file back, then read it again under Data. What differs:",
)
_MORE_MONEY = Text(
    "計畫檔的經費較公布結果所依者多，其餘規則相同：已公布的核定不因此減少，增加的經費依原規則遞補。"
    "如非有意更正，請先還原計畫檔，再至「資料」重新讀取。不同之處：",
    "The policy file has more money than that of the published result, and the same rules: no published "
    "award is less by that, and the money that is more goes on by the same rules. If that is not meant, put "
    "the file back, then read it again under Data. What differs:",
)
_KINDS = {
    "withdraw": Text("撤回", "withdraws"),
    "reduce": Text("減列為", "is reduced to"),
    "paid": Text("已撥付", "has been paid"),
}
_IDLE = Text("（公布時並未獲補助，不釋出經費）", " (it was not funded, so that frees no money)")


def closed(room: Room, final: tuple[Final, ...]) -> None:
    """Show what is final, and what can still be done."""
    with ui.element("section").classes("card stack"):
        text(room.say("本案已定案", "The case is closed"), "h2")
        seal(room, final[-1].seal)
        for one in reversed(final):
            handed_out(room, one)
    _explaining(room)
    _Revising(room)
    if len(final) == 1:
        title = room.say("尚未公布而須重新核定", "Not published yet, and to be decided again")
        grounds = Signed(room, title)
        again = room.say("撤銷定案", "Open the case again")
        grounds.button(again, lambda: room.do(Release(*grounds.given)), strong=False)
    else:
        with ui.element("section").classes("card"):
            text(room.told(REVISED))


def _explaining(room: Room) -> None:
    """Say why any application got what the last final result gives it."""
    with ui.element("section").classes("card form"):
        text(room.say("說明一件申請", "Explain an application"), "h2")
        asked = ui.input(room.say("申請編號", "Its number")).props("dense outlined").style(NARROW)
        button = room.button("look", room.say("說明", "Explain"), lambda: None).style(
            "justify-self: start"
        )
        said = ui.element("div").props("aria-live=polite")
        button.on("click", lambda: _explain(room, said, (asked.value or "").strip()))
        asked.on("keydown", said.clear)  # what was said is of another


async def _explain(room: Room, said: ui.element, application_id: str) -> None:
    found = await working(room, said, finishing.explain(room.desk, application_id))
    if found is not None and room.is_there:
        said.clear()
        with room.client, said:
            text(application_id, "strong")
            explained(room, found)


class _Revising:
    """The form of a revision, and what it would do."""

    def __init__(self, room: Room) -> None:
        self.room, self.intent, self.kind = room, Intent(), "withdraw"
        self.idle: frozenset[str] = frozenset()  # who withdraws and frees nothing
        say = room.say
        with ui.element("section").classes("card form"):
            text(say("修正（公布後的撤回、減列與經費增減）", "Revise: withdrawals, reductions, another pool"), "h2")  # fmt: skip
            text(
                say(
                    "已公布而資格仍符的核定一律保留，釋出或增加的經費依原規則遞補；資料如有更正，亦一併適用。",
                    "What was published is kept where it is still eligible. Money that is free goes on by the same rules; "
                    "corrections of the data count too.",
                )
            )
            self._other_rules()
            with room.only("explore"), ui.element("div").classes("inline"):
                self._entry()
            self.listed = ui.element("ul").classes("list")
            with room.only("explore"):
                self.pool = self._field(say("新的經費總額（元；不變請留空）", "Whole pool, NT$ (blank: as it was)"))  # fmt: skip
            room.button("explore", say("試算", "Try"), self._try).style("justify-self: start")
            self.said = ui.element("div").props("aria-live=polite")
            self.tried = ui.element("div").props("aria-live=polite")
        self.grounds = Signed(room, say("寫出修正", "Write the revision"))
        self.grounds.button(say("寫出修正並核對", "Write and verify it"), self._write)
        self.grounds.panel.set_visibility(False)

    def _other_rules(self) -> None:
        """Say plainly that the policy file is not the one of what was published, and where."""
        room, now = self.room, self.room.desk.now
        if now.ruled is None or not now.other_rules:
            return
        text(room.told(_MORE_MONEY if now.only_more_money else _OTHER_RULES)).classes("wrong")
        with ui.element("ul").classes("list"):
            for part in now.other_rules:
                text(room.told(told((now.file, now.ruled), part)), "li")

    def _field(self, label: str) -> ui.input:
        return (
            ui.input(label)
            .props("dense outlined hide-bottom-space")
            .style(f"min-width: 12rem; {NARROW}")
        )

    def _entry(self) -> None:
        """Show the line in which one change is typed."""
        say, kinds = self.room.say, {k: self.room.told(t) for k, t in _KINDS.items()}
        with choice(say("異動", "What"), self._choose):
            options(kinds, self.kind)
        self.who = self._field(say("申請編號", "Application"))
        self.amount = self._field(say("金額（元）", "NT$"))
        self._choose(self.kind)
        self.room.button("explore", say("加入", "Add"), self._add)

    def _choose(self, kind: str) -> None:
        self.kind = kind
        self.amount.set_visibility(kind != "withdraw")

    async def _add(self) -> None:
        """Add what is typed, unless what was published leaves no room for it."""
        kind, who = self.kind, (self.who.value or "").strip()
        if kind == "withdraw":
            new: Any = who
        else:
            amount = self._amount(self.amount)
            if amount is None:
                return
            new = (who, amount)
        if who:
            more: Any = {kind: (*getattr(self.intent, kind), new)}
            wanted = replace(self.intent, **more)
            if await self._fits(wanted):
                self._become(wanted)
                self.who.set_value("")

    async def _fits(self, wanted: Intent) -> bool:
        """Say what does not fit what was published; return whether all does."""
        try:
            found = await finishing.misfits(self.room.desk, wanted)
            self.idle = await finishing.idle(self.room.desk, wanted)
        except SubsidyError as error:
            self.room.refuse(error)
            return False
        self.said.clear()
        if found and self.room.is_there:
            with self.room.client, self.said:
                for problem in found:
                    text(in_words(self.room, problem)).classes("wrong")
        return not found and self.room.is_there

    def _amount(self, field: ui.input) -> int | None:
        """Return the amount that is typed in a field; None, and a word beside it, if it is none."""
        amount = typed(field.value or "")
        wrong = "" if isinstance(amount, int) else self.room.say("請填整數金額", "A whole amount, please")  # fmt: skip
        field.props["error-message"], field.props["error"] = wrong, bool(wrong)
        field.update()
        return amount if isinstance(amount, int) else None

    def _become(self, intent: Intent) -> None:
        """Show another set of changes; what was tried is no longer of these."""
        self.intent = intent
        self.grounds.panel.set_visibility(False)
        self.tried.clear()
        self.listed.clear()
        with self.listed:
            for kind in _KINDS:
                for one in getattr(intent, kind):
                    self._line(kind, one)

    def _line(self, kind: str, one: Any) -> None:
        word = self.room.told(_KINDS[kind])
        if isinstance(one, str):
            said = f"{one} {word}"
            if one in self.idle:
                said += self.room.told(_IDLE)
        else:
            amount = self.room.say(f"{money(one[1])} 元", f"NT${money(one[1])}")
            said = f"{one[0]} {word} {amount}"
        left: Any = {kind: tuple(x for x in getattr(self.intent, kind) if x != one)}
        with ui.element("li"):
            text(said, "span")
            take = partial(self._become, replace(self.intent, **left))
            self.room.button("explore", self.room.say("移除", "Remove"), take).style(
                "margin-left: .75rem"
            )

    async def _try(self) -> None:
        pool = None
        if (self.pool.value or "").strip():
            pool = self._amount(self.pool)
            if pool is None:
                return
        self._become(replace(self.intent, pool=pool))
        found = await working(
            self.room, self.said, finishing.try_revision(self.room.desk, self.intent)
        )
        if found is not None and self.room.is_there:
            with self.room.client:
                self._show(found)

    def _show(self, found: Tried) -> None:
        with self.tried:
            for line in found.lines:
                text(self.room.told(line))
        self.grounds.panel.set_visibility(True)

    async def _write(self) -> None:
        given = finishing.write_revision(self.room.desk, self.intent, *self.grounds.given)
        problems = await working(self.room, self.grounds.said, given)
        if problems:
            tell_problems(self.room, self.grounds.said, problems)
