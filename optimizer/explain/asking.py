"""The same round with one thing different, solved again: what every explanation rests on.

Each change is made to the round or the policy as they are, stated as a program of its own and
solved to the end, draw included. What was asked once is remembered, for all applications at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, partial
from typing import Literal

import numpy as np

from optimizer.clauses import Clause
from optimizer.explain.answer import Asked, Questions, limited
from optimizer.explain.changed import Changed
from optimizer.explain.deciding import known_lists
from optimizer.explain.known import KnownLists
from optimizer.explain.larger_requests import LargerRequests
from optimizer.explain.leaving import Leaving
from optimizer.explain.patience import Patience
from optimizer.explain.restating import POOL, REQUESTED, Restating, pool_rows, raised
from optimizer.explain.shifting import Shifts, Told, Values, weighed
from optimizer.explain.waiving import Waiving
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import total
from optimizer.language.text import EMPTY
from optimizer.policy.policy import Policy
from optimizer.problems.errors import LimitError
from optimizer.program.program import Program
from optimizer.program.rows import Rows
from optimizer.scoring.score import Scored
from optimizer.solving.dynamic import additive_goals
from optimizer.solving.dynamic.beside import Beside
from optimizer.solving.dynamic.ceilings import Ceilings, out_of_amounts, out_of_pools
from optimizer.solving.dynamic.components import is_pool
from optimizer.solving.options import Options
from optimizer.solving.solve import possible
from optimizer.tables.round import Round


@dataclass
class Asking:
    """Questions about one certified round.

    Parameters
    ----------
    facts
        What was certified.
    options
        Solver, limit and threads of all questions together.
    tell
        Called before each question that is solved.
    patience
        Which questions are left unanswered.
    """

    facts: Certified
    options: Options = field(default_factory=Options)
    tell: Callable[[], None] = field(default=lambda: None)
    patience: Patience = field(default_factory=Patience)
    _alike: dict[tuple[int, int], bool] = field(default_factory=dict)
    _both: dict[int, tuple[Values | None, Values | None] | None] = field(default_factory=dict)

    @property
    def scored(self) -> Scored:
        """The round as it is."""
        return self.facts.scored

    @property
    def round(self) -> Round:
        """Its eligible applications."""
        return self.scored.round

    @property
    def policy(self) -> Policy:
        """Its policy."""
        return self.facts.case.policy

    @cached_property
    def _questions(self) -> Questions:
        return Questions(self.options, self.tell, self.patience)

    @cached_property
    def changed(self) -> Changed:
        """Rounds that differ from it in one figure."""
        return Changed(self.scored)

    @cached_property
    def program(self) -> Program:
        """Its program."""
        return self._restating.state(self.round, self.policy)

    @cached_property
    def _restating(self) -> Restating:
        return Restating(self.round, self.policy)

    @cached_property
    def now(self) -> Asked:
        """The round as it is, with the answer that was certified."""
        return Asked(self.round, self.program, self.facts.solution)

    def forced(self, a: int, fund: bool) -> Asked:
        """Ask for the best list that funds one application, or does not."""
        what = "forced", a, fund
        turns = what not in self._questions and bool(self.facts.decision.fund[a]) is not fund
        if turns and self._tables:
            known, solution = self._tables.turned(a)
            if known:
                self._questions.know(what, Asked(self.round, self.program, solution))
        return self._questions.of(what, lambda: (self.round, self.forcing(a, fund)))

    def forcing(self, a: int, fund: bool) -> Program:
        """State that one application is funded, or is not."""
        one = np.zeros(self.program.size, dtype=np.int64)
        one[a] = 1
        sense: Literal["<=", ">="] = ">=" if fund else "<="
        row = Rows.single("asked", "fund", one, sense, rhs=int(fund), label=EMPTY)
        return replace(self.program, rows=(*self.program.rows, row))

    @cached_property
    def _tables(self) -> KnownLists | None:
        """What is known without solving; None where every question is to be solved."""
        if self.options.solver not in ("auto", "dynamic") or not self.now.settled:
            return None
        return known_lists(self.facts)

    def merit(self, a: int, merit: Fraction) -> Asked:
        """Ask what would be if one merit were another."""
        return self._questions.of(
            ("merit", a, merit), lambda: self._stated(self.changed.with_merit(a, merit))
        )

    def told_merit(self, a: int, steps: int) -> Told | Asked:
        """Say who is funded if one merit were so many of its steps more, without solving where that can be."""
        if self.merit_at(a, steps) < self.policy.settings.review.minimum_merit:
            return self.merit(a, self.merit_at(a, steps))  # it is not eligible
        shift = self._shifts.by(a, steps)
        if shift is not None and self.program.least[a] == self.program.most[a]:
            if a not in self._both:
                self._both[a] = self._funded_or_not(a)
            if (both := self._both[a]) is not None:
                return weighed(both[0], shift(int(self.program.most[a])), both[1])
        told = self._tables.shifted(a, shift) if shift is not None and self._tables else None
        return self.merit(a, self.merit_at(a, steps)) if told is None else told

    def merit_at(self, a: int, steps: int) -> Fraction:
        """Return a merit so many of its steps above its own."""
        return self.round.merit_of(a) + steps * self.changed.merit_step(a)

    def list_with(self, a: int, merit: Fraction) -> Asked:
        """Ask for the best list that funds one application of another merit.

        Where its amount is no choice, that is the same list whatever its merit.
        """
        fixed = self.program.least[a] == self.program.most[a]
        return self.forced(a, True) if fixed else self.merit(a, merit)

    @cached_property
    def _shifts(self) -> Shifts:
        steps = tuple(map(self.changed.merit_step, range(self.round.size)))
        return Shifts(self._restating, self.program, steps)

    def _funded_or_not(self, a: int) -> tuple[Values | None, Values | None] | None:
        """Return the values of the best list that funds one application and of the other; None if not known."""
        here, other = self.now, self.forced(a, not self.facts.decision.fund[a])
        if not here.settled or not other.settled:
            return None
        values = here.values, other.values if other.solution else None
        return values if self.facts.decision.fund[a] else values[::-1]

    def request(self, a: int, amount: int) -> Asked:
        """Ask what would be if one request were another, in NT$."""
        return self._questions.of(
            ("request", a, amount),
            lambda: self._stated(self.changed.with_request(a, amount), REQUESTED),
        )

    @cached_property
    def larger(self) -> LargerRequests:
        """What if one had asked for more, with a budget to match."""
        return LargerRequests(
            self.facts,
            self.changed,
            self._restating,
            tables=self._tables,
            ask=self.with_budget,
            without=partial(self.forced, fund=False),
        )

    def with_budget(self, a: int, amount: int) -> Asked:
        """Ask what would be if one had asked for another amount, with a budget to match."""
        return self._questions.of(
            ("budget", a, amount),
            lambda: self._stated(self.changed.with_budget(a, amount), REQUESTED),
        )

    def pool(self, amount: int) -> Asked:
        """Ask what would be with so many NT$ to award."""

        def larger() -> tuple[Round, Program]:
            if self._ceilings is not None:  # then nothing but what bounds the total differs
                rows = list(self.program.rows)
                for n in self._pool_rows or ():
                    rows[n] = raised(rows[n], amount - self.facts.available)
                return self.round, replace(self.program, rows=tuple(rows))
            round_, policy = self.changed.with_pool(amount)
            return round_, self._restating.state(round_, policy, POOL)

        return self._questions.of(("pool", amount), larger)

    @cached_property
    def pools(self) -> range:
        """Every pool above today's at which an award could change, NT$."""
        unit, gone = self.program.unit, self.facts.gone
        now, every = self.facts.available - gone, total(self.round.most)
        first, last = now // unit * unit + unit, max(every, now) + unit
        return range(first + gone, last + gone, unit)

    def pools_to_ask(self, a: int) -> Iterable[int]:
        """Return the pools at which no bound rules out that a best list funds it, from the least up."""
        if self._ceilings is None:
            return self.pools
        return map(self.pools.__getitem__, self._ceilings.left(a))

    def told_pool(self, a: int, amount: int) -> Told | Asked:
        """Say who is funded with so many NT$ to award, without solving where the one best list is known."""
        if self._ceilings is not None:
            fate = self._ceilings.fate(a, amount - self._short)
            if fate is not None:
                return Told(fate)
        return self.pool(amount)

    @cached_property
    def _pool_rows(self) -> list[int] | None:
        """Which inequalities are the pool's, that less which is paid to others too; None if it changes more."""
        round_, policy = self.changed.with_pool(self.pools[0])
        then = self._restating.state(round_, policy, POOL)
        return pool_rows(self.program, then, self.pools[0] - self.facts.available)

    @cached_property
    def _short(self) -> int:
        """NT$ of what is available that no award can use: by the least of the inequalities of the pool."""
        rows = self.program.rows
        return self.facts.available - min(int(rows[n].rhs[0]) for n in self._pool_rows or ())

    @cached_property
    def _ceilings(self) -> Ceilings | None:
        if not self.pools or not self._pool_rows:
            return None
        pool = Rows.single(
            "pool",
            "award",
            np.ones(self.program.size, dtype=np.int64),
            sense="<=",
            rhs=self.facts.available - self._short,
            label=EMPTY,
        )
        others = (r for n, r in enumerate(self.program.rows) if n not in self._pool_rows)
        alone = replace(self.program, rows=(pool, *others))
        pools = [amount - self._short for amount in self.pools]
        return out_of_pools(alone, pools, self.facts.decision.award, self._at_any_pool)

    @property
    def _at_any_pool(self) -> Beside | None:
        """The tables for every pool, where the program's own have all that the pool is not part of."""
        rows = [self.program.rows[n] for n in self._pool_rows or ()]
        if self._tables is None or not all(is_pool(self.program, part) for part in rows):
            return None
        return self._tables.at_any_pool if self._tables.at_any_pool.possible else None

    @cached_property
    def _leading(self) -> int:
        """How many goals the tables and bounds look at."""
        return additive_goals(self.program.goals)

    @cached_property
    def _wholly_alike(self) -> bool:
        """Whether smaller requests leave the goals after those as they are, too."""
        return self._restating.alike_for_less(len(self.program.goals))

    def amounts_to_ask(self, a: int, amounts: Sequence[int]) -> list[int]:
        """Return the requests at which no bound rules out that a best list funds it."""
        if not amounts or not self._only_bounds(a, amounts[-1]):
            return list(amounts)
        awards = self.changed.awards(amounts)
        if self._tables is not None:
            out = self._tables.rules_out
            return [n for n, some in zip(amounts, awards, strict=True) if not out(a, some)]
        ruled = out_of_amounts(self.program, a, self.facts.decision.award)
        return [
            n
            for n, some in zip(amounts, awards, strict=True)
            if not all(ruled.get(x, bool(ruled)) for x in some)
        ]

    def told_request(self, a: int, amount: int) -> Told | Asked:
        """Say who is funded if one that has nothing asked for less, without solving where that can be."""
        if self._tables is not None and self._only_bounds(a, amount):
            if not self._eligible_with(a, amount):
                return Told("none")
            (awards,) = self.changed.awards([amount])
            told = self._tables.told(a, awards, self._wholly_alike)
            if told is not None:
                return told
        return self.request(a, amount)

    def _eligible_with(self, a: int, amount: int) -> bool:
        """Say whether an application is still eligible with a smaller request of a unit or more."""
        return (
            not self._restating.refuses_for_amount
            or self.changed.with_request(a, amount).size == self.round.size
        )

    def _only_bounds(self, a: int, amount: int) -> bool:
        """Say whether smaller requests, down to an amount, change no more than the bounds of one award.

        Goals that come after all that tables look at may change.
        """
        if self.policy.settings.award.mode == "graded" or self.facts.decision.fund[a]:
            return False
        if self._restating.alike_for_less(self._leading):
            return True
        if (a, amount) not in self._alike:
            then = self._stated(self.changed.with_request(a, amount), REQUESTED)[1]
            same = then.goals[: self._leading] == self.program.goals[: self._leading]
            self._alike[a, amount] = same and then.rows == self.program.rows
        return self._alike[a, amount]

    def waived(self, a: int, rule: Clause) -> Told | Asked:
        """Ask what would be without one rule of the policy; others may then be eligible, too."""
        with_it = None if self.facts.decision.fund[a] else partial(self.forced, a, True)
        return self._waiving.told(a, rule, with_it)

    def may_be_waived(self, a: int, rule: Clause) -> bool:
        """Whether a rule could be waived for one application: not what was published, nor what it meets anyway."""
        of_the_plan = rule.section in ("clause", "priority") and not rule.premise()
        return of_the_plan and self._waiving.concerns(a, rule)

    def row_waived(self, a: int, block: int, row: int) -> Told | Asked:
        """Ask what would be without one inequality of a rule (one school's cap)."""
        return self._waiving.told_row(a, block, row)

    @cached_property
    def _waiving(self) -> Waiving:
        return Waiving(
            self.scored, self._restating, self._questions, now=self.now, tables=self._tables
        )

    def withdrawn(self, gone: Iterable[int]) -> Asked:
        """Ask what would be if these had not been handed in; who else is eligible stays as it is."""
        away = frozenset(gone)
        return self._questions.of(
            ("withdrawn", away), lambda: self._stated(self.round.without(sorted(away)))
        )

    def without(self, f: int) -> Asked:
        """Ask for the best list had a funded application not been handed in."""
        out = self._leaving.out(f)
        return self.withdrawn((f,)) if out is None else out

    def leaves_open(self, f: int) -> bool:
        """Whether the best list without a funded application is not read from tables."""
        return self._leaving.out(f) is None

    def rivals_to_ask(self, a: int) -> list[int]:
        """Return the funded without whom, one at a time, no bound rules out that a best list funds it."""
        return self._leaving.to_ask(a)

    @cached_property
    def _leaving(self) -> Leaving:
        return Leaving(self.facts, self._tables, ask=partial(self.forced, fund=False))

    def possible(self, rows: Iterable[Rows]) -> bool | None:
        """Say whether any list obeys these inequalities; None where the limit, or its effort, comes first."""
        counted = self.options.time_limit is None
        try:
            return possible(
                replace(self.program, rows=tuple(rows)),
                limited(self.options) if counted else self.options,
            )
        except LimitError:
            return None

    def _stated(self, round_: Round, *changed: str) -> tuple[Round, Program]:
        return round_, self._restating.state(round_, self.policy, *changed)
