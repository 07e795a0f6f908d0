"""Who is let in: by an address that is known, from no other site, as somebody who is known.

A wrapper of any ASGI application; it knows no framework.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from optimizer.desk.asgi import (
    Application,
    Headers,
    Receive,
    Scope,
    Send,
    headers_of,
    refuse,
    with_headers,
)
from optimizer.desk.entrance import Entrance
from optimizer.desk.people import Person, at_the_desk
from optimizer.language.text import Text

MOST_BYTES = 64 * 2**20  # of one request
_OTHER_SITE = Text(
    "這個要求來自其他網站或其他位址，未予受理。請使用 subsidy desk 印出的網址。",
    "This request came from another site or address and was refused. Use the address that subsidy "
    "desk printed.",
)
_TOO_LARGE = Text(
    f"檔案太大，一次至多 {MOST_BYTES // 2**20} MB，未收下任何內容。",
    f"The file is too large: at most {MOST_BYTES // 2**20} MB at a time. Nothing was kept.",
)


@dataclass(frozen=True)
class Guard:
    """An application behind the guard.

    Parameters
    ----------
    app
        What is guarded.
    entrance
        Tells who somebody is.
    hosts
        The names, most with a port, by which it is reached.
    schemes
        ``http``, ``https``, or both behind a proxy.
    """

    app: Application
    entrance: Entrance
    hosts: frozenset[str]
    schemes: tuple[str, ...] = ("http",)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in on somebody's account, or say why not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = headers_of(scope)
        if (why := self._refusal(headers)) is not None:
            await refuse(scope, send, *why)
        elif (person := self.entrance.person(scope, headers)) is not None:
            at_the_desk.set(person)
            heard = self._as_long_as(person, scope, headers, receive=receive)
            await self.app(scope, heard, with_headers(send))
        else:
            await self.entrance.knock(scope, receive, send, headers)

    def _refusal(self, headers: Headers) -> tuple[int, Text] | None:
        """Return why a request is not looked at; None if it is."""
        origin = headers.get("origin")
        if headers.get("host", "") not in self.hosts:
            return 403, _OTHER_SITE
        sites = {f"{scheme}://{host}" for scheme in self.schemes for host in self.hosts}
        if origin is not None and origin not in sites:
            return 403, _OTHER_SITE
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > MOST_BYTES:
            return 413, _TOO_LARGE
        return None

    def _as_long_as(
        self, person: Person, scope: Scope, headers: Headers, receive: Receive
    ) -> Receive:
        """Return what hears a connection as long as somebody may come in, in the same role."""
        if scope["type"] != "websocket":
            return receive

        async def heard() -> MutableMapping[str, Any]:
            message = await receive()
            if self.entrance.person(scope, headers) != person:
                return {"type": "websocket.disconnect", "code": 1008}
            return message

        return heard
