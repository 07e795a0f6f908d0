"""The plain program that a user would otherwise write: one binary per application, merit alone.

Pool, school caps and coverage rows (every district that can be covered is), merit as the one
objective. Read with pandas the simple way; no screening, no certainty, no draw, no audit. Run as a
script it measures one rival and prints one JSON line:

    python rivals.py highs|cbc|cpsat CASE [--limit S] [--again]
"""

from __future__ import annotations

import argparse
import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from clock import clocked, once

MERIT_UNIT = 6  # merit in sixths of a point: a mean over one, two or three reviewers is whole


@dataclass(frozen=True)
class Plain:
    """The plain program's input: one row an application, with merit and district."""

    table: pd.DataFrame
    pool: int
    cap: int


@dataclass(frozen=True)
class Outcome:
    """What a rival found: whether it proved it, and the sum of merit in sixths."""

    proved: bool
    merit: int


def read_plain(case: Path) -> Plain:
    """Read three CSV files and the policy, and leave out what cannot be funded."""
    policy = tomllib.loads((case / "policy.toml").read_text(encoding="utf-8"))
    schools = pd.read_csv(case / "schools.csv", dtype={"school_id": str})
    applications = pd.read_csv(case / "applications.csv", dtype={"school_id": str})
    reviews = pd.read_csv(case / "reviews.csv")
    criteria = list(policy["review"]["criteria"])
    marks = reviews[criteria].apply(pd.to_numeric, errors="coerce")  # a recusal has no marks
    reviews["total"] = marks.sum(axis=1, min_count=len(criteria))
    merit = reviews.groupby("application_id")["total"].mean()
    table = applications.merge(schools[["school_id", "district"]], on="school_id")
    table["merit"] = (table["application_id"].map(merit) * MERIT_UNIT).round().astype(int)
    cap = int(next(c["amount"] for c in policy["clause"] if c["kind"] == "school_cap"))
    least = policy["review"]["minimum_merit"] * MERIT_UNIT
    table = table[(table["merit"] >= least) & (table["requested"] <= cap)].reset_index(drop=True)
    return Plain(table, int(policy["pool"]["amount"]), cap)


def solve_pulp(plain: Plain, solver: str, limit: float) -> Outcome:
    """Solve the plain program through PuLP with gap 0."""
    import pulp

    table = plain.table
    merit, requested = table["merit"].tolist(), table["requested"].tolist()
    problem = pulp.LpProblem("plain", pulp.LpMaximize)
    x = [problem.add_variable(f"x{i}", 0, 1, pulp.LpInteger) for i in range(len(table))]
    problem.setObjective(pulp.lpSum(m * v for m, v in zip(merit, x, strict=True)))
    problem.addConstraint(
        pulp.lpSum(r * v for r, v in zip(requested, x, strict=True)) <= plain.pool
    )
    for rows in table.groupby("school_id").indices.values():
        problem.addConstraint(pulp.lpSum(requested[i] * x[i] for i in rows) <= plain.cap)
    for rows in table.groupby("district").indices.values():
        problem.addConstraint(pulp.lpSum(x[i] for i in rows) >= 1)
    if solver == "highs":
        problem.solve(pulp.HiGHS(msg=False, gapRel=0.0, timeLimit=limit, threads=1))
    else:
        path = getattr(pulp.PULP_CBC_CMD, "pulp_cbc_path", None)
        problem.solve(pulp.COIN_CMD(path=path, msg=False, gapRel=0.0, timeLimit=limit))
    proved = problem.sol_status == pulp.LpSolutionOptimal
    value = sum(m for m, v in zip(merit, x, strict=True) if (v.varValue or 0) > 0.5)
    return Outcome(bool(proved), value)


def solve_cpsat(plain: Plain, limit: float) -> Outcome:
    """Solve the plain program by CP-SAT on all cores; never in a process that holds highspy."""
    from ortools.sat.python import cp_model

    table, model = plain.table, cp_model.CpModel()
    merit, requested = table["merit"].tolist(), table["requested"].tolist()
    x = [model.new_bool_var(f"x{i}") for i in range(len(table))]
    model.add(cp_model.LinearExpr.weighted_sum(x, requested) <= plain.pool)
    for rows in table.groupby("school_id").indices.values():
        model.add(sum(requested[i] * x[i] for i in rows) <= plain.cap)
    for rows in table.groupby("district").indices.values():
        model.add_bool_or([x[i] for i in rows])
    model.maximize(cp_model.LinearExpr.weighted_sum(x, merit))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = os.cpu_count() or 1
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    value = round(solver.objective_value) if found else 0
    return Outcome(status == cp_model.OPTIMAL, value)


def solve_plain(plain: Plain, solver: str, limit: float) -> Outcome:
    """Solve the plain program by one of the rivals, by name."""
    return solve_cpsat(plain, limit) if solver == "cpsat" else solve_pulp(plain, solver, limit)


def run(solver: str, case: Path, limit: float) -> dict[str, Any]:
    """Read and solve once."""
    plain = read_plain(case)
    solving = once(lambda: vars(solve_plain(plain, solver, limit)))
    return {**solving, "solving": solving.pop("wall"), "solving_cpu": solving.pop("cpu")}


def main() -> None:
    """Measure one rival on one case."""
    parser = argparse.ArgumentParser()
    parser.add_argument("solver", choices=["highs", "cbc", "cpsat"])
    parser.add_argument("case", type=Path)
    parser.add_argument("--limit", type=float, default=120.0)
    parser.add_argument("--again", action="store_true", help="and a second time")
    given = parser.parse_args()
    print(json.dumps(clocked(lambda: run(given.solver, given.case, given.limit), given.again)))


if __name__ == "__main__":
    main()
