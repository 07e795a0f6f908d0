"""The same round without one rule of its policy, or without one inequality of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from optimizer.clauses import Clause
from optimizer.explain.answer import Asked, Questions
from optimizer.explain.fate_tables import FateTables
from optimizer.explain.known import KnownLists
from optimizer.explain.restating import Restating
from optimizer.explain.shifting import Told
from optimizer.foundation.remembered import Remembered
from optimizer.policy.policy import Policy
from optimizer.problems.errors import Severity
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.scoring.build import state
from optimizer.scoring.score import Scored, scored_without
from optimizer.tables.round import Round


@dataclass(frozen=True)
class Waiving:
    """What would be without a rule.

    Parameters
    ----------
    scored
        The round as it is.
    restating, questions
        Who states a changed round, and who solves it.
    now
        The round as it is, answered.
    tables
        What is known without solving; None where every question is to be solved.
    """

    scored: Scored
    restating: Restating
    questions: Questions
    now: Asked
    tables: KnownLists | None
    _kept: Remembered = field(default_factory=Remembered)
    _rows: dict[tuple[int, int], Decision | None] = field(default_factory=dict)
    _fates: dict[tuple[str, str], FateTables | None] = field(default_factory=dict)

    @property
    def _policy(self) -> Policy:
        return self.scored.screened.policy

    def told(self, a: int, rule: Clause, with_it: Callable[[], Asked] | None) -> Told | Asked:
        """Say what would be without a rule; others may then be eligible, too.

        Parameters
        ----------
        a
            Who is asked about.
        rule
            A rule of the policy.
        with_it
            The best list that funds the application that is asked about, if it has nothing: where
            that is worse by a priority before the rule's own, it is on no best list without it either.
        """
        earlier = self._earlier.get(rule.label, 0) if rule.section == "priority" else 0
        other = with_it() if earlier and with_it and self.now.settled else self.now
        if other.settled and other.values[:earlier] < self.now.values[:earlier]:
            return Told("none")
        if (tables := self._tables_without(rule)) is not None:
            return Told(tables.fate(self.now.round.ids[a]))
        return self.whole(rule)

    def _tables_without(self, rule: Clause) -> FateTables | None:
        """Return what tables say of the round without a rule; None where they do not say all, or are not asked."""
        key = rule.section, rule.label
        if key not in self._fates:
            asked = self.tables is not None
            self._fates[key] = FateTables.of(self._without(rule)[1]) if asked else None
        return self._fates[key]

    @cached_property
    def _earlier(self) -> dict[str, int]:
        """How many goals come before each priority's own; of none, if a goal may cost another something."""
        found, before = {}, 0
        for priority in self._policy.priorities:
            found[priority.label] = before if self._only_states(priority) else 0
            before += len(list(priority.goals(self.now.round)))
        return {} if any(goal.gives for goal in self.now.program.goals) else found

    def concerns(self, a: int, rule: Clause) -> bool:
        """Whether a rule may stand against an application: one that says nothing but to refuse others does not."""
        says = rule.section == "priority" or rule.smallest_award or rule.label in self._stating
        return bool(says) or (rule.label, int(self.now.round.position[a])) in self._remarked

    @cached_property
    def _stating(self) -> set[str]:
        """The rules that have inequalities."""
        return {rows.clause for rows in self.now.program.rows}

    @cached_property
    def _remarked(self) -> set[tuple[str, int]]:
        """The rules that refused or cut somebody, each with the row of whom."""
        found = ((r.clause, r.finding) for r in self.scored.remarks)
        return {
            (by, f.application)
            for by, f in found
            if f.severity is Severity.REFUSAL or f.limit is not None
        }

    def whole(self, rule: Clause) -> Asked:
        """Ask what would be without a rule."""
        what = "waived", rule.section, rule.label
        return self.questions.of(what, lambda: self._without(rule), draw=False)

    def _without(self, rule: Clause) -> tuple[Round, Program]:
        if self._only_states(rule):
            policy = self._policy.without_rule(rule)
            return self.now.round, self.restating.state(self.now.round, policy)
        then = scored_without(self.scored, rule, self._kept)
        round_, policy = then.round, then.screened.policy
        if all(np.array_equal(getattr(round_, n), getattr(self.now.round, n)) for n in _WHO):
            return self.now.round, self.restating.state(self.now.round, policy)
        return round_, state(round_, policy)

    def _only_states(self, rule: Clause) -> bool:
        """Whether a rule has no part in who is eligible, and for how much."""
        return rule.smallest_award == 0 and rule.label not in self._screening

    @cached_property
    def _screening(self) -> set[str]:
        """The rules that refused or cut somebody."""
        return {by for by, _ in self._remarked}

    def row(self, block: int, row: int) -> Asked:
        """Ask what would be without one inequality of a rule."""
        rows = list(self.now.program.rows)
        rows[block] = rows[block].without(row)
        program = replace(self.now.program, rows=tuple(rows))
        return self.questions.of(("row", block, row), lambda: (self.now.round, program), draw=False)

    def told_row(self, a: int, block: int, row: int) -> Told | Asked:
        """Say what would be without one inequality of a rule, without solving where that can be."""
        if self.tables is None:
            return self.row(block, row)
        if (block, row) not in self._rows:
            self._rows[block, row] = self.tables.without_row(block, row)
        then = self._rows[block, row]
        if then is None:
            return self.row(block, row)
        if then is self.tables.decision:
            return self.now
        return Told("every" if then.fund[a] else "none")


_WHO = ("position", "least", "most")  # may get how much
