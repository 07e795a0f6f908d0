"""Exchanging two paths in one step of the system, where it has such a step."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

_SWAP = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS alike
_HERE = -100  # AT_FDCWD
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM, errno.ENOTTY)

_Swap = Callable[[bytes, bytes], int]


def exchange(one: Path, other: Path) -> bool:
    """Let two paths trade places in one step.

    Returns
    -------
    bool
        False if this system or this disk knows no such step; nothing has changed then.

    Raises
    ------
    OSError
        If it knows the step and cannot take it, e.g. as one of them is not there.
    """
    swap = _system()
    if swap is None:
        return False
    if swap(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(other))


@cache
def _system() -> _Swap | None:
    """Return the system's own function, None if it has none."""
    try:
        if sys.platform == "linux":
            rename = ctypes.CDLL(None, use_errno=True).renameat2
            rename.argtypes = (*(ctypes.c_int, ctypes.c_char_p) * 2, ctypes.c_uint)
            return lambda one, other: int(rename(_HERE, one, _HERE, other, _SWAP))
        if sys.platform == "darwin":
            swap = ctypes.CDLL(None, use_errno=True).renamex_np
            swap.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint)
            return lambda one, other: int(swap(one, other, _SWAP))
    except (OSError, AttributeError):
        pass
    return None
