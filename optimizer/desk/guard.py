"""Who is let in: on this machine alone, with the token of the address, from no other site.

A wrapper of any ASGI application; it knows no framework.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from optimizer.language.text import Text
from optimizer.problems.errors import UsageError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST_BYTES = 64 * 2**20  # of one request
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'self'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_OTHER_SITE = Text(
    "這個要求來自其他網站或其他位址，未予受理。請使用 subsidy desk 印出的網址。",
    "This request came from another site or address and was refused. Use the address that subsidy "
    "desk printed.",
)
_NO_TOKEN = Text(
    "網址缺少通行碼，或通行碼已失效。請使用 subsidy desk 這次印出的完整網址。",
    "The address lacks its token, or the token is no longer valid. Use the whole address that subsidy "
    "desk printed this time.",
)
_TOO_LARGE = Text(
    f"檔案太大，一次至多 {MOST_BYTES // 2**20} MB，未收下任何內容。",
    f"The file is too large: at most {MOST_BYTES // 2**20} MB at a time. Nothing was kept.",
)


def check_host(host: str) -> None:
    """Refuse to be reached from other machines: there is no login yet.

    Raises
    ------
    UsageError
        If the address is not one of this machine alone.
    """
    if host not in LOOPBACK:
        raise UsageError(
            Text(
                f"工作台目前只能在本機使用，不能以 {host} 開放給其他電腦；請略去 --host。",
                f"The workbench can be used on this machine alone for now, and not be opened to others "
                f"as {host}; leave --host out.",
            )
        )


@dataclass(frozen=True)
class Guard:
    """An application behind the guard.

    Parameters
    ----------
    app
        What is guarded.
    token
        What the address must bear, once; a cookie bears it from then on.
    port
        On which it is reached.
    """

    app: Application
    token: str
    port: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = _headers(scope["headers"])
        if (why := self._refusal(headers)) is not None:
            await _refuse(scope, send, *why)
        elif hmac.compare_digest(self._cookie(headers), self.token):
            await self.app(scope, receive, _with_headers(send))
        elif scope["type"] == "http" and hmac.compare_digest(_token(scope), self.token):
            await self._welcome(send, scope["path"])
        else:
            await _refuse(scope, send, 403, _NO_TOKEN)

    def _refusal(self, headers: Mapping[str, str]) -> tuple[int, Text] | None:
        """Return why a request is not looked at; None if it is."""
        hosts = {f"[{name}]" if ":" in name else name for name in LOOPBACK}
        here = {f"{host}:{self.port}" for host in hosts}
        origin = headers.get("origin")
        if headers.get("host", "") not in here:
            return 403, _OTHER_SITE
        if origin is not None and origin not in {f"http://{host}" for host in here}:
            return 403, _OTHER_SITE
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > MOST_BYTES:
            return 413, _TOO_LARGE
        return None

    @property
    def _name(self) -> str:
        return f"subsidy_desk_{self.port}"

    def _cookie(self, headers: Mapping[str, str]) -> str:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._name)
        except CookieError:
            return ""
        return _ascii(found.value) if found else ""

    async def _welcome(self, send: Send, path: str) -> None:
        """Hand out the cookie, and take the token out of the address."""
        cookie = f"{self._name}={self.token}; HttpOnly; SameSite=Strict; Path=/"
        headers = [
            (b"location", path.encode("ascii", "replace")),
            (b"set-cookie", cookie.encode()),
            *_HEADERS,
        ]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs}


def _token(scope: Scope) -> str:
    found = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])
    return _ascii(found[0])


def _ascii(text: str) -> str:
    return text if text.isascii() else ""  # what cannot be compared in constant time is no token


def _with_headers(send: Send) -> Send:
    async def answer(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_HEADERS]
        await send(message)

    return answer


async def _refuse(scope: Scope, send: Send, status: int, why: Text) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    page = (
        f'<!doctype html><html lang="zh-Hant"><meta charset="utf-8"><title>subsidy desk</title>'
        f'<p>{escape(why.zh)}</p><p lang="en">{escape(why.en)}</p></html>'
    )
    headers = [(b"content-type", b"text/html; charset=utf-8"), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": page.encode()})
