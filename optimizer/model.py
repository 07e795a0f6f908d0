"""The integer program in PuLP: data of `optimizer.program` put before a MIP solver.

Variables, for each application a: ``fund_a in {0, 1}``, and where the award is a choice
``award_a`` in units, an integer. Variables are named by ordinal: PuLP rewrites names, and ids
that differ only in punctuation would collide.

No number of the solver's is believed: its point is rounded to integers and checked against every
row in integers, and its bound is only used where it is far enough from the next integer.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd

import numpy as np
import pulp

from optimizer.errors import PolicyError, SubsidyError
from optimizer.program import (
    Additive,
    Covered,
    Decision,
    Even,
    LeastShare,
    Objective,
    Program,
    Rows,
    Shortfall,
)
from optimizer.solvers import RUN
from optimizer.text import Text

# sum of the factors of an objective or row: at the least tolerance, less than 1/2 of it is in doubt
LARGEST = 4 * 10**8
LOOSEST = 1e-6  # how far from an integer a solver may leave a variable, where the factors allow it

Term = tuple[pulp.LpVariable | None, int]  # a variable, or None for a constant, with its factor


class SolverError(SubsidyError):
    """A solver gave an answer that does not stand up in integers (exit code 5)."""

    exit_code = 5


@dataclass(frozen=True)
class Answer:
    """What one solve found.

    Parameters
    ----------
    decision
        The best point, checked in integers; None if none was found.
    value
        Its value, in integers.
    bound
        No decision can be worth more; None if unknown.
    infeasible
        Whether it is proved that there is no point at all.
    """

    decision: Decision | None
    value: int | None
    bound: int | None
    infeasible: bool = False

    @property
    def proved(self) -> bool:
        """Whether the value is the optimum."""
        return self.value is not None and self.bound is not None and self.bound <= self.value


class Model:
    """A `Program` stated in PuLP, to which rows are added as priorities are settled.

    Parameters
    ----------
    program
        What to state.
    solver
        ``highs`` (in process) or ``cbc``.
    deadline
        `time.monotonic` time at which to stop, or None.
    threads
        How many threads the solver may use; one value for the whole life of a process.
    """

    def __init__(
        self,
        program: Program,
        solver: str = "highs",
        deadline: float | None = None,
        threads: int = 1,
    ) -> None:
        self.program = program
        self.solver = solver
        self.deadline = deadline
        self.threads = threads
        self.held: list[tuple[Objective, int]] = []
        self.solves = 0
        self._names = 0
        self._size = 1  # the largest sum of a row's factors
        self._problem = pulp.LpProblem("subsidy", pulp.LpMaximize)
        # always 0: PuLP drops rows, and CBC refuses objectives, that have no variable in any row
        self._zero = self._problem.add_variable("z", 0, 0, pulp.LpInteger)
        self._problem.addConstraint(pulp.LpAffineExpression([(self._zero, 1)]) <= 0, "r0")
        self._fund = [
            self._problem.add_variable(f"f{a}", 0, 1, pulp.LpInteger) for a in range(program.size)
        ]
        self._award = self._add_awards()
        for rows in program.rows:
            self._add_rows(rows)

    def _add_awards(self) -> list[pulp.LpVariable | None]:
        """State ``least_a * fund_a <= award_a <= most_a * fund_a`` where the award is a choice."""
        unit = self.program.unit
        awards: list[pulp.LpVariable | None] = []
        for a, (low, high) in enumerate(zip(self.program.least, self.program.most, strict=True)):
            if low == high:
                awards.append(None)
                continue
            award = self._problem.add_variable(f"w{a}", 0, int(high) // unit, pulp.LpInteger)
            awards.append(award)
            self._require([(award, 1), (self._fund[a], -int(high) // unit)], "<=", 0)
            self._require([(award, 1), (self._fund[a], -(int(low) // unit))], ">=", 0)
        return awards

    def _term(self, on: str, a: int, coefficient: int) -> Term:
        """Return ``coefficient * x_a`` with x in 0/1 (fund) or NT$ (award) as variable, factor."""
        award = self._award[a]
        if on == "fund":
            return self._fund[a], coefficient
        if award is None:
            return self._fund[a], coefficient * int(self.program.most[a])
        return award, coefficient * self.program.unit

    def _add_rows(self, rows: Rows) -> None:
        for terms, rhs in zip(self._terms(rows), rows.rhs, strict=True):
            self._require(terms, rows.sense, int(rhs))

    def _terms(self, rows: Rows) -> list[list[Term]]:
        terms: list[list[Term]] = [[] for _ in rows.rhs]
        for row, app, coefficient in zip(rows.row, rows.app, rows.coefficient, strict=True):
            terms[int(row)].append(self._term(rows.on, int(app), int(coefficient)))
        return terms

    def _require(self, terms: Iterable[Term], sense: str, rhs: int) -> None:
        """Add one row over integers, divided by the greatest common divisor of its factors."""
        summed, constant = _sum(terms)
        rhs -= constant
        divisor = gcd(*(factor for _, factor in summed)) or 1
        self._size = max(self._size, sum(abs(factor) for _, factor in summed) // divisor)
        if self._size > LARGEST:
            raise _too_large()
        whole = rhs // divisor if sense == "<=" else -(-rhs // divisor)
        left = pulp.LpAffineExpression([(v, factor // divisor) for v, factor in summed])
        if not summed:
            if (whole >= 0) if sense == "<=" else (whole <= 0):
                return
            left = pulp.LpAffineExpression([(self._zero, 1)])
        self._names += 1
        row = left <= whole if sense == "<=" else left >= whole
        self._problem.addConstraint(row, f"r{self._names}")

    def _integer(self, low: int | None, high: int | None) -> pulp.LpVariable:
        self._names += 1
        return self._problem.add_variable(f"x{self._names}", low, high, pulp.LpInteger)

    def _state(self, objective: Objective) -> list[Term]:
        """Return an objective as terms, with the variables and rows that it needs."""
        if isinstance(objective, Additive):
            terms: list[Term] = [(None, objective.constant)]
            terms += [
                self._term("fund", int(a), int(objective.per_fund[a]))
                for a in np.flatnonzero(objective.per_fund)
            ]
            if objective.per_award is not None:
                for a in np.flatnonzero(objective.per_award):
                    variable, factor = self._term("award", int(a), int(objective.per_award[a]))
                    terms.append((variable, factor // objective.unit))
            return terms
        if isinstance(objective, Covered):
            return self._covered(objective)
        if isinstance(objective, Even):
            return self._even(objective)
        if isinstance(objective, Shortfall):
            return self._shortfall(objective)
        raise TypeError(f"{objective!r} is settled by search, not stated")

    def _covered(self, objective: Covered) -> list[Term]:
        """``covered_g <= sum_{a in g} fund_a``, covered_g in {0, 1}."""
        members: list[list[int]] = [[] for _ in range(objective.groups)]
        for a in np.flatnonzero(objective.group >= 0).tolist():
            members[int(objective.group[a])].append(a)
        terms: list[Term] = [(None, objective.constant)]
        for inside in members:
            covered = self._integer(0, 1)
            self._require([(covered, 1), *(self._term("fund", a, -1) for a in inside)], "<=", 0)
            terms.append((covered, 1))
        return terms

    def _even(self, objective: Even) -> list[Term]:
        """``away_k >= K * n_k - N`` and ``away_k >= N - K * n_k``; maximise ``-sum_k away_k``."""
        kinds, before = len(objective.uses), objective.before
        total = objective.uses.sum(axis=0)
        terms: list[Term] = []
        for row, settled in zip(objective.uses, before, strict=True):
            away = self._integer(0, None)
            pull = kinds * row - total
            tilt: list[Term] = [(None, kinds * settled - sum(before))]
            tilt += [self._term("fund", int(a), int(pull[a])) for a in np.flatnonzero(pull)]
            self._require([(away, 1), *((v, -c) for v, c in tilt)], ">=", 0)
            self._require([(away, 1), *tilt], ">=", 0)
            terms.append((away, -1))
        return terms

    def _shortfall(self, objective: Shortfall) -> list[Term]:
        """``short_i >= rhs_i - left_i`` (for ``>=``), short_i >= 0; maximise ``-sum_i short_i``."""
        rows = objective.rows
        sign = 1 if rows.sense == ">=" else -1
        found = []
        for terms, rhs in zip(self._terms(rows), rows.rhs, strict=True):
            short = self._integer(0, None)
            self._require([(short, 1), *((v, sign * c) for v, c in terms)], ">=", sign * int(rhs))
            found.append((short, -1))
        return found

    def hold(self, objective: Objective, floor: int) -> None:
        """Keep an objective at `floor` or above from here on, by an integer row."""
        if isinstance(objective, LeastShare):
            for a, low in enumerate(self._least(objective, floor)):
                if low:
                    self._require([self._term("award", a, 1), self._term("fund", a, -low)], ">=", 0)
        else:
            self._require(self._state(objective), ">=", floor)
        self.held.append((objective, floor))

    def _least(self, objective: LeastShare, floor: int) -> list[int]:
        """``award_a >= ceil(floor / denominator * most_a)`` to whole units, in NT$."""
        unit = self.program.unit
        return [
            -(-floor * int(most) // (objective.denominator * unit)) * unit
            for most in objective.most
        ]

    def fix(self, a: int, low: int, high: int, award: bool = False) -> None:
        """Fix a decision between bounds: 0/1 for funding, NT$ for the award."""
        variable = self._award[a] if award else self._fund[a]
        if variable is None:
            return
        scale = self.program.unit if award else 1
        variable.lowBound, variable.upBound = -(-low // scale), high // scale

    def maximise(self, objective: Objective) -> Answer:
        """Solve for one objective under all rows so far."""
        if isinstance(objective, LeastShare):
            return self._search(objective)
        return self._solve(objective, self._state(objective))

    def feasible(self) -> Answer:
        """Look for any point at all."""
        return self._solve(Additive(np.zeros(self.program.size, dtype=np.int64)), [])

    def _search(self, objective: LeastShare) -> Answer:
        """Bisect over the shares that can occur; each trial is an integer program of its own."""
        unit, most = self.program.unit, objective.most
        shares = sorted(
            {
                amount * (objective.denominator // int(most[a]))
                for a, low in enumerate(self.program.least)
                for amount in range(int(low), int(most[a]) + 1, unit)
            }
            | {objective.top}
        )
        shares = [share for share in shares if share <= objective.top]
        best = self.feasible()
        if best.decision is None:
            return best
        value = objective.value(best.decision)
        low, high = 0, len(shares) - 1  # shares[low - 1] is reached; above shares[high] nothing is
        while low <= high:
            middle = (low + high) // 2
            trial = self._trial(objective, shares[middle])
            if trial.decision is not None:
                best, value = trial, max(value, objective.value(trial.decision))
                low = max(middle + 1, sum(share <= value for share in shares))
            elif trial.infeasible:
                high = middle - 1
            else:
                return Answer(best.decision, value, shares[high] if shares else value)
        top = value if value == objective.top else shares[high]
        return Answer(best.decision, value, max(value, top))

    def _trial(self, objective: LeastShare, floor: int) -> Answer:
        """Ask in a model of its own, with the same rows held, whether `floor` can be reached."""
        other = Model(self.program, self.solver, self.deadline, self.threads)
        for held, least in self.held:
            other.hold(held, least)
        other.hold(objective, floor)
        answer = other.feasible()
        self.solves += other.solves
        return answer

    def _solve(self, objective: Objective, terms: list[Term]) -> Answer:
        left = math.inf if self.deadline is None else self.deadline - time.monotonic()
        if left <= 0:
            return Answer(None, None, None)
        summed, constant = _sum(terms)
        size = max(self._size, sum(abs(factor) for _, factor in summed))
        if size > LARGEST:
            raise _too_large()
        self._problem.setObjective(pulp.LpAffineExpression(summed or [(self._zero, 1)]))
        self.solves += 1
        tolerance = min(LOOSEST, 0.4 / size)
        status, bound = RUN[self.solver](self._problem, left, self.threads, tolerance)
        if status == "infeasible":
            return Answer(None, None, None, infeasible=True)
        if status == "nothing":
            return Answer(None, None, None)
        decision = self._point()
        value = objective.value(decision)
        if status == "optimal" and bound is None:
            bound = float(value)
        else:
            bound = None if bound is None else bound + constant
        return Answer(decision, value, self._whole(bound, value))

    def _whole(self, bound: float | None, value: int) -> int | None:
        """Turn the solver's bound into an integer one, erring on the safe side."""
        if bound is None or not math.isfinite(bound):
            return None
        if bound < value - 0.5:
            raise contradiction(self.solver)
        doubt = 1e-6 * max(1.0, abs(bound) * 1e-3)
        return max(value, math.floor(bound + min(0.5, max(1e-4, doubt))))

    def _point(self) -> Decision:
        """Round the solver's point to integers and check it against every row in integers."""
        fund = np.array([bool(round(v.varValue or 0.0)) for v in self._fund], dtype=bool)
        award = np.where(fund, self.program.most, 0).astype(np.int64)
        for a, variable in enumerate(self._award):
            if variable is not None:
                award[a] = round(variable.varValue or 0.0) * self.program.unit
        decision = Decision(fund, award)
        broken = any(min(rows.slack(decision), default=0) < 0 for rows in self.program.rows)
        bounds = np.where(fund, (award < self.program.least) | (award > self.program.most), award)
        lost = any(objective.value(decision) < floor for objective, floor in self.held)
        if broken or bounds.any() or lost:
            raise SolverError(
                Text(
                    f"求解器 {self.solver} 的答案化為整數後不符合計畫，未採用",
                    f"the answer of solver {self.solver} breaks the policy once rounded to "
                    "integers; it was not used",
                )
            )
        return decision


def _sum(terms: Iterable[Term]) -> tuple[list[tuple[pulp.LpVariable, int]], int]:
    """Add up the factors of each variable (PuLP would keep the last), and the constants."""
    factors: dict[pulp.LpVariable, int] = {}
    constant = 0
    for variable, factor in terms:
        if variable is None:
            constant += factor
        else:
            factors[variable] = factors.get(variable, 0) + factor
    return [(variable, factor) for variable, factor in factors.items() if factor], constant


def contradiction(solver: str) -> SolverError:
    """Return the error for an answer that contradicts what is already known in integers."""
    return SolverError(
        Text(
            f"求解器 {solver} 的答案與已知的整數結果矛盾，未採用；請改用其他求解器",
            f"the answer of solver {solver} contradicts what is known in integers; it was not used; "
            "try another solver",
        )
    )


def _too_large() -> PolicyError:
    return PolicyError(
        Text(
            "此案例的數值過大，整數規劃求解器無法保證精確；請減少分數的小數位數，或在其前加設有級距的"
            "分數優先順序",
            "the numbers of this case are too large for the solver's arithmetic to be exact; give "
            "merit fewer decimals, or put a merit priority with a band before it",
        )
    )
