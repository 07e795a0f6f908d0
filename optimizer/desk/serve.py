"""Opening the workbench: the guard in front, the rooms behind it, one case."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

from optimizer.case.case import require
from optimizer.desk.door import Door
from optimizer.desk.guard import Guard
from optimizer.desk.people import STRANGER
from optimizer.desk.workbench import Workbench
from optimizer.language.text import Language, Text
from optimizer.problems.errors import UsageError


def serve(
    case: Path,
    door: Door,
    *,
    browser: bool = True,
    language: Language = "zh-TW",
    asked_for: Language | Literal[""] = "",
    say: Callable[[str], None],
) -> None:
    """Open the workbench of a case and stay until it is ended.

    Parameters
    ----------
    case
        A case folder, or a workbook with policy.toml beside it.
    door
        Where it is opened, and to whom.
    browser
        Whether to open the browser.
    language, asked_for
        In which it writes, and in which every browser begins, whatever it asks for (empty: as it asks).
    say
        Told the address once it can be reached.

    Raises
    ------
    UsageError
        If it cannot be opened there, or what it needs is not installed.
    CaseError
        If there is no case.
    """
    door.check()
    require(case)
    opened = door.opened()
    desk = Workbench(case, language, asked_for)
    desk.worker.begin()  # the case is read while the rest is loaded
    try:
        import tomlkit  # noqa: F401 - what saves needs it
        from nicegui import app, background_tasks, ui

        from optimizer.desk.pages import rooms
    except ModuleNotFoundError:
        desk.close()
        raise UsageError(_NOT_INSTALLED) from None
    if door.shared:
        desk.stranger = STRANGER
    rooms.furnish(desk)
    app.add_middleware(Guard, entrance=opened.entrance, hosts=opened.hosts, schemes=opened.schemes)
    app.on_startup(desk.open)
    for logger in ("uvicorn.error", "nicegui"):
        logging.getLogger(logger).addFilter(_no_traceback)
    reached = door.host, opened.port
    app.on_startup(lambda: background_tasks.create(_said_when(reached, say, opened.address)))
    app.on_shutdown(desk.close)
    with suppress(KeyboardInterrupt):  # the way to end it
        ui.run(
            host=door.host,
            port=opened.port,
            title="subsidy desk",
            show=opened.path if browser and not door.shared else False,
            reload=False,
            reconnect_timeout=_AWAY,
            show_welcome_message=False,
            language="zh-TW" if language == "zh-TW" else "en-US",
            tailwind=False,
            proxy_headers=False,  # who asks is who asks
            ssl_certfile=door.cert,
            ssl_keyfile=door.key,
        )


_AWAY = 20.0  # seconds for which a page that is not heard of goes on where it was
_NOT_INSTALLED = Text(
    "工作台所需的套件尚未安裝；請執行：pip install -e '.[desk]'",
    "What the workbench needs is not installed; run: pip install -e '.[desk]'",
)


def _no_traceback(record: logging.LogRecord) -> bool:
    """Leave out tracebacks: what went wrong is said in the browser, and `crashed` prints it if asked to."""
    return not record.exc_info


async def _said_when(reached: tuple[str, int], say: Callable[[str], None], address: str) -> None:
    """Tell the address once somebody answers there."""
    while True:
        try:
            _, writer = await asyncio.open_connection(*reached)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            say(address)
            return
