"""Why nobody is funded: the rules that any award at all would break."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer.diagnose.as_problems import narrowed
from optimizer.diagnose.bench import Bench
from optimizer.diagnose.conflicts import Conflict, find_conflicts
from optimizer.diagnose.parts import Inequality, Stated, state
from optimizer.language.text import Text
from optimizer.program.rows import Rows
from optimizer.scoring.score import Scored
from optimizer.solving.options import Options

SECONDS = 20.0  # for looking why; then the rules are not named
_SOMEBODY = ("", "", ">=")
_ANY = Text("至少補助一件", "somebody is funded")


def why_nobody(scored: Scored, optimal: bool) -> Text:
    """Say why no eligible application is funded, with the rules that force it.

    Parameters
    ----------
    optimal
        Whether it is proved to be best that nobody is.
    """
    stated = _with_somebody(state(scored))
    bench = Bench(scored, Options(time_limit=SECONDS))
    conflicts, _ = find_conflicts(bench, stated, 1)
    if conflicts and conflicts[0].minimal:
        return _forced(stated, conflicts[0])
    return _chosen(optimal and not conflicts)


def _with_somebody(stated: Stated) -> Stated:
    """Add ``sum_a fund_a >= 1`` to the rules."""
    program = stated.program
    everyone = np.ones(program.size, dtype=np.int64)
    row = Rows.single("", "fund", everyone, sense=">=", rhs=1, label=_ANY)
    added = Inequality(_SOMEBODY, len(program.rows), 0, _ANY)
    return Stated(
        stated.scored,
        replace(program, rows=(*program.rows, row)),
        (*stated.inequalities, added),
    )


def _forced(stated: Stated, conflict: Conflict) -> Text:
    rules = [part for part in conflict.parts if part != _SOMEBODY]
    said = [narrowed(stated, conflict.members(part)) for part in rules]
    together = len(rules) > 1
    return Text(
        f"一件都沒有補助：補助任何一件，都會違反{'下列規則之一' if together else '這條規則'}："
        f"{''.join(text.zh for text in said)}",
        f"Nobody is funded: any award would break {'one of these rules' if together else 'this rule'}: "
        f"{' '.join(text.en for text in said)}",
    )


def _chosen(optimal: bool) -> Text:
    if optimal:
        return Text(
            "一件都沒有補助：沒有規則不准補助，但依優先順序，一件都不補助最佳；請查對優先順序。",
            "Nobody is funded: no rule forbids it, but by the priorities no list is better than an "
            "empty one. Look at the priorities.",
        )
    return Text(
        "一件都沒有補助；原因未及查明。",
        "Nobody is funded; there was no time to find out why.",
    )
