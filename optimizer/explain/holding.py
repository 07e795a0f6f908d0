"""Which rules hold an award where it is: those that one unit more for it would break.

Along one award every inequality is linear: what breaks one at a unit more breaks it at any larger amount, too.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optimizer.clauses import Clause
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import grouped, plus, times
from optimizer.foundation.frozen import kept_with
from optimizer.language.text import Text
from optimizer.program.rows import Rows

Held = tuple[Clause, Rows, int]  # the rule, its inequalities, and which of them


@kept_with
def holding(facts: Certified) -> Mapping[int, list[Held]]:
    """Return, for each funded application by ordinal, what a unit more would break; the pool last."""
    rules = {rule.label: rule for rule in facts.case.policy.clauses}
    found: dict[int, list[Held]] = {}
    for rows in sorted(facts.program.rows, key=lambda rows: rows.is_pool):
        for row, a in _broken(rows, facts):
            found.setdefault(a, []).append((rules[rows.clause], rows, row))
    return found


def _broken(rows: Rows, facts: Certified) -> list[tuple[int, int]]:
    """Return the inequalities that a unit more breaks, each with whose: ``left + c_a * unit`` against the right."""
    if rows.on == "fund" or not len(rows.app):
        return []
    pairs, of = np.unique(np.stack([rows.row, rows.app], axis=1), axis=0, return_inverse=True)
    row, app = pairs.T
    step = times(grouped(rows.coefficient, of.reshape(-1), len(pairs)), facts.program.unit)
    then, bound = plus(rows.left(facts.decision)[row], step), rows.rhs[row]
    broken = (then > bound if rows.sense == "<=" else then < bound) & facts.decision.fund[app]
    return [(int(row[n]), int(app[n])) for n in np.flatnonzero(broken)]


def would_break(rule: Clause, unit: int) -> Text:
    """Say that a unit more breaks a rule."""
    return Text(
        f"再多 {unit:,} 元即違反「{rule.spoken.zh}」",
        f'NT${unit:,} more would break "{rule.spoken.en}"',
    )


USED_UP = Text(
    "經費已用罄，再多給本案須減少其他申請",
    "the pool is used up: more for it would take from others",
)
