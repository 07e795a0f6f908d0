"""Where the workbench is opened, and to whom; what of that cannot be is said before it opens."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from optimizer.desk.entrance import Entrance, Proxy, Token
from optimizer.desk.login import Login
from optimizer.desk.users import Users
from optimizer.language.text import Text
from optimizer.problems.errors import UsageError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PORT = 8765


@dataclass(frozen=True)
class Door:
    """Where it is opened, and to whom.

    Parameters
    ----------
    host, port
        An address of this machine, and the port; the usual one unless given, and any other where that is taken.
    names
        Further names by which it is reached.
    users
        The list of users; the usual file unless given.
    cert, key
        Of TLS.
    header, proxies
        The header in which the office's proxy names who has logged in, and the proxy's addresses.
    """

    host: str = LOOPBACK[0]
    port: int | None = None
    names: tuple[str, ...] = ()
    users: Path | None = None
    cert: Path | None = None
    key: Path | None = None
    header: str = ""
    proxies: tuple[str, ...] = ()

    @property
    def shared(self) -> bool:
        """Whether others than the owner of this machine come in."""
        return self.host not in LOOPBACK or bool(self.header)

    @property
    def scheme(self) -> str:
        """``https`` with a certificate."""
        return "https" if self.cert else "http"

    @property
    def open_to_listeners(self) -> bool:
        """Whether passwords go over the network as they are."""
        return self.shared and not self.cert and not self.header

    def check(self) -> None:
        """Refuse what cannot be meant.

        Raises
        ------
        UsageError
            If others could come in without a login, users are named and nobody else comes in, or TLS or the proxy is half stated.
        """
        if (self.cert is None) != (self.key is None):
            raise UsageError(_HALF_TLS)
        for path in filter(None, (self.cert, self.key)):
            if not path.is_file():
                raise UsageError(Text(f"找不到 {path}。", f"There is no file {path}."))
        if bool(self.header) != bool(self.proxies):
            raise UsageError(_HALF_PROXY)
        if self.users is not None and not self.shared:
            raise UsageError(_NOBODY_ELSE)
        if self.shared and not self._users.all():
            raise UsageError(_NOBODY)

    @property
    def _users(self) -> Users:
        return Users(self.users or Users.usual())

    def opened(self) -> Doorway:
        """Find a port, and decide who is let in there.

        Raises
        ------
        UsageError
            If the port or the address cannot be had.
        """
        port = _free(self.host, self.port)
        called = self._called
        shown = f"[{called}]" if ":" in called else called
        address = f"{self.scheme}://{shown}:{port}/"
        cookie, hosts = f"subsidy_desk_{port}", frozenset(self._hosts(port))
        if self.header:
            entrance: Entrance = Proxy(self.header.lower(), frozenset(self.proxies), self._users)
            return Doorway(port, address, entrance, hosts, schemes=("http", "https"))
        if self.shared:
            entrance = Login(self._users, cookie, secure=self.cert is not None)
            return Doorway(port, address, entrance, hosts, schemes=(self.scheme,))
        token = secrets.token_urlsafe(24)
        own, path = Token(token, cookie), f"/?token={token}"
        return Doorway(port, address[:-1] + path, own, hosts, path=path, schemes=(self.scheme,))

    @property
    def _called(self) -> str:
        """What people type: a name where it is open on every address."""
        if self.names:
            return self.names[0]
        return socket.gethostname() if self.host in ("0.0.0.0", "::") else self.host

    def _hosts(self, port: int) -> Iterator[str]:
        """Yield the names by which it may be reached."""
        names = [*LOOPBACK, *(_own_names(self.host) if self.shared else ())]
        for name in names:
            yield f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
        for name in self.names:
            yield from (name, f"{name}:{port}")


@dataclass(frozen=True)
class Doorway:
    """A door that is open.

    Parameters
    ----------
    port, address
        Where it is reached.
    entrance, hosts, schemes
        As for the `Guard`.
    path
        What of the address the browser opens.
    """

    port: int
    address: str
    entrance: Entrance
    hosts: frozenset[str]
    path: str = "/"
    schemes: tuple[str, ...] = ("http",)


def _own_names(host: str) -> set[str]:
    """Return by what names this machine is known to others."""
    name = socket.gethostname()
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(name, None)}
    except OSError:
        found = set()
    return {host, name, name.lower(), socket.getfqdn(), *found}


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
            f"無法在 {host} 開啟連接埠 {port or PORT}：已有其他程式使用，或並非本機位址。請以 --port 指定另一個，或略去 --port。",
            f"Port {port or PORT} of {host} cannot be opened: another program uses it, or that is no address "
            "of this machine. Name another with --port, or leave it out.",
        )
    )


_HALF_TLS = Text("--cert 與 --key 須一併指定。", "--cert and --key go together.")
_HALF_PROXY = Text(
    "--trust-header 與 --proxy 須一併指定：只採信所列代理伺服器的標頭。",
    "--trust-header and --proxy go together: the header is believed from those addresses alone.",
)
_NOBODY_ELSE = Text(
    "僅在本機開啟時不需登入，--users 不會用到；要讓他人登入使用，請一併指定 --host（本機對外的位址，或 0.0.0.0），否則請略去 --users。",
    "Opened for this machine alone there is no login, and --users has no use. To let others log in, add --host "
    "(an address of this machine, or 0.0.0.0); otherwise leave --users out.",
)
_NOBODY = Text(
    "開放給其他電腦須有登入，而使用者名單中尚無任何人；請先執行：subsidy desk --add-user 名稱 --role decide",
    "Others come in by a login alone, and there are no users yet; first run: subsidy desk --add-user NAME "
    "--role decide",
)
