"""Which applications some list could fund at all, the rules alone considered.

Nothing is solved where it can be seen: an inequality that one application breaks whatever the
others get (with what rules grant by name kept) says no; a list of only those whom the rules need,
with the application on it and few changes for it, says yes. Those that are left are solved, many by
one question, and only so many questions: what they do not tell is not known.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.explain.impossible import obstacles
from optimizer.foundation.exact import times
from optimizer.program.near import near
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows
from optimizer.solving.found_on import found_on


@dataclass(frozen=True)
class Unfunded:
    """Whom no list that obeys the rules funds.

    Parameters
    ----------
    never
        Whom none funds, with the rule where one inequality alone says so.
    open
        Of whom it is not known: the questions did not tell.
    questions
        How many were solved.
    """

    never: Mapping[int, str | None]
    open: frozenset[int] = frozenset()
    questions: int = 0


NOBODY = Unfunded({})


def never_funded(program: Program, decision: Decision) -> Unfunded:
    """Return whom no list that obeys the rules funds.

    Parameters
    ----------
    program
        The rules; its goals are not looked at.
    decision
        A list that obeys them.
    """
    narrowest_first = sorted(program.rows, key=lambda rows: rows.is_pool)
    granted = granted_by_name(program, decision)
    named = obstacles(narrowest_first, granted, program.least, program.most)
    never: dict[int, str | None] = {u: o.clause for u, o in named.items() if not decision.fund[u]}
    rules = replace(program, goals=())
    needed = _needed(program, decision)
    alone = {s.application for r in program.rows for s in r.shortages(needed, program.least)}
    doubtful = [u for u in sorted(alone) if not decision.fund[u] and u not in never]
    left = set(doubtful) - set(near(rules, needed, doubtful))
    asked = found_on(rules, decision, left)
    none = dict.fromkeys(sorted(asked.none))
    return Unfunded(never | none, frozenset(left - asked.some - asked.none), asked.questions)


def unfit(program: Program) -> dict[int, str]:
    """Return whom no list funds whatever the others get, with the rule that it breaks by itself."""
    nobody = Decision.of(np.zeros(program.size, dtype=np.int64))
    narrowest_first = sorted(program.rows, key=lambda rows: rows.is_pool)
    found = obstacles(narrowest_first, nobody, program.least, program.most)
    return {u: obstacle.clause for u, obstacle in found.items()}


def granted_by_name(
    program: Program, decision: Decision, only: Container[str] | None = None
) -> Decision:
    """Return what rules (only those of these labels, if any are given) grant to applications by name."""
    award = np.zeros(program.size, dtype=np.int64)
    for rows in (r for r in program.rows if only is None or r.clause in only):
        alone = (np.bincount(rows.row, minlength=len(rows.rhs)) == 1)[rows.row]
        asks = alone & (rows.coefficient == 1) & (rows.rhs[rows.row] > 0)
        if rows.sense == ">=":
            app, rhs = rows.app[asks], rows.rhs[rows.row][asks]
            least = program.least[app] if rows.on == "fund" else rhs
            award[app] = np.maximum(award[app], least)
    return Decision.of(np.where(decision.fund, award, 0))


def _needed(program: Program, decision: Decision) -> Decision:
    """Leave out of a list, the dearest first, whoever can go without a rule being broken."""
    slack = [rows.slack(decision) for rows in program.rows]
    parts: list[list[tuple[int, int, int]]] = [[] for _ in range(program.size)]
    for block, rows in enumerate(program.rows):
        for app, row, portion in _portions(rows, decision):
            parts[app].append((block, row, portion))
    award = decision.award.copy()
    for a in sorted(np.flatnonzero(decision.fund).tolist(), key=lambda a: -int(award[a])):
        if all(slack[block][row] + portion >= 0 for block, row, portion in parts[a]):
            award[a] = 0
            for block, row, portion in parts[a]:
                slack[block][row] += portion
    return Decision.of(award)


def _portions(rows: Rows, decision: Decision) -> Iterator[Sequence[int]]:
    """Yield each entry of a funded one: it, the inequality, what its going adds to the slack."""
    inside = decision.fund[rows.app]
    x = (decision.fund if rows.on == "fund" else decision.award)[rows.app[inside]]
    portion = times(times(rows.coefficient[inside], x), 1 if rows.sense == "<=" else -1)
    yield from zip(
        rows.app[inside].tolist(), rows.row[inside].tolist(), portion.tolist(), strict=True
    )
