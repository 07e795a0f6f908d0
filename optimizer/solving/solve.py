"""Solving: which engine takes a program, by rule; what it claims comes back as a `Solution`.

The rule: the dynamic programme takes the leading additive priorities where it needs few states. What
comes after them (balance, evenness, give-ups) is settled among its optima, by looking at each of them
if they are few, else by the integer program over bundles with everything that is settled fixed. Where
the dynamic programme takes nothing, that program takes all; where its numbers are too large for a
solver's floats or schools have too many bundles, the dynamic programme with all the states it wants,
else the integer program over applications. ``highs`` and ``cbc`` ask for the last alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.clock import OutOfTime
from optimizer.foundation.exact import BoolArray, IntArray
from optimizer.language.text import Text
from optimizer.problems.errors import InfeasibleError, UsageError
from optimizer.program.narrow import narrow
from optimizer.program.objectives import Additive
from optimizer.program.program import Goal, Program
from optimizer.program.rows import Decision
from optimizer.program.start import first_decision
from optimizer.solving.doubt import SolverError
from optimizer.solving.dynamic import (
    Dynamic,
    NotTakeable,
    Optima,
    Prepared,
    Settled,
    additive_goals,
    solve_additive,
)
from optimizer.solving.dynamic.packing import too_many_states
from optimizer.solving.lottery import chances
from optimizer.solving.options import Options
from optimizer.solving.solution import Certainty, Solution, class_of, step_of
from optimizer.solving.staged import integer, joined, known_steps, stopped

ENGINES = ("auto", "dynamic", "highs", "cbc")
FEW = 2_000  # optima that are looked at one by one
MOST_STATES = 4_000_000  # of the dynamic programme; where it needs more, bundles are quicker
STATES_EACH = 400  # an application: in a large round bundles take far longer than so many states
ASKED_FOR = Text("由使用者指定", "asked for")
IMPOSSIBLE, CERTAIN = Fraction(0), Fraction(1)


def solve(
    program: Program, options: Options | None = None, start: Decision | None = None
) -> Solution:
    """Solve a program priority by priority, then settle the ties by the draw.

    Parameters
    ----------
    program
        What to solve.
    options
        Which solver, until when, and who is told of it.
    start
        A decision that obeys every row, if one is known. What it has enough of among the first goals
        is then held, and not sought: there are no steps of them.

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
    found = _solved(program, options or Options(), start)
    return replace(found, seconds=clock.now() - started)


def _solved(program: Program, options: Options, start: Decision | None) -> Solution:
    if options.solver in ("highs", "cbc"):
        return integer(program, options, ASKED_FOR, start=start)
    prepared = Prepared(program, options.deadline)
    if options.solver == "dynamic":
        return _dynamic(prepared, options)
    why = Text(
        "最先的優先順序並非逐件加總",
        "the first priorities are not sums over applications",
    )
    if _settles(program.goals):
        try:
            return _dynamic(prepared, options, max(MOST_STATES, STATES_EACH * program.size))
        except NotTakeable as refusal:
            why = refusal.reason
    try:
        return integer(program, options, why, bundled=True, start=start)
    except (NotTakeable, SolverError):
        pass
    try:
        return _dynamic(prepared, options)
    except NotTakeable as refusal:
        return integer(program, options, refusal.reason, start=start)


def possible(program: Program, options: Options | None = None) -> bool:
    """Say whether any list obeys the inequalities of a program, whatever it is worth.

    Raises
    ------
    LimitError
        If the limit was reached before either was known.
    """
    options = options or Options()
    if first_decision(program) is not None:
        return True
    try:
        from optimizer.solving.model import Model  # PuLP and HiGHS: loaded where one is asked

        answer = Model(program, options).feasible()
    except (SolverError, OutOfTime):
        answer = None
    if answer is not None and (answer.infeasible or answer.decision is not None):
        return not answer.infeasible
    try:
        solve(replace(program, goals=()), options)
    except InfeasibleError:
        return False
    return True


def _settles(goals: Sequence[Goal]) -> bool:
    """Return whether the additive goals that come first leave few open: coverage alone does not."""
    first = goals[: additive_goals(goals)]
    return len(first) == len(goals) or any(isinstance(g.objective, Additive) for g in first)


def _dynamic(prepared: Prepared, options: Options, most: int | None = None) -> Solution:
    """Let the dynamic programme take what it can, with so many states at the most.

    Raises
    ------
    NotTakeable
        If it takes nothing and ``auto`` was asked for.
    UsageError
        If it does not take all and ``dynamic`` was asked for.
    """
    program, alone = prepared.program, options.solver == "dynamic"
    try:
        options.say("dynamic")
        if most is not None:
            prepared.refuse_many()
        found = solve_additive(prepared, *([] if most is None else [most]))
    except OutOfTime:
        return stopped(program, first_decision(program), "dynamic")
    except NotTakeable as refusal:
        if alone:
            raise _not_dynamic(refusal.reason) from None
        raise
    if isinstance(found, Settled):
        if alone:
            raise _not_dynamic(too_many_states().reason)
        return joined(found, options)
    if found.taken == len(program.goals):
        return _drawn(found, options)
    if (optima := found.optima(FEW)) is not None:
        return _looked_at(found, optima)
    if alone:
        raise _not_dynamic(
            Text(
                "其後有不可加總的優先順序",
                "priorities that are not sums come after the additive ones",
            )
        )
    return joined(found, options)


def _drawn(found: Dynamic, options: Options) -> Solution:
    """All goals are additive: certainty and the draw come from the graph of optima."""
    try:
        decision = found.draw(options.deadline) if options.draw else found.any
    except OutOfTime:
        return stopped(found.program, found.any, "dynamic", known_steps(found, found.any))
    funded, unfunded = found.seen
    optima = found.optima(FEW) if options.draw else None
    return Solution(
        decision,
        known_steps(found, decision),
        _classes(funded, unfunded),
        drawn=options.draw,
        engine="dynamic",
        optima=found.count,
        chances=None if optima is None else _chances(decision, optima.apps, optima.award),
        why=Text("每項優先順序皆為逐件加總", "every priority is a sum over applications"),
    )


def _classes(funded: BoolArray, unfunded: BoolArray) -> tuple[Certainty, ...]:
    return tuple(class_of(i, o) for i, o in zip(funded, unfunded, strict=True))


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
            *known_steps(found, decision),
            *(step_of(goal, decision, top, "enumeration") for goal, top in later),
        ),
        _classes(funded, unfunded),
        drawn=True,
        engine="dynamic",
        optima=len(left),
        chances=_chances(decision, small.open, award),
        why=Text(
            f"逐件加總之優先順序有 {found.count} 種最佳分配，逐一比較",
            f"{found.count} optima of the additive priorities, each looked at",
        ),
    )


def _not_dynamic(reason: Text) -> UsageError:
    return UsageError(
        Text(
            f"動態規劃無法處理此計畫：{reason.zh}",
            f"the dynamic programme cannot take this policy: {reason.en}",
        )
    )
