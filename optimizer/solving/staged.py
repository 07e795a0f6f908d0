"""The integer program from a start, or from what the dynamic programme leaves open, as a `Solution`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

from optimizer.foundation.clock import OutOfTime
from optimizer.language.text import Text
from optimizer.problems.errors import LimitError
from optimizer.program.narrow import narrow
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.program.start import first_decision, simple_bound
from optimizer.solving.doubt import SolverError
from optimizer.solving.dynamic import Dynamic, NotTakeable, Settled
from optimizer.solving.formulation import BUNDLES, Formulation
from optimizer.solving.lexicographic import Lexicographic
from optimizer.solving.options import Options
from optimizer.solving.solution import Solution, Step, class_of, step_of

Formulate = Callable[[Program, Options], Formulation]


def integer(
    program: Program,
    options: Options,
    why: Text,
    bundled: bool = False,
    start: Decision | None = None,
) -> Solution:
    """Let the integer program take all of a program, but what a start has enough of.

    Raises
    ------
    NotTakeable
        If the formulation does not take it.
    """
    reached = 0 if start is None else _reached(program, start)
    start = start or first_decision(program)
    engine = BUNDLES if bundled else options.integer
    try:
        model = _formulation(bundled)(program, options)
    except OutOfTime:
        return stopped(program, start, engine)
    search = Lexicographic(model, start)
    try:
        for goal in program.goals[:reached]:
            assert start is not None
            search.reach(goal, goal.objective.value(start))
    except OutOfTime:
        return stopped(program, start, engine)
    certainty = search.run(program.goals[reached:])
    if search.best is None:
        raise _nothing_found()
    return Solution(
        search.best,
        search.steps,
        certainty,
        drawn=search.drawn,
        engine=engine,
        why=why,
        solves=model.solves,
    )


def _reached(program: Program, start: Decision) -> int:
    """Return how many of the first goals a decision has enough of."""
    enough = (g.enough is not None and g.objective.value(start) >= g.enough for g in program.goals)
    return sum(1 for _ in takewhile(bool, enough))


def _formulation(bundled: bool) -> Formulate:
    """Return what states a program to a solver; PuLP and HiGHS load only where one is asked."""
    if bundled:
        from optimizer.solving.bundled import BundleModel

        return BundleModel
    from optimizer.solving.model import Model

    return Model


def joined(found: Dynamic | Settled, options: Options) -> Solution:
    """Many optima are left: the integer program goes on with the applications that are open."""
    try:
        return _joined(found, options, _formulation(bundled=True))
    except (NotTakeable, SolverError):
        return _joined(found, options, _formulation(bundled=False))


def _joined(found: Dynamic | Settled, options: Options, formulate: Formulate) -> Solution:
    program = found.program
    funded, unfunded = found.seen
    settled = ~funded | (~unfunded & (program.least == program.most))
    left = int((funded & unfunded).sum())
    small = narrow(program, ~settled, found.any)
    any_ = small.narrow(found.any)
    try:
        model = formulate(small.program, options)
        search = Lexicographic(model, any_)
        for goal in small.program.goals[: found.taken]:
            optimum = goal.objective.value(any_)
            search.take(goal, optimum)
            search.bounds.append((goal, optimum, "dynamic"))
    except OutOfTime:
        return stopped(program, found.any, "dynamic", known_steps(found, found.any))
    for place, a in enumerate(small.open):
        if not unfunded[a]:
            model.fix(place, True)
    some = search.run(small.program.goals[found.taken :])
    assert search.best is not None
    certainty = None
    if some is not None:
        classes = [class_of(i, not i) for i in found.any.fund.tolist()]
        for a, name in zip(small.open.tolist(), some, strict=True):
            classes[a] = name
        certainty = tuple(classes)
    return Solution(
        small.widen(search.best),
        search.steps,
        certainty,
        drawn=search.drawn,
        engine=f"dynamic+{model.name}",
        why=Text(
            f"逐件加總之優先順序留下 {left} 件未定",
            f"{left} applications left open by the additive priorities",
        ),
        solves=model.solves,
    )


def known_steps(found: Dynamic | Settled, decision: Decision) -> tuple[Step, ...]:
    """Return what the dynamic programme has proved."""
    goals = found.program.goals[: found.taken]
    return tuple(step_of(g, decision, g.objective.value(found.any), "dynamic") for g in goals)


def stopped(
    program: Program, decision: Decision | None, engine: str, known: tuple[Step, ...] = ()
) -> Solution:
    """Return what is known, and for other goals bounds that need only counting: the limit came."""
    if decision is None:
        raise _nothing_found()
    counted = (
        step_of(goal, decision, simple_bound(program, goal.objective), "counting")
        for goal in program.goals[len(known) :]
    )
    return Solution(
        decision,
        (*known, *counted),
        certainty=None,
        drawn=False,
        engine=engine,
        why=Text("時限先到", "the time limit came first"),
    )


def _nothing_found() -> LimitError:
    return LimitError(
        Text(
            "時限內未找到任何可行的分配；請提高時限（--time-limit）",
            "no allocation was found within the limit; raise it (--time-limit)",
        )
    )
