"""What is worked out in the background: how far it is, an end to it, and what it brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from nicegui import ui

from optimizer.desk.background import Running
from optimizer.desk.errands import Brought, Errand, Kind
from optimizer.desk.fields import outdated
from optimizer.desk.finishing import zipped
from optimizer.desk.pages.listing import sheet
from optimizer.desk.pages.room import Room, text
from optimizer.desk.state import Pinned
from optimizer.desk.workbench import stopping
from optimizer.language.text import EMPTY, Text
from optimizer.language.words import duration
from optimizer.policy.policy import Policy

_DRAWS = (200, 1000)


@dataclass(frozen=True)
class Offer:
    """What is offered: its kind, title, what it does, and what its button says."""

    kind: Kind
    title: Text
    about: Text
    begin: Text


class Study(Enum):
    """Everything that is offered."""

    PRICES = Offer(
        "prices",
        Text("規則代價、經費曲線與前緣", "Price of each rule, pool curve, frontier"),
        Text(
            "逐一免除每條規則重新求解，並求各經費總額的名單與前二項優先順序之取捨。",
            "The round is solved anew without each rule; then at other pools, and for what the first two "
            "priorities cost each other.",
        ),
        Text("計算代價與前緣", "Work out prices and frontier"),
    )
    ROBUSTNESS = Offer(
        "robustness",
        Text("穩健程度", "Robustness"),
        Text(
            "反覆抽換評分並重新求解，看每件決定是否受評分誤差左右。停止後再執行，已算部分不必重算。",
            "Marks are drawn anew and the round solved again, many times: how firm each decision is. After "
            "a stop it goes on where it was.",
        ),
        Text("檢驗穩健程度", "Test robustness"),
    )
    COMPARISON = Offer(
        "comparison",
        Text("比較報告", "Report of the comparison"),
        Text(
            "釘選的情境與計畫檔並列的報告、試算表與圖。",
            "Report, workbooks and figures of the pinned scenarios beside the policy file.",
        ),
        Text("產生比較報告", "Write the report of the comparison"),
    )


def studies(room: Room, offered: Sequence[Study]) -> None:
    """Show what is offered, each with what it brought last."""
    for study in offered:
        _StudyCard(room, study.value)


class _StudyCard:
    """One of them."""

    def __init__(self, room: Room, offer: Offer) -> None:
        self.room, self.offer = room, offer
        self.draws = _DRAWS[0]
        self.shown: Running | None = None
        self.outdated = EMPTY
        with ui.element("section").classes("card stack") as card:
            card.props["aria-label"] = room.told(offer.title)
            text(room.told(offer.title), "h2")
            text(room.told(offer.about)).classes("small")
            self.idle, self.busy = (ui.element("div").classes("inline") for _ in range(2))
            with self.idle, room.only("explore"):
                self._offered()
            room.files()
            with self.busy:
                self.progress = UnderWay(room, offer.kind, offer.title)
            self.stale = ui.element("div").classes("wrong")
            self.brought = ui.element("div").classes("brought").props("aria-live=polite")
        self._show()
        for heard in (room.desk.background.heard, room.desk.changed):
            room.listen(heard, self._show, owner=card)

    def _offered(self) -> None:
        room = self.room
        room.button("explore", room.told(self.offer.begin), self._begin)
        if self.offer.kind == "robustness":
            with ui.element("label").classes("field"):
                text(room.say("每種方式抽幾次", "Draws of each way"), "span")
                with ui.element("select") as choice:
                    for draws in _DRAWS:
                        option = text(f"{draws:,}", "option")
                        option.props.update({"value": draws, "selected": draws == self.draws})
            choice.on("change", self._drawn, js_handler="(event) => emit(event.target.value)")

    def _drawn(self, event: Any) -> None:
        self.draws = int(event.args)

    def _of(self) -> tuple[Policy, tuple[Pinned, ...]]:
        """Return of what it would be now: which policy, which pins."""
        now = self.room.desk.now
        return (now.file, now.now.pins) if self.offer.kind == "comparison" else (now.draft, ())

    def _begin(self) -> None:
        room, kind, (policy, pins) = self.room, self.offer.kind, self._of()
        draws = self.draws if kind == "robustness" else 0
        target = room.desk.beside(kind)
        room.begin(Errand(kind, policy, target, room.desk.language, pins=pins, draws=draws))

    def _show(self) -> None:
        """Bring it up to date; nothing that can be pressed is made anew."""
        background, kind = self.room.desk.background, self.offer.kind
        running, done = background.under_way.get(kind), background.done.get(kind)
        self.idle.set_visibility(running is None)
        self.busy.set_visibility(running is not None)
        if running is not None:
            self.progress.show(running)
        self._show_stale(done)
        if done is not self.shown:
            self.shown = done
            self.brought.clear()
            with self.brought:
                if done is not None:
                    self._result(done)

    def _show_stale(self, done: Running | None) -> None:
        """Say what has changed since what is shown was worked out."""
        old = done is not None and (done.errand.policy, done.errand.pins) != self._of()
        said = outdated(done.errand.policy, self._of()[0]) if old and done else EMPTY
        if said != self.outdated:
            self.outdated = said
            self.stale.clear()
            with self.stale:
                text(self.room.told(said))

    def _result(self, done: Running) -> None:
        room = self.room
        if done.error is not None:
            text(done.error.say(room.language)).classes("wrong")
        elif done.brought is not None:
            _shown(room, done.brought)
            _folder(room, done.errand.target)


class UnderWay:
    """How far something is, and the button that ends it; nothing that can be pressed is made anew."""

    def __init__(self, room: Room, kind: Kind, title: Text) -> None:
        self.room = room
        self.bar = ui.element("progress").props("max=1")
        self.bar.props["aria-label"] = room.told(title)
        self.left = ui.html("", sanitize=False, tag="span").props("role=status")
        stop = room.say("停止", "Stop")
        room.button(stopping(kind), stop, lambda: room.try_to(lambda: room.desk.stop(kind)))

    def show(self, running: Running) -> None:
        """Bring it up to date."""
        self.bar.props["value"] = running.share
        self.left.set_content(self.room.told(_left(running)))


def _left(running: Running) -> Text:
    if running.left is None:
        return Text("計算中…", "Working…")
    left = duration(running.left)
    return Text(f"計算中，約尚需 {left.zh}", f"Working; about {left.en} left")


def _shown(room: Room, brought: Brought) -> None:
    if not brought.proved:
        said = room.say("部分結果未在時限內證明。", "Some of it was not proved within the limit.")
        text(said).classes("wrong")
    for sentence in brought.said:
        text(room.told(sentence))
    for found in brought.sheets[room.language]:
        with ui.element("details").props("open"):
            rows = room.say(f"{len(found.rows):,} 項", f"{len(found.rows):,}")
            text(room.headed(found.name, rows), "summary")
            sheet(found)
    for figure in brought.figures:
        ui.html(figure, sanitize=False).classes("figure")


def _folder(room: Room, folder: Path) -> None:
    text(room.say(f"全部檔案：{folder}", f"All files: {folder}")).classes("small")
    room.button(
        "look",
        room.say("下載壓縮檔", "Download as a zip"),
        lambda: ui.download.content(zipped(folder), f"{folder.name}.zip"),
    )
