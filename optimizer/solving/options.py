"""How an allocation is sought: what the public functions take as keywords, as one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from optimizer.foundation import clock
from optimizer.language.text import Language
from optimizer.problems.arguments import Solver

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How an allocation is sought. Public functions make one of their keywords; it goes all the way down.

    Parameters
    ----------
    solver
        ``auto``: by rule; ``highs`` or ``cbc``: the integer program alone, by that solver;
        ``dynamic``: the dynamic programme or nothing.
    time_limit
        Seconds for everything; None for no limit.
    threads
        Threads for the integer program's solver; one value for the whole life of a process.
    language
        Language of the texts in the tables.
    progress
        Called with the name of each step as it begins.
    started
        Time of `optimizer.foundation.clock` from which the limit counts.
    """

    solver: Solver = "auto"
    time_limit: float | None = None
    threads: int = 1
    language: Language = "zh-TW"
    progress: Progress | None = None
    started: float = field(default_factory=lambda: clock.now())  # the clock as it is then

    @property
    def deadline(self) -> float | None:
        """Time of `optimizer.foundation.clock` at which to stop, or None."""
        return None if self.time_limit is None else self.started + self.time_limit

    @property
    def left(self) -> float:
        """Seconds that are left; infinite without a limit."""
        return clock.left(self.deadline)

    @property
    def integer(self) -> Literal["highs", "cbc"]:
        """The solver of integer programs."""
        return "cbc" if self.solver == "cbc" else "highs"

    def say(self, step: str) -> None:
        """Tell whoever listens that a step begins."""
        if self.progress is not None:
            self.progress(step)

    def within(self, seconds: float | None) -> Options:
        """Return the same options with so many seconds from now on, or no limit."""
        return replace(self, time_limit=seconds, started=clock.now())

    def anew(self) -> Options:
        """Return the same options with the whole limit from now on."""
        return self.within(self.time_limit)
