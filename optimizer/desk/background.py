"""Errands of one case, each in a process of its own: how far they are, what they brought, an end to them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal

from optimizer.desk.errands import Brought, Errand, Kind, go
from optimizer.desk.worker import deaf_to_interrupts
from optimizer.language.text import Text
from optimizer.problems.errors import SubsidyError, UsageError

_PROCESSES = get_context("spawn")
Came = Literal["done", "failed", "stopped"]


@dataclass
class Running:
    """An errand that was begun.

    Parameters
    ----------
    errand
        Which one.
    process
        Who does it.
    began
        When, by the clock of `time.monotonic`.
    share
        How much is done, from 0 to 1.
    brought, error
        What came of it, or why nothing did.
    """

    errand: Errand
    process: BaseProcess
    began: float = field(default_factory=time.monotonic)
    share: float = 0.0
    brought: Brought | None = None
    error: SubsidyError | None = None

    @property
    def left(self) -> int | None:
        """Seconds that the rest will take if it goes on as it did; None where that is not known."""
        if not self.share:
            return None
        return round((time.monotonic() - self.began) * (1 - self.share) / self.share)

    def hear(self, said: str | Brought | SubsidyError) -> None:
        """Take in what its process says."""
        if isinstance(said, str):
            done, _, every = said.partition("/")
            self.share = min(1.0, int(done) / int(every))
        elif isinstance(said, Brought):
            self.brought = said
        else:
            self.error = said


class Background:
    """The errands of one case, one of each kind at a time.

    Parameters
    ----------
    path
        As for `read_case`.
    ended
        Told of each errand how it ended, on the account of who began it, or stopped it.
    """

    def __init__(self, path: Path, ended: Callable[[Running, Came], None]) -> None:
        self.path = path
        self._ended = ended
        self.under_way: dict[Kind, Running] = {}
        self.done: dict[Kind, Running] = {}  # the latest of each kind
        self.heard: set[Callable[[], None]] = set()  # who hears how errands go

    def begin(self, errand: Errand) -> asyncio.Task[None]:
        """Begin an errand; one of its kind that is under way is ended."""
        self.cancel(errand.kind)
        ours, theirs = _PROCESSES.Pipe(duplex=False)
        process = _PROCESSES.Process(target=go, args=(self.path, errand, theirs), daemon=True)
        with deaf_to_interrupts():
            process.start()
        theirs.close()
        running = self.under_way[errand.kind] = Running(errand, process)
        self._tell()
        return asyncio.get_running_loop().create_task(self._follow(running, ours))

    async def _follow(self, running: Running, pipe: Connection) -> None:
        kind = running.errand.kind
        with pipe:
            while running.brought is None and running.error is None:
                try:
                    running.hear(await asyncio.to_thread(pipe.recv))
                except EOFError:
                    running.error = UsageError(_ENDED)
                if self.under_way.get(kind) is not running:
                    return
                self._tell()
        self.done[kind] = self.under_way.pop(kind)
        self._tell()
        self._ended(running, "done" if running.error is None else "failed")

    def cancel(self, kind: Kind) -> None:
        """End an errand that is under way; what an earlier one brought stays."""
        running = self.under_way.pop(kind, None)
        if running is not None:
            running.process.terminate()
            self._tell()
            self._ended(running, "stopped")

    def close(self) -> None:
        """End them all."""
        for kind in tuple(self.under_way):
            self.cancel(kind)

    def reread(self, path: Path) -> None:
        """Begin anew with the files as they are now, or with those of another case."""
        self.close()
        self.path = path
        self.done.clear()
        self._tell()

    def _tell(self) -> None:
        for listener in tuple(self.heard):
            listener()


_ENDED = Text(
    "計算程序未及完成即結束，可能是記憶體不足；請再執行一次，或減少次數。",
    "What worked it out ended before it was done, perhaps for want of memory; run it again, or with less.",
)
