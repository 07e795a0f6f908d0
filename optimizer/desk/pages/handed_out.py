"""A result as it is handed out: its seal, the zip, the report and the PDF record, its letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nicegui import ui

from optimizer.desk import finishing
from optimizer.desk.ending import Final
from optimizer.desk.errands import Kind
from optimizer.desk.pages.room import Room, link, text
from optimizer.desk.pages.studies import UnderWay
from optimizer.language.text import Text
from optimizer.report.typesetting import MISSING, installed


def seal(room: Room, written: str) -> None:
    """Show a seal so that it can be copied by hand."""
    text(room.say("查核碼（請抄入簽呈或會議紀錄）", "Seal (to be written on the paper file)"), "h2")
    text(written).classes("seal")


def handed_out(room: Room, final: Final) -> None:
    """Offer a result: the zip, the report to be printed, its letters."""
    desk = room.desk
    with ui.element("div").classes("handed"):
        shown = f"{final.folder}　{final.seal}" if len(desk.now.final) > 1 else final.folder
        text(shown, "span")
        room.button(
            "look",
            room.say("下載壓縮檔", "Download as a zip"),
            lambda: ui.download.content(finishing.bundle(desk, final), f"{final.folder}.zip"),
        )
        number = desk.now.final.index(final) if final in desk.now.final else 0
        link(room.say("列印報告", "Report to print"), f"/record/{number}", new_tab=True)
        _record(room, final)
        if final in desk.now.final:
            _letters(room, final)


def _record(room: Room, final: Final) -> None:
    """Offer the PDF record of a result; say how to get what sets it where that is not installed."""
    file = finishing.record_of(room.desk, final)
    if not installed():
        text(room.told(MISSING), "span").classes("small")
        return
    _Thing(
        room,
        _Making(
            "record",
            file,
            there=file.is_file,
            called=Text("PDF 紀錄", "PDF record"),
            make=Text("產生 PDF 紀錄", "Make the PDF record"),
            take=Text("下載 PDF 紀錄", "Download the PDF record"),
        ),
        begin=lambda: finishing.begin_record(room.desk, final),
        download=lambda: ui.download.content(file.read_bytes(), file.name),
    )


def _letters(room: Room, final: Final) -> None:
    """Offer the letters of a final result."""
    folder = finishing.letters_of(room.desk, final)
    _Thing(
        room,
        _Making(
            "letters",
            folder,
            there=lambda: finishing.has_letters(room.desk, final),
            called=Text("通知函", "Letters"),
            make=Text("產生通知函", "Write the letters"),
            take=Text("下載通知函壓縮檔", "Download the letters as a zip"),
        ),
        begin=lambda: finishing.begin_letters(room.desk, final),
        download=lambda: ui.download.content(finishing.zipped(folder), f"{folder.name}.zip"),
    )


@dataclass(frozen=True)
class _Making:
    """What can be made of a result: its errand, where it goes, whether it is there, its words."""

    kind: Kind
    target: Path
    there: Callable[[], bool]
    called: Text
    make: Text
    take: Text


class _Thing:
    """What is made of a result: where it is, how far it is, or the button that begins it."""

    def __init__(
        self,
        room: Room,
        making: _Making,
        begin: Callable[[], None],
        download: Callable[[], None],
    ) -> None:
        self.room, self.making, self.begin, self.download = room, making, begin, download
        with ui.element("div").classes("inline") as place:
            self.idle, self.busy = (ui.element("div").classes("inline") for _ in range(2))
            with self.busy:
                text(room.told(making.make), "span")
                self.progress = UnderWay(room, making.kind, making.make)
        self._show()
        room.listen(room.desk.background.heard, self._show, owner=place)

    def _show(self) -> None:
        background, making = self.room.desk.background, self.making
        running, done = background.under_way.get(making.kind), background.done.get(making.kind)
        ours = running is not None and running.errand.target == making.target
        self.idle.set_visibility(not ours)
        self.busy.set_visibility(ours)
        if running is not None and ours:
            self.progress.show(running)
            return
        self.idle.clear()
        with self.idle:
            self._offered()
            if done is not None and done.error is not None and done.errand.target == making.target:
                text(done.error.say(self.room.language), "span").classes("wrong")

    def _offered(self) -> None:
        room, making = self.room, self.making
        if making.there():
            text(room.headed(room.told(making.called), str(making.target)), "span")
            room.button("look", room.told(making.take), self.download)
        else:
            room.button("decide", room.told(making.make), lambda: room.try_to(self.begin))
