"""Opening the workbench: the guard in front, the rooms behind it, one case on this machine."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from optimizer.case.case import require
from optimizer.desk.guard import Guard, check_host
from optimizer.desk.workbench import Workbench
from optimizer.language.text import Language, Text
from optimizer.problems.errors import UsageError

PORT = 8765


def serve(
    case: Path,
    port: int | None = None,
    host: str = "127.0.0.1",
    *,
    browser: bool = True,
    language: Language = "zh-TW",
    say: Callable[[str], None],
) -> None:
    """Open the workbench of a case and stay until it is ended.

    Parameters
    ----------
    case
        A case folder, or a workbook with policy.toml beside it.
    port
        Where it is reached; the usual one unless given, and any other where that is taken.
    host
        An address of this machine alone.
    browser
        Whether to open the browser.
    language
        In which it begins.
    say
        Told the address once it can be reached.

    Raises
    ------
    UsageError
        If it cannot be opened there, or what it needs is not installed.
    CaseError
        If there is no case.
    """
    check_host(host)
    require(case)
    desk = Workbench(case, language)
    desk.worker.found()  # the case is read while the rest is loaded
    try:
        import tomlkit  # noqa: F401 - what saves needs it
        from nicegui import app, background_tasks, ui

        from optimizer.desk.pages import rooms
    except ModuleNotFoundError:
        desk.close()
        raise UsageError(_NOT_INSTALLED) from None
    place, token = _free(host, port), secrets.token_urlsafe(24)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{place}/?token={token}"
    rooms.furnish(desk)
    app.add_middleware(Guard, token=token, port=place)
    app.on_startup(desk.open)
    app.on_startup(lambda: background_tasks.create(_said_when_reached(host, place, say, address)))
    app.on_shutdown(desk.close)
    with suppress(KeyboardInterrupt):  # the way to end it
        ui.run(
            host=host,
            port=place,
            title="subsidy desk",
            show=f"/?token={token}" if browser else False,
            reload=False,
            show_welcome_message=False,
            language="zh-TW" if language == "zh-TW" else "en-US",
            tailwind=False,
        )


_NOT_INSTALLED = Text(
    "工作台所需的套件尚未安裝；請執行：pip install -e '.[desk]'",
    "What the workbench needs is not installed; run: pip install -e '.[desk]'",
)


async def _said_when_reached(
    host: str, port: int, say: Callable[[str], None], address: str
) -> None:
    """Tell the address once somebody answers there."""
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            say(address)
            return


def _free(host: str, port: int | None) -> int:
    """Return the port that is asked for, or the usual one, or any that is free."""
    for wanted in (PORT, 0) if port is None else (port,):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, wanted))
            except OSError:
                continue
            return int(trial.getsockname()[1])
    raise UsageError(
        Text(
            f"連接埠 {port} 已有其他程式使用；請以 --port 指定另一個，或略去 --port。",
            f"Port {port} is taken by another program; name another with --port, or leave it out.",
        )
    )
