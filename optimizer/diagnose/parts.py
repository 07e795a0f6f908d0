"""The hard constraints of a policy as single inequalities, each with the clause it is part of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np

from optimizer.clauses import Clause
from optimizer.foundation.exact import IntArray
from optimizer.language.text import Text
from optimizer.program.program import Program
from optimizer.program.rows import Rows
from optimizer.scoring.build import build_program
from optimizer.scoring.score import Scored

Part = tuple[str, str, str]  # section and label of a clause, sense: what one key can relax


@dataclass(frozen=True)
class Inequality:
    """One inequality of a program.

    Parameters
    ----------
    part
        The clause and the direction it belongs to.
    block, row
        Where it stands: which `Rows` of the program, which row in them.
    about
        What it is about, in the words of the clause.
    """

    part: Part
    block: int
    row: int
    about: Text

    @property
    def clause(self) -> tuple[str, str]:
        """Section and label of the clause."""
        return self.part[:2]


@dataclass(frozen=True)
class Stated:
    """A program whose every inequality is known by its clause.

    Parameters
    ----------
    scored
        The round it was made from.
    program
        All of it.
    inequalities
        Every row of the program, in the policy's order.
    """

    scored: Scored
    program: Program
    inequalities: tuple[Inequality, ...]

    def keeping(self, chosen: Iterable[Inequality]) -> Program:
        """Return the program with these inequalities only."""
        rows_of: dict[int, list[int]] = {}
        for inequality in chosen:
            rows_of.setdefault(inequality.block, []).append(inequality.row)
        blocks = [picked(self.program.rows[block], rows) for block, rows in sorted(rows_of.items())]
        return replace(self.program, rows=tuple(blocks))

    def clause(self, inequality: Inequality) -> Clause:
        """Return the clause an inequality comes from."""
        return next(
            rule
            for rule in self.scored.screened.policy.clauses
            if (rule.section, rule.label) == inequality.clause
        )


def state(scored: Scored, like: Program | None = None) -> Stated:
    """Build the program of a scored round, keeping track of what each inequality comes from.

    It need not be built anew where one is `like` it: differs in its rows alone.
    """
    blocks: list[Rows] = []
    found: list[Inequality] = []
    for rule in scored.screened.policy.clauses:
        for rows in rule.rows(scored.round):
            part = (rule.section, rule.label, rows.sense)
            found += [
                Inequality(part, len(blocks), r, about) for r, about in enumerate(rows.labels)
            ]
            blocks.append(rows)
    program = build_program(scored) if like is None else like
    return Stated(scored, replace(program, rows=tuple(blocks)), tuple(found))


def picked(rows: Rows, chosen: Collection[int]) -> Rows:
    """Return some of the inequalities of a block."""
    order = sorted(chosen)
    ordinal: IntArray = np.full(len(rows.rhs), -1, dtype=np.int64)
    ordinal[order] = np.arange(len(order))
    mine = ordinal[rows.row] >= 0 if len(rows.row) else np.zeros(0, dtype=bool)
    return replace(
        rows,
        row=ordinal[rows.row[mine]],
        app=rows.app[mine],
        coefficient=rows.coefficient[mine],
        rhs=rows.rhs[order],
        labels=tuple(rows.labels[r] for r in order),
    )
