"""How an allocation is sought: what the public functions take as keywords, as one value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from optimizer.foundation import clock
from optimizer.language.text import Language
from optimizer.problems.arguments import Solver

Progress = Callable[[str], None]


@dataclass
class Effort:
    """What may still be done to solve, counted and not timed: the same is told on every machine.

    Parameters
    ----------
    left
        Nodes of a solver's search, times the entries of the rows at each; what else is done counts as nodes.
    """

    left: int

    def nodes(self, entries: int, most: int | None) -> int:
        """Return after how many nodes a search ends at the latest, over rows of so many entries."""
        allowed = max(0, self.left) // max(1, entries)
        return allowed if most is None else min(allowed, most)

    def spend(self, nodes: int, entries: int) -> None:
        """Count what was done."""
        self.left -= nodes * max(1, entries)


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
    effort
        What may be done besides; None for no limit. Where it ends, nothing more is proved, as where time does.
    draw
        Whether ties are settled by the draw; else it is told who is on every, some or no best list, and one of these.
    started
        Time of `optimizer.foundation.clock` from which the limit counts.
    """

    solver: Solver = "auto"
    time_limit: float | None = None
    threads: int = 1
    language: Language = "zh-TW"
    progress: Progress | None = None
    effort: Effort | None = None
    draw: bool = True
    started: float = field(default_factory=lambda: clock.now())  # the clock as it is then

    @property
    def deadline(self) -> float | None:
        """Time of `optimizer.foundation.clock` at which to stop, or None; one that has passed if effort ended."""
        if self.effort is not None and self.effort.left <= 0:
            return -math.inf
        return None if self.time_limit is None else self.started + self.time_limit

    @property
    def left(self) -> float:
        """Seconds that are left; infinite without a limit."""
        return clock.left(self.deadline)

    @property
    def integer(self) -> Literal["highs", "cbc"]:
        """The solver of integer programs."""
        return "cbc" if self.solver == "cbc" else "highs"

    def nodes(self, entries: int, most: int | None = None) -> int | None:
        """Return after how many nodes a search ends, at the most so many; None for no limit."""
        return most if self.effort is None else self.effort.nodes(entries, most)

    def spend(self, nodes: int, entries: int) -> None:
        """Count nodes of a search, or what is worth as many."""
        if self.effort is not None:
            self.effort.spend(nodes, entries)

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
