"""Who is let in, and who is not."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from optimizer.desk.guard import MOST_BYTES, Guard, Receive, Scope, Send, check_host
from optimizer.problems.errors import UsageError

TOKEN, PORT = "a-long-token", 8765
HOST = f"127.0.0.1:{PORT}"
COOKIE = f"subsidy_desk_{PORT}={TOKEN}"


def ask(kind: str = "http", query: str = "", **headers: str) -> tuple[int | str, dict[str, str]]:
    """Knock, and return what is said: "in", "closed" or the status."""
    sent: list[MutableMapping[str, Any]] = []

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "in"})

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {}

    given = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": kind,
        "path": "/",
        "query_string": query.encode(),
        "headers": [(n.encode(), v.encode("latin-1")) for n, v in given.items()],
    }
    asyncio.run(Guard(inside, TOKEN, PORT)(scope, receive, send))
    first = sent[0]
    told = {n.decode(): v.decode() for n, v in first.get("headers", ())}
    said = {"in": "in", "websocket.close": "closed"}.get(first["type"])
    return said or first["status"], told


def test_the_token_is_taken_once_and_the_cookie_from_then_on() -> None:
    status, told = ask(query=f"token={TOKEN}")
    assert status == 303 and told["location"] == "/"
    cookie, *rules = told["set-cookie"].split("; ")
    assert rules == ["HttpOnly", "SameSite=Strict", "Path=/"]
    assert ask(cookie=cookie)[0] == "in" == ask("websocket", cookie=cookie)[0]


@pytest.mark.parametrize("kind, refused", [("http", 403), ("websocket", "closed")])
def test_nobody_else_comes_in(kind: str, refused: int | str) -> None:
    assert ask(kind)[0] == refused
    assert ask(kind, query="token=another")[0] == refused
    assert ask(kind, query="token=%E4%B8%AD")[0] == refused
    assert ask(kind, cookie=f"subsidy_desk_{PORT}=another")[0] == refused
    assert ask(kind, cookie=f"subsidy_desk_{PORT + 1}={TOKEN}")[0] == refused
    for host in ("evil.example", f"evil.example:{PORT}", "127.0.0.1:80", "127.0.0.1", ""):
        assert ask(kind, cookie=COOKIE, host=host)[0] == refused
    for origin in ("http://evil.example", "null", f"https://{HOST}", "http://127.0.0.1:80", ""):
        assert ask(kind, cookie=COOKIE, origin=origin)[0] == refused
    assert ask(kind, cookie=COOKIE, origin=f"http://{HOST}", host=f"localhost:{PORT}")[0] == "in"


def test_what_is_too_large_or_of_unknown_size_is_not_read() -> None:
    assert ask(cookie=COOKIE, content_length=str(MOST_BYTES))[0] == "in"
    for length in (str(MOST_BYTES + 1), "-1", "many"):
        assert ask(cookie=COOKIE, content_length=length)[0] == 413
    assert ask(cookie=COOKIE, transfer_encoding="chunked")[0] == 413


def test_only_this_machine() -> None:
    check_host("127.0.0.1")
    for host in ("0.0.0.0", "192.168.1.5", "example.org", ""):
        with pytest.raises(UsageError, match="this machine alone"):
            check_host(host)
