"""Of the whole list: who was passed over, who lost to a sister, and what forces every such pair.

A *pair* is an application that got nothing and a funded one of less merit. Each has one cause, that
which stands against the exchange of the one for the other (`optimizer.explain.inversions`): a rule,
a priority, or the draw.

For a priority that favours some, the same of every pair of *envy* (`optimizer.explain.envy`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.explain.envy import Grounds, grounds_of_envy
from optimizer.explain.inversions import BETTER, Exchanges
from optimizer.explain.lower_funded import LOWER
from optimizer.explain.naming import Naming
from optimizer.facts.certified import Certified
from optimizer.facts.standing import passed_over
from optimizer.foundation.exact import IntArray, Places, plus
from optimizer.language.text import Text, sentences
from optimizer.program.program import Program

Causes = Mapping[int, int]  # by what `Exchanges.causes` numbers: how many pairs it forces


@dataclass(frozen=True)
class PassedOver:
    """One that is at or above the line and got nothing.

    Parameters
    ----------
    application
        Which one.
    sister
        The funded one of its own school with the least merit, if that is less than its own.
    sister_cause
        What stands against it in that one's place.
    causes
        Of all funded ones of less merit.
    """

    application: int
    sister: int | None
    sister_cause: int | None
    causes: Causes

    @property
    def worse(self) -> int:
        """How many of less merit are funded."""
        return sum(self.causes.values())


@dataclass(frozen=True)
class Inversions:
    """What forces every pair of one list.

    Parameters
    ----------
    facts
        What was certified.
    program
        What was solved.
    """

    facts: Certified
    program: Program

    @staticmethod
    def of(facts: Certified) -> Inversions:
        """Look at a list."""
        return Inversions(facts, facts.program)

    def said(self, one: PassedOver) -> Text:
        """Say why one was passed over: what stands against it in each lower one's place."""
        naming, rows = self.naming, self.program.rows
        if not one.worse:
            return Text("沒有分數較低的申請獲補助", "nobody with less merit is funded")
        all_ = naming.instead_of(LOWER, Counter(one.causes), rows)
        if one.sister is None or one.sister_cause is None:
            return all_
        sister = naming.with_merit([one.sister])
        why = naming.exchanged(one.sister_cause, rows)
        return sentences(
            [
                Text(
                    f"同校 {sister.zh}分數較低而獲補助；若以本案單獨換下該案，{why.zh}",
                    f"{sister.en} of the same school is funded with less merit; with this one in its "
                    f"place alone, the list {why.en}",
                ),
                all_,
            ]
        )

    @cached_property
    def naming(self) -> Naming:
        """What things are called."""
        return Naming(self.facts)

    @cached_property
    def exchanges(self) -> Exchanges:
        """What stands against each exchange."""
        facts = self.facts
        return Exchanges(self.program, facts.decision, facts.scored.round.merit, facts.steps)

    @property
    def pairs(self) -> Causes:
        """How many pairs each cause forces, over the whole list."""
        return self._looked_at[0]

    @property
    def passed_over(self) -> list[PassedOver]:
        """Who was passed over, the best first."""
        return self._looked_at[1]

    @cached_property
    def _looked_at(self) -> tuple[Causes, list[PassedOver]]:
        """Look at every pair once."""
        merit, decision = self.facts.scored.round.merit, self.facts.decision
        some, found = set(passed_over(self.facts.line, decision).tolist()), []
        counted: Places = np.zeros(self._kinds, dtype=np.int64)
        for u in np.flatnonzero(~decision.fund).tolist():
            causes = self.exchanges.causes(u, stop=self.exchanges.worse(u))
            mine = self._count(causes)
            counted += mine
            if u in some:
                found.append(self._passed_over(u, causes, _named(mine)))
        return _named(counted), sorted(found, key=lambda one: -int(merit[one.application]))

    @property
    def _kinds(self) -> int:
        return len(self.program.rows) + len(self.program.goals) - BETTER

    def _count(self, causes: IntArray) -> Places:
        return np.bincount(plus(causes, -BETTER), minlength=self._kinds)

    def _passed_over(self, u: int, causes: IntArray, counted: Causes) -> PassedOver:
        school, funded = self.facts.scored.round.school, self.exchanges.funded[: len(causes)]
        sisters = np.flatnonzero(school[funded] == school[u])
        if not len(sisters):
            return PassedOver(u, None, None, counted)
        first = int(sisters[0])
        return PassedOver(u, int(funded[first]), int(causes[first]), counted)

    @cached_property
    def envy(self) -> Mapping[str, Causes]:
        """For each priority that favours some: how many pairs of envy each cause forces."""
        return {
            priority: self._envy(grounds)
            for priority, grounds in grounds_of_envy(
                self.facts.scored.round, self.facts.case.policy
            )
        }

    def _envy(self, grounds: Grounds) -> Causes:
        exchanges, decision = self.exchanges, self.facts.decision
        counted: Places = np.zeros(self._kinds, dtype=np.int64)
        for u in np.flatnonzero(~decision.fund & grounds.favoured).tolist():
            envied = np.flatnonzero(grounds.envied(u, exchanges.funded, decision.award))
            if len(envied):
                start = int(envied[0])
                causes = exchanges.causes(u, start, int(envied[-1]) + 1)
                counted += self._count(causes[envied - start])
        return _named(counted)


def _named(counted: Places) -> Causes:
    """Return the causes that occur, and how often; the first is `BETTER`."""
    return {n + BETTER: int(counted[n]) for n in np.flatnonzero(counted).tolist()}
