"""Coming in by name and password: the page that asks, the sessions, and wrong passwords slowed."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qs

from optimizer.desk.asgi import HTML, Headers, Receive, Scope, Send, answer, refuse
from optimizer.desk.entrance import cookie_of, welcome
from optimizer.desk.people import Person
from optimizer.desk.users import Users
from optimizer.language.text import EMPTY, Text
from optimizer.language.words import duration

LASTS = 10 * 3600.0  # seconds of a session: a working day
LONGEST_WAIT = 60.0  # seconds after many wrong passwords
_FREE = 3  # wrong passwords before anybody has to wait
_FORM = 4096  # bytes of the form, at most
_REMEMBERED = 1000  # names that were tried
_WRONG = Text("名稱或密碼不正確。", "The name or the password is not right.")
_LOGIN_FIRST = Text("請先登入。", "Log in first.")


@dataclass
class Login:
    """Whoever knows the password of a user is that user, for a working day.

    Parameters
    ----------
    users
        Who may come in.
    cookie
        The name of the cookie that a session has.
    secure
        Whether the cookie goes over TLS alone.
    clock
        Seconds, going up.
    """

    users: Users
    cookie: str
    secure: bool = False
    clock: Callable[[], float] = time.monotonic
    _sessions: dict[str, tuple[str, float]] = field(default_factory=dict)
    _wrong: dict[str, tuple[int, float]] = field(default_factory=dict)

    def person(self, scope: Scope, headers: Headers) -> Person | None:
        """Return whose session it is, as the list of users has it now; leaving ends the session."""
        given = cookie_of(headers, self.cookie)
        if scope["path"] == "/logout":
            self._sessions.pop(given, None)
        name, until = self._sessions.get(given, ("", 0.0))
        return self.users.person(name) if self.clock() < until else None

    async def knock(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Ask for name and password, or look at those that are given."""
        if scope["type"] != "http" or scope["path"] not in ("/login", "/", "/logout"):
            if scope["type"] == "http" and scope["method"] == "GET":
                await answer(send, 303, b"", [(b"location", b"/login")])
            else:
                await refuse(scope, send, 403, _LOGIN_FIRST)
        elif scope["method"] == "POST" and scope["path"] == "/login":
            await self._look_at(await _form(receive), send)
        else:
            await _ask(send, 200, EMPTY)

    async def _look_at(self, form: dict[str, str], send: Send) -> None:
        name, password = form.get("name", "").strip(), form.get("password", "")
        wait = self._wait(name)
        if wait > 0:
            await _ask(send, 429, _too_often(wait))
        elif not await asyncio.to_thread(self.users.knows, name, password):
            self._note_wrong(name)
            await _ask(send, 403, _WRONG)
        else:
            self._wrong.pop(name, None)
            await welcome(send, "/", f"{self.cookie}={self._begin(name)}", self.secure)

    def _begin(self, name: str) -> str:
        now = self.clock()
        self._sessions = {k: s for k, s in self._sessions.items() if now < s[1]}
        token = secrets.token_urlsafe(32)
        self._sessions[token] = (name, now + LASTS)
        return token

    def _wait(self, name: str) -> float:
        """Return how many seconds a name has to wait, twice as long after each wrong password."""
        count, last = self._wrong.get(name, (0, 0.0))
        pause = min(2.0 ** (count - _FREE), LONGEST_WAIT) if count >= _FREE else 0.0
        return last + pause - self.clock() if pause else 0.0

    def _note_wrong(self, name: str) -> None:
        count, _ = self._wrong.pop(name, (0, 0.0))
        self._wrong[name] = (count + 1, self.clock())
        while len(self._wrong) > _REMEMBERED:
            del self._wrong[next(iter(self._wrong))]


def _too_often(wait: float) -> Text:
    left = duration(int(wait) + 1)
    return Text(
        f"密碼錯誤次數過多，請於 {left.zh}後再試。",
        f"Too many wrong passwords: try again in {left.en}.",
    )


async def _form(receive: Receive) -> dict[str, str]:
    """Return the fields of a short form; of a long one, nothing."""
    body, more = b"", True
    while more and len(body) <= _FORM:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    if len(body) > _FORM:
        return {}
    return {name: found[0] for name, found in parse_qs(body.decode("utf-8", "replace")).items()}


async def _ask(send: Send, status: int, said: Text) -> None:
    wrong = f'<p role="alert">{escape(said.zh)}<br><span lang="en">{escape(said.en)}</span></p>'
    page = _PAGE.format(wrong=wrong if said.zh else "")
    await answer(send, status, page.encode(), [HTML])


_PAGE = """<!doctype html><html lang="zh-Hant"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>登入 subsidy desk</title>
<style>body{{font:16px/1.6 "Noto Sans TC","Microsoft JhengHei",sans-serif;color:#222;background:#f5f6f8}}
main{{max-width:24rem;margin:4rem auto;padding:1.5rem;background:#fff;border:1px solid #e3e6ea}}
label{{display:block;margin-top:1rem}}input,button{{font:inherit;width:100%;padding:.5rem;min-height:44px;
box-sizing:border-box;border:1px solid #767676;border-radius:4px}}button{{margin-top:1.5rem;background:#0067a3;
color:#fff}}[role=alert]{{color:#a34000}}:focus-visible{{outline:3px solid #0067a3;outline-offset:2px}}</style>
</head><body><main><h1>經費分配工作台</h1><form method="post" action="/login">{wrong}
<label>名稱 <span lang="en">Name</span>
<input name="name" autocomplete="username" required maxlength="40" autofocus></label>
<label>密碼 <span lang="en">Password</span>
<input name="password" type="password" autocomplete="current-password" required></label>
<button>登入 <span lang="en">Log in</span></button></form></main></body></html>"""
