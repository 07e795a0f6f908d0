"""Ctrl-C and a request to end take effect within seconds, even while a solver is at work.

Python hears a signal only when native code returns, which can take minutes in a solver. So a
thread hears it, too: it leaves the run a moment to end in good order, and then ends it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

GRACE = 2.0  # seconds in which a run may end by itself
_ASKING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def prompt_interrupts(last_words: Callable[[], int]) -> Iterator[None]:
    """End the process soon after it is asked to.

    Parameters
    ----------
    last_words
        Says what happened and returns the exit code; called if the run does not end by itself.
    """
    ear, mouth = socket.socketpair()
    mouth.setblocking(False)
    ended = threading.Event()
    before = signal.signal(signal.SIGTERM, _as_interrupt)
    signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_listen, args=(ear, ended, last_words), daemon=True).start()
    try:
        yield
    finally:
        ended.set()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, before)
        mouth.close()


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _listen(ear: socket.socket, ended: threading.Event, last_words: Callable[[], int]) -> None:
    with ear:
        while heard := ear.recv(64):
            if not set(heard).isdisjoint(_ASKING) and not ended.wait(GRACE):
                _end(last_words)


def _end(last_words: Callable[[], int]) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\x1b[?25h\n")  # a progress bar has hidden the cursor
    code = last_words()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
