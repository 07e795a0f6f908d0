"""The plain program that a user would otherwise write: one binary per application, merit alone.

Pool, school caps and coverage rows (every district that can be covered is), merit as the one
objective. Read with pandas the simple way. Run as a script it measures one rival in a process of
its own and prints one JSON line: ``python rivals.py highs CASE [--limit S]``.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd


def read_plain(case: Path) -> tuple[pd.DataFrame, int, int]:
    """Return applications with merit (thirds of points as integers) and district, pool, cap."""
    policy = tomllib.loads((case / "policy.toml").read_text(encoding="utf-8"))
    schools = pd.read_csv(case / "schools.csv", dtype={"school_id": str})
    applications = pd.read_csv(case / "applications.csv", dtype={"school_id": str})
    reviews = pd.read_csv(case / "reviews.csv")
    criteria = list(policy["review"]["criteria"])
    for criterion in criteria:
        reviews[criterion] = pd.to_numeric(reviews[criterion], errors="coerce")
    reviews["total"] = reviews[criteria].sum(axis=1)
    merit = (reviews.groupby("application_id")["total"].mean() * 6).round().astype(int)
    table = applications.merge(schools[["school_id", "district"]], on="school_id")
    table["merit"] = table["application_id"].map(merit)
    cap = next(c["amount"] for c in policy["clause"] if c["kind"] == "school_cap")
    table = table[(table["merit"] >= 420) & (table["requested"] <= cap)].reset_index(drop=True)
    return table, int(policy["pool"]["amount"]), int(cap)


def solve_pulp(table: pd.DataFrame, pool: int, cap: int, solver: str, limit: float) -> Any:
    """Solve the plain program through PuLP with gap 0; return (proved, merit, seconds)."""
    import pulp

    began = time.perf_counter()
    problem = pulp.LpProblem("plain", pulp.LpMaximize)
    x = [problem.add_variable(f"x{i}", 0, 1, pulp.LpInteger) for i in range(len(table))]
    merit, requested = table["merit"].tolist(), table["requested"].tolist()
    problem.setObjective(pulp.lpSum(m * v for m, v in zip(merit, x, strict=True)))
    problem.addConstraint(pulp.lpSum(r * v for r, v in zip(requested, x, strict=True)) <= pool)
    for _, rows in table.groupby("school_id").indices.items():
        problem.addConstraint(pulp.lpSum(requested[i] * x[i] for i in rows) <= cap)
    for _, rows in table.groupby("district").indices.items():
        problem.addConstraint(pulp.lpSum(x[i] for i in rows) >= 1)
    if solver == "highs":
        problem.solve(pulp.HiGHS(msg=False, gapRel=0.0, timeLimit=limit, threads=1))
    else:
        path = getattr(pulp.PULP_CBC_CMD, "pulp_cbc_path", None)
        problem.solve(pulp.COIN_CMD(path=path, msg=False, gapRel=0.0, timeLimit=limit))
    seconds = time.perf_counter() - began
    proved = problem.sol_status == pulp.LpSolutionOptimal and seconds < limit
    value = sum(m for m, v in zip(merit, x, strict=True) if (v.varValue or 0) > 0.5)
    return proved, value, seconds


def solve_cpsat(table: pd.DataFrame, pool: int, cap: int, limit: float) -> Any:
    """Solve the plain program with CP-SAT; return (proved, merit, seconds)."""
    from ortools.sat.python import cp_model

    began = time.perf_counter()
    model = cp_model.CpModel()
    x = [model.new_bool_var(f"x{i}") for i in range(len(table))]
    merit, requested = table["merit"].tolist(), table["requested"].tolist()
    model.add(cp_model.LinearExpr.weighted_sum(x, requested) <= pool)
    for rows in table.groupby("school_id").indices.values():
        model.add(sum(requested[i] * x[i] for i in rows) <= cap)
    for rows in table.groupby("district").indices.values():
        model.add_bool_or([x[i] for i in rows])
    model.maximize(cp_model.LinearExpr.weighted_sum(x, merit))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    seconds = time.perf_counter() - began
    return status == cp_model.OPTIMAL, int(solver.objective_value), seconds


def main() -> None:
    """Measure one rival on one case."""
    parser = argparse.ArgumentParser()
    parser.add_argument("solver", choices=["highs", "cbc", "cpsat"])
    parser.add_argument("case", type=Path)
    parser.add_argument("--limit", type=float, default=120.0)
    parser.add_argument("--warm", action="store_true")
    given = parser.parse_args()
    if given.warm:
        run(given.solver, given.case, given.limit)
    print(json.dumps(run(given.solver, given.case, given.limit)))


def run(solver: str, case: Path, limit: float) -> dict[str, Any]:
    """Read and solve once."""
    began = time.perf_counter()
    table, pool, cap = read_plain(case)
    if solver == "cpsat":
        proved, value, solving = solve_cpsat(table, pool, cap, limit)
    else:
        proved, value, solving = solve_pulp(table, pool, cap, solver, limit)
    return {
        "proved": bool(proved),
        "value": int(value),
        "solving": solving,
        "whole": time.perf_counter() - began,
        "gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


if __name__ == "__main__":
    main()
