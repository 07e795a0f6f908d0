"""Solving: the priorities one after another, then the draw, honest about what was proved."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from optimizer.errors import InfeasibleError, LimitError
from optimizer.model import Answer, Model
from optimizer.program import Additive, Decision, Goal, Program
from optimizer.start import first_decision, simple_bound
from optimizer.text import Text

Certainty = Literal["every", "some", "none"]
Progress = Callable[[str], None]
CHUNK = 10  # decisions of the draw settled by one solve: weights up to 2**10 stay far from doubt


@dataclass(frozen=True)
class Step:
    """What is known of one priority.

    Parameters
    ----------
    goal
        Its name.
    value
        The value reached, in the objective's integers.
    bound
        No allocation that keeps the earlier priorities can have more; None if unknown.
    by
        The method that found the bound.
    """

    goal: str
    value: int
    bound: int | None
    by: str

    @property
    def proved(self) -> bool:
        """Whether the value is the optimum under the earlier priorities."""
        return self.bound is not None and self.value >= self.bound

    @property
    def gap(self) -> int | None:
        """How much better it might still be; None if unknown."""
        return None if self.bound is None else max(0, self.bound - self.value)


@dataclass(frozen=True)
class Solution:
    """What a solver claims; only `optimizer.allocation.certify` makes an allocation of it.

    Parameters
    ----------
    decision
        Who gets how much.
    steps
        One entry a goal, in order.
    certainty
        Shape (n,): funded in every, some or no optimum before the draw; None if not proved.
    drawn
        Whether the draw was carried through, so that this is *the* answer.
    engine
        ``highs``, ``cbc``, ``dynamic`` ...
    solves
        How many integer programs were solved.
    seconds
        Time spent.
    """

    decision: Decision
    steps: tuple[Step, ...]
    certainty: tuple[Certainty, ...] | None
    drawn: bool
    engine: str
    solves: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def optimal(self) -> bool:
        """Whether every priority is proved and the draw was carried through."""
        return self.drawn and all(step.proved for step in self.steps)


def solve(
    program: Program,
    solver: str = "highs",
    time_limit: float | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> Solution:
    """Solve a program priority by priority, then settle the ties by the draw.

    Parameters
    ----------
    program
        What to solve.
    solver
        ``highs`` or ``cbc``.
    time_limit
        Seconds for everything; None for no limit.
    threads
        Threads for the solver.
    progress
        Called with the name of each step as it begins.

    Raises
    ------
    InfeasibleError
        If no allocation obeys every clause.
    LimitError
        If the limit was reached before any allocation was found.
    """
    started = time.monotonic()
    deadline = None if time_limit is None else started + time_limit
    say = progress or (lambda step: None)
    model = Model(program, solver, deadline, threads)
    search = _Search(program, model, solver, first_decision(program))
    for goal in program.goals:
        say(goal.name)
        search.settle(goal)
    certainty, drawn = None, False
    if all(step.proved for step in search.steps) and search.ensure_feasible():
        say("certainty")
        certainty = search.classify()
        say("draw")
        drawn = certainty is not None and search.draw(certainty)
    if search.best is None:
        raise LimitError(
            Text(
                "時限內未找到任何可行的分配；請提高時限（--time-limit）",
                "no allocation was found within the limit; raise it (--time-limit)",
            )
        )
    return Solution(
        search.best,
        tuple(search.steps),
        certainty,
        drawn,
        solver,
        model.solves,
        time.monotonic() - started,
    )


class _Search:
    """The state of one lexicographic solve: the best decision and what is proved of it."""

    def __init__(self, program: Program, model: Model, engine: str, start: Decision | None) -> None:
        self.program = program
        self.model = model
        self.engine = engine
        self.best = start
        self.feasible = start is not None
        self.steps: list[Step] = []
        self.stopped = False

    def settle(self, goal: Goal) -> None:
        """Maximise one goal under those before it, and hold it."""
        ceiling = simple_bound(self.program, goal.objective)
        if self.best is not None and ceiling is not None:
            value = goal.objective.value(self.best)
            if value >= ceiling and not self.stopped:
                self._record(goal, Answer(self.best, value, ceiling), "counting")
                return
        if self.stopped:
            self._unproved(goal, ceiling)
            return
        answer = self.model.maximise(goal.objective)
        if answer.infeasible:
            raise _infeasible()
        if self.best is not None and (
            answer.value is None or goal.objective.value(self.best) > answer.value
        ):
            answer = Answer(self.best, goal.objective.value(self.best), answer.bound)
        if answer.decision is None:
            self.stopped = True
            return
        if answer.bound is None or (ceiling is not None and ceiling < answer.bound):
            answer = Answer(answer.decision, answer.value, ceiling)
        self._record(goal, answer, self.engine)

    def _record(self, goal: Goal, answer: Answer, by: str) -> None:
        assert answer.decision is not None and answer.value is not None
        self.best = answer.decision
        self.feasible = True
        self.steps.append(Step(goal.name, answer.value, answer.bound, by))
        if answer.proved:
            self.model.hold(goal.objective, goal.floor(answer.value))
        else:
            self.stopped = True

    def _unproved(self, goal: Goal, ceiling: int | None) -> None:
        if self.best is not None:
            value = goal.objective.value(self.best)
            self.steps.append(Step(goal.name, value, ceiling, "counting"))

    def ensure_feasible(self) -> bool:
        """Find any decision if no goal has found one yet."""
        if self.best is None:
            answer = self.model.feasible()
            if answer.infeasible:
                raise _infeasible()
            self.best = answer.decision
        return self.best is not None

    def classify(self) -> tuple[Certainty, ...] | None:
        """Class each application: funded in every, some or no optimum.

        Each solve asks for the optimum that differs most from all seen so far:
        ``max sum_{a never seen funded} fund_a - sum_{a always seen funded} fund_a``. When that
        finds nothing new, nothing new exists.
        """
        assert self.best is not None
        seen_in, seen_out = self.best.fund.copy(), ~self.best.fund
        while not (seen_in & seen_out).all():
            news = Additive((~seen_in).astype(np.int64) - (~seen_out).astype(np.int64))
            answer = self.model.maximise(news)
            if answer.decision is None:
                return None
            fresh_in = answer.decision.fund & ~seen_in
            fresh_out = ~answer.decision.fund & ~seen_out
            if not fresh_in.any() and not fresh_out.any():
                if not answer.proved:
                    return None
                break
            seen_in |= answer.decision.fund
            seen_out |= ~answer.decision.fund
        return tuple(_certainty(i, o) for i, o in zip(seen_in, seen_out, strict=True))

    def draw(self, certainty: tuple[Certainty, ...]) -> bool:
        """Take the lexicographically greatest (fund, award) among the optima, in draw order."""
        assert self.best is not None
        open_ = np.array([c == "some" for c in certainty], dtype=bool)
        for a in np.flatnonzero(~open_):
            self.model.fix(int(a), *(2 * [int(self.best.fund[a])]))
        if (self.program.least == self.program.most).all():
            return self._draw_funding([int(a) for a in self.program.draw if open_[a]])
        return all(self._draw_award(int(a), bool(open_[a])) for a in self.program.draw)

    def _draw_funding(self, order: list[int]) -> bool:
        """Settle a chunk at a time: ``max sum_i 2**(k-1-i) * fund_i`` over its k applications."""
        for start in range(0, len(order), CHUNK):
            chunk = order[start : start + CHUNK]
            worth = np.zeros(self.program.size, dtype=np.int64)
            worth[chunk] = [2 ** (len(chunk) - 1 - place) for place in range(len(chunk))]
            if not self._take(Additive(worth), sum(2**place for place in range(len(chunk)))):
                return False
            assert self.best is not None
            for a in chunk:
                self.model.fix(a, int(self.best.fund[a]), int(self.best.fund[a]))
        return True

    def _draw_award(self, a: int, is_open: bool) -> bool:
        """Settle one application: funded if possible, then with as much as possible."""
        assert self.best is not None
        worth = np.zeros(self.program.size, dtype=np.int64)
        worth[a] = 1
        if is_open and not self._take(Additive(worth), 1):
            return False
        self.model.fix(a, int(self.best.fund[a]), int(self.best.fund[a]))
        if not self.best.fund[a]:
            return True
        unit = self.program.unit
        most = int(self.program.most[a]) // unit
        if not self._take(Additive(np.zeros_like(worth), worth, unit), most):
            return False
        self.model.fix(a, int(self.best.award[a]), int(self.best.award[a]), award=True)
        return True

    def _take(self, objective: Additive, ceiling: int) -> bool:
        """Move to the best decision for an objective; say whether it is proved to be the best."""
        assert self.best is not None
        if objective.value(self.best) >= ceiling:
            return True
        answer = self.model.maximise(objective)
        if answer.decision is None or not answer.proved:
            return False
        self.best = answer.decision
        return True


def _certainty(seen_in: bool, seen_out: bool) -> Certainty:
    if seen_in and seen_out:
        return "some"
    return "every" if seen_in else "none"


def _infeasible() -> InfeasibleError:
    return InfeasibleError(
        Text("沒有任何分配能同時符合所有條款", "no allocation obeys every clause at once")
    )
