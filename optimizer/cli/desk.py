"""``subsidy desk``: the workbench in the browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from optimizer.cli.bilingual import both, option
from optimizer.cli.face import Face
from optimizer.language.text import Text
from optimizer.problems.errors import UsageError

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
        "本機位址；\n\n開放他機須有使用者名單。",
        "an address of this machine; to be open to others it takes a list of users",
        metavar="ADDRESS",
    ),
]
Names = Annotated[
    list[str] | None,
    option(
        "--name",
        "網址所用主機名稱，可重複",
        "a host name that people type; may be repeated",
        metavar="NAME",
    ),
]
UserFile = Annotated[
    Path | None,
    option(
        "--users",
        "使用者名單；未指定則為家目錄的 .subsidy-desk-users.json",
        "the list of users; .subsidy-desk-users.json of the home folder unless given",
        metavar="FILE",
    ),
]
AddUser = Annotated[
    str | None,
    option(
        "--add-user",
        "新增使用者，\n\n或更改權限與密碼",
        "add a user, or change role and password",
        metavar="NAME",
    ),
]
RemoveUser = Annotated[
    str | None,
    option(
        "--remove-user",
        "刪除使用者",
        "remove a user",
        metavar="NAME",
    ),
]
RoleOption = Annotated[
    Literal["look", "explore", "decide"],
    option(
        "--role",
        "權限：look 檢視，explore 試算，decide 決定",
        "what a user may do: see everything, also explore, also decide",
    ),
]
PasswordFromInput = Annotated[
    bool,
    option(
        "--password-stdin",
        "新增使用者的密碼由標準輸入讀取一行",
        "with --add-user: the password is one line of standard input",
    ),
]
Certificate = Annotated[
    Path | None,
    option("--cert", "TLS 憑證檔", "the certificate for TLS", metavar="FILE"),
]
PrivateKey = Annotated[
    Path | None, option("--key", "TLS 金鑰檔", "the key for TLS", metavar="FILE")
]
TrustHeader = Annotated[
    str,
    option(
        "--trust-header",
        "代理伺服器載明帳號的標頭，\n\n如 X-Remote-User",
        "the header in which the office's proxy names who has logged in, as X-Remote-User",
        metavar="HEADER",
    ),
]
Proxies = Annotated[
    list[str] | None,
    option(
        "--proxy",
        "採信的代理伺服器位址，\n\n可重複",
        "the address of a proxy that is believed; may be repeated",
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
    users: UserFile = None,
    add_user: AddUser = None,
    role: RoleOption = "look",
    remove_user: RemoveUser = None,
    password_stdin: PasswordFromInput = False,
    cert: Certificate = None,
    key: PrivateKey = None,
    name: Names = None,
    trust_header: TrustHeader = "",
    proxy: Proxies = None,
) -> None:
    """Run the command."""
    from optimizer.desk.users import Users

    if add_user is not None or remove_user is not None:
        known = Users(users or Users.usual())
        if remove_user is not None:
            known.remove(remove_user)
        if add_user is not None:
            known.add(add_user, role, _piped() if password_stdin else _asked(face))
        _tell_where(face, known.path)
        return
    from optimizer.desk.door import Door
    from optimizer.desk.serve import serve

    door = Door(
        host, port, tuple(name or ()), users, cert=cert, key=key,
        header=trust_header, proxies=tuple(proxy or ()),
    )  # fmt: skip

    def say(address: str) -> None:
        face.document("text", {"text": address})
        face.show(Text(f"工作台已開啟：{address}", f"The workbench is open: {address}"), _KEEP)
        if not door.shared:
            face.show(_TOKEN)
        if door.open_to_listeners:
            face.note(_NO_TLS)

    serve(
        case,
        door,
        browser=not no_browser,
        language=face.language,
        asked_for=face.language if face.asked_for else "",
        say=say,
    )


_KEEP = Text("請保持此視窗開啟；結束請按 Ctrl-C。", "Keep this window open; Ctrl-C ends it.")
_TOKEN = Text("網址含通行碼，請勿轉寄。", "The address bears a token: do not pass it on.")
_NO_TLS = Text(
    "注意：未使用 TLS，同一網路上的人可能讀到密碼與資料；請以 --cert、--key 指定憑證。",
    "Mind: without TLS, others on the network may read passwords and data; add --cert and --key.",
)


_NO_TERMINAL = Text(
    "沒有終端機可輸入密碼；請在終端機執行，或加上 --password-stdin 並由標準輸入提供一行密碼。",
    "There is no terminal to ask for the password: run it in one, or add --password-stdin and give the "
    "password as one line of standard input.",
)


def _tell_where(face: Face, path: Path) -> None:
    said = Text(f"使用者名單已更新：{path}", f"The list of users is changed: {path}")
    face.document("text", {"text": said.say(face.language)})
    face.show(said)


def _piped() -> str:
    """Read a password from standard input; what ends before a line was given is none."""
    line = sys.stdin.readline() if sys.stdin else ""
    if not line:
        raise UsageError(_NO_TERMINAL)
    return line.rstrip("\r\n")


def _asked(face: Face) -> str:
    """Ask for a password twice, unseen; an empty one is for a proxy's login."""
    if not (sys.stdin and sys.stdin.isatty()):
        raise UsageError(_NO_TERMINAL)
    asked = Text("密碼（由代理伺服器登入者請留空）", "Password (empty for a proxy's login)")
    again = Text("再輸入一次", "Once more")
    return str(
        typer.prompt(
            asked.say(face.language),
            default="",
            show_default=False,
            hide_input=True,
            confirmation_prompt=again.say(face.language),
            err=True,
        )
    )
