"""Keeping the cycle collector from walking over millions of objects, which form no cycles."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


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


def collect_seldom() -> None:
    """Let the collector look seldom, and at nothing when the process ends, as suits a command.

    What a command imports and reads lives as long as the process. By default the collector walked over it
    again and again, and once more at the end: an eighth of a command's processor time.
    """
    gc.set_threshold(200_000, 20, 20)
    atexit.register(gc.freeze)
