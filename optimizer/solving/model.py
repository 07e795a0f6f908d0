"""The integer program: data of `optimizer.program.program` put before a MIP solver.

Variables, for each application a: ``fund_a in {0, 1}``, and where the award is a choice
``award_a`` in units, an integer (`optimizer.solving.linear` holds them).

No number of the solver's is believed: its point is rounded to integers and checked against every
row in integers, and its bound is only used where it is far enough from the next integer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from optimizer.foundation.clock import OutOfTime
from optimizer.language.text import Text
from optimizer.program.objectives import Additive, Covered, Even, LeastShare, Objective, Shortfall
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows
from optimizer.solving.doubt import SolverError, contradiction, doubted
from optimizer.solving.formulation import Answer, broken, greatest_share, least_awards
from optimizer.solving.linear import Linear, Term, reach
from optimizer.solving.options import Options

__all__ = ["Answer", "Model", "SolverError", "contradiction"]


class Model:
    """A `Program` stated in PuLP, to which rows are added as priorities are settled.

    Parameters
    ----------
    program
        What to state.
    options
        Which solver, with how many threads, and when to stop.
    """

    narrows = False

    def __init__(self, program: Program, options: Options | None = None) -> None:
        self.program = program
        self.options = options or Options()
        self.name: str = self.options.integer
        self.held: list[tuple[Objective, int]] = []
        self.known: Decision | None = None  # HiGHS and CBC begin anew
        self._linear = Linear(self.options)
        self._fund = [self._linear.variable(0, 1) for _ in range(program.size)]
        self._award = self._add_awards()
        for rows in program.rows:
            self._add_rows(rows)

    @property
    def solves(self) -> int:
        """How many integer programs were solved."""
        return self._linear.solves

    def _add_awards(self) -> list[list[Term]]:
        """State ``least_a * fund_a <= award_a <= most_a * fund_a`` where the award is a choice.

        Returns
        -------
        list
            For each application, its award in units as a sum of variables.
        """
        unit = self.program.unit
        awards: list[list[Term]] = []
        for fund, low, high in zip(self._fund, self.program.least, self.program.most, strict=True):
            most, least = int(high) // unit, int(low) // unit
            if low == high:
                awards.append([(fund, most)])
                continue
            award = self._linear.number(most)
            awards.append(award)
            self._linear.require([*award, (fund, -most)], "<=", 0)
            self._linear.require([*award, (fund, -least)], ">=", 0)
        return awards

    def _term(self, on: str, a: int, coefficient: int) -> list[Term]:
        """Return ``coefficient * x_a`` with x in 0/1 (fund) or NT$ (award)."""
        if on == "fund":
            return [(self._fund[a], coefficient)]
        unit = self.program.unit
        return [(variable, coefficient * unit * factor) for variable, factor in self._award[a]]

    def _add_rows(self, rows: Rows) -> None:
        for terms, rhs in zip(self._terms(rows), rows.rhs, strict=True):
            self._linear.require(terms, rows.sense, int(rhs))

    def _terms(self, rows: Rows) -> list[list[Term]]:
        terms: list[list[Term]] = [[] for _ in rows.rhs]
        for row, app, coefficient in zip(rows.row, rows.app, rows.coefficient, strict=True):
            terms[int(row)] += self._term(rows.on, int(app), int(coefficient))
        return terms

    def _state(self, objective: Objective) -> list[Term]:
        """Return an objective as terms, with the variables and rows that it needs."""
        if isinstance(objective, Additive):
            terms: list[Term] = [(None, objective.constant)]
            for a in np.flatnonzero(objective.per_fund).tolist():
                terms += self._term("fund", a, int(objective.per_fund[a]))
            if objective.per_award is not None:
                for a in np.flatnonzero(objective.per_award).tolist():
                    parts = self._term("award", a, int(objective.per_award[a]))
                    terms += [(variable, factor // objective.unit) for variable, factor in parts]
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
            covered = self._linear.variable(0, 1)
            self._linear.require([(covered, 1), *((self._fund[a], -1) for a in inside)], "<=", 0)
            terms.append((covered, 1))
        return terms

    def _even(self, objective: Even) -> list[Term]:
        """``away_k >= K * n_k - N`` and ``away_k >= N - K * n_k``; maximise ``-sum_k away_k``."""
        kinds, before = len(objective.uses), objective.before
        total = objective.uses.sum(axis=0)
        terms: list[Term] = []
        for row, settled in zip(objective.uses, before, strict=True):
            pull = kinds * row - total
            tilt: list[Term] = [(None, kinds * settled - sum(before))]
            tilt += [(self._fund[a], int(pull[a])) for a in np.flatnonzero(pull).tolist()]
            away = self._linear.number(max(map(abs, reach(tilt))))
            self._linear.require([*away, *_times(-1, tilt)], ">=", 0)
            self._linear.require([*away, *tilt], ">=", 0)
            terms += _times(-1, away)
        return terms

    def _shortfall(self, objective: Shortfall) -> list[Term]:
        """``short_i >= rhs_i - left_i`` (for ``>=``), short_i >= 0; maximise ``-sum_i short_i``."""
        rows = objective.rows
        sign = 1 if rows.sense == ">=" else -1
        found: list[Term] = []
        for terms, rhs in zip(self._terms(rows), rows.rhs, strict=True):
            left = _times(sign, terms)
            short = self._linear.number(max(0, sign * int(rhs) - reach(left)[0]))
            self._linear.require([*short, *left], ">=", sign * int(rhs))
            found += _times(-1, short)
        return found

    def hold(self, objective: Objective, floor: int, exactly: bool = False) -> None:
        """Keep an objective at `floor` or above from here on, by an integer row."""
        if isinstance(objective, LeastShare):
            for a, low in enumerate(least_awards(self.program, objective, floor)):
                if low:
                    share = [*self._term("award", a, 1), *self._term("fund", a, -low)]
                    self._linear.require(share, ">=", 0)
        else:
            self._linear.require(self._state(objective), ">=", floor)
        self.held.append((objective, floor))

    def fix(self, a: int, funded: bool) -> None:
        """Settle whether an application is funded."""
        self._fund[a].lowBound = self._fund[a].upBound = int(funded)

    def fix_award(self, a: int, award: int) -> None:
        """Settle what an application gets, NT$."""
        self._linear.require(self._term("award", a, 1), ">=", award)
        self._linear.require(self._term("award", a, 1), "<=", award)

    def is_settled(self, a: int) -> bool:
        """Return whether it is fixed, with one award only: nothing else is settled."""
        low, high = self._fund[a].lowBound, self._fund[a].upBound
        return bool(low == high and (not high or self.program.least[a] == self.program.most[a]))

    def maximise(self, objective: Objective) -> Answer:
        """Solve for one objective under all rows so far; nothing is known if time runs out."""
        try:
            if isinstance(objective, LeastShare):
                return greatest_share(self, objective, self.feasible(), objective.top)
            return self._solve(objective, self._state(objective))
        except OutOfTime:
            return Answer(None, None, None)

    def at_once(self, sums: Sequence[Additive]) -> None:
        """Nothing is settled without a solver."""

    def improve(self, objective: Additive, brief: bool) -> Answer:
        """Look for the best there is, whatever is known and however long it takes."""
        return self.maximise(objective)

    def quick_bound(self, objective: Objective) -> int | None:
        """Nothing is quickly said."""
        return None

    def feasible(self) -> Answer:
        """Look for any point at all."""
        return self._solve(Additive(np.zeros(self.program.size, dtype=np.int64)), [])

    def trial(self, objective: LeastShare, floor: int) -> Answer:
        """Ask in a model of its own, with the same rows held, whether `floor` can be reached."""
        other = Model(self.program, self.options)
        for held, least in self.held:
            other.hold(held, least)
        other.hold(objective, floor)
        answer = other.feasible()
        self._linear.solves += other.solves
        return answer

    def _solve(self, objective: Objective, terms: list[Term]) -> Answer:
        seen: list[tuple[int, Decision]] = []

        def look() -> int:
            decision = self._point()
            seen.append((objective.value(decision), decision))
            return seen[-1][0]

        found = self._linear.maximise(terms, look)
        if not seen:
            return Answer(None, None, None, found.infeasible)
        value, decision = max(seen, key=lambda pair: pair[0])
        return Answer(decision, value, found.bound)

    def _point(self) -> Decision:
        """Round the solver's point to integers and check it against every row in integers."""
        fund = np.array([bool(round(v.varValue or 0.0)) for v in self._fund], dtype=bool)
        units = [
            sum(factor * round(v.varValue or 0.0) for v, factor in award if v is not None)
            for award in self._award
        ]
        award = np.array(units, dtype=np.int64) * self.program.unit
        decision = Decision(fund, award)
        if broken(self.program, self.held, decision):
            what = Text("的答案化為整數後不符合計畫", "breaks the policy once rounded to integers")
            raise doubted(self.options.integer, what)
        return decision


def _times(factor: int, terms: Iterable[Term]) -> list[Term]:
    return [(variable, factor * each) for variable, each in terms]
