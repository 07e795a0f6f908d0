"""Solving: which engine takes a program, by rule; what it claims comes back as a `Solution`.

The rule: the dynamic programme takes the leading additive priorities wherever it can. What comes
after them (balance, evenness, give-ups) is settled among its optima, by looking at each of them if
they are few, else by the integer program with everything that is settled fixed. Where the dynamic
programme takes nothing, the integer program takes all. ``highs`` and ``cbc`` ask for the integer
program alone.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.clock import OutOfTime
from optimizer.foundation.exact import BoolArray, IntArray
from optimizer.language.text import Text
from optimizer.problems.errors import LimitError, UsageError
from optimizer.program.narrow import narrow
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.program.start import first_decision, simple_bound
from optimizer.solving.dynamic import Dynamic, NotTakeable, Optima, solve_additive
from optimizer.solving.lexicographic import Lexicographic
from optimizer.solving.lottery import chances
from optimizer.solving.model import Model
from optimizer.solving.options import Options
from optimizer.solving.solution import Certainty, Solution, Step, class_of, step_of

ENGINES = ("auto", "dynamic", "highs", "cbc")
FEW = 2_000  # optima that are looked at one by one
IMPOSSIBLE, CERTAIN = Fraction(0), Fraction(1)


def solve(program: Program, options: Options | None = None) -> Solution:
    """Solve a program priority by priority, then settle the ties by the draw.

    Parameters
    ----------
    program
        What to solve.
    options
        Which solver, until when, and who is told of it.

    Raises
    ------
    InfeasibleError
        If no allocation obeys every clause.
    LimitError
        If the limit was reached before any allocation was found.
    UsageError
        If ``dynamic`` was asked for and cannot take the program; it says why.
    """
    started = clock.now()
    found = _solved(program, options or Options())
    return replace(found, seconds=clock.now() - started)


def _solved(program: Program, options: Options) -> Solution:
    if options.solver in ("highs", "cbc"):
        return _integer(program, options, "asked for")
    try:
        options.say("dynamic")
        found = solve_additive(program, options.deadline)
    except OutOfTime:
        return _stopped(program, first_decision(program), "dynamic")
    except NotTakeable as refusal:
        if options.solver == "dynamic":
            raise _not_dynamic(refusal.reason) from None
        return _integer(program, options, refusal.reason.en)
    if found.taken == len(program.goals):
        return _drawn(found, options)
    if (optima := found.optima(FEW)) is not None:
        return _looked_at(found, optima)
    if options.solver == "dynamic":
        raise _not_dynamic(
            Text(
                "其後有不可加總的優先順序",
                "priorities that are not sums come after the additive ones",
            )
        )
    return _joined(found, options)


def _drawn(found: Dynamic, options: Options) -> Solution:
    """All goals are additive: certainty and the draw come from the graph of optima."""
    try:
        decision = found.draw(options.deadline)
    except OutOfTime:
        return _stopped(found.program, found.any, "dynamic", _known(found, found.any))
    funded, unfunded = found.seen
    optima = found.optima(FEW)
    return Solution(
        decision,
        _known(found, decision),
        _classes(funded, unfunded),
        drawn=True,
        engine="dynamic",
        optima=found.count,
        chances=None if optima is None else _chances(decision, optima.apps, optima.award),
        why="every priority is a sum over applications",
    )


def _classes(funded: BoolArray, unfunded: BoolArray) -> tuple[Certainty, ...]:
    return tuple(class_of(i, o) for i, o in zip(funded, unfunded, strict=True))


def _known(found: Dynamic, decision: Decision) -> tuple[Step, ...]:
    goals = found.program.goals[: found.taken]
    return tuple(step_of(g, decision, g.objective.value(found.any), "dynamic") for g in goals)


def _chances(decision: Decision, apps: IntArray, award: IntArray) -> tuple[Fraction, ...] | None:
    """Return each application's chance in the draw, where `award` (m, v) tells the optima apart."""
    found = chances(award)
    if found is None:
        return None
    whole = [CERTAIN if funded else IMPOSSIBLE for funded in decision.fund.tolist()]
    for a, chance in zip(apps.tolist(), found, strict=True):
        whole[a] = chance
    return tuple(whole)


def _looked_at(found: Dynamic, optima: Optima) -> Solution:
    """Few optima are left: the later goals are settled by looking at each of them."""
    program = found.program
    open_ = np.zeros(program.size, dtype=bool)
    open_[optima.apps] = True
    goals = program.goals[found.taken :]
    small = narrow(replace(program, rows=(), goals=goals), open_, optima.any)
    left = [Decision.of(award) for award in optima.award[:, np.argsort(optima.apps)]]
    tops: list[int] = []
    for goal in small.program.goals:
        values = [goal.objective.value(decision) for decision in left]
        tops.append(max(values))
        left = [d for d, v in zip(left, values, strict=True) if v >= goal.floor(tops[-1])]
    order = small.program.draw
    decision = small.widen(max(left, key=lambda d: d.award[order].tolist()))
    award = np.array([d.award for d in left])
    funded, unfunded = decision.fund.copy(), ~decision.fund
    funded[small.open], unfunded[small.open] = (award > 0).any(axis=0), (award == 0).any(axis=0)
    later = zip(goals, tops, strict=True)
    return Solution(
        decision,
        (
            *_known(found, decision),
            *(step_of(goal, decision, top, "enumeration") for goal, top in later),
        ),
        _classes(funded, unfunded),
        drawn=True,
        engine="dynamic",
        optima=len(left),
        chances=_chances(decision, small.open, award),
        why=f"{found.count} optima of the additive priorities, each looked at",
    )


def _joined(found: Dynamic, options: Options) -> Solution:
    """Many optima are left: the integer program goes on with the applications that are open."""
    program = found.program
    funded, unfunded = found.seen
    settled = ~funded | (~unfunded & (program.least == program.most))
    small = narrow(program, ~settled, found.any)
    any_ = small.narrow(found.any)
    try:
        model = Model(small.program, options)
        search = Lexicographic(model, any_)
        for goal in small.program.goals[: found.taken]:
            optimum = goal.objective.value(any_)
            search.hold(goal, optimum)
            search.bounds.append((goal, optimum, "dynamic"))
    except OutOfTime:
        return _stopped(program, found.any, "dynamic", _known(found, found.any))
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
        drawn=certainty is not None,
        engine="dynamic+highs",
        why=f"{int((funded & unfunded).sum())} applications left open by the additive priorities",
        solves=model.solves,
    )


def _integer(program: Program, options: Options, why: str) -> Solution:
    """Let the integer program take all of it."""
    start = first_decision(program)
    try:
        model = Model(program, options)
    except OutOfTime:
        return _stopped(program, start, options.integer)
    search = Lexicographic(model, start)
    certainty = search.run(program.goals)
    if search.best is None:
        raise _nothing_found()
    return Solution(
        search.best,
        search.steps,
        certainty,
        drawn=certainty is not None,
        engine=options.integer,
        why=why,
        solves=model.solves,
    )


def _stopped(
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
        why="the time limit came first",
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
