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
from optimizer.explain.shifting import Told, shift, weighed
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import BoolArray, IntArray, exact, times, total
from optimizer.language.text import EMPTY
from optimizer.policy.policy import Policy
from optimizer.problems.errors import InfeasibleError, LimitError, Severity
from optimizer.program.program import Program
from optimizer.program.rows import Rows
from optimizer.scoring.build import state
from optimizer.scoring.score import Scored, score, sizes
from optimizer.scoring.screening import left_of, screen
from optimizer.solving.dynamic.ceilings import Ceilings, out_of_amounts, out_of_pools
from optimizer.solving.options import Options
from optimizer.solving.solution import Certainty, Solution
from optimizer.solving.solve import solve
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
        table = self.round.records.applications
        return int(table["requested"].iloc[self.round.position[a]])

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
                self._known[what] = Asked(self.round, self._forcing(a, fund), solution)
        return self._ask(what, lambda: (self.round, self._forcing(a, fund)))

    def _forcing(self, a: int, fund: bool) -> Program:
        one = np.zeros(self.program.size, dtype=np.int64)
        one[a] = 1
        sense: Literal["<=", ">="] = ">=" if fund else "<="
        return self._with(Rows.single("asked", "fund", one, sense, rhs=int(fund), label=EMPTY))

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
        gain = shift(self.program, self.stated_merit(a, merit), a)
        both = self._funding(a, True), self._funding(a, False)
        if gain is None or not all(asked.settled for asked in both):
            return self.merit(a, merit)
        funding, other = (asked.values if asked.solution else None for asked in both)
        if any(values is not None and len(values) != len(gain) for values in (funding, other)):
            return self.merit(a, merit)
        return weighed(funding, gain, other)

    def _funding(self, a: int, fund: bool) -> Asked:
        """Return the best list that funds one application, or does not; the certified one if it is that."""
        return self.now if bool(self.facts.decision.fund[a]) is fund else self.forced(a, fund)

    def stated_merit(self, a: int, merit: Fraction) -> Program:
        """State the round with another merit, nothing solved."""
        return self._restating.state(self._with_merit(a, merit), self.policy)

    def request(self, a: int, amount: int) -> Asked:
        """Ask what would be if one request were another, in NT$."""
        return self._ask(
            ("request", a, amount), lambda: self._stated(self._asking(a, amount), REQUESTED)
        )

    def pool(self, amount: int) -> Asked:
        """Ask what would be with so many NT$ to award."""

        def larger() -> tuple[Round, Program]:
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
        return [n for n, out in zip(self.pools, self._ceilings.out(a), strict=True) if not out]

    def told_pool(self, a: int, amount: int) -> Told | Asked:
        """Say who is funded with so many NT$ to award, without solving where the one best list is known."""
        if self._ceilings is not None:
            known, funded = self._ceilings.known(a)
            place = self._ceilings.pools.index(amount)
            if known[place]:
                return Told("every" if funded[place] else "none")
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
            told = self._tables.told(a, awards)
            if told and told.known == "every" and self._asking(a, amount).size < self.round.size:
                return Told("none")  # too little to be eligible
            if told is not None:
                return told
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
            policy = self.policy.without_rule(rule)
            round_ = score(screen(self.facts.case.records, policy)).round
            return round_, state(round_, policy)

        return self._ask(("waived", rule.section, rule.label), without)

    def one_row_waived(self, block: int, row: int) -> Asked:
        """Ask what would be without one inequality of a rule (one school's cap)."""
        rows = list(self.program.rows)
        rows[block] = _without_row(rows[block], row)
        return self._ask(
            ("row", block, row), lambda: (self.round, replace(self.program, rows=tuple(rows)))
        )

    def withdrawn(self, gone: Iterable[int]) -> Asked:
        """Ask what would be if these applications had not been handed in."""
        away = frozenset(gone)
        return self._ask(("withdrawn", away), lambda: self._stated(self._round_without(away)))

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
        funded = np.flatnonzero(self.facts.decision.fund).tolist()
        others = [f for f in funded if f != a]
        if self._tables is None or not self._leaves_out:
            return others
        if all(self._leaving_out(f) is not None for f in others):
            return others
        out = self._tables.kept_out(a)
        return [f for f in others if f not in out]

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
        """Say whether any list obeys these inequalities."""
        program = replace(self.program, rows=tuple(rows), goals=())
        try:
            solve(program, self.options)
        except InfeasibleError:
            return False
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

    def _with(self, row: Rows) -> Program:
        return replace(self.program, rows=(*self.program.rows, row))

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

    def _round_without(self, gone: frozenset[int]) -> Round:
        keep: BoolArray = np.ones(self.round.size, dtype=bool)
        keep[list(gone)] = False
        return self.round.only(keep)


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
