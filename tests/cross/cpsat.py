"""OR-tools CP-SAT, exact in integers, over a pipe: ``python -m cross.cpsat`` answers line by line.

The process knows nothing of the program: it reads statements and writes results, as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

Statement = dict[str, Any]
LARGEST = 2**60  # CP-SAT sums in 64 bits


class Solver:
    """A process of CP-SAT's own, kept for many programs; use it in a ``with``.

    Parameters
    ----------
    seconds
        Time limit of each single solve.
    """

    def __init__(self, seconds: float = 60.0) -> None:
        self.seconds = seconds
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cross.cpsat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )

    def __enter__(self) -> Solver:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def solve(self, program: Any, certainty: bool = False) -> Any:
        """Return the `Result` of a `Program`.

        Raises
        ------
        Refused
            If its numbers are beyond 64 bits, or a time limit came.
        """
        from cross.statement import Refused, Result, state

        question = {**state(program), "certainty": certainty, "seconds": self.seconds}
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "refused" in answer:
            raise Refused(answer["refused"])
        return Result(**{k: tuple(v) if isinstance(v, list) else v for k, v in answer.items()})


class _TooLarge(Exception):
    pass


class _Search:
    """One statement in CP-SAT, with a bound more for each goal that is settled."""

    def __init__(self, statement: Statement) -> None:
        from ortools.sat.python import cp_model

        self.cp = cp_model
        self.statement = statement
        self.model = cp_model.CpModel()
        size = len(statement["most"])
        self.fund = [self.model.new_bool_var(f"f{a}") for a in range(size)]
        self.award = []
        for a, (low, high) in enumerate(zip(statement["least"], statement["most"], strict=True)):
            award = self.model.new_int_var(0, high, f"w{a}")
            self.model.add(award >= low * self.fund[a])
            self.model.add(award <= high * self.fund[a])
            self.award.append(award)
        for row in statement["rows"]:
            self.model.add(self.left(row) >= row["rhs"])

    def left(self, row: Statement) -> Any:
        x = self.fund if row["on"] == "fund" else self.award
        self.small(self.reach(row))
        return sum(c * x[a] for a, c in row["terms"])

    def reach(self, row: Statement) -> int:
        """Bound both sides of a row."""
        tops = [1] * len(self.fund) if row["on"] == "fund" else self.statement["most"]
        return sum(abs(c) * tops[a] for a, c in row["terms"]) + abs(row["rhs"])

    @staticmethod
    def small(reach: int) -> None:
        if reach >= LARGEST:
            raise _TooLarge

    def objective(self, goal: Statement) -> Any:
        return getattr(self, f"_{goal['kind']}")(goal)

    def _sum(self, goal: Statement) -> Any:
        money = sum(abs(c) * m for c, m in zip(goal["award"], self.statement["most"], strict=False))
        self.small(sum(abs(c) for c in goal["fund"]) + money)
        funds = sum(c * x for c, x in zip(goal["fund"], self.fund, strict=True))
        return funds + sum(c * x for c, x in zip(goal["award"], self.award, strict=False))

    def _covered(self, goal: Statement) -> Any:
        covered = []
        for group in goal["groups"]:
            covered.append(self.model.new_bool_var(""))
            self.model.add(covered[-1] <= sum(self.fund[a] for a in group))
        return sum(covered)

    def _even(self, goal: Statement) -> Any:
        counts = [sum(u * x for u, x in zip(us, self.fund, strict=True)) for us in goal["uses"]]
        total, reach = sum(counts), sum(map(sum, goal["uses"])) * (len(counts) + 1)
        away = []
        for count in counts:
            away.append(self.model.new_int_var(0, reach, ""))
            self.model.add(away[-1] >= len(counts) * count - total)
            self.model.add(away[-1] >= total - len(counts) * count)
        return -sum(away)

    def _share(self, goal: Statement) -> Any:
        top = goal["denominator"]
        self.small(2 * top)
        least = self.model.new_int_var(0, top, "")
        for fund, award, factor in zip(self.fund, self.award, goal["per_unit"], strict=True):
            self.model.add(least <= factor * award + top * (1 - fund))
        return 1 * least

    def _short(self, goal: Statement) -> Any:
        short = []
        for row in goal["rows"]:
            left = self.left(row)
            short.append(self.model.new_int_var(0, self.reach(row), ""))
            self.model.add(short[-1] >= row["rhs"] - left)
        return -sum(short)

    def best(self, expression: Any) -> int | None:
        """Maximise; return the optimum, None if there is no point at all."""
        self.solver = self.cp.CpSolver()
        self.solver.parameters.num_workers = 1
        self.solver.parameters.max_time_in_seconds = self.statement["seconds"]
        self.model.clear_objective()
        if not isinstance(expression, int):
            self.model.maximize(expression)
        status = self.solver.solve(self.model)
        if status == self.cp.INFEASIBLE:
            return None
        if status != self.cp.OPTIMAL:
            raise TimeoutError(self.solver.status_name(status))
        return expression if isinstance(expression, int) else round(self.solver.value(expression))

    def point(self) -> tuple[list[int], list[int]]:
        return [self.solver.value(f) for f in self.fund], [self.solver.value(w) for w in self.award]


def answer_of(statement: Statement) -> Statement:
    """Settle each goal, class the applications if asked, then the draw."""
    search = _Search(statement)
    optima = []
    if search.best(0) is None:
        return {"feasible": False}
    for goal in statement["goals"]:
        expression = search.objective(goal)
        optimum = search.best(expression)
        numerator, denominator = goal["share"]
        optima.append(optimum)
        given_up = max(goal["amount"], numerator * abs(optimum) // denominator)
        search.model.add(expression >= optimum - given_up)
    search.best(0)
    classes = _classes(search) if statement["certainty"] else []
    search.best(0)
    fund, award = search.point()
    for a in statement["draw"]:
        if not (fund[a] and award[a] == statement["most"][a]):
            search.best(1 * search.award[a])
            fund, award = search.point()
        search.model.add(search.award[a] == award[a])
        search.model.add(search.fund[a] == fund[a])
    money = [x * statement["unit"] for x in award]
    return {"feasible": True, "optima": optima, "award": money, "certainty": classes}


def _classes(search: _Search) -> list[str]:
    classes = []
    for fund in search.fund:
        most = search.best(1 * fund)
        least = -search.best(-1 * fund)
        classes.append("some" if most != least else "every" if most else "none")
    return classes


def main() -> None:
    """Answer statements from standard input until it ends."""
    for line in sys.stdin:
        try:
            answer = answer_of(json.loads(line))
        except _TooLarge:
            answer = {"refused": "beyond 64 bits"}
        except TimeoutError as error:
            answer = {"refused": f"not finished: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
