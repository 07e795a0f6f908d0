"""A process that answers, so that the page never waits: the latest wish wins, others are dropped."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from asyncio import CancelledError
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from optimizer.check import Check
from optimizer.desk.found import CaseFound
from optimizer.desk.on_screen import OnScreen
from optimizer.desk.sitting import begin, do
from optimizer.desk.wish import SECONDS, EndedError, OutdatedError, Wish
from optimizer.explain.explanation import Explanation
from optimizer.language.text import Language, Text
from optimizer.policy.policy import Policy
from optimizer.workbooks.sheet import Sheet

_NEVER_OUTDATED = 1 << 62
_PROCESSES = get_context("spawn")
T = TypeVar("T")


_ENDED = Text(
    "計算程序被系統中止了兩次，多半是記憶體不足；畫面上的內容都還在。請關閉其他程式後再試一次。",
    "The process that works things out was ended by the system twice, most likely for want of memory; "
    "nothing on the screen is lost. Close other programs, then try again.",
)


async def answered(ask: Callable[[], Future[T]]) -> T:
    """Wait for what is asked of a worker; where its process is ended by the system, ask another once.

    Raises
    ------
    EndedError
        If the other was ended, too.
    """
    for _ in range(2):
        try:
            return await asyncio.wrap_future(ask())
        except BrokenProcessPool:
            continue
    raise EndedError(_ENDED)


class _Process:
    """A process that sits down at a case; where it was ended by the system, another does."""

    def __init__(self, *given: Any) -> None:
        self.given = given
        self._ended = False
        self.begin()

    def begin(self, way: BaseContext = _PROCESSES) -> None:
        """Let what is asked from now on be asked of another."""
        self.pool = ProcessPoolExecutor(1, mp_context=way, initializer=begin, initargs=self.given)

    def ask(self, method: str, *given: Any) -> Future[Any]:
        """Ask for one of the things that a `Sitting` does."""
        if self._ended:
            raise CancelledError  # nobody waits for it any more
        with deaf_to_interrupts():
            try:
                return self.pool.submit(do, method, *given)
            except BrokenProcessPool:
                self.begin()
                return self.pool.submit(do, method, *given)

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._ended = True
        there = list((self.pool._processes or {}).values())
        self.pool.shutdown(wait=False, cancel_futures=True)
        for process in there:
            process.terminate()


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Let a process that begins meanwhile not hear Ctrl-C, which a terminal sends to all of them.

    Ending is the server's to say. A mask goes on to the process; where there are none, it is deaf
    from its first own line on (see `begin`).
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Worker:
    """One case, kept warm in a process of its own.

    What takes long (why, what was pinned, the whole result) is asked of a second process, which begins
    with the first such question, so that no answer waits for it.

    Parameters
    ----------
    path, policy_file, encoding
        As for `read_case`.
    """

    def __init__(
        self, path: Path, policy_file: Path | None = None, encoding: str | None = None
    ) -> None:
        self._latest = _PROCESSES.Value("q", 0)
        self._given = (path, policy_file, encoding, self._latest)
        self._numbers = count(1)
        self._lock = RLock()
        self._first = _Process(*self._given)
        self._second: _Process | None = None
        self._busy: Future[Any] | None = None
        self._waiting: tuple[Wish, Future[OnScreen]] | None = None

    def begin(self) -> None:
        """Read the case at once, where the system can in a copy of this process: it shares what is loaded.

        For a server that has done nothing yet: a copy has none of its threads, and what they hold is never
        let go there.
        """
        if sys.platform == "linux":
            gc.freeze()  # the collector would write into what is shared
            self._first.begin(get_context("fork"))
        self.found()

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            self._latest.value = next(self._numbers)
            waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting[1].set_exception(OutdatedError())
        for process in filter(None, (self._first, self._second)):
            process.end()

    def reread(self, path: Path) -> None:
        """Begin anew with the files as they are now, or with those of another case."""
        self._latest.value = next(self._numbers)
        self._given = (path, *self._given[1:])
        self._first.given = self._given
        self._first.ask("begin_anew", path)
        if self._second is not None:
            self._second.end()
            self._second = None

    def _aside(self, method: str, *given: Any) -> Future[Any]:
        if self._second is None:
            self._second = _Process(*self._given)
        return self._second.ask(method, *given)

    def found(self) -> Future[CaseFound]:
        """Ask what the case holds."""
        return self._first.ask("found")

    def wish(self, draft: Policy, base: Policy, seconds: float = SECONDS) -> Future[OnScreen]:
        """Ask for an answer; whatever was wished for before is no longer wanted.

        The future of an outdated wish ends with an `OutdatedError`.
        """
        with self._lock:
            self._latest.value = number = next(self._numbers)
            wish = Wish(number, draft, base, seconds)
            wanted: Future[OnScreen] = Future()
            wanted.set_running_or_notify_cancel()
            if self._waiting is not None:
                self._waiting[1].set_exception(OutdatedError())
            self._waiting = (wish, wanted)
            if self._busy is None:
                self._next()
        return wanted

    def _next(self) -> None:
        """Ask for what is waiting; the lock is held."""
        if self._waiting is None:
            self._busy = None
            return
        (wish, wanted), self._waiting = self._waiting, None
        asked = self._busy = self._first.ask("answer", wish)
        asked.add_done_callback(lambda done: self._hand_over(done, wanted))

    def _hand_over(self, done: Future[OnScreen], wanted: Future[OnScreen]) -> None:
        error = OutdatedError() if done.cancelled() else done.exception()
        with self._lock:
            self._next()
        if error is not None:
            wanted.set_exception(error)
        else:
            wanted.set_result(done.result())

    def reasons(self, draft: Policy) -> Future[tuple[Text, ...]]:
        """Ask why each application got what it got; the next wish makes an end of it."""
        return self.ask_quietly("reasons", of=draft)

    def look(self, policy: Policy, base: Policy) -> Future[OnScreen]:
        """Ask for an answer beside those that are wished for."""
        return self._aside("answer", Wish(_NEVER_OUTDATED, policy, base))

    def moves(self, policy: Policy, base: Policy, language: Language) -> Future[Sheet]:
        """Ask who gets another amount under one policy than under another, and why."""
        return self._aside("moves", language, Wish(_NEVER_OUTDATED, policy, base))

    def ask(self, method: str, *given: Any) -> Future[Any]:
        """Ask for any of the things that a `Sitting` does."""
        return self._first.ask(method, *given)

    def ask_quietly(self, method: str, *given: Any, of: Policy) -> Future[Any]:
        """Ask for something about a policy that nobody waits for: a later wish ends it."""
        wish = Wish(int(self._latest.value), of, of)
        return self._first.ask(method, *given, wish)

    def check(self) -> Future[Check]:
        """Ask what there is to say of the data."""
        return self._first.ask("check")

    def explain(self, application_id: str, draft: Policy) -> Future[Explanation]:
        """Ask why an application got what it got."""
        return self._aside("explain", application_id, self._now(draft))

    def write(self, target: Path, draft: Policy, language: Language) -> Future[dict[str, Any]]:
        """Ask for the result to be written and verified."""
        return self._aside("write", target, language, self._now(draft))

    def afterwards(self, method: str, *given: Any) -> Future[Any]:
        """Ask for one of the things that `Afterwards` does."""
        return self._aside("afterwards", method, *given)

    def _now(self, draft: Policy) -> Wish:
        return Wish(_NEVER_OUTDATED, draft, draft)
