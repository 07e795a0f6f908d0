"""Keeping the cycle collector from walking over millions of objects, which form no cycles."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 1_000_000  # more than one result leaves, which would be walked over for nothing
_USUAL = gc.get_threshold()


@contextmanager
def without_collection() -> Iterator[None]:
    """Pause the cycle collector, e.g. while many cells are read."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def is_command() -> bool:
    """Say whether this process is one command's, and nobody looks around in it."""
    return gc.get_threshold()[0] == _SELDOM


def collect_seldom() -> None:
    """Let the collector look seldom, and at nothing when the process ends, as suits a command.

    What a command imports and reads lives as long as the process. By default the collector walked over it
    again and again, and once more at the end: an eighth of a command's processor time.
    """
    gc.set_threshold(_SELDOM, 20, 20)
    atexit.register(gc.freeze)


def collect_as_usual() -> None:
    """Let the collector look as often as Python has it: for a copy of a command that lives on for hours."""
    gc.set_threshold(*_USUAL)
