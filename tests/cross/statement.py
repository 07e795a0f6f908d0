"""A `Program` as plain integers that any solver, in any process, can be given.

Awards are counted in units. For each application a: ``fund_a`` in 0/1 and ``award_a`` with
``least_a * fund_a <= award_a <= most_a * fund_a``. An objective is a dictionary with its kind; all
are maximised. Nothing of the program's engines is used: only the data of `optimizer.program.program`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from optimizer.program.objectives import Additive, Covered, Even, LeastShare, Objective
from optimizer.program.program import Program
from optimizer.program.rows import Rows

Statement = dict[str, Any]


class Refused(Exception):
    """The solver cannot be exact on this statement, or did not finish."""


@dataclass(frozen=True)
class Result:
    """What a cross-check found.

    Parameters
    ----------
    feasible
        Whether any allocation obeys the rows.
    optima
        The optimum of each goal, given what the earlier ones must keep.
    award
        NT$ for each application, the draw included.
    certainty
        Funded in ``every``, ``some`` or ``none`` of the optima before the draw; empty if not asked.
    """

    feasible: bool
    optima: tuple[int, ...] = ()
    award: tuple[int, ...] = ()
    certainty: tuple[str, ...] = ()


def state(program: Program) -> Statement:
    """Return the whole program as lists and integers."""
    unit = program.unit
    return {
        "unit": unit,
        "least": [int(x) // unit for x in program.least],
        "most": [int(x) // unit for x in program.most],
        "rows": [row for rows in program.rows for row in _rows(rows, unit)],
        "goals": [
            {
                **_objective(goal.objective, unit),
                "share": [goal.give_up_share.numerator, goal.give_up_share.denominator],
                "amount": int(goal.give_up_amount),
            }
            for goal in program.goals
        ],
        "draw": [int(a) for a in program.draw],
    }


def _rows(rows: Rows, unit: int) -> list[Statement]:
    """State every row as ``sum c * x >= rhs`` with x = fund or x = award in units."""
    sign = 1 if rows.sense == ">=" else -1
    scale = sign * (1 if rows.on == "fund" else unit)
    found: list[Statement] = [
        {"on": rows.on, "terms": [], "rhs": sign * int(rhs)} for rhs in rows.rhs
    ]
    for row, app, factor in zip(rows.row, rows.app, rows.coefficient, strict=True):
        found[int(row)]["terms"].append([int(app), scale * int(factor)])
    return found


def _objective(objective: Objective, unit: int) -> Statement:
    if isinstance(objective, Additive):
        per_award = objective.per_award
        assert per_award is None or objective.unit == unit
        return {
            "kind": "sum",
            "fund": [int(x) for x in objective.per_fund],
            "award": [] if per_award is None else [int(x) for x in per_award],
        }
    if isinstance(objective, Covered):
        groups = [
            [a for a, group in enumerate(objective.group) if group == g]
            for g in range(objective.groups)
        ]
        return {"kind": "covered", "groups": groups}
    if isinstance(objective, Even):
        return {"kind": "even", "uses": [[int(x) for x in row] for row in objective.uses]}
    if isinstance(objective, LeastShare):
        per_unit = [unit * (objective.denominator // int(most)) for most in objective.most]
        return {"kind": "share", "per_unit": per_unit, "denominator": objective.denominator}
    return {"kind": "short", "rows": _rows(objective.rows, unit)}


def floor(goal: Statement, optimum: int) -> int:
    """Return what later goals must leave this one."""
    numerator, denominator = goal["share"]
    return optimum - max(goal["amount"], numerator * abs(optimum) // denominator)


def certainty_of(always: Sequence[bool], never: Sequence[bool]) -> tuple[str, ...]:
    """Name the classes of applications that are funded in all optima, in none, or in some."""
    return tuple(
        "every" if a else "none" if n else "some" for a, n in zip(always, never, strict=True)
    )


def worth(goal: Statement, fund: Sequence[int], award: Sequence[int]) -> int:
    """Return what a point is worth under one goal, in Python's own integers."""
    if goal["kind"] == "sum":
        money = sum(c * x for c, x in zip(goal["award"], award, strict=False))
        return sum(c * x for c, x in zip(goal["fund"], fund, strict=True)) + money
    if goal["kind"] == "covered":
        return sum(any(fund[a] for a in group) for group in goal["groups"])
    if goal["kind"] == "even":
        counts = [sum(u * x for u, x in zip(uses, fund, strict=True)) for uses in goal["uses"]]
        return -sum(abs(len(counts) * n - sum(counts)) for n in counts)
    if goal["kind"] == "share":
        shares = [c * x for c, x, f in zip(goal["per_unit"], award, fund, strict=True) if f]
        return min(shares, default=goal["denominator"])
    return -sum(max(0, row["rhs"] - left(row, fund, award)) for row in goal["rows"])


def left(row: Statement, fund: Sequence[int], award: Sequence[int]) -> int:
    """Return the left side of a row."""
    x = fund if row["on"] == "fund" else award
    return sum(c * x[a] for a, c in row["terms"])


def obeys(statement: Statement, fund: Sequence[int], award: Sequence[int]) -> bool:
    """Return whether a point obeys every bound and every row."""
    bounds = zip(statement["least"], award, statement["most"], fund, strict=True)
    return all(low * f <= x <= high * f for low, x, high, f in bounds) and all(
        left(row, fund, award) >= row["rhs"] for row in statement["rows"]
    )
