"""How somebody comes in: by the token of the address, or by the name that the office's proxy gives."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Protocol
from urllib.parse import parse_qs

from optimizer.desk.asgi import Headers, Receive, Scope, Send, answer, refuse
from optimizer.desk.people import OWNER, Person
from optimizer.desk.users import Users
from optimizer.language.text import Text

_NO_TOKEN = Text(
    "網址缺少通行碼，或通行碼已失效。請使用 subsidy desk 這次印出的完整網址。",
    "The address lacks its token, or the token is no longer valid. Use the whole address that subsidy "
    "desk printed this time.",
)
_NOT_BY_THE_PROXY = Text(
    "請由機關的入口網站進入；如已由該處進入，您的帳號尚未列入工作台的使用者名單。",
    "Come in by the office's own portal; if you did, your name is not on the workbench's list of users.",
)


class Entrance(Protocol):
    """Tells who somebody is, and what is said to whoever it does not know."""

    def person(self, scope: Scope, headers: Headers) -> Person | None:
        """Return who asks; None if that is not known."""

    async def knock(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Let somebody in, or say how to come in."""


def cookie_of(headers: Headers, name: str) -> str:
    """Return what a cookie says; nothing if there is none that could be right."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return ascii_of(found.value) if found else ""


def ascii_of(text: str) -> str:
    """Return a text that can be compared in constant time."""
    return text if text.isascii() else ""


async def welcome(send: Send, path: str, cookie: str, secure: bool = False) -> None:
    """Hand out a cookie, and go on without what was in the address."""
    rules = f"HttpOnly; SameSite=Strict; Path=/{'; Secure' if secure else ''}"
    where = (b"location", path.encode("ascii", "replace"))
    await answer(send, 303, b"", [where, (b"set-cookie", f"{cookie}; {rules}".encode())])


@dataclass(frozen=True)
class Token:
    """Whoever has the address that was printed is the owner.

    Parameters
    ----------
    token
        What the address must bear, once; a cookie bears it from then on.
    cookie
        The cookie's name.
    """

    token: str
    cookie: str

    def person(self, scope: Scope, headers: Headers) -> Person | None:
        """Return the owner to whom the cookie was given."""
        given = cookie_of(headers, self.cookie)
        return OWNER if hmac.compare_digest(given, self.token) else None

    async def knock(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Take the token of the address, or say that it is missing."""
        found = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])
        given = ascii_of(found[0])
        if scope["type"] == "http" and hmac.compare_digest(given, self.token):
            await welcome(send, scope["path"], f"{self.cookie}={self.token}")
        else:
            await refuse(scope, send, 403, _NO_TOKEN)


@dataclass(frozen=True)
class Proxy:
    """The office's proxy has asked for the name, and passes it on in a header.

    Parameters
    ----------
    header
        Its name, in small letters.
    addresses
        Of the proxies that are believed.
    users
        Who may do what.
    """

    header: str
    addresses: frozenset[str]
    users: Users

    def person(self, scope: Scope, headers: Headers) -> Person | None:
        """Return whom the proxy names, if it is the proxy that asks, and names one."""
        peer = (scope.get("client") or ("",))[0]
        named = [value for name, value in scope["headers"] if name.lower() == self.header.encode()]
        if peer not in self.addresses or len(named) != 1:
            return None
        return self.users.person(named[0].decode("utf-8", "replace").strip())

    async def knock(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Say that nobody comes in otherwise."""
        await refuse(scope, send, 403, _NOT_BY_THE_PROXY)
