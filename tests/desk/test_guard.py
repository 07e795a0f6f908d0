"""Who is let in, and who is not; as whom, and how long."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from helpers.commands import run
from typer.testing import CliRunner

from optimizer.cli import app
from optimizer.desk.asgi import Receive, Scope, Send
from optimizer.desk.door import Door
from optimizer.desk.entrance import Entrance, Proxy, Token
from optimizer.desk.events import Decide, Event, Pin, Saved, SetKey, Undo
from optimizer.desk.guard import MOST_BYTES, Guard
from optimizer.desk.login import LASTS, LONGEST_WAIT, Login
from optimizer.desk.people import OWNER, ROLES, STRANGER, Person, at_the_desk, needed
from optimizer.desk.users import Users
from optimizer.problems.errors import UsageError

TOKEN, PORT = "a-long-token", 8765
HOST = f"127.0.0.1:{PORT}"
COOKIE = f"subsidy_desk_{PORT}={TOKEN}"
HOSTS = Door(port=PORT)._hosts(PORT)
GUARDED = (Token(TOKEN, f"subsidy_desk_{PORT}"), frozenset(HOSTS))
PASSWORD = "correct horse battery"


@dataclass
class Knock:
    """One request, and what came of it: "in" (as whom), "closed" or a status, headers and page."""

    entrance: Entrance
    hosts: frozenset[str]
    kind: str = "http"
    path: str = "/"
    query: str = ""
    body: bytes = b""
    peer: str = "127.0.0.1"
    who: Person | None = None
    sent: list[MutableMapping[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.who = at_the_desk.get(STRANGER)
        await send({"type": "in"})

    def ask(self, **headers: str) -> int | str:
        async def send(message: MutableMapping[str, Any]) -> None:
            self.sent.append(message)

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": self.body}

        given = {"host": HOST, **{n.replace("_", "-"): value for n, value in headers.items()}}
        scope = {
            "type": self.kind,
            "path": self.path,
            "method": "POST" if self.body else "GET",
            "client": (self.peer, 1),
            "query_string": self.query.encode(),
            "headers": [(n.encode(), v.encode()) for n, v in given.items()],
        }
        asyncio.run(Guard(self, self.entrance, self.hosts)(scope, receive, send))
        first = self.sent[0]
        said = {"in": "in", "websocket.close": "closed"}.get(first["type"])
        return said or first["status"]

    @property
    def told(self) -> dict[str, str]:
        return {n.decode(): v.decode() for n, v in self.sent[0].get("headers", ())}

    @property
    def page(self) -> str:
        return self.sent[1]["body"].decode()


def ask(kind: str = "http", query: str = "", **headers: str) -> int | str:
    return Knock(*GUARDED, kind=kind, query=query).ask(**headers)


def test_the_token_is_taken_once_and_the_cookie_from_then_on() -> None:
    knock = Knock(*GUARDED, query=f"token={TOKEN}")
    assert knock.ask() == 303 and knock.told["location"] == "/"
    cookie, *rules = knock.told["set-cookie"].split("; ")
    assert rules == ["HttpOnly", "SameSite=Strict", "Path=/"]
    inside = Knock(*GUARDED)
    assert inside.ask(cookie=cookie) == "in" == ask("websocket", cookie=cookie)
    assert inside.who == OWNER


@pytest.mark.parametrize("kind, refused", [("http", 403), ("websocket", "closed")])
def test_nobody_else_comes_in(kind: str, refused: int | str) -> None:
    assert ask(kind) == refused
    assert ask(kind, query="token=another") == refused
    assert ask(kind, query="token=%E4%B8%AD") == refused
    assert ask(kind, cookie=f"subsidy_desk_{PORT}=another") == refused
    assert ask(kind, cookie=f"subsidy_desk_{PORT + 1}={TOKEN}") == refused
    for host in ("evil.example", f"evil.example:{PORT}", "127.0.0.1:80", "127.0.0.1", ""):
        assert ask(kind, cookie=COOKIE, host=host) == refused
    for origin in ("http://evil.example", "null", f"https://{HOST}", "http://127.0.0.1:80", ""):
        assert ask(kind, cookie=COOKIE, origin=origin) == refused
    assert ask(kind, cookie=COOKIE, origin=f"http://{HOST}", host=f"localhost:{PORT}") == "in"


def test_what_is_too_large_or_of_unknown_size_is_not_read() -> None:
    assert ask(cookie=COOKIE, content_length=str(MOST_BYTES)) == "in"
    for length in (str(MOST_BYTES + 1), "-1", "many"):
        assert ask(cookie=COOKIE, content_length=length) == 413
    assert ask(cookie=COOKIE, transfer_encoding="chunked") == 413


# ---- several people ------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("optimizer.desk.users._N", 2**6)
        yield


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Users:
    users = Users(tmp_path_factory.mktemp("users") / "users.json")
    users.add("王科長", "decide", PASSWORD)
    users.add("陳專員", "look", "")
    return users


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_password_is_kept_as_a_hash_that_its_owner_alone_can_read(known: Users) -> None:
    assert PASSWORD not in known.path.read_text("utf-8")
    assert known.path.stat().st_mode & 0o777 == 0o600
    assert known.knows("王科長", PASSWORD)
    for name, password in (("王科長", "wrong horse battery"), ("陳專員", ""), ("無此人", PASSWORD)):
        assert not known.knows(name, password)
    for name, password in (("", PASSWORD), ("a\n", PASSWORD), ("甲", "short")):
        with pytest.raises(UsageError):
            known.add(name, "look", password)


def test_a_list_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    users = Users(path)
    users.add("陳專員", "look", "")
    path.chmod(0o644)
    with pytest.raises(UsageError, match="read by others"):
        users.all()
    for text in ("{", '{"users": {"a": {"role": "root"}}}', "[]"):
        path.write_text(text, "utf-8")
        with pytest.raises(UsageError, match="cannot be used"):
            users.all()
        assert users.person("陳專員") is None and not users.knows("陳專員", "")  # nobody comes in


def login(entrance: Login, name: str, password: str) -> Knock:
    body = f"name={name}&password={password.replace(' ', '+')}".encode()
    knock = Knock(entrance, GUARDED[1], path="/login", body=body)
    knock.ask()
    return knock


def test_a_login_lasts_a_working_day_and_ends_with_the_list(known: Users, tmp_path: Path) -> None:
    users = Users(tmp_path / "users.json")
    users._write(known.all())
    clock = Clock()
    entrance = Login(users, "seat", clock=clock)
    assert Knock(entrance, GUARDED[1], path="/rules").ask() == 303  # to where the login is
    assert Knock(entrance, GUARDED[1], kind="websocket").ask() == "closed"
    cookie = login(entrance, "王科長", PASSWORD).told["set-cookie"].partition(";")[0]

    def comes_in(path: str = "/") -> Person | None:
        knock = Knock(entrance, GUARDED[1], path=path)
        knock.ask(cookie=cookie)
        return knock.who

    assert comes_in() == Person("王科長", "decide")
    users.add("王科長", "look", "")  # whoever keeps the list has changed it
    assert comes_in() == Person("王科長", "look")
    clock.now = LASTS
    assert comes_in() is None
    clock.now = 0
    users.remove("王科長")
    assert comes_in() is None
    users._write(known.all())
    assert comes_in("/logout") is None and comes_in() is None


def test_what_is_heard_of_a_connection_ends_with_its_session(known: Users) -> None:
    clock = Clock()
    entrance = Login(known, "seat", clock=clock)
    cookie = f"seat={entrance._begin('王科長')}"
    heard: list[str] = []

    async def connection(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append((await receive())["type"])
        clock.now = LASTS
        heard.append((await receive())["type"])

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.receive"}

    async def send(message: MutableMapping[str, Any]) -> None:
        raise AssertionError(message)

    headers = [(b"host", HOST.encode()), (b"cookie", cookie.encode())]
    scope = {"type": "websocket", "path": "/", "headers": headers}
    asyncio.run(Guard(connection, entrance, GUARDED[1])(scope, receive, send))
    assert heard == ["websocket.receive", "websocket.disconnect"]


def test_wrong_passwords_are_slowed(known: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(Users, "knows", lambda self, name, word: bool(tried.append(name)))
    clock = Clock()
    entrance = Login(known, "seat", clock=clock)
    waits = []
    for _ in range(12):
        knock = login(entrance, "王科長", "wrong")
        assert knock.sent[0]["status"] == 403 and "不正確" in knock.page
        waits.append(entrance._wait("王科長"))
        count = len(tried)
        if waits[-1] > 0:
            assert login(entrance, "王科長", PASSWORD).sent[0]["status"] == 429
            assert len(tried) == count  # not even looked at
        clock.now += LONGEST_WAIT
    assert waits[:6] == [0, 0, 1, 2, 4, 8] and waits[-1] == LONGEST_WAIT
    long = Knock(entrance, GUARDED[1], path="/login", body=b"name=" + b"x" * 5_000)
    assert long.ask() == 403 and tried[-1] == ""
    assert "<script>" not in login(entrance, "<script>", "x").page


def test_a_name_is_believed_from_the_proxy_alone(known: Users) -> None:
    entrance = Proxy("x-remote-user", frozenset({"10.0.0.5"}), known)

    def who(peer: str, name: str = "") -> Person | None:
        knock = Knock(entrance, GUARDED[1], peer=peer)
        knock.ask(**({"x_remote_user": name} if name else {}))
        return knock.who

    assert who("10.0.0.5", "陳專員") == Person("陳專員", "look")
    assert who("10.0.0.6", "陳專員") is None is who("10.0.0.5", "無此人")
    assert who("10.0.0.5") is None
    twice = [(b"host", HOST.encode()), *[(b"X-Remote-User", "陳專員".encode())] * 2]
    scope: Scope = {"type": "http", "client": ("10.0.0.5", 1), "headers": twice}
    assert entrance.person(scope, {}) is None


def test_a_role_allows_what_those_before_it_do_and_no_more() -> None:
    events: tuple[tuple[Event, str], ...] = (
        (SetKey("pool.amount", 1), "explore"),
        (Pin("甲案"), "explore"),
        (Undo(), "explore"),
        (Decide("A170", "fund", "王", "由"), "decide"),
        (Saved(), "decide"),
    )
    for event, least in events:
        assert needed(event) == least
        for role in ROLES:
            if ROLES.index(role) >= ROLES.index(needed(event)):
                Person("甲", role).allow(needed(event))
            else:
                with pytest.raises(UsageError, match="role"):
                    Person("甲", role).allow(needed(event))


def test_the_door_opens_to_others_by_a_login_alone(known: Users, tmp_path: Path) -> None:
    Door().check()
    nobody, some = tmp_path / "none.json", known.path
    for door, match in (
        (Door("0.0.0.0", users=nobody), "login alone"),
        (Door("127.0.0.1", header="X-Remote-User", proxies=("127.0.0.1",), users=nobody), "login"),
        (Door("192.0.2.1", header="X-Remote-User", users=some), "go together"),
        (Door("192.0.2.1", proxies=("192.0.2.2",), users=some), "go together"),
        (Door(cert=some), "go together"),
        (Door(users=some), "has no use"),
        (Door(cert=some, key=nobody), "no file"),
    ):
        with pytest.raises(UsageError, match=match):
            door.check()
    open_door = Door("0.0.0.0", 0, ("desk.example",), some)
    open_door.check()
    opened = open_door.opened()
    assert isinstance(opened.entrance, Login) and opened.schemes == ("http",)
    assert {"desk.example", f"desk.example:{opened.port}"} <= opened.hosts
    assert opened.address == f"http://desk.example:{opened.port}/" and open_door.open_to_listeners
    own = Door(port=0).opened()
    assert isinstance(own.entrance, Token) and own.entrance.token in own.address
    assert all(host.rpartition(":")[0] in ("127.0.0.1", "localhost", "[::1]") for host in own.hosts)


def test_users_are_kept_by_the_command(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    given = ("desk", "--users", path, "--add-user", "王科長", "--role", "decide")
    for more, typed in (((), f"{PASSWORD}\n"), (("--password-stdin",), "")):
        said = CliRunner().invoke(app, [*map(str, given), *more], input=typed)
        assert said.exit_code == 2 and "--password-stdin" in said.output and not path.exists()
    said = CliRunner().invoke(app, [*map(str, given), "--password-stdin"], input=f"{PASSWORD}\n")
    assert said.exit_code == 0 and PASSWORD not in said.output
    assert Users(path).knows("王科長", PASSWORD)
    assert Users(path).person("王科長") == Person("王科長", "decide")
    assert run("desk", "--users", path, "--remove-user", "王科長").exit_code == 0
    assert not Users(path).all()
    assert run("desk", "--users", path, "--remove-user", "王科長").exit_code == 2
