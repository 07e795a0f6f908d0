"""The few words of ASGI that the guard speaks; no framework."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from html import escape
from typing import Any

from optimizer.language.text import Text

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Mapping[str, str]

_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'self'"
)
SAFE = (
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"same-origin"),  # with no-referrer, a form of ours would have no origin
    (b"x-content-type-options", b"nosniff"),
)


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers of a request by their names, in small letters."""
    pairs = scope["headers"]
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs}


def with_headers(send: Send) -> Send:
    """Return what sends the same, with the headers of safety."""

    async def answered(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *SAFE]
        await send(message)

    return answered


async def answer(
    send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Answer a request."""
    told = [*headers, *SAFE]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})


HTML = (b"content-type", b"text/html; charset=utf-8")


async def refuse(scope: Scope, send: Send, status: int, why: Text) -> None:
    """Refuse a request, and say why."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    page = (
        f'<!doctype html><html lang="zh-Hant"><meta charset="utf-8"><title>subsidy desk</title>'
        f'<p>{escape(why.zh)}</p><p lang="en">{escape(why.en)}</p></html>'
    )
    await answer(send, status, page.encode(), [HTML])
