"""A process that answers, so that the page never waits: the latest wish wins, others are dropped."""

from __future__ import annotations

from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from threading import RLock
from typing import Any

from optimizer.check import Check
from optimizer.desk.on_screen import OnScreen
from optimizer.desk.sitting import CaseFound, OutdatedError, Wish, begin, do
from optimizer.explain.explanation import Explanation
from optimizer.language.text import Language
from optimizer.policy.policy import Policy

_NEVER_OUTDATED = 1 << 62


class Worker:
    """One case, kept warm in a process of its own.

    Parameters
    ----------
    path, policy_file, encoding
        As for `read_case`.
    """

    def __init__(
        self, path: Path, policy_file: Path | None = None, encoding: str | None = None
    ) -> None:
        self._processes = get_context("spawn")
        self._latest = self._processes.Value("q", 0)
        self._given = (path, policy_file, encoding, self._latest)
        self._numbers = count(1)
        self._lock = RLock()
        self._pool = self._begin()
        self._busy: Future[Any] | None = None
        self._waiting: tuple[Wish, Future[OnScreen]] | None = None

    def _begin(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            1, mp_context=self._processes, initializer=begin, initargs=self._given
        )

    def close(self) -> None:
        """End the process."""
        self._latest.value = next(self._numbers)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def found(self) -> Future[CaseFound]:
        """Ask what the case holds."""
        return self._ask("found")

    def wish(self, draft: Policy, base: Policy, language: Language) -> Future[OnScreen]:
        """Ask for an answer; whatever was wished for before is no longer wanted.

        The future of an outdated wish ends with an `OutdatedError`.
        """
        with self._lock:
            self._latest.value = number = next(self._numbers)
            wish = Wish(number, draft, base, language)
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
        asked = self._busy = self._ask("answer", wish)
        asked.add_done_callback(lambda done: self._hand_over(done, wanted))

    def _hand_over(self, done: Future[OnScreen], wanted: Future[OnScreen]) -> None:
        error = OutdatedError() if done.cancelled() else done.exception()
        with self._lock:
            self._next()
        if error is not None:
            wanted.set_exception(error)
        else:
            wanted.set_result(done.result())

    def look(self, policy: Policy, base: Policy, language: Language) -> Future[OnScreen]:
        """Ask for an answer beside those that are wished for."""
        return self._ask("answer", Wish(_NEVER_OUTDATED, policy, base, language))

    def check(self) -> Future[Check]:
        """Ask what there is to say of the data."""
        return self._ask("check")

    def explain(
        self, application_id: str, draft: Policy, language: Language
    ) -> Future[Explanation]:
        """Ask why an application got what it got."""
        return self._ask("explain", application_id, self._now(draft, language))

    def write(self, target: Path, draft: Policy, language: Language) -> Future[dict[str, Any]]:
        """Ask for the result to be written and verified."""
        return self._ask("write", target, self._now(draft, language))

    def _now(self, draft: Policy, language: Language) -> Wish:
        return Wish(_NEVER_OUTDATED, draft, draft, language)

    def _ask(self, method: str, *given: Any) -> Future[Any]:
        try:
            return self._pool.submit(do, method, *given)
        except BrokenProcessPool:  # ended by the system: another sits down
            self._pool = self._begin()
            return self._pool.submit(do, method, *given)
