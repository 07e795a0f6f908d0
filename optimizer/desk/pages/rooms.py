"""Which room is shown at which address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from html import escape
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from nicegui import app, ui
from nicegui.translations import translations

from optimizer.desk import finishing
from optimizer.desk.pages.answer import answer_room
from optimizer.desk.pages.data import data_room
from optimizer.desk.pages.finish import finish_room
from optimizer.desk.pages.room import Room, frame, notice, text
from optimizer.desk.pages.rules import rules_room
from optimizer.desk.pages.scenarios import scenarios_room
from optimizer.desk.pages.tongue import html_language, language_of
from optimizer.desk.workbench import Workbench
from optimizer.language.text import Language, Text
from optimizer.problems.crash import crashed
from optimizer.problems.errors import SubsidyError

SHOWN: dict[str, Callable[[Room], None]] = {
    "/data": data_room,
    "/rules": rules_room,
    "/": answer_room,
    "/scenarios": scenarios_room,
    "/finish": finish_room,
}


def furnish(desk: Workbench) -> None:
    """Make every room of a case."""
    app.colors(primary="#0067a3")  # as in desk.css: dark enough to be read
    app.config.quasar_config["loadingBar"]["skipHijack"] = True  # it has no name, and no use
    for path, room in SHOWN.items():
        ui.page(path)(_page(desk, path, room))
    app.on_exception(partial(_unforeseen, desk))
    app.on_page_exception(lambda error: text(crashed(error).say(_here(desk))))
    app.exception_handler(404)(lambda asked, _: _nowhere(language_of(asked, desk)))
    app.get("/journal")(partial(_journal, desk))
    app.get("/record/{number}")(partial(_record, desk))
    for language, (lost, again) in _LOST.items():
        translations[language].update(connection_lost=lost, trying_to_reconnect=again)


_NOWHERE = Text("沒有這一頁。", "There is no such page.")
_BACK = Text("回工作台", "To the workbench")
_NO_REPORT = Text(
    "找不到這份報告：結果資料夾已移走或尚未產生。請到「定案」查看結果資料夾的位置。",
    "The report is not there: the folder of the result was moved, or is not written yet. Finish says "
    "where it belongs.",
)


def _here(desk: Workbench) -> Language:
    """Return the language of the browser for which something is being done."""
    return language_of(ui.context.client.request, desk)


def _nowhere(language: Language, said: Text = _NOWHERE, status: int = 404) -> HTMLResponse:
    """Say that an address leads nowhere, or why there is no page, and the way back."""
    why, back = (escape(one.say(language)) for one in (said, _BACK))
    return HTMLResponse(
        f'<!DOCTYPE html><html lang="{html_language(language)}"><meta charset="utf-8">'
        f"<title>subsidy desk</title>"
        f'<p>{why}</p><p><a href="/">{back}</a></p>',
        status,
    )


def _printed(language: Language, page: Callable[[], str | bytes]) -> HTMLResponse:
    """Return a page to be printed; what goes wrong is said in words there."""
    try:
        return HTMLResponse(page())
    except FileNotFoundError:
        return _nowhere(language, _NO_REPORT)
    except SubsidyError as error:
        return _nowhere(language, Text(error.say("zh-TW"), error.say("en")), 500)
    except Exception as error:
        said = crashed(error)
        return _nowhere(language, Text(said.say("zh-TW"), said.say("en")), 500)


# what the browser says where the server or the network is gone; it goes on by itself if it can
_LOST: Mapping[Any, tuple[str, str]] = {
    "zh-TW": (
        "連線中斷，正在重新連線。先前的更動都有紀錄；斷線期間輸入的內容可能未送出，恢復後請再確認。",
        "若一直沒有恢復，請再執行一次 subsidy desk，並使用新印出的網址。",
    ),
    "en-US": (
        "The connection is lost; trying again. What was done before is noted; what is typed meanwhile may "
        "not have been sent: look at it again afterwards.",
        "If it does not come back, run subsidy desk again and use the address that it prints then.",
    ),
}


def _unforeseen(desk: Workbench, error: Exception) -> None:
    """Say in the browser, where there is one, what went wrong and nobody has said."""
    said = error if isinstance(error, SubsidyError) else crashed(error)
    with suppress(RuntimeError):
        notice(said, _here(desk))


def _journal(desk: Workbench, asked: Request) -> HTMLResponse:
    """Return the journal, to be printed."""
    return _printed(language_of(asked, desk), lambda: finishing.page(desk))


def _record(desk: Workbench, number: int, asked: Request) -> HTMLResponse:
    """Return the report of what is final, or of what was verified, to be printed."""
    final = desk.state.final if desk.state else ()
    folder = finishing.place(desk, final[number]) if 0 <= number < len(final) else desk.target
    language = language_of(asked, desk)
    return _printed(language, (folder / "report.html").read_bytes)


def _page(desk: Workbench, path: str, show: Callable[[Room], None]) -> Callable[[], None]:
    def page() -> None:
        with frame(desk, path, SHOWN) as room:
            if desk.state is not None or path == "/data":
                show(room)
            else:
                text(room.say("讀取中…", "Being read…"))
            if path != "/data":
                _go_on(room, path, desk.state is None)

    return page


def _go_on(room: Room, path: str, waits: bool) -> None:
    """Show the room once the case is read; where it has mistakes, go to where they are listed."""
    desk = room.desk

    def go_on() -> None:
        if desk.state is None and desk.check is not None:
            ui.navigate.to(f"/data?for={path}")
        elif desk.state is not None and waits:
            ui.navigate.reload()

    go_on()
    room.listen(desk.changed, go_on, closed=True)
