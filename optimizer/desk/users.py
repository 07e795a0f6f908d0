"""The list of users: who may come in, with what role; passwords are kept as scrypt hashes alone.

One JSON file that only its owner can read. OWASP's parameters for scrypt with 32 MB: N = 2^15, r = 8,
p = 3 (OWASP Password Storage Cheat Sheet).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.desk.people import ROLES, Person, Role
from optimizer.language.text import Text
from optimizer.problems.errors import UsageError
from optimizer.writing import new_file

SHORTEST = 10  # characters of a password
_N, _R, _P = 2**15, 8, 3
_NAME = 40  # characters of a name


@dataclass(frozen=True)
class Users:
    """The users of an office.

    Parameters
    ----------
    path
        Their file.
    """

    path: Path

    @staticmethod
    def usual() -> Path:
        """Return where the file is unless another is named."""
        return Path.home() / ".subsidy-desk-users.json"

    def all(self) -> Mapping[str, Mapping[str, Any]]:
        """Return every user; nobody where there is no file.

        Raises
        ------
        UsageError
            If the file is none of ours, or others can read it.
        """
        try:
            found = json.loads(self.path.read_bytes())["users"]
            assert all(one["role"] in ROLES for one in found.values())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, AssertionError):
            raise UsageError(_unusable(self.path)) from None
        if os.name == "posix" and self.path.stat().st_mode & 0o077:
            raise UsageError(_open_to_all(self.path))
        return dict(found)

    def add(self, name: str, role: Role, password: str) -> None:
        """Add a user, or give one another role and password; without a password, for a proxy's login.

        Raises
        ------
        UsageError
            If the name or the password cannot be, or the file cannot be written.
        """
        if not name.strip() or len(name) > _NAME or not name.isprintable():
            raise UsageError(_BAD_NAME)
        if password and len(password) < SHORTEST:
            raise UsageError(_TOO_SHORT)
        self._write({**self.all(), name.strip(): {"role": role, **_kept(password)}})

    def remove(self, name: str) -> None:
        """Remove a user.

        Raises
        ------
        UsageError
            If there is none of that name, or the file cannot be written.
        """
        known = dict(self.all())
        if known.pop(name, None) is None:
            raise UsageError(
                Text(f"名單中沒有「{name[:_NAME]}」。", f"There is no user {name[:_NAME]!r}.")
            )
        self._write(known)

    def _write(self, users: Mapping[str, Any]) -> None:
        self.path.touch(mode=0o600) if not self.path.exists() else None
        new_file(self.path, json.dumps({"users": users}, ensure_ascii=False, indent=1).encode())
        self.path.chmod(0o600)

    def person(self, name: str) -> Person | None:
        """Return who somebody of this name is; None if nobody has it."""
        known = self._readable.get(name)
        return None if known is None else Person(name, known["role"])

    @property
    def _readable(self) -> Mapping[str, Mapping[str, Any]]:
        """Every user; nobody where the list cannot be used (any more)."""
        try:
            return self.all()
        except UsageError:
            return {}

    def knows(self, name: str, password: str) -> bool:
        """Say whether a password is that of a user; it takes as long for a name that nobody has."""
        kept = self._readable.get(name, {})
        salt, parameters = bytes.fromhex(kept.get("salt", "00")), kept.get("scrypt", [_N, _R, _P])
        found = _hash(password, salt, parameters)
        return hmac.compare_digest(found, bytes.fromhex(kept.get("hash", ""))) and bool(password)


def _kept(password: str) -> dict[str, Any]:
    """Return what is kept of a password: nothing that it could be read from."""
    if not password:
        return {}
    salt, parameters = secrets.token_bytes(16), [_N, _R, _P]
    found = _hash(password, salt, parameters)
    return {"scrypt": parameters, "salt": salt.hex(), "hash": found.hex()}


def _hash(password: str, salt: bytes, parameters: list[int]) -> bytes:
    n, r, p = parameters
    room = 2 * 128 * n * r  # bytes; OpenSSL wants to be told
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=room, dklen=32)


_BAD_NAME = Text(
    f"名稱須為 1 至 {_NAME} 個可見字元。", f"A name has 1 to {_NAME} characters that can be seen."
)
_TOO_SHORT = Text(
    f"密碼至少須 {SHORTEST} 個字元。", f"A password has at least {SHORTEST} characters."
)


def _unusable(path: Path) -> Text:
    return Text(
        f"使用者名單 {path} 無法使用；請以 subsidy desk --add-user 重新建立。",
        f"The list of users {path} cannot be used; make it anew with subsidy desk --add-user.",
    )


def _open_to_all(path: Path) -> Text:
    return Text(
        f"使用者名單 {path} 可由他人讀取；請執行：chmod 600 {path}",
        f"The list of users {path} can be read by others; run: chmod 600 {path}",
    )
