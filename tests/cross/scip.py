"""SCIP, in process: floating point, so every point is rounded and checked in integers."""

from __future__ import annotations

from typing import Any

from pyscipopt import Model, quicksum

from cross.statement import (
    Refused,
    Result,
    Statement,
    certainty_of,
    floor,
    obeys,
    state,
    worth,
)
from optimizer.program.program import Program

LARGEST = 10**9  # sums of factors beyond this are left to exact solvers


def solve(program: Program, certainty: bool = False, seconds: float = 60.0) -> Result:
    """Return the result of a program.

    Raises
    ------
    Refused
        If its numbers are too large for floating point, or a time limit came.
    """
    statement = state(program)
    search = _Search(statement, seconds)
    if search.best(None) is None:
        return Result(False)
    optima = []
    for goal in statement["goals"]:
        expression = search.objective(goal)
        optimum = search.best(expression, goal)
        assert optimum is not None
        optima.append(optimum)
        search.model.addCons(expression >= floor(goal, optimum))
    classes = search.classes() if certainty else ()
    search.best(None)
    for a in statement["draw"]:
        if not (search.fund[a] and search.award[a] == statement["most"][a]):
            search.best(search.x_award[a])
        search.fix(search.x_fund[a], search.fund[a])
        search.fix(search.x_award[a], search.award[a])
    money = tuple(x * statement["unit"] for x in search.award)
    return Result(True, tuple(optima), money, classes)


class _Search:
    def __init__(self, statement: Statement, seconds: float) -> None:
        self.statement = statement
        self.model = Model()
        self.model.hideOutput()
        self.model.setParam("limits/time", seconds)
        self.model.setParam("limits/gap", 0.0)
        self.model.setParam("numerics/feastol", 1e-9)
        self.model.setParam("presolving/maxrounds", 0)  # has been seen to lose an optimum
        size = len(statement["most"])
        self.x_fund = [self.model.addVar(f"f{a}", "B") for a in range(size)]
        self.x_award = [
            self.model.addVar(f"w{a}", "I", lb=0, ub=high)
            for a, high in enumerate(statement["most"])
        ]
        for a, (low, high) in enumerate(zip(statement["least"], statement["most"], strict=True)):
            self.model.addCons(self.x_award[a] >= low * self.x_fund[a])
            self.model.addCons(self.x_award[a] <= high * self.x_fund[a])
        for row in statement["rows"]:
            self.require(self.left(row), row["rhs"])
        self.fund: list[int] = [0] * size
        self.award: list[int] = [0] * size

    def require(self, expression: Any, rhs: int) -> None:
        if isinstance(expression, int):  # a row without any application
            if expression < rhs:
                self.model.addCons(self.model.addVar("", "B") >= 2)
            return
        self.model.addCons(expression >= rhs)

    def left(self, row: Statement) -> Any:
        self.small(sum(abs(c) for _, c in row["terms"]))
        x = self.x_fund if row["on"] == "fund" else self.x_award
        return quicksum(c * x[a] for a, c in row["terms"]) if row["terms"] else 0

    @staticmethod
    def small(reach: int) -> None:
        if reach > LARGEST:
            raise Refused("too large for floating point")

    def objective(self, goal: Statement) -> Any:
        model, fund, award = self.model, self.x_fund, self.x_award
        if goal["kind"] == "sum":
            self.small(sum(map(abs, goal["fund"])) + sum(map(abs, goal["award"])))
            funds = [c * x for c, x in zip(goal["fund"], fund, strict=True)]
            return quicksum([*funds, *(c * x for c, x in zip(goal["award"], award, strict=False))])
        if goal["kind"] == "covered":
            covered = []
            for group in goal["groups"]:
                covered.append(model.addVar("", "B"))
                model.addCons(covered[-1] <= quicksum(fund[a] for a in group))
            return quicksum(covered)
        if goal["kind"] == "even":
            counts = [quicksum(u * x for u, x in zip(us, fund, strict=True)) for us in goal["uses"]]
            away = [model.addVar("", "I", lb=0) for _ in counts]
            for x, count in zip(away, counts, strict=True):
                model.addCons(x >= len(counts) * count - quicksum(counts))
                model.addCons(x >= quicksum(counts) - len(counts) * count)
            return quicksum(-1 * x for x in away)
        if goal["kind"] == "share":
            top = goal["denominator"]
            self.small(top)
            least = model.addVar("", "I", lb=0, ub=top)
            for f, w, factor in zip(fund, award, goal["per_unit"], strict=True):
                model.addCons(least <= factor * w + top * (1 - f))
            return 1 * least
        short = [model.addVar("", "I", lb=0) for _ in goal["rows"]]
        for x, row in zip(short, goal["rows"], strict=True):
            model.addCons(x >= row["rhs"] - self.left(row))
        return quicksum(-1 * x for x in short)

    def best(self, expression: Any, goal: Statement | None = None) -> int | None:
        """Maximise; return the exact worth of the point found, None if there is none."""
        self.model.setObjective(0 if expression is None else 1 * expression, "maximize")
        self.model.optimize()
        status = self.model.getStatus()
        if status == "optimal":
            self.fund = [round(self.model.getVal(x)) for x in self.x_fund]
            self.award = [round(self.model.getVal(x)) for x in self.x_award]
            claimed = round(self.model.getObjVal())
        self.model.freeTransform()
        if status in ("infeasible", "inforunbd"):
            return None
        if status != "optimal":
            raise Refused(status)
        if not obeys(self.statement, self.fund, self.award):
            raise Refused("its point breaks a row once rounded")
        if goal is not None and worth(goal, self.fund, self.award) != claimed:
            raise Refused("its point is not worth what it claims")
        return claimed

    def fix(self, variable: Any, value: int) -> None:
        self.model.chgVarLb(variable, value)
        self.model.chgVarUb(variable, value)

    def classes(self) -> tuple[str, ...]:
        most = [self.best(x) for x in self.x_fund]
        least = [self.best(-1 * x) for x in self.x_fund]
        return certainty_of([x == -1 for x in least], [x == 0 for x in most])
