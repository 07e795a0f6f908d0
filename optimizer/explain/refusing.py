"""From which request on the rules would refuse an application, whatever the list."""

from __future__ import annotations

from collections.abc import Mapping
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
    while len(some) and np.any(plus(low[some], 1) < high[some]):
        middle = floored(plus(low, high), 2)
        now = refused(middle)
        above = np.array([row in now for row in some.tolist()], dtype=bool)
        high[some[above]], low[some[~above]] = middle[some[above]], middle[some[~above]]
        said |= {row: now[row] for row in some[above].tolist()}
    return {ordinal[r]: RefusedRequest(int(high[r]) * unit, rule, said[r]) for r in some.tolist()}
