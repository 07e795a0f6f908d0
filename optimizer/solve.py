"""Solving: which engine takes a program, by rule; what it claims comes back as a `Solution`.

The rule: the dynamic programme takes the leading additive priorities wherever it can. What comes
after them (balance, evenness, give-ups) is settled among its optima, by looking at each of them if
they are few, else by the integer program with everything that is settled fixed. Where the dynamic
programme takes nothing, the integer program takes all. ``highs`` and ``cbc`` ask for the integer
program alone.
"""

from __future__ import annotations

import time
from itertools import islice

import numpy as np

from optimizer.dynamic import Dynamic, NotTakeable, OutOfTime, solve_additive
from optimizer.errors import LimitError, UsageError
from optimizer.lexicographic import Lexicographic, Progress
from optimizer.lottery import chances
from optimizer.model import Model
from optimizer.program import Decision, Program
from optimizer.solution import Solution, Step, class_of, step_of
from optimizer.start import first_decision, simple_bound
from optimizer.text import Text

ENGINES = ("auto", "dynamic", "highs", "cbc")
FEW = 2_000  # optima that are looked at one by one


def solve(
    program: Program,
    solver: str = "auto",
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
        ``auto``: by rule; ``highs`` or ``cbc``: the integer program alone, by that solver;
        ``dynamic``: the dynamic programme or nothing.
    time_limit
        Seconds for everything; None for no limit.
    threads
        Threads for the integer program's solver.
    progress
        Called with the name of each step as it begins.

    Raises
    ------
    InfeasibleError
        If no allocation obeys every clause.
    LimitError
        If the limit was reached before any allocation was found.
    UsageError
        If ``dynamic`` was asked for and cannot take the program; it says why.
    """
    started = time.monotonic()
    deadline = None if time_limit is None else started + time_limit
    say = progress or (lambda step: None)
    if solver in ("highs", "cbc"):
        return _integer(program, solver, deadline, threads, say, started, "asked for")
    try:
        say("dynamic")
        found = solve_additive(program, deadline)
    except OutOfTime:
        return _unproved(program, "dynamic", started)
    except NotTakeable as refusal:
        if solver == "dynamic":
            raise _not_dynamic(refusal.reason) from None
        return _integer(program, "highs", deadline, threads, say, started, refusal.reason.en)
    if found.taken == len(program.goals):
        return _drawn(found, started)
    if found.count is not None and found.count <= FEW:
        return _looked_at(found, started)
    if solver == "dynamic":
        raise _not_dynamic(
            Text(
                "其後有不可加總的順位", "priorities that are not sums come after the additive ones"
            )
        )
    return _joined(found, deadline, threads, say, started)


def _drawn(found: Dynamic, started: float) -> Solution:
    """All goals are additive: certainty and the draw come from the graph of optima."""
    decision = found.draw()
    funded, unfunded = found.seen
    return Solution(
        decision,
        _known(found, decision),
        tuple(class_of(i, o) for i, o in zip(funded, unfunded, strict=True)),
        True,
        "dynamic",
        found.count,
        chances(list(found.each())) if found.count and found.count <= FEW else None,
        "every priority is a sum over applications",
        seconds=time.monotonic() - started,
    )


def _known(found: Dynamic, decision: Decision) -> tuple[Step, ...]:
    goals = found.program.goals[: found.taken]
    return tuple(step_of(g, decision, g.objective.value(found.any), "dynamic") for g in goals)


def _looked_at(found: Dynamic, started: float) -> Solution:
    """Few optima are left: the later goals are settled by looking at each of them."""
    program = found.program
    optima = list(islice(found.each(), FEW + 1))
    tops: list[int] = []
    for goal in program.goals[found.taken :]:
        values = [goal.objective.value(decision) for decision in optima]
        top = max(values)
        optima = [d for d, v in zip(optima, values, strict=True) if v >= goal.floor(top)]
        tops.append(top)
    order = program.draw
    decision = max(optima, key=lambda d: d.award[order].tolist())
    funded = np.any([d.fund for d in optima], axis=0)
    unfunded = np.any([~d.fund for d in optima], axis=0)
    later = zip(program.goals[found.taken :], tops, strict=True)
    return Solution(
        decision,
        (
            *_known(found, decision),
            *(step_of(goal, decision, top, "enumeration") for goal, top in later),
        ),
        tuple(class_of(i, o) for i, o in zip(funded, unfunded, strict=True)),
        True,
        "dynamic",
        len(optima),
        chances(optima),
        f"{found.count} optima of the additive priorities, each looked at",
        seconds=time.monotonic() - started,
    )


def _joined(
    found: Dynamic, deadline: float | None, threads: int, say: Progress, started: float
) -> Solution:
    """Many optima are left: the integer program goes on, with what is settled fixed."""
    program = found.program
    funded, unfunded = found.seen
    settled = ~funded | (~unfunded & (program.least == program.most))
    model = Model(program, "highs", deadline, threads, settled, found.any)
    for a in np.flatnonzero((funded != unfunded) & ~settled):
        model.fix(int(a), int(funded[a]), int(funded[a]))
    search = Lexicographic(program, model, "highs", found.any)
    for goal in program.goals[: found.taken]:
        optimum = goal.objective.value(found.any)
        search.hold(goal, optimum)
        search.bounds.append((goal, optimum, "dynamic"))
    certainty = search.run(program.goals[found.taken :], say)
    assert search.best is not None
    return Solution(
        search.best,
        search.steps,
        certainty,
        certainty is not None,
        "dynamic+highs",
        why=f"{int((funded & unfunded).sum())} applications left open by the additive priorities",
        solves=model.solves,
        seconds=time.monotonic() - started,
    )


def _integer(
    program: Program,
    solver: str,
    deadline: float | None,
    threads: int,
    say: Progress,
    started: float,
    why: str,
) -> Solution:
    """Let the integer program take all of it."""
    model = Model(program, solver, deadline, threads)
    search = Lexicographic(program, model, solver, first_decision(program))
    certainty = search.run(program.goals, say)
    if search.best is None:
        raise _nothing_found()
    return Solution(
        search.best,
        search.steps,
        certainty,
        certainty is not None,
        solver,
        why=why,
        solves=model.solves,
        seconds=time.monotonic() - started,
    )


def _unproved(program: Program, engine: str, started: float) -> Solution:
    """Return a feasible decision with bounds that need only counting: the limit came first."""
    decision = first_decision(program)
    if decision is None:
        raise _nothing_found()
    steps = tuple(
        step_of(goal, decision, simple_bound(program, goal.objective), "counting")
        for goal in program.goals
    )
    return Solution(
        decision,
        steps,
        None,
        False,
        engine,
        why="the time limit came first",
        seconds=time.monotonic() - started,
    )


def _not_dynamic(reason: Text) -> UsageError:
    return UsageError(
        Text(
            f"動態規劃無法處理此計畫：{reason.zh}",
            f"the dynamic programme cannot take this policy: {reason.en}",
        )
    )


def _nothing_found() -> LimitError:
    return LimitError(
        Text(
            "時限內未找到任何可行的分配；請提高時限（--time-limit）",
            "no allocation was found within the limit; raise it (--time-limit)",
        )
    )
