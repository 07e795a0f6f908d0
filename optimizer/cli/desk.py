"""``subsidy desk``: the workbench in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.bilingual import both, option
from optimizer.cli.face import Face
from optimizer.language.text import Text

DeskCase = Annotated[
    Path,
    typer.Argument(
        metavar="CASE",
        help=both(
            "計畫資料夾，或旁邊有 policy.toml 的活頁簿；未指定則為目前的資料夾",
            "a case folder, or a workbook with policy.toml beside it; this folder unless given",
        ),
    ),
]
Port = Annotated[
    int | None,
    option(
        "--port",
        "連接埠；0 為任選一個；未指定則為 8765，已被使用時另選",
        "the port, 0 for any; 8765 unless given, or another where that is taken",
        metavar="N",
        min=0,
        max=65535,
    ),
]
Host = Annotated[
    str,
    option(
        "--host",
        "本機位址；目前只能在本機使用",
        "an address of this machine; no other can be used for now",
        metavar="ADDRESS",
    ),
]
NoBrowser = Annotated[
    bool,
    option("--no-browser", "不自動開啟瀏覽器，只印出網址", "only print the address"),
]


def desk(
    face: Face,
    case: DeskCase = Path(),
    port: Port = None,
    host: Host = "127.0.0.1",
    no_browser: NoBrowser = False,
) -> None:
    """Run the command."""
    from optimizer.desk.serve import serve

    def say(address: str) -> None:
        face.document("text", {"text": address})
        face.show(
            Text(
                f"工作台已開啟：{address}\n請保持此視窗開啟；結束請按 Ctrl-C。網址含通行碼，請勿轉寄。",
                f"The workbench is open: {address}\nKeep this window open; Ctrl-C ends it. The address "
                "bears a token: do not pass it on.",
            )
        )

    serve(case, port, host, browser=not no_browser, language=face.language, say=say)
