"""Who is on every, some or no best list of a changed round, read from two tables: nobody is drawn, no list is made.

    V+(u) = max over bundles that fund u of best(e),    V-(u) likewise over those that do not

(`optimizer.solving.dynamic.beside`). That is all there is to it where the tables hold every priority in one
integer, and nothing but the pool spans schools or districts.
"""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.program.program import Program
from optimizer.solving.dynamic import NotTakeable
from optimizer.solving.dynamic.beside import Beside
from optimizer.solving.dynamic.best_lists import NEVER
from optimizer.solving.dynamic.structure import analyse
from optimizer.solving.solution import Certainty


@dataclass(frozen=True)
class FateTables:
    """The tables of a program of which they say all.

    Parameters
    ----------
    program
        What they are of.
    beside
        The tables; None if no list obeys every rule.
    """

    program: Program
    beside: Beside | None

    @staticmethod
    def of(program: Program) -> FateTables | None:
        """Lay out the tables of a program; None where they cannot be had, or do not say all."""
        try:
            structure = analyse(program)
        except NotTakeable:
            return None
        if structure.infeasible:
            return FateTables(program, None)
        whole = structure.taken == len(program.goals) and len(structure.worths) == 1
        beside = Beside(structure, structure.stated_pool)
        if not whole or structure.wide or not beside.possible:
            return None
        return FateTables(program, beside)

    def fate(self, application_id: str) -> Certainty:
        """Say whether every, some or no best list funds an application."""
        a = self.program.ordinal.get(application_id)
        if a is None or self.beside is None:
            return "none"
        component, place = self.beside.structure.place_of(a)
        most = {True: NEVER // 2, False: NEVER // 2}
        for bundle in self.beside.bundles(component):
            funds = bundle.award[place] > 0
            most[funds] = max(most[funds], self.beside.most(component, bundle))
        if most[True] == NEVER // 2:
            return "none"
        return (
            "some" if most[True] == most[False] else "every" if most[True] > most[False] else "none"
        )
