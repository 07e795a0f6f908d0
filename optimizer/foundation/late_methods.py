"""Methods of dataclasses that are compiled when they are first called.

Until Python 3.13, which compiles a class at once, a frozen dataclass compiles its six methods one by one as it
is made. A command makes 300 of them and calls few of their methods: a fourteenth of its processor time. Nothing
else about a class changes. Constructors, whose signatures libraries read, are compiled at once as ever.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

_MAKE = "_create_fn"  # what compiles one method, in the versions that do so
_LATE = frozenset({"__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__"})


def compile_late() -> None:
    """Let dataclasses that are made from now on compile late what may never be called."""
    make: Callable[..., Callable[..., Any]] | None = getattr(dataclasses, _MAKE, None)
    if make is not None and make.__module__ == "dataclasses":
        setattr(dataclasses, _MAKE, _late(make))


def _late(make: Callable[..., Callable[..., Any]]) -> Callable[..., Callable[..., Any]]:
    """Return what makes methods as `make` does, those of `_LATE` when they are called."""

    def later(name: str, *how: Any, **more: Any) -> Callable[..., Any]:
        if name not in _LATE:
            return make(name, *how, **more)
        made: list[Callable[..., Any]] = []

        def method(*given: Any) -> Any:
            if not made:
                made.append(make(name, *how, **more))
            return made[0](*given)

        method.__name__ = name
        return method

    return later
