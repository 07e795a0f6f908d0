"""The answer to one question about a changed round, and all answers so far."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from optimizer.explain.patience import QUESTION, Patience
from optimizer.problems.errors import InfeasibleError, LimitError
from optimizer.program.program import Program
from optimizer.solving.options import Effort, Options
from optimizer.solving.solution import Certainty, Solution
from optimizer.solving.solve import solve
from optimizer.tables.round import Round

Fate = Certainty | None  # None: the limit came before it was known


def limited(options: Options) -> Options:
    """Return options under which one question ends after so much effort, counted and not timed."""
    return replace(options, effort=Effort(QUESTION))


@dataclass(frozen=True)
class Asked:
    """The answer to one question.

    Parameters
    ----------
    round
        The eligible applications as they would be.
    program
        What was asked.
    solution
        The answer; None if no list obeys every rule.
    stopped
        Whether there is none because the limit came first.
    """

    round: Round
    program: Program
    solution: Solution | None
    stopped: bool = False

    @property
    def ordinal(self) -> dict[str, int]:
        """Where each application stands."""
        return self.program.ordinal

    @cached_property
    def values(self) -> tuple[int, ...]:
        """What each goal reaches; nothing if no list obeys every rule."""
        return tuple(step.value for step in self.solution.steps) if self.solution else ()

    @cached_property
    def settled(self) -> bool:
        """Whether everything in it is proved."""
        return self.solution.optimal if self.solution else not self.stopped

    def fate(self, application_id: str) -> Fate:
        """Say whether every, some or no best list funds an application; None if not known."""
        if self.stopped:
            return None
        if self.solution is None or application_id not in self.ordinal:
            return "none"
        classes = self._classes
        return classes[self.ordinal[application_id]] if classes else None

    @cached_property
    def _classes(self) -> tuple[Certainty, ...] | None:
        return self.solution.certainty if self.solution and self.solution.proved else None

    def award(self, application_id: str) -> int:
        """NT$ that it gets."""
        if self.solution is None or application_id not in self.ordinal:
            return 0
        return int(self.solution.decision.award[self.ordinal[application_id]])

    def funds(self) -> set[str]:
        """Who is funded."""
        if self.solution is None:
            return set()
        return {self.program.ids[a] for a in np.flatnonzero(self.solution.decision.fund)}


@dataclass(frozen=True)
class Questions:
    """Questions that were solved, each once.

    Parameters
    ----------
    options
        Solver, limit and threads of all questions together.
    tell
        Called before each question that is solved.
    patience
        Which questions are left unanswered.
    """

    options: Options
    tell: Callable[[], None]
    patience: Patience = field(default_factory=Patience)
    _known: dict[Hashable, Asked] = field(default_factory=dict)
    _told: set[Hashable] = field(default_factory=set)

    def __contains__(self, what: Hashable) -> bool:
        return what in self._known

    def know(self, what: Hashable, asked: Asked) -> Asked:
        """Keep an answer that was found without solving."""
        self._told.add(what)
        return self._known.setdefault(what, asked)

    def of(
        self, what: Hashable, make: Callable[[], tuple[Round, Program]], draw: bool = True
    ) -> Asked:
        """Return the answer to a question; `make` states it. One that patience does not allow is stopped.

        Without the draw it is told who is on every, some or no best list, and no more.
        """
        if what in self._told:
            return self._known[what]
        round_, program = self._stated(what, make)
        if not self.patience.allows(what, program.size):
            return Asked(round_, program, None, stopped=True)
        if what not in self._known:
            self.tell()
            self._known[what] = self._solved(round_, program, draw)
        return self._known[what]

    def _stated(
        self, what: Hashable, make: Callable[[], tuple[Round, Program]]
    ) -> tuple[Round, Program]:
        if what not in self._known:
            return make()
        return self._known[what].round, self._known[what].program

    @property
    def _limited(self) -> Options:
        """The options of one question: where no time limit was set, it ends by what it takes."""
        return self.options if self.options.time_limit is not None else limited(self.options)

    def _solved(self, round_: Round, program: Program, draw: bool) -> Asked:
        try:
            return Asked(round_, program, solve(program, replace(self._limited, draw=draw)))
        except InfeasibleError:
            return Asked(round_, program, None)
        except LimitError:
            return Asked(round_, program, None, stopped=True)
