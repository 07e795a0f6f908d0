"""What is known of changed rounds from the tables of the one that was solved, nothing solved again.

An application forced in or out, or with another amount, changes what its own school may get and
nothing else. The best list of the changed round is then found beside that school (see
`optimizer.solving.dynamic.beside`), apart from inequalities that span zones; it is held against
these here, in integers, and where it breaks one, or another list is as good, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from optimizer.explain.other_amounts import OtherAmounts, together
from optimizer.explain.shifting import Told
from optimizer.foundation.exact import IntArray, floored, sums
from optimizer.language.text import Text
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.dynamic import NotTakeable
from optimizer.solving.dynamic.beside import Beside, Best, Bundle, later
from optimizer.solving.dynamic.best_lists import NEVER, worth_of
from optimizer.solving.dynamic.bundles import LocalCheck, bundles_of, local_checks
from optimizer.solving.dynamic.prices import Prices, find_prices
from optimizer.solving.dynamic.structure import Structure, analyse
from optimizer.solving.solution import Certainty, Solution, Step

Place = tuple[int, int]  # an inequality: of which rows, and which of them
FROM_TABLES = Text("查表得知，未重新求解", "read from tables, not solved again")


@dataclass(frozen=True)
class KnownLists:
    """What the tables of a program say.

    Parameters
    ----------
    program, decision
        What was solved, and its answer.
    structure
        The program's.
    worth
        Of the answer, packed.
    """

    program: Program
    decision: Decision
    structure: Structure
    worth: int
    _amounts: dict[int, dict[int, list[Bundle]]] = field(default_factory=dict)
    _known: dict[int, Best | None] = field(default_factory=dict)
    _leads: dict[int, dict[int, tuple[tuple[int, ...], list[Bundle]]]] = field(default_factory=dict)
    _with: dict[tuple[int, int], Best | None] = field(default_factory=dict)
    _answers: dict[int, tuple[bool, Solution | None]] = field(default_factory=dict)
    _free: dict[tuple[int, int], list[Bundle]] = field(default_factory=dict)

    @staticmethod
    def of(program: Program, decision: Decision, room: IntArray | None = None) -> KnownLists | None:
        """Look at a program and its answer; None where its tables cannot be had.

        `room`, shape (n,), NT$: the most that each may get in a changed round; its own most unless given.
        """
        try:
            structure = analyse(program, room=room)
            if structure.infeasible or not structure.taken:
                return None
            worth = worth_of(structure, decision.award)
            found = None if worth is None else KnownLists(program, decision, structure, worth)
            return found if found and found.beside.possible else None
        except NotTakeable:
            return None

    @cached_property
    def beside(self) -> Beside:
        """The tables; those for every pool, where they are not too large, serve this one, too."""
        here, every = Beside(self.structure, self.structure.stated_pool), self.at_any_pool
        return every.within(here.pool) if every.possible else here

    @cached_property
    def at_any_pool(self) -> Beside:
        """The tables for every pool."""
        return Beside.at_any_pool(self.structure)

    @cached_property
    def prices(self) -> Prices:
        """A price of the pool; the inequalities that span zones are left out."""
        return find_prices(replace(self.structure, wide=()))

    # --- the other decision ---------------------------------------------------------------------

    def turned(self, a: int) -> tuple[bool, Solution | None]:
        """Return the one best list that decides otherwise about an application.

        Returns
        -------
        known, solution
            Whether it is known, and the list; None if there is none at all.
        """
        if a not in self._answers:
            best = self._turned(a)
            solution = self._solution(best) if best and best.alone else None
            self._answers[a] = best is None or solution is not None, solution
        return self._answers[a]

    def _turned(self, a: int) -> Best | None:
        """Return a best list that decides otherwise about an application, apart from what spans zones."""
        if a not in self._known:
            component, place = self.structure.place_of(a)
            funded = bool(self.decision.fund[a])
            bundles = self.beside.bundles(component)
            some = [b for b in bundles if (b.award[place] > 0) is not funded]
            self._known[a] = self.beside.best(component, some)
        return self._known[a]

    def kept_out(self, a: int) -> set[int]:
        """Return the funded without each of whom no best list funds an application either."""
        component, place = self.structure.place_of(a)
        own = [n for n, b in enumerate(self.beside.bundles(component)) if b.award[place]]
        inside = self.beside.with_some(component, own)
        if not own or not inside.possible:
            return set()
        return {f for f, worth in self._without.items() if self._most_without(inside, f) < worth}

    @cached_property
    def _without(self) -> dict[int, int]:
        """What a list is worth that leaves out each of the funded and obeys every rule."""
        lists = ((f, self._turned(f)) for f in np.flatnonzero(self.decision.fund).tolist())
        return {f: b.worth for f, b in lists if b and self._obeys(Decision.of(b.award))}

    def _most_without(self, inside: Beside, f: int) -> int:
        component, place = self.structure.place_of(f)
        some = (b for b in inside.bundles(component) if not b.award[place])
        return max((inside.most(component, bundle) for bundle in some), default=NEVER)

    def left_out(self, f: int, named: Collection[Place], pool: int) -> Solution | None:
        """Return the one best list without a funded one that some inequalities name, and without these.

        None where the tables do not tell. `pool`, NT$, may be less than the program's.
        """
        component, place = self.structure.place_of(f)
        checks = list(self._checks)
        for block, row in named:
            checks = [part.without(block, row) for part in checks]
        try:
            (every,) = self._bundles([component], checks)
        except NotTakeable:
            return None
        steps = pool // self.structure.step
        beside = self.beside if steps >= self.beside.pool else self.beside.within(steps)
        best = beside.best(component, [bundle for bundle in every if not bundle.award[place]])
        return self._solution(best, named) if best and best.alone else None

    def _solution(self, best: Best, but: Collection[Place] = ()) -> Solution | None:
        """Return what is to be said of the one best list; None if it breaks a rule."""
        decision = Decision.of(best.award)
        if not self._obeys(decision, but):
            return None
        values = self._unpacked(best.worth)
        later = self.program.goals[len(values) :]
        values += tuple(goal.objective.value(decision) for goal in later)
        steps = [
            Step(goal.name, value, value, goal.floor(value), by="dynamic")
            for goal, value in zip(self.program.goals, values, strict=True)
        ]
        classes: tuple[Certainty, ...] = tuple(
            "every" if fund else "none" for fund in decision.fund.tolist()
        )
        return Solution(
            decision, tuple(steps), classes, drawn=True, engine="dynamic", optima=1, why=FROM_TABLES
        )

    def _obeys(self, decision: Decision, but: Collection[Place] = ()) -> bool:
        """Say whether a list obeys every inequality, some left out."""
        held = (rows.held(decision) for rows in self.program.rows)
        return all(
            (n, row) in but
            for n, kept in enumerate(held)
            if not kept.all()
            for row in np.flatnonzero(~kept).tolist()
        )

    # --- another amount -------------------------------------------------------------------------

    def rules_out(self, a: int, amounts: Collection[int]) -> bool:
        """Say whether no best list gives an application that has nothing any of some other amounts."""
        return self._open_amounts(a).keys().isdisjoint(amounts)

    def told(self, a: int, amounts: Collection[int], alike: bool = True) -> Told | None:
        """Say who is funded if an application that has nothing could get some other amounts.

        Rows, goals and all other bounds stay as they are, so that without it nothing is better than
        what was solved; but for the goals after the leading ones, where they are not `alike`. None where the
        tables do not tell.
        """
        if self.rules_out(a, amounts):
            return Told("none")
        known = self._open_amounts(a)
        component, _ = self.structure.place_of(a)
        best = self.beside.best(component, [b for x in amounts for b in known.get(x, ())])
        return self.held(a, best, self.decision, worth=self.worth, alike=alike)

    def held(
        self, a: int, best: Best | None, rival: Decision, worth: int, alike: bool
    ) -> Told | None:
        """Hold the best list that gives an application something against the best that gives it nothing.

        `worth` is the rival's, packed. None where the one breaks a rule, or both are as good in the leading
        goals and one of them is not alone, or the goals after these are not `alike`.
        """
        if best is None or not self._obeys(then := Decision.of(best.award)):
            return None
        if best.worth == worth and not alike:
            return None
        if best.worth == worth:
            fate = later(self.program, best, self._without_it(a))
            return Told(fate, best.award if fate == "every" else None) if fate else None
        better = self.leading(then) > self.leading(rival)
        return Told("every", best.award if best.alone else None) if better else None

    def only(self, best: Best | None) -> Told | None:
        """Say who is funded by the best list of those there are, all of which fund it; None if it breaks a rule."""
        if best is None or not self._obeys(Decision.of(best.award)):
            return Told("none") if best is None else None
        return Told("every", best.award if best.alone else None)

    def _without_it(self, a: int) -> Best | None:
        """Return the best list, if it has nothing for an application and obeys every rule."""
        component, place = self.structure.place_of(a)
        some = [bundle for bundle in self.beside.bundles(component) if not bundle.award[place]]
        best = self.beside.best(component, some)
        return best if best and self._obeys(Decision.of(best.award)) else None

    def leading(self, decision: Decision) -> tuple[int, ...]:
        """Return the values of the leading goals."""
        goals = self.program.goals[: self.structure.taken]
        return tuple(goal.objective.value(decision) for goal in goals)

    def _open_amounts(self, a: int) -> dict[int, list[Bundle]]:
        """Return the bundles that give an application each amount up to its most, but for those ruled out."""
        if a not in self._amounts:
            component, enough = self.structure.place_of(a)[0], self.worth
            for amount, bundles in self._other_amounts.worth(a, enough).items():
                some = [b for b in bundles if self.beside.most(component, b) >= enough]
                self._amounts.setdefault(a, {}).update({amount: some} if some else {})
        return self._amounts.setdefault(a, {})

    @cached_property
    def _other_amounts(self) -> OtherAmounts:
        """Smaller amounts of those who have nothing."""
        unit, most = self.structure.program.unit, self.structure.program.most
        fund = self.decision.fund
        return OtherAmounts(
            self.prices, self._checks, lambda a: None if fund[a] else (unit, int(most[a]))
        )

    def _bundles(self, components: list[int], checks: list[LocalCheck]) -> list[list[Bundle]]:
        """Return what each of some components may get under other checks."""
        structure, some = self.structure, np.array(components)
        award, task = bundles_of(structure.program, structure.apps, some, checks)
        worth = structure.worths[0].of(structure.apps[some[task]], award)
        cost = floored(sums(award, axis=1), structure.step)
        found: list[list[Bundle]] = [[] for _ in components]
        rows = zip(task.tolist(), award.tolist(), cost.tolist(), worth.tolist(), strict=True)
        for n, awards, c, w in rows:
            found[n].append(Bundle(tuple(awards), c, w))
        return found

    # --- another merit --------------------------------------------------------------------------

    def shifted(self, a: int, gain: Callable[[int], tuple[int, ...]]) -> Told | None:
        """Say who is funded if every list gained something by what it gives an application.

        Parameters
        ----------
        a
            Which application.
        gain
            What is gained in each goal, by its amount in NT$; nothing where it gets nothing.

        Returns
        -------
        None where the tables do not tell: where both are as good in the leading goals, or a list of
        the tables breaks a rule.
        """
        ways = {
            amount: _plus(values, gain(amount) if amount else ())
            for amount, (values, _) in self._by_amount(a).items()
        }
        with_it = max((amount for amount in ways if amount), key=ways.__getitem__, default=None)
        if with_it is None or 0 not in ways or ways[with_it] == ways[0]:
            return None
        better = with_it if ways[with_it] > ways[0] else 0
        if (a, better) not in self._with:
            self._with[a, better] = self._best_with(a, better)
        if (best := self._with[a, better]) is None:
            return None
        alone = best.alone and sum(values == ways[better] for values in ways.values()) == 1
        return Told("every" if better else "none", best.award if alone else None)

    def _best_with(self, a: int, amount: int) -> Best | None:
        """Return the best list that gives an application an amount; None if it breaks a rule."""
        component, _ = self.structure.place_of(a)
        best = self.beside.best(component, self._by_amount(a)[amount][1])
        return best if best and self._obeys(Decision.of(best.award)) else None

    def _by_amount(self, a: int) -> dict[int, tuple[tuple[int, ...], list[Bundle]]]:
        """Return the leading goals of the best lists that give an application each amount, and their bundles."""
        if a not in self._leads:
            component, place = self.structure.place_of(a)
            tops: dict[int, tuple[int, list[Bundle]]] = {}
            for bundle in self.beside.bundles(component):
                most, amount = self.beside.most(component, bundle), bundle.award[place]
                if most > NEVER // 2 and most >= tops.get(amount, (most, []))[0]:
                    others = tops[amount][1] if tops.get(amount, (NEVER, []))[0] == most else []
                    tops[amount] = most, [*others, bundle]
            self._leads[a] = {
                amount: (self._unpacked(most), some) for amount, (most, some) in tops.items()
            }
        return self._leads[a]

    def _unpacked(self, worth: int) -> tuple[int, ...]:
        """Return the values of the leading goals that a packed worth holds."""
        values: dict[int, int] = {}
        self.structure.worths[0].unpack(worth, values)
        return tuple(values[place] for place in sorted(values))

    # --- one inequality less --------------------------------------------------------------------

    def without_row(self, block: int, row: int) -> Decision | None:
        """Return the one best list if one inequality were not there; None where the tables do not tell.

        One within a school only keeps bundles of that school out: where none of them is in a list as
        good as the best, that stays the best.
        """
        part = next((part for part in self._checks if part.within(block, row)), None)
        if part is None:
            return None
        (component,) = part.within(block, row)
        try:
            every = self._unchecked(part, component)
        except NotTakeable:
            return None
        known = {bundle.award for bundle in self.beside.bundles(component)}
        new = [bundle for bundle in every if bundle.award not in known]
        if all(self.beside.most(component, bundle) < self.worth for bundle in new):
            return self.decision
        best = self.beside.best(component, new)
        if best is None or best.worth <= self.worth or not best.alone:
            return None
        then = Decision.of(best.award)
        return then if self._obeys(then, {(block, row)}) else None

    def _unchecked(self, part: LocalCheck, component: int) -> list[Bundle]:
        """Return what a component may get without one check, which asks one thing of it at most."""
        if (id(part), component) not in self._free:
            some = together(self.structure, component)
            checks = [check for check in self._checks if check is not part]
            for c, bundles in zip(some, self._bundles(some, checks), strict=True):
                self._free[id(part), c] = bundles
        return self._free[id(part), component]

    @cached_property
    def _checks(self) -> list[LocalCheck]:
        return local_checks(self.structure.program, self.structure.place[:, 0])


def _plus(values: tuple[int, ...], gain: tuple[int, ...]) -> tuple[int, ...]:
    """Add what is gained in the goals that are looked at."""
    return (
        tuple(value + more for value, more in zip(values, gain, strict=False)) if gain else values
    )
