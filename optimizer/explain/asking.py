"""The same round with one thing different, solved again: what every explanation rests on.

Each change is made to the round or the policy as they are, stated as a program of its own and
solved to the end, draw included. What was asked once is remembered, for all applications at once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Literal

import numpy as np

from optimizer.clauses import Clause
from optimizer.explain.known import KnownLists
from optimizer.explain.restating import POOL, REQUESTED, Restating
from optimizer.explain.shifting import Shifts, Told, weighed
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import BoolArray, IntArray, exact, times, total
from optimizer.language.text import EMPTY
from optimizer.policy.policy import Policy
from optimizer.problems.errors import InfeasibleError, LimitError, Severity
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows
from optimizer.scoring.build import state
from optimizer.scoring.score import Scored, score, sizes
from optimizer.scoring.screening import left_of, screened_without
from optimizer.solving.dynamic.ceilings import Ceilings, out_of_amounts, out_of_pools
from optimizer.solving.options import Options
from optimizer.solving.solution import Certainty, Solution
from optimizer.solving.solve import possible, solve
from optimizer.tables.records import Records
from optimizer.tables.round import Round
from optimizer.tables.settings import Review

Fate = Certainty | None  # None: the time ran out before it was known


@dataclass(frozen=True)
class Asked:
    """The answer to one question.

    Parameters
    ----------
    round
        The eligible applications as they would be.
    program
        What was asked.
    solution
        The answer; None if no list obeys every rule.
    stopped
        Whether there is none because the limit came first.
    """

    round: Round
    program: Program
    solution: Solution | None
    stopped: bool = False

    @cached_property
    def ordinal(self) -> dict[str, int]:
        """Where each application stands."""
        return {application_id: a for a, application_id in enumerate(self.program.ids)}

    @property
    def values(self) -> tuple[int, ...]:
        """What each goal reaches; nothing if no list obeys every rule."""
        return tuple(step.value for step in self.solution.steps) if self.solution else ()

    @property
    def settled(self) -> bool:
        """Whether everything in it is proved."""
        return self.solution.optimal if self.solution else not self.stopped

    def fate(self, application_id: str) -> Fate:
        """Say whether every, some or no best list funds an application; None if not known."""
        if self.stopped:
            return None
        if self.solution is None or application_id not in self.ordinal:
            return "none"
        classes = self._classes
        return classes[self.ordinal[application_id]] if classes else None

    @cached_property
    def _classes(self) -> tuple[Certainty, ...] | None:
        return self.solution.certainty if self.solution and self.solution.proved else None

    def award(self, application_id: str) -> int:
        """NT$ that it gets."""
        if self.solution is None or application_id not in self.ordinal:
            return 0
        return int(self.solution.decision.award[self.ordinal[application_id]])

    def funds(self) -> set[str]:
        """Who is funded."""
        if self.solution is None:
            return set()
        return {self.program.ids[a] for a in np.flatnonzero(self.solution.decision.fund)}


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
    """

    facts: Certified
    options: Options = field(default_factory=Options)
    tell: Callable[[], None] = field(default=lambda: None)
    _known: dict[Hashable, Asked] = field(default_factory=dict)
    _told: dict[tuple[int, Fraction], Told | Asked] = field(default_factory=dict)
    _without: dict[int, Asked | None] = field(default_factory=dict)
    _left: dict[int, IntArray] = field(default_factory=dict)
    _waived: dict[tuple[int, int], Decision | None] = field(default_factory=dict)

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

    def requested(self, a: int) -> int:
        """NT$ that an eligible application asks for."""
        return int(self._requested[a])

    @cached_property
    def _requested(self) -> IntArray:
        table = self.round.records.applications
        return exact(table["requested"].to_numpy()[self.round.position])

    def merit_step(self, a: int) -> Fraction:
        """Return the smallest step that its reviewers' marks allow in its merit."""
        scores, review = self.scored.scores, self.policy.settings.review
        count = int(scores.present[self.round.position[a]].sum())
        if not review.criteria or not count:
            return Fraction(1, scores.denominator)
        return Fraction(1, scores.totals_denominator * _PARTS[review.aggregate](count, review))

    def forced(self, a: int, fund: bool) -> Asked:
        """Ask for the best list that funds one application, or does not."""
        what = "forced", a, fund
        if (
            what not in self._known
            and bool(self.facts.decision.fund[a]) is not fund
            and self._tables
        ):
            known, solution = self._tables.turned(a)
            if known:
                self._known[what] = Asked(self.round, self.program, solution)
        return self._ask(what, lambda: (self.round, self.forcing(a, fund)))

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
        return KnownLists.of(self.program, self.facts.decision)

    def merit(self, a: int, merit: Fraction) -> Asked:
        """Ask what would be if one merit were another."""
        return self._ask(("merit", a, merit), lambda: self._stated(self._with_merit(a, merit)))

    def told_merit(self, a: int, merit: Fraction) -> Told | Asked:
        """Say who is funded if one merit were another, without solving where that can be."""
        if (a, merit) not in self._told:
            self._told[a, merit] = self._tell_merit(a, merit)
        return self._told[a, merit]

    def _tell_merit(self, a: int, merit: Fraction) -> Told | Asked:
        shift = self._shifts.to(a, merit)
        if shift is not None and self.program.least[a] == self.program.most[a]:
            gain = shift(int(self.program.most[a]))
            both = (self.funding(a, fund) for fund in (True, False))
            values = [asked.values if asked.solution else None for asked in both if asked.settled]
            if len(values) == 2 and all(v is None or len(v) == len(gain) for v in values):
                return weighed(values[0], gain, values[1])
        fate = self._tables.shifted(a, shift) if shift is not None and self._tables else None
        return self.merit(a, merit) if fate is None else Told(fate)

    @cached_property
    def _shifts(self) -> Shifts:
        steps = tuple(map(self.merit_step, range(self.round.size)))
        return Shifts(self._restating, self.program, steps)

    def funding(self, a: int, fund: bool) -> Asked:
        """Return the best list that funds one application, or does not; the certified one if it is that."""
        return self.now if bool(self.facts.decision.fund[a]) is fund else self.forced(a, fund)

    def request(self, a: int, amount: int) -> Asked:
        """Ask what would be if one request were another, in NT$."""
        return self._ask(
            ("request", a, amount), lambda: self._stated(self._asking(a, amount), REQUESTED)
        )

    def pool(self, amount: int) -> Asked:
        """Ask what would be with so many NT$ to award."""

        def larger() -> tuple[Round, Program]:
            if self._ceilings is not None:  # then nothing but the pool's inequality differs
                rows = [
                    replace(r, rhs=exact([amount])) if r.is_pool else r for r in self.program.rows
                ]
                return self.round, replace(self.program, rows=tuple(rows))
            round_, policy = self._with_pool(amount)
            return round_, self._restating.state(round_, policy, POOL)

        return self._ask(("pool", amount), larger)

    def _with_pool(self, amount: int) -> tuple[Round, Policy]:
        settings = self.policy.settings
        whole = replace(settings.pool, amount=amount + settings.pool.contingency)
        policy = self.policy.with_settings(replace(settings, pool=whole))
        records = replace(self.round.records, settings=policy.settings)
        return self.round.revalued(records=records), policy

    @cached_property
    def pools(self) -> range:
        """Every pool above today's at which an award could change, NT$."""
        unit, now = self.program.unit, self.facts.available
        every = total(self.round.most)
        return range(now // unit * unit + unit, max(every, now) + unit, unit)

    def pools_to_ask(self, a: int) -> Sequence[int]:
        """Return the pools at which no bound rules out that a best list funds it."""
        if self._ceilings is None:
            return self.pools
        return [self.pools[n] for n in np.flatnonzero(~self._ceilings.out(a))]

    def told_pool(self, a: int, amount: int) -> Told | Asked:
        """Say who is funded with so many NT$ to award, without solving where the one best list is known."""
        if self._ceilings is not None:
            fate = self._ceilings.fate(a, amount)
            if fate is not None:
                return Told(fate)
        return self.pool(amount)

    @cached_property
    def _ceilings(self) -> Ceilings | None:
        if not self.pools:
            return None
        then = self._restating.state(*self._with_pool(self.pools[0]), POOL)
        same_rows = [r for r in then.rows if r.clause != "pool"]
        alike = same_rows == [r for r in self.program.rows if r.clause != "pool"]
        return out_of_pools(self.program, self.pools) if alike and self._goals(then) else None

    def _goals(self, other: Program) -> bool:
        return other.goals == self.program.goals

    def amounts_to_ask(self, a: int, amounts: Sequence[int]) -> list[int]:
        """Return the requests at which no bound rules out that a best list funds it."""
        if not amounts or not self._only_bounds(a, amounts[-1]):
            return list(amounts)
        awards = self._awards(amounts)
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
            (awards,) = self._awards([amount])
            fate = self._tables.fate(a, awards)
            if fate == "every" and self._asking(a, amount).size < self.round.size:
                return Told("none")  # too little to be eligible
            if fate is not None:
                return Told(fate)
        return self.request(a, amount)

    def _only_bounds(self, a: int, amount: int) -> bool:
        """Say whether smaller requests, down to an amount, change no more than the bounds of one award."""
        if self.policy.settings.award.mode == "graded" or self.facts.decision.fund[a]:
            return False
        if self._restating.alike_for_less:
            return True
        then = self.request(a, amount).program
        return then.rows == self.program.rows and self._goals(then)

    def _awards(self, requests: Sequence[int]) -> list[range]:
        """Return what an application that asks for each of some amounts may get."""
        amounts, unit = exact(list(requests)), self.program.unit
        bounds = sizes(self.policy, amounts, amounts, 1)
        pairs = zip(*(bound.tolist() for bound in bounds), strict=True)
        return [range(least, most + 1, unit) for least, most in pairs]

    def waived(self, rule: Clause) -> Asked:
        """Ask what would be without one rule of the policy; others may then be eligible, too."""

        def without() -> tuple[Round, Program]:
            then = screened_without(self.scored.screened, rule)
            round_ = score(then).round
            if all(np.array_equal(getattr(round_, n), getattr(self.round, n)) for n in _WHO):
                return self.round, self._restating.state(self.round, then.policy)
            return round_, state(round_, then.policy)

        return self._ask(("waived", rule.section, rule.label), without)

    def one_row_waived(self, block: int, row: int) -> Asked:
        """Ask what would be without one inequality of a rule (one school's cap)."""
        rows = list(self.program.rows)
        rows[block] = _without_row(rows[block], row)
        return self._ask(
            ("row", block, row), lambda: (self.round, replace(self.program, rows=tuple(rows)))
        )

    def told_row_waived(self, a: int, block: int, row: int) -> Told | Asked:
        """Say who is funded without one inequality of a rule, without solving where that can be."""
        if self._tables is None:
            return self.one_row_waived(block, row)
        if (block, row) not in self._waived:
            self._waived[block, row] = self._tables.without_row(block, row)
        then = self._waived[block, row]
        if then is None:
            return self.one_row_waived(block, row)
        return (
            self.now if then is self.facts.decision else Told("every" if then.fund[a] else "none")
        )

    def withdrawn(self, gone: Iterable[int]) -> Asked:
        """Ask what would be if these had not been handed in; who else is eligible stays as it is."""
        away = frozenset(gone)
        return self._ask(
            ("withdrawn", away), lambda: self._stated(self.round.without(sorted(away)))
        )

    def without(self, f: int) -> Asked:
        """Ask for the best list had a funded application not been handed in.

        That is the best list that leaves it out, where what decides does not look at who is left out.
        """
        out = self._leaving_out(f)
        return self.withdrawn((f,)) if out is None else out

    def _leaving_out(self, f: int) -> Asked | None:
        """Return the best list that leaves a funded one out, if it is known and alone."""
        if not self._leaves_out or self._tables is None:
            return None
        if f not in self._without:
            alone = self._tables.turned(f)[1] is not None
            self._without[f] = self.forced(f, False) if alone else None
        return self._without[f]

    def rivals_to_ask(self, a: int) -> list[int]:
        """Return the funded without whom, one at a time, no bound rules out that a best list funds it."""
        funded = np.flatnonzero(self.facts.decision.fund)
        some: list[int] = funded[self._enters[:, a] & (funded != a)].tolist()
        unknown = [f for f in some if self._leaving_out(f) is None]
        if not unknown or self._tables is None or not self._leaves_out:
            return some
        out = self._tables.kept_out(a)
        return [f for f in some if f not in out]

    @cached_property
    def _enters(self) -> BoolArray:
        """Shape (f, n): who may be funded without each of the funded."""
        known = map(self._leaving_out, np.flatnonzero(self.facts.decision.fund).tolist())
        every = np.ones(self.round.size, dtype=bool)
        each = [
            every if k is None or k.solution is None else k.solution.decision.fund for k in known
        ]
        return np.array(each, dtype=bool).reshape(-1, self.round.size)

    @cached_property
    def _leaves_out(self) -> bool:
        """Whether no rule, and no priority that comes before the last sum, looks at who is left out."""
        left = self._tables.structure.taken if self._tables is not None else 0
        deciding = list(self.policy.clauses)
        for priority in self.policy.priorities:
            if left > 0:
                deciding.append(priority)
                left -= len(list(priority.goals(self.round)))
        return all(rule.apart for rule in deciding)

    def possible(self, rows: Iterable[Rows]) -> bool:
        """Say whether any list obeys these inequalities; where the limit comes first, it may be so."""
        try:
            return possible(replace(self.program, rows=tuple(rows)), self.options)
        except LimitError:
            return True

    def _ask(self, what: Hashable, make: Callable[[], tuple[Round, Program]]) -> Asked:
        if what not in self._known:
            round_, program = make()
            self.tell()
            try:
                self._known[what] = Asked(round_, program, solve(program, self.options))
            except InfeasibleError:
                self._known[what] = Asked(round_, program, None)
            except LimitError:
                self._known[what] = Asked(round_, program, None, stopped=True)
        return self._known[what]

    def _stated(self, round_: Round, *changed: str) -> tuple[Round, Program]:
        return round_, self._restating.state(round_, self.policy, *changed)

    @property
    def _allowed(self) -> IntArray:
        return self.scored.screened.allowed[self.round.position]

    def _with_merit(self, a: int, value: Fraction) -> Round:
        common = lcm(self.round.merit_denominator, value.denominator)
        merit = times(self.round.merit, common // self.round.merit_denominator).astype(object)
        merit[a] = int(value * common)
        merit = exact(merit.tolist())
        least, most = sizes(self.policy, self._allowed, merit, common)
        return self._eligible(
            self.round.revalued(merit=merit, merit_denominator=common, least=least, most=most)
        )

    def _asking(self, a: int, amount: int) -> Round:
        """Return the round as it would be if one had asked for another amount."""
        row = self.round.position[a]
        records = self._requesting(row, amount)
        allowed = self._allowed.copy()
        if amount <= self.requested(a):
            allowed[a] = min(int(allowed[a]), amount)
        else:
            allowed[a] = self.most_for(a, amount)
        merit, denominator = self.round.merit, self.round.merit_denominator
        least, most = sizes(self.policy, allowed, merit, denominator)
        return self._eligible(self.round.revalued(records=records, least=least, most=most))

    def most_for(self, a: int, request: int) -> int:
        """Return what the rules would leave of a request, NT$."""
        if request not in self._left:
            self._left[request] = left_of(self.round.records, self.policy, request)
        return int(self._left[request][self.round.position[a]])

    def _requesting(self, row: int, amount: int) -> Records:
        table = self.round.records.applications.copy()
        table.loc[table.index[row], "requested"] = amount
        return replace(self.round.records, applications=table)

    def _eligible(self, round_: Round) -> Round:
        """Return a changed round without those that rules then refuse for their merit or amount."""
        refused = {
            finding.application
            for rule in self.policy.rules
            for finding in rule.screen_merit(round_)
            if finding.severity is Severity.REFUSAL
        }
        keep = (round_.most > 0) & ~np.isin(round_.position, sorted(refused))
        return round_ if keep.all() else round_.only(np.asarray(keep, dtype=bool))


_WHO = ("position", "least", "most")  # may get how much


def _kept(count: int, review: Review) -> int:
    return count - 2 * min(review.trim, (count - 1) // 2)


# into how many parts one reviewer's step is divided
_PARTS: dict[str, Callable[[int, Review], int]] = {
    "mean": lambda count, _: count,
    "median": lambda count, _: 2 - count % 2,
    "trimmed_mean": _kept,
}


def _without_row(rows: Rows, row: int) -> Rows:
    """Return the same inequalities without one of them."""
    kept = rows.row != row
    place = rows.row[kept]
    return replace(
        rows,
        row=place - (place > row),
        app=rows.app[kept],
        coefficient=rows.coefficient[kept],
        rhs=exact([int(r) for n, r in enumerate(rows.rhs) if n != row]),
        labels=tuple(label for n, label in enumerate(rows.labels) if n != row),
    )
