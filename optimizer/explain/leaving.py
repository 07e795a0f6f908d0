"""The best list had one of the funded not been handed in, read from the tables of the round as it is.

That is the best list that leaves it out, where what decides does not look at who is left out; what rules
ask of it alone, by name, goes with it, and what was paid to it is no money for another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from optimizer.explain.answer import Asked
from optimizer.explain.known import KnownLists, Place
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import BoolArray, Places


@dataclass(frozen=True)
class Leaving:
    """The lists without each of the funded.

    Parameters
    ----------
    facts
        What was certified.
    tables
        What is known without solving; None where every question is to be solved.
    ask
        Gives the best list that leaves out one, by ordinal, under all rules.
    """

    facts: Certified
    tables: KnownLists | None
    ask: Callable[[int], Asked]
    _known: dict[int, Asked | None] = field(default_factory=dict)

    def out(self, f: int) -> Asked | None:
        """Return the best list without one of the funded, if it is known and alone."""
        if f not in self._known:
            quick = self.tables if self._looks_at_nobody else None
            self._known[f] = self._out(f, quick) if quick else None
        return self._known[f]

    def to_ask(self, a: int) -> list[int]:
        """Return the funded without whom, one at a time, no bound rules out that a best list funds another."""
        some: list[int] = self._funded[self._enters[:, a] & (self._funded != a)].tolist()
        unknown = [f for f in some if self.out(f) is None]
        if not unknown or self.tables is None or not self._looks_at_nobody:
            return some
        out = self.tables.kept_out(a)
        return [f for f in some if f not in out]

    def _out(self, f: int, tables: KnownLists) -> Asked | None:
        """Return it without what rules ask of it by name, and with what is paid to it gone."""
        named, gone = self._named(f), self._gone_without(f)
        if not named and gone == self.facts.gone:
            return self.ask(f) if tables.turned(f)[1] is not None else None
        solution = tables.left_out(f, named, self.facts.available - gone)
        return Asked(self.facts.scored.round, tables.program, solution) if solution else None

    def _named(self, f: int) -> list[Place]:
        """Return the inequalities that would not be there without it."""
        alone = {rule.label for rule in self.facts.case.policy.clauses if rule.each_alone}
        return [
            (block, row)
            for block, rows in enumerate(self.facts.program.rows)
            if rows.clause in alone
            for row in rows.row[rows.app == f].tolist()
        ]

    def _gone_without(self, f: int) -> int:
        """Return NT$ that are paid already, and that no award could use, had it not been handed in."""
        ids = [one for a, one in enumerate(self.facts.scored.round.ids) if a != f]
        return sum(rule.gone(ids) for rule in self.facts.case.policy.clauses)

    @cached_property
    def _funded(self) -> Places:
        return np.flatnonzero(self.facts.decision.fund)

    @cached_property
    def _enters(self) -> BoolArray:
        """Shape (f, n): who may be funded without each of the funded."""
        every = np.ones(self.facts.scored.round.size, dtype=bool)
        known = map(self.out, self._funded.tolist())
        each = [
            every if k is None or k.solution is None else k.solution.decision.fund for k in known
        ]
        return np.array(each, dtype=bool).reshape(-1, len(every))

    @cached_property
    def _looks_at_nobody(self) -> bool:
        """Whether no rule, and no priority that comes before the last sum, looks at who is left out.

        But for what one asks of each alone.
        """
        left = self.tables.structure.taken if self.tables is not None else 0
        policy = self.facts.case.policy
        deciding = list(policy.clauses)
        for priority in policy.priorities:
            if left > 0:
                deciding.append(priority)
                left -= len(list(priority.goals(self.facts.scored.round)))
        return all(rule.apart or rule.each_alone for rule in deciding)
