"""Where files are handed in at the workbench, a folder is opened, or a new case begun."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from nicegui import ui

from optimizer.desk import intake
from optimizer.desk.pages.room import Room, text
from optimizer.desk.upload_refusals import MOST_BYTES
from optimizer.desk.uploads import Received, Upload, waiting
from optimizer.reading.places import READ


class HandedIn:
    """Where files are dropped or chosen, a folder opened, or a new case begun."""

    def __init__(self, room: Room, said: ui.element) -> None:
        self.room, self.said = room, said
        begun = room.desk.state is not None or not waiting(room.desk.folder)
        with ui.element("section").classes("card rule") as card:
            card.props["aria-label"] = room.say("資料的來源", "Where the data come from")
            place = str(room.desk.path.resolve())
            text(room.headed(room.say("本案檔案", "Files of the case"), place)).classes("small")
            self._zone()
            with ui.element("details") as other:
                other.props["open"] = not begun
                text(
                    room.say("開啟其他資料夾，或建立新計畫", "Another folder, or a new case"),
                    "summary",
                )
                self._elsewhere()

    def _zone(self) -> None:
        room = self.room
        upload = ui.upload(multiple=True, on_multi_upload=self._handed_in).classes("unseen")
        with room.only("decide"), ui.element("label").classes("drop") as zone:
            text(
                room.say("把檔案拖到這裡，或按此選取", "Drop files here, or choose them"), "strong"
            )
            text(
                room.say(
                    "CSV、XLSX 或 ODS，可一次多個。同一個表會換成新的，舊檔移到 replaced 資料夾。",
                    "CSV, XLSX or ODS, several at once. A table takes the place of the old one, which "
                    "goes to the folder “replaced”.",
                ),
                "span",
            ).classes("small")
            chooser = ui.element("input").props("type=file multiple").classes("chooser")
            chooser.props["accept"] = ",".join(READ)
        send = _SEND.replace("URL", json.dumps(upload.props["url"])).replace(
            "MOST", str(MOST_BYTES)
        )
        chooser.on("change", self._not_sent, js_handler=send)
        zone.on("drop.prevent", self._not_sent, js_handler=send)
        zone.on("dragover.prevent", js_handler="() => {}")
        room.button(
            "decide", room.say("重新讀取", "Read again"), lambda: room.act(room.desk.reopen())
        )

    def _elsewhere(self) -> None:
        room = self.room
        with room.only("decide"), ui.element("label").classes("field wide-field"):
            text(room.say("資料夾", "Folder"), "span")
            place = ui.element("input").props("autocomplete=off")
            place.props["value"] = str(room.desk.path.resolve())
        with ui.element("div").classes("inline"):
            self._ways(place)

    def _ways(self, place: ui.element) -> None:
        room = self.room
        for said, doing in (
            (room.say("開啟", "Open"), partial(intake.go_to, room.desk)),
            (
                room.say("在此建立範例", "Make the example here"),
                lambda typed: intake.begin(room.desk, typed, "example", room.language),
            ),
            (
                room.say("在此建立空白活頁簿", "Make a blank workbook here"),
                lambda typed: intake.begin(room.desk, typed, "blank", room.language),
            ),
        ):
            pressed = f"() => emit(document.getElementById('{place.html_id}').value)"
            button = room.button("decide", said, lambda: None)
            button.on(
                "click",
                lambda event, doing=doing: room.act(self._elsewhere_done(doing(str(event.args)))),
                js_handler=pressed,
            )

    async def _elsewhere_done(self, doing: Any) -> None:
        await doing
        with self.room.client:
            ui.navigate.reload()

    async def _handed_in(self, event: Any) -> None:
        files = [Upload(file.name, await file.read()) for file in event.files]
        await self.room.act(self._received(files))

    async def _received(self, files: list[Upload]) -> None:
        received = await intake.receive(self.room.desk, files)
        self._say(received)
        if received.kept:
            await self.room.desk.reopen(received.path)

    def _say(self, received: Received) -> None:
        room = self.room
        self.said.clear()
        with room.client, self.said, ui.element("section").classes("card rule"):
            for given, name in received.kept:
                same = given == name
                text(
                    room.say(
                        f"✓ 已收下「{given}」{'' if same else f'，依內容存為「{name}」'}。",
                        f"✓ {given} is kept{'' if same else f' as {name}, by what it holds'}.",
                    )
                )
            if received.aside:
                names = room.listed(received.aside)
                text(
                    room.say(
                        f"原有的「{names}」已移到 replaced 資料夾。",
                        f"What it takes the place of is in the folder “replaced”: {names}.",
                    )
                ).classes("small")
            for problem in received.refused:
                text(f"✗ {problem.say(room.language)}").classes("wrong")

    def _not_sent(self, event: Any) -> None:
        """Say of files that were too large to be sent, or of a refusal on the way."""
        room = self.room
        names = room.listed(str(name)[:80] for name in event.args)
        most = MOST_BYTES // 2**20
        self.said.clear()
        with self.said, ui.element("section").classes("card rule"):
            text(
                room.say(
                    f"✗ 「{names}」未送出：每檔至多 {most} MB。更大的檔案請直接放入計畫資料夾，再按「重新讀取」。",
                    f"✗ {names} was not sent: at most {most} MB a file. Put a larger one into the folder of "
                    "the case, then read again.",
                )
            ).classes("wrong")


_SEND = """async (event) => {
  const given = [...(event.dataTransfer ?? event.target).files];
  const small = given.filter((file) => file.size <= MOST);
  const large = given.filter((file) => file.size > MOST).map((file) => file.name);
  if (large.length) emit(large);
  if (small.length) {
    const form = new FormData();
    small.forEach((file, at) => form.append(`file${at}`, file, file.name));
    const answer = await fetch(URL, {method: 'POST', body: form});
    if (!answer.ok) emit(small.map((file) => file.name));
  }
  if (event.target.type === 'file') event.target.value = '';
}"""
