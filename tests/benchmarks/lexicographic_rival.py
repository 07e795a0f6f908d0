"""The same policy as a lexicographic plain program in PuLP and HiGHS: what one would otherwise write.

One binary an application, an integer for its award where that is a choice, each optimum held by a
row. No certainty, no draw, no check in integers.
"""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path
from typing import Any

import pulp

sys.path.insert(0, str(Path(__file__).parent.parent))

from cross.statement import Statement, floor, state


class Rival:
    """One problem that grows as priorities are settled."""

    def __init__(self, statement: Statement, limit: float) -> None:
        self.deadline = time.perf_counter() + limit
        self.problem = pulp.LpProblem("rival", pulp.LpMaximize)
        self.most = statement["most"]
        self.count = 0
        self.fund = [self._variable(0, 1) for _ in self.most]
        self.award = [
            top * fund if low == top else self._awarded(fund, low, top)
            for fund, low, top in zip(self.fund, statement["least"], self.most, strict=True)
        ]
        for row in statement["rows"]:
            self._require(self._left(row) >= row["rhs"])

    def _variable(self, low: int, high: int | None, kind: str = pulp.LpInteger) -> Any:
        self.count += 1
        return self.problem.add_variable(f"x{self.count}", low, high, kind)

    def _require(self, row: Any) -> None:
        self.count += 1
        self.problem.addConstraint(row, f"r{self.count}")

    def _awarded(self, fund: Any, low: int, top: int) -> Any:
        award = self._variable(0, top)
        self._require(award - top * fund <= 0)
        self._require(award - low * fund >= 0)
        return award

    def _left(self, row: Statement) -> Any:
        x = self.fund if row["on"] == "fund" else self.award
        return pulp.lpSum(factor * x[a] for a, factor in row["terms"])

    def _stated(self, goal: Statement) -> Any:
        """Return an objective as an expression, with the variables and rows that it needs."""
        if goal["kind"] == "sum":
            sums = (
                zip(goal["fund"], self.fund, strict=True),
                zip(goal["award"], self.award, strict=False),
            )
            return pulp.lpSum(c * x for pairs in sums for c, x in pairs if c)
        if goal["kind"] == "covered":
            covered = []
            for group in goal["groups"]:
                covered.append(self._variable(0, 1))
                self._require(pulp.lpSum(self.fund[a] for a in group) - covered[-1] >= 0)
            return pulp.lpSum(covered)
        if goal["kind"] == "even":
            counts = [
                pulp.lpSum(x for use, x in zip(uses, self.fund, strict=True) if use)
                for uses in goal["uses"]
            ]
            away, whole = [], pulp.lpSum(counts)
            for count in counts:
                away.append(self._variable(0, None))
                self._require(away[-1] - len(counts) * count + whole >= 0)
                self._require(away[-1] + len(counts) * count - whole >= 0)
            return -pulp.lpSum(away)
        if goal["kind"] == "short":
            short = []
            for row in goal["rows"]:
                short.append(self._variable(0, None))
                self._require(short[-1] + self._left(row) >= row["rhs"])
            return -pulp.lpSum(short)
        return self._least_share(goal)

    def _least_share(self, goal: Statement) -> Any:
        """``share <= award_a / most_a + (1 - fund_a)``, a real number."""
        share = self._variable(0, 1, pulp.LpContinuous)
        for award, fund, most in zip(self.award, self.fund, self.most, strict=True):
            self._require(most * share - award + most * fund <= most)
        return share

    def run(self, goals: list[Statement]) -> list[float]:
        """Return the optima that it calls proved; fewer than goals if time runs out."""
        optima: list[float] = []
        for goal in goals:
            objective = self._stated(goal)
            self.problem.setObjective(objective)
            left = max(0.0, self.deadline - time.perf_counter())
            solver = pulp.HiGHS(msg=False, gapRel=0.0, timeLimit=left, threads=1)
            self.problem.solve(solver)
            if self.problem.sol_status != pulp.LpSolutionOptimal:
                break
            value = pulp.value(objective) or 0.0
            optima.append(value if goal["kind"] == "share" else round(value))
            least = (
                floor(goal, math.floor(value + 1e-6)) if goal["kind"] != "share" else value - 1e-9
            )
            self._require(objective >= least)
        return optima


def solve(program: Any, limit: float) -> dict[str, Any]:
    """Solve every priority of a program, one after another."""
    statement = state(program)
    optima = Rival(statement, limit).run(statement["goals"])
    return {
        "proved": len(optima) == len(statement["goals"]),
        "engine": "rival",
        "optima": optima,
        "of": len(statement["goals"]),
    }
