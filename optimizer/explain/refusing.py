"""From which request on the rules would refuse an application, whatever the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from optimizer.clauses import Clause, Finding
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import Places, floored, plus, times
from optimizer.problems.errors import Severity


@dataclass(frozen=True)
class RefusedRequest:
    """The least larger request that a rule refuses.

    Parameters
    ----------
    amount
        NT$, a multiple of the unit; one unit less is not refused.
    rule, finding
        Which rule, and what it says.
    """

    amount: int
    rule: Clause
    finding: Finding


def refused_from(facts: Certified) -> Mapping[int, RefusedRequest]:
    """Return for each eligible application, by ordinal, from which request on it would be refused.

    Looked for by halving between its request and the money there is, for all applications at once.
    """
    found: dict[int, RefusedRequest] = {}
    for rule in facts.case.policy.rules:
        for a, refusal in _by(rule, facts).items():
            if a not in found or refusal.amount < found[a].amount:
                found[a] = refusal
    return found


def _by(rule: Clause, facts: Certified) -> Mapping[int, RefusedRequest]:
    records, position = facts.case.records, facts.scored.round.position
    unit, ordinal = (
        facts.case.policy.settings.pool.unit,
        {int(r): a for a, r in enumerate(position)},
    )
    low = floored(records.applications["requested"].to_numpy(dtype=np.int64), unit)

    def refused(units: Places) -> dict[int, Finding]:
        table = records.applications.assign(requested=times(units, unit))
        found = rule.screen(replace(records, applications=table))
        return {f.application: f for f in found if f.severity is Severity.REFUSAL}

    high = np.maximum(low, facts.available // unit) + 1
    said = {row: finding for row, finding in refused(high).items() if row in ordinal}
    now = refused(low) if said else {}
    some = np.array(sorted(said.keys() - now.keys()), dtype=np.int64)
    _Halving(refused, low, high, said=said).settle(some)
    return {ordinal[r]: RefusedRequest(int(high[r]) * unit, rule, said[r]) for r in some.tolist()}


@dataclass(frozen=True)
class _Halving:
    """Looks for the least request that is refused, between one that is not and one that is.

    Parameters
    ----------
    refused
        What is refused, by row, if all ask for so many units.
    low, high
        In units, by row; they are changed.
    said
        Why each was refused; it is changed.
    """

    refused: Callable[[Places], Mapping[int, Finding]]
    low: Places
    high: Places
    said: dict[int, Finding]

    def settle(self, some: Places) -> None:
        """Find it for some: for one of them, then most likely for all where hers is, then for the rest."""
        first = some[:1]
        self._halve(first)
        for units in (*self.high[first].tolist(), *self.low[first].tolist()):
            near = some[(self.low[some] < units) & (units < self.high[some])]
            self._ask(near, np.full(len(near), units))
        self._halve(some)

    def _halve(self, some: Places) -> None:
        while len(open_ := some[plus(self.low[some], 1) < self.high[some]]):
            self._ask(open_, floored(plus(self.low[open_], self.high[open_]), 2))

    def _ask(self, some: Places, units: Places) -> None:
        """Let some ask for so many units each, and all others for what is refused to none of them."""
        asked = self.low.copy()
        asked[some] = units
        now = self.refused(asked)
        above = np.array([row in now for row in some.tolist()], dtype=bool)
        self.high[some[above]], self.low[some[~above]] = units[above], units[~above]
        self.said.update({row: now[row] for row in some[above].tolist()})
