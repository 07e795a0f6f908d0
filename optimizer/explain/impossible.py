"""What single inequalities settle by themselves: who cannot come in, and which of them hold anyway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from optimizer.foundation.exact import IntArray, Places, exact, grouped, plus, times
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows

MOST_HOLDERS = 5  # that are named


@dataclass(frozen=True)
class Obstacle:
    """An inequality that no list with an application on it can meet.

    Parameters
    ----------
    application
        Its ordinal.
    clause
        The rule.
    holders
        The funded applications that fill the inequality; nobody where they are many.
    """

    application: int
    clause: str
    holders: tuple[int, ...]


def obstacles(
    rows: Iterable[Rows], decision: Decision, least: IntArray, most: IntArray
) -> dict[int, Obstacle]:
    """Return the first obstacle of every application that has one.

    Parameters
    ----------
    rows
        The inequalities, the pool left out.
    decision
        Who is funded; nobody of them gets less.
    least, most
        Shape (n,), NT$: bounds of each award when funded.
    """
    found: dict[int, Obstacle] = {}
    for part in rows:
        for obstacle in _of(part, decision, least, most=most):
            found.setdefault(obstacle.application, obstacle)
    return found


def _of(rows: Rows, decision: Decision, least: IntArray, most: IntArray) -> Iterator[Obstacle]:
    sign = 1 if rows.sense == "<=" else -1
    factor, rhs = times(rows.coefficient, sign), times(rows.rhs, sign)
    funded = decision.fund[rows.app]
    now = (decision.fund if rows.on == "fund" else decision.award)[rows.app].astype(np.int64)
    small, large = (1, 1) if rows.on == "fund" else (least[rows.app], most[rows.app])
    lowest = exact(np.minimum(times(factor, now), times(factor, large)))
    floor = grouped(lowest, rows.row, len(rhs))[rows.row]
    left = plus(floor, times(exact(np.maximum(factor, 0)), small))
    holds = times(factor, now) > 0
    for n in np.flatnonzero((left > rhs[rows.row]) & ~funded):
        holders = rows.app[(rows.row == rows.row[n]) & holds]
        named = tuple(map(int, holders)) if len(holders) <= MOST_HOLDERS else ()
        yield Obstacle(int(rows.app[n]), rows.clause, named)


def held_by_sisters(
    program: Program, decision: Decision, school: Places
) -> dict[tuple[int, str], tuple[int, ...]]:
    """Return who of its own school alone fills a rule, by the application and the rule.

    In an inequality whose factors all go one way, and to which only the application's own school
    adds anything, one of that school gets less in every list that funds the application.
    """
    found: dict[tuple[int, str], tuple[int, ...]] = {}
    for rows in program.rows:
        for u, holders in _filled_by_its_own(rows, decision, program.least, school=school):
            found.setdefault((u, rows.clause), holders)
    return found


def _filled_by_its_own(
    rows: Rows, decision: Decision, least: IntArray, school: Places
) -> Iterator[tuple[int, tuple[int, ...]]]:
    sign = 1 if rows.sense == "<=" else -1
    factor, count = times(rows.coefficient, sign), len(rows.rhs)
    one_way = np.bincount(rows.row[factor < 0], minlength=count) == 0
    holds = decision.fund[rows.app] & (factor > 0)
    first, last = np.full(count, len(school)), np.full(count, -1)
    np.minimum.at(first, rows.row[holds], school[rows.app[holds]])
    np.maximum.at(last, rows.row[holds], school[rows.app[holds]])
    own = (first[rows.row] == school[rows.app]) & (last[rows.row] == school[rows.app])
    slack, x = exact(rows.slack(decision)), 1 if rows.on == "fund" else least[rows.app]
    full = np.asarray(times(factor, x) > slack[rows.row], dtype=bool)
    for n in np.flatnonzero(own & one_way[rows.row] & full & ~decision.fund[rows.app]).tolist():
        mine = rows.app[holds & (rows.row == rows.row[n])]
        yield int(rows.app[n]), tuple(mine.tolist())


def without_idle(rows: Rows, most: IntArray) -> Rows:
    """Leave out the inequalities that hold whatever anybody gets.

    Parameters
    ----------
    rows
        Inequalities over applications that may all get nothing.
    most
        Shape (n,), NT$: the most that each may get.
    """
    sign = 1 if rows.sense == "<=" else -1
    x = 1 if rows.on == "fund" else most[rows.app]
    highest = exact(np.maximum(times(times(rows.coefficient, sign), x), 0))
    kept = grouped(highest, rows.row, len(rows.rhs)) > times(rows.rhs, sign)
    inside, number = kept[rows.row], np.cumsum(kept) - 1
    return replace(
        rows,
        row=number[rows.row[inside]],
        app=rows.app[inside],
        coefficient=rows.coefficient[inside],
        rhs=exact(rows.rhs[kept]),
        labels=tuple(label for label, keep in zip(rows.labels, kept, strict=True) if keep),
    )
