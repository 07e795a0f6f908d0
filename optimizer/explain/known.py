"""What is known of changed rounds from the tables of the one that was solved, nothing solved again.

An application forced in or out, or with another amount, changes what its own school may get and
nothing else. The best list of the changed round is then found beside that school (see
`optimizer.solving.dynamic.beside`), apart from inequalities that span zones; it is held against
these here, in integers, and where it breaks one, or another list is as good, nothing is said.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import IntArray, Places, floored, sums
from optimizer.language.text import Text
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.dynamic import NotTakeable
from optimizer.solving.dynamic.beside import Beside, Best, Bundle
from optimizer.solving.dynamic.best_lists import NEVER, worth_of
from optimizer.solving.dynamic.bundles import LocalCheck, bundles_of, local_checks
from optimizer.solving.dynamic.ceilings import place_of
from optimizer.solving.dynamic.packing import packed
from optimizer.solving.dynamic.structure import Structure, analyse
from optimizer.solving.solution import Certainty, Solution, class_of, step_of

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

    @staticmethod
    def of(program: Program, decision: Decision) -> KnownLists | None:
        """Look at a program and its answer; None where its tables cannot be had."""
        try:
            structure = analyse(program)
            if structure.infeasible or not structure.taken:
                return None
            worth = worth_of(structure, decision.award)
            found = None if worth is None else KnownLists(program, decision, structure, worth)
            return found if found and found.beside.possible else None
        except NotTakeable:
            return None

    @cached_property
    def beside(self) -> Beside:
        """The tables."""
        return Beside(self.structure, self.structure.stated_pool)

    # --- the other decision ---------------------------------------------------------------------

    def turned(self, a: int) -> tuple[bool, Solution | None]:
        """Return the one best list that decides otherwise about an application.

        Returns
        -------
        known, solution
            Whether it is known, and the list; None if there is none at all.
        """
        best = self._turned[a]
        if best is None:
            return True, None
        solution = self._solution(best.award) if best.alone else None
        return solution is not None, solution

    @cached_property
    def _turned(self) -> list[Best | None]:
        """The best lists that decide otherwise about each application, apart from what spans zones."""
        wanted = []
        for a, funded in enumerate(self.decision.fund.tolist()):
            component, place = place_of(self.structure, a)
            bundles = self.beside.bundles(component)
            wanted.append((component, [b for b in bundles if (b.award[place] > 0) is not funded]))
        return self.beside.best(wanted)

    def kept_out(self, a: int) -> set[int]:
        """Return the funded without each of whom no best list funds an application either."""
        component, place = place_of(self.structure, a)
        own = [n for n, b in enumerate(self.beside.bundles(component)) if b.award[place]]
        inside = self.beside.with_some(component, own)
        if not own or not inside.possible:
            return set()
        return {f for f, worth in self._without.items() if self._most_without(inside, f) < worth}

    @cached_property
    def _without(self) -> dict[int, int]:
        """What a list is worth that leaves out each of the funded and obeys every rule."""
        lists = ((f, self._turned[f]) for f in np.flatnonzero(self.decision.fund).tolist())
        return {f: b.worth for f, b in lists if b and self._obeys(Decision.of(b.award))}

    def _most_without(self, inside: Beside, f: int) -> int:
        component, place = place_of(self.structure, f)
        some = (b for b in inside.bundles(component) if not b.award[place])
        return max((inside.most(component, bundle) for bundle in some), default=NEVER)

    def _solution(self, award: IntArray) -> Solution | None:
        """Return what is to be said of the one best list; None if it breaks a rule."""
        decision = Decision.of(award)
        if not self._obeys(decision):
            return None
        steps = [
            step_of(goal, decision, goal.objective.value(decision), "dynamic")
            for goal in self.program.goals
        ]
        classes = tuple(class_of(got, not got) for got in decision.fund.tolist())
        return Solution(
            decision, tuple(steps), classes, drawn=True, engine="dynamic", optima=1, why=FROM_TABLES
        )

    def _obeys(self, decision: Decision) -> bool:
        return all(min(rows.slack(decision), default=0) >= 0 for rows in self.program.rows)

    # --- another amount -------------------------------------------------------------------------

    def rules_out(self, a: int, amounts: Collection[int]) -> bool:
        """Say whether no best list gives an application that has nothing any of some other amounts."""
        component, _ = place_of(self.structure, a)
        some = self._with(a, amounts)
        return all(self.beside.most(component, bundle) < self.worth for bundle in some)

    def fate(self, a: int, amounts: Collection[int]) -> Certainty | None:
        """Say who is funded if an application that has nothing could get some other amounts.

        Rows, goals and all other bounds stay as they are, so that without it nothing is better than
        what was solved. None where the tables do not tell.
        """
        if self.rules_out(a, amounts):
            return "none"
        component, _ = place_of(self.structure, a)
        best = self.beside.best([(component, self._with(a, amounts))])[0]
        if best is None or best.worth <= self.worth:
            return None
        then = Decision.of(best.award)
        better = self._leading(then) > self._leading(self.decision)
        return "every" if better and self._obeys(then) else None

    def _leading(self, decision: Decision) -> tuple[int, ...]:
        goals = self.program.goals[: self.structure.taken]
        return tuple(goal.objective.value(decision) for goal in goals)

    def _with(self, a: int, amounts: Collection[int]) -> list[Bundle]:
        if a not in self._amounts:
            self._amounts[a] = self._by_amount(a)
        known = self._amounts[a]
        return [bundle for amount in amounts for bundle in known.get(amount, ())]

    def _by_amount(self, a: int) -> dict[int, list[Bundle]]:
        """Return the bundles of its school that give an application each amount up to its most."""
        structure = self.structure
        component, place = place_of(structure, a)
        least = structure.program.least.copy()
        least[a] = structure.program.unit
        program = replace(structure.program, least=least)
        award = bundles_of(program, structure.apps, component, self._checks)
        owner = np.full(len(award), component, dtype=np.int64)
        worth = packed(structure.worths[0].digits, structure.apps, award, owner).bundle
        cost = floored(sums(award, axis=1), structure.step)
        found: dict[int, list[Bundle]] = {}
        for awards, c, w in zip(award.tolist(), cost.tolist(), worth.tolist(), strict=True):
            found.setdefault(awards[place], []).append(Bundle(tuple(awards), c, w))
        return found

    @cached_property
    def _checks(self) -> list[LocalCheck]:
        return local_checks(self.structure.program, self._component)

    @cached_property
    def _component(self) -> Places:
        """Shape (n,): the component of each application."""
        apps = self.structure.apps
        found = np.zeros(self.program.size, dtype=np.int64)
        found[apps[apps >= 0]] = np.nonzero(apps >= 0)[0]
        return found
